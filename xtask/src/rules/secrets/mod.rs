//! What looks like a secret in a text: tokens by the form that their issuer gives them, and values by their key.

mod forms;
mod key;
mod value;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use forms::PATTERNS;
use key::{hints, is_secret};
use value::{bare, is_literal};

/// Something that looks like a secret.
#[derive(Debug, PartialEq, Eq)]
pub enum Find {
    /// A token of a known form, with what it is.
    Token(Range<usize>, &'static str),
    /// A value, with its key.
    Value(Range<usize>, String),
}

/// `key: value`, `key = value`, `- KEY=value` and `"key": "value"` on a line of its own, or commented out.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^[ \t]*(?:#[ \t]*)?(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+)?["']?([A-Za-z][A-Za-z0-9_.-]*)["']?[ \t]*(?::[ \t]|=)[ \t]*(\S.*?)[ \t]*,?\r?\n?$"#).ok()
});

/// `scheme://user:password@host`.
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"[a-z][a-z0-9+.-]*://[^\s:/@"'<>]+:([^\s/@"'<>]+)@"#).ok());

/// What looks like a secret in a file that lands at `path`.
pub fn find(path: &str, text: &str) -> Vec<Find> {
    let mut found = Vec::new();
    for (pattern, kind) in PATTERNS.iter() {
        found.extend(
            pattern
                .find_iter(text)
                .map(|token| Find::Token(token.range(), kind)),
        );
    }
    if is_config(path) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            found.extend(in_line(line, start));
            start += line.len();
        }
    }
    let is_known = |earlier: &[Find], find: &Find| {
        earlier.iter().any(|other| {
            let (a, b) = (span(other), span(find));
            a.start < b.end && b.start < a.end
        })
    };
    let mut once: Vec<Find> = Vec::new();
    for find in found {
        if !is_known(&once, &find) {
            once.push(find);
        }
    }
    once
}

/// What a line assigns or addresses, where the line starts at `start`.
fn in_line(line: &str, start: usize) -> Option<Find> {
    // The patterns cost more than a look at the words, and few lines speak of secrets.
    let (key, value) = match ASSIGNMENT.as_ref().filter(|_| hints(line)) {
        Some(pattern) => pattern
            .captures(line)
            .and_then(|captures| Some((captures.get(1)?, captures.get(2)?)))
            .unzip(),
        None => (None, None),
    };
    if let (Some(key), Some(value)) = (key, value) {
        let bare = bare(value.as_str());
        if is_secret(key.as_str()) && is_literal(bare) {
            let start = start + value.start() + value.as_str().find(bare).unwrap_or(0);
            return Some(Find::Value(
                start..start + bare.len(),
                key.as_str().to_owned(),
            ));
        }
    }
    let pattern = ADDRESS.as_ref().filter(|_| line.contains("://"))?;
    let password = pattern.captures(line)?.get(1)?;
    is_literal(password.as_str()).then(|| {
        Find::Value(
            start + password.start()..start + password.end(),
            "the password in this address".to_owned(),
        )
    })
}

fn span(find: &Find) -> &Range<usize> {
    match find {
        Find::Token(span, _) | Find::Value(span, _) => span,
    }
}

/// Files whose `key: value` configures something. Sources and prose speak of passwords without holding one.
fn is_config(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_lock = name == "Cargo.lock";
    let by_ending = [
        "yaml",
        "yml",
        "toml",
        "json",
        "env",
        "ini",
        "conf",
        "properties",
        "tf",
        "tfvars",
    ];
    !is_lock
        && (by_ending.contains(&ending)
            || name.starts_with(".env")
            || name.starts_with("Dockerfile"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let each = find(path, text).into_iter();
        each.map(|find| text[span(&find).clone()].to_owned())
            .collect()
    }

    #[test]
    fn secrets_are_found_by_key_and_by_form() {
        assert_eq!(
            found("config/prod.yaml", "a:\n  password: \"hunter2-S\" # x\n"),
            ["hunter2-S"]
        );
        assert_eq!(
            found(".env.example", "# API_TOKEN=tok3nvalue\n"),
            ["tok3nvalue"]
        );
        assert_eq!(
            found("docker-compose.yml", "  - POSTGRES_PASSWORD=letmein\n"),
            ["letmein"]
        );
        assert_eq!(
            found("a.json", "{\n  \"apiKey\": \"9f8e7d\",\n}\n"),
            ["9f8e7d"]
        );
        assert_eq!(found("a.toml", "client-secret = 's3cr3t'\n"), ["s3cr3t"]);
        assert_eq!(found("a.yaml", "url: postgres://a:pw12@h/d\n"), ["pw12"]);
        assert_eq!(
            found("src/a.rs", "// AKIAIOSFODNN7EXAMPLE\n"),
            ["AKIAIOSFODNN7EXAMPLE"]
        );
        assert_eq!(found("x.pem", "-----BEGIN RSA PRIVATE KEY-----\n").len(), 1);
    }

    #[test]
    fn references_names_and_placeholders_are_none() {
        for text in [
            "token: null\n",
            "auth: token\n",
            "url: { secret: database-url }\n",
            "TOKEN: ${{ secrets.GITHUB_TOKEN }}\n",
            "password: ${DB_PASSWORD:?set it}\n",
            "SECRET_URL=postgres://{{project-name}}:dev-only-password@127.0.0.1:5432/x\n",
            "APP__TOKEN__SECRET=management-token\n",
            "# SECRET_VAULT_TOKEN=dev-only-root\n",
            "automountServiceAccountToken: false\n",
            "token: The header that callers send\n",
            "key: id-token\n",
            "  `postgres://USER:PASSWORD@HOST:5432/DATABASE`\n",
            "max_tokens: 4096\n",
        ] {
            assert_eq!(found("config/a.yaml", text), [""; 0], "{text}");
        }
        assert_eq!(found("src/a.rs", "password = \"hunter2\"\n"), [""; 0]);
    }
}
