//! Answers a registry's challenge: a token for pulling, another for pushing, or user and password.

use std::cell::{OnceCell, RefCell};

use serde::Deserialize;

use super::RegistryError;
use super::challenge::Challenge;
use super::credentials::Credentials;
use super::secret::Secret;

/// What a request does to the repository, as token scopes put it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Reads.
    Pull,
    /// Writes, for which registries ask to read too.
    Push,
}

/// What has been learned about getting in.
pub struct Auth {
    registry: String,
    repository: String,
    credentials: OnceCell<Option<Credentials>>,
    pull: RefCell<Option<Secret>>,
    push: RefCell<Option<Secret>>,
}

/// Asks for a token: an address and, with credentials, an `Authorization` header.
pub type AskToken<'a> = dyn Fn(&str, Option<&Secret>) -> Result<Vec<u8>, RegistryError> + 'a;

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

impl Auth {
    /// Knows nothing yet. Nothing is looked up for a registry that never asks.
    pub fn new(registry: &str, repository: &str) -> Self {
        Self {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            credentials: OnceCell::new(),
            pull: RefCell::new(None),
            push: RefCell::new(None),
        }
    }

    /// What to send along, as far as known.
    pub fn header(&self, action: Action) -> Option<Secret> {
        let pull = || self.pull.borrow().clone();
        let push = self.push.borrow().clone();
        match action {
            Action::Pull => push.or_else(pull),
            Action::Push => push,
        }
    }

    /// Learns what to send along from now on.
    pub fn answer(
        &self,
        action: Action,
        challenge: Option<&Challenge>,
        plain: bool,
        ask: &AskToken<'_>,
    ) -> Result<(), RegistryError> {
        let basic = self.credentials()?.map(Credentials::basic);
        let header = match challenge {
            None => return Err(self.denied("asks for a login that this program does not know")),
            Some(Challenge::Basic) => basic.ok_or_else(|| self.denied("asks for a login"))?,
            Some(Challenge::Bearer {
                realm,
                service,
                scope,
            }) => {
                if !(realm.starts_with("https://") || plain && loopback(realm)) {
                    return Err(self.denied(&format!(
                        "sends to {realm} for a token: refused, since a password would go there in the clear"
                    )));
                }
                // GHCR names a scope for pulling only, whatever was asked.
                let enough = |scope: &&String| action == Action::Pull || scope.contains("push");
                let scope = scope.as_ref().filter(enough).cloned();
                let scope = scope.unwrap_or_else(|| self.scope(action));
                let mut url = format!("{realm}{}scope={}", separator(realm), encode(&scope));
                if let Some(service) = service {
                    url.push_str(&format!("&service={}", encode(service)));
                }
                let answer = ask(&url, basic.as_ref())?;
                // It may hold a token, so no error quotes it.
                let token: Option<Token> = serde_json::from_slice(&answer).ok();
                let token = token.and_then(|found| found.token.or(found.access_token));
                let token = token.ok_or_else(|| {
                    RegistryError::Nonsense(format!("{realm} answered without a token"))
                })?;
                Secret::new(format!("Bearer {token}"))
            }
        };
        let slot = match action {
            Action::Pull => &self.pull,
            Action::Push => &self.push,
        };
        *slot.borrow_mut() = Some(header);
        // A token for pushing that is not taken for pulling any more has expired too.
        if action == Action::Pull {
            *self.push.borrow_mut() = None;
        }
        Ok(())
    }

    /// Says that the registry does not let us in, and what to do.
    pub fn denied(&self, problem: &str) -> RegistryError {
        let who = match self.credentials.get() {
            Some(Some(_)) => "the login that is configured is not enough",
            _ => "no login is configured",
        };
        RegistryError::Denied(format!(
            "{} {problem} for {}: {who}; log in with `docker login {}` or set REGISTRY_USERNAME and REGISTRY_PASSWORD",
            self.registry, self.repository, self.registry
        ))
    }

    fn credentials(&self) -> Result<Option<&Credentials>, RegistryError> {
        if let Some(known) = self.credentials.get() {
            return Ok(known.as_ref());
        }
        let found = Credentials::find(&self.registry)?;
        Ok(self.credentials.get_or_init(|| found).as_ref())
    }

    fn scope(&self, action: Action) -> String {
        let actions = match action {
            Action::Pull => "pull",
            Action::Push => "pull,push",
        };
        format!("repository:{}:{actions}", self.repository)
    }
}

/// Whether an address or a registry is on this machine.
pub fn loopback(address: &str) -> bool {
    let host = address.strip_prefix("http://").unwrap_or(address);
    let host = host.split('/').next().unwrap_or_default();
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| {
        host.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

fn separator(url: &str) -> char {
    if url.contains('?') { '&' } else { '?' }
}

/// Percent-encodes what a query's value may not hold.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b':'
            | b',' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for name in [
            "localhost",
            "localhost:5000",
            "127.0.0.1:1",
            "[::1]:5000",
            "http://localhost:1/token",
        ] {
            assert!(loopback(name), "{name}");
        }
        for name in [
            "localhost.example.org",
            "127.0.0.1.example.org:80",
            "ghcr.io",
            "http://ghcr.io/localhost",
        ] {
            assert!(!loopback(name), "{name}");
        }
    }

    #[test]
    fn a_password_is_not_sent_in_the_clear() {
        let auth = Auth::new("ghcr.io", "org/orders");
        let _ = auth.credentials.set(None);
        let challenge = Challenge::Bearer {
            realm: "http://tokens.example.org/".to_owned(),
            service: None,
            scope: None,
        };
        for plain in [true, false] {
            let never =
                |_: &str, _: Option<&Secret>| -> Result<Vec<u8>, RegistryError> { panic!("asked") };
            let refused = auth.answer(Action::Pull, Some(&challenge), plain, &never);
            assert!(refused.unwrap_err().to_string().contains("in the clear"));
        }
    }

    #[test]
    fn a_token_is_asked_for_by_scope_and_never_quoted() {
        let auth = Auth::new("ghcr.io", "org/orders");
        let _ = auth.credentials.set(None);
        let challenge = Challenge::Bearer {
            realm: "https://ghcr.io/token".to_owned(),
            service: Some("a b".to_owned()),
            // As GHCR answers a push.
            scope: Some("repository:org/orders:pull".to_owned()),
        };
        let ask = |url: &str, _: Option<&Secret>| -> Result<Vec<u8>, RegistryError> {
            assert_eq!(
                url,
                "https://ghcr.io/token?scope=repository:org/orders:pull,push&service=a%20b"
            );
            Ok(br#"{"access_token":"t0ken"}"#.to_vec())
        };
        auth.answer(Action::Push, Some(&challenge), false, &ask)
            .unwrap();
        assert_eq!(auth.header(Action::Pull).unwrap().reveal(), "Bearer t0ken");
        let ask = |_: &str, _: Option<&Secret>| -> Result<Vec<u8>, RegistryError> {
            Ok(b"t0ken".to_vec())
        };
        let error = auth
            .answer(Action::Pull, Some(&challenge), false, &ask)
            .unwrap_err();
        assert!(!error.to_string().contains("t0ken"), "{error}");
    }
}
