//! A token server as GHCR and Docker Hub have one, in front of a registry that has none.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::wire::Message;

/// Who gets a token.
pub const USER: &str = "robot";
/// By which password.
pub const PASSWORD: &str = "s3same";

/// What it has given out.
#[derive(Default)]
pub struct Tokens {
    given: Vec<Token>,
}

struct Token {
    text: String,
    push: bool,
    left: u32,
}

impl Tokens {
    /// Answers `GET /token?…`; each token is good for so many requests.
    pub fn give(&mut self, request: &Message, uses: u32) -> Message {
        let login = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
        if request.header("authorization") != Some(&login) {
            return Message::answer(401, "{\"errors\":[]}");
        }
        let text = format!("token-{}", self.given.len());
        self.given.push(Token {
            text: text.clone(),
            push: request.first.contains("push"),
            left: uses,
        });
        Message::answer(200, &format!("{{\"token\":\"{text}\"}}"))
    }

    /// What a request without a good token is answered.
    pub fn refuse(&mut self, request: &Message, address: &str) -> Option<Message> {
        let push = !["GET", "HEAD"].contains(&request.word(0));
        let sent = request.header("authorization").unwrap_or_default();
        let good = self.given.iter_mut().find(|token| {
            sent == format!("Bearer {}", token.text) && token.left > 0 && (token.push || !push)
        });
        if let Some(token) = good {
            token.left -= 1;
            return None;
        }
        let path = request.word(1).trim_start_matches("/v2/");
        let end = ["/manifests", "/tags", "/blobs"]
            .iter()
            .filter_map(|part| path.find(part))
            .min();
        let repository = &path[..end.unwrap_or(path.len())];
        let actions = if push { "pull,push" } else { "pull" };
        let challenge = format!(
            "Bearer realm=\"http://{address}/token\",service=\"tests\",scope=\"repository:{repository}:{actions}\""
        );
        Some(Message::answer(401, "{\"errors\":[]}").with("www-authenticate", &challenge))
    }
}
