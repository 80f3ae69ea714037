//! What looks like a secret in a text: tokens by the form that their issuer gives them, and values by their key.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Something that looks like a secret.
#[derive(Debug, PartialEq, Eq)]
pub enum Find {
    /// A token of a known form, with what it is.
    Token(Range<usize>, &'static str),
    /// A value, with its key.
    Value(Range<usize>, String),
}

/// Forms of tokens, each with what has it.
const TOKENS: &[(&str, &str)] = &[
    (r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", "an access key of AWS"),
    (r"\bgh[pousr]_[A-Za-z0-9]{30,}", "a token of GitHub"),
    (r"\bgithub_pat_[A-Za-z0-9_]{30,}", "a token of GitHub"),
    (r"\bglpat-[A-Za-z0-9_-]{20,}", "a token of GitLab"),
    (r"\bxox[abeprs]-[A-Za-z0-9-]{10,}", "a token of Slack"),
    (r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}", "a token of Vault"),
    (r"\bsk_live_[A-Za-z0-9]{16,}", "a key of Stripe"),
    (r"\bsk-[A-Za-z0-9_-]{32,}", "an API key"),
    (r"\bAIza[0-9A-Za-z_-]{35}", "an API key of Google"),
    (r"\bnpm_[A-Za-z0-9]{36}", "a token of npm"),
    (r"\bdckr_pat_[A-Za-z0-9_-]{20,}", "a token of Docker Hub"),
    (
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        "a JSON web token",
    ),
    (
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
        "a private key",
    ),
];

static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let each = TOKENS.iter();
    each.filter_map(|(form, kind)| Some((Regex::new(form).ok()?, *kind)))
        .collect()
});

/// `key: value`, `key = value`, `- KEY=value` and `"key": "value"` on a line of its own, or commented out.
static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^[ \t]*(?:#[ \t]*)?(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+)?["']?([A-Za-z][A-Za-z0-9_.-]*)["']?[ \t]*(?::[ \t]|=)[ \t]*(\S.*?)[ \t]*,?\r?$"#).ok()
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
        let assignments = ASSIGNMENT
            .iter()
            .flat_map(|pattern| pattern.captures_iter(text));
        found.extend(assignments.filter_map(|captures| {
            let (key, value) = (captures.get(1)?, captures.get(2)?);
            let bare = bare(value.as_str());
            (is_secret(key.as_str()) && is_literal(bare)).then(|| {
                let start = value.start() + value.as_str().find(bare).unwrap_or(0);
                Find::Value(start..start + bare.len(), key.as_str().to_owned())
            })
        }));
        let addresses = ADDRESS
            .iter()
            .flat_map(|pattern| pattern.captures_iter(text));
        found.extend(addresses.filter_map(|captures| {
            let password = captures.get(1)?;
            is_literal(password.as_str())
                .then(|| Find::Value(password.range(), "the password in this address".to_owned()))
        }));
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

/// Whether the last words of a key say that its value is secret.
fn is_secret(key: &str) -> bool {
    let mut words = String::new();
    let mut previous = '_';
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && previous.is_ascii_lowercase() {
            words.push('_');
        }
        previous = letter;
        words.push(if letter == '-' || letter == '.' {
            '_'
        } else {
            letter.to_ascii_lowercase()
        });
    }
    let ends = [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "secret_key",
        "secretkey",
        "token",
        "api_key",
        "apikey",
        "access_key",
        "accesskey",
        "private_key",
        "privatekey",
        "client_secret",
        "credentials",
        "signing_key",
        "encryption_key",
        "auth_key",
        "secret_access_key",
        "secret_id",
    ];
    ends.iter().any(|end| {
        words
            .strip_suffix(end)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    })
}

/// The value without its comment and quotes.
fn bare(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or(inner);
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}

/// Whether a value stands for itself: no reference, no placeholder, no word that says there is none.
fn is_literal(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let nothing = [
        "", "null", "~", "none", "true", "false", "token", "approle", "env", "file", "vault",
        "secret", "write", "read", "inherit",
    ];
    let stands_for_another = value.starts_with(['$', '{', '<', '[', '&', '*', '|', '>', '/', '@'])
        || value.contains("{{")
        || value.contains("${")
        || value.contains(' ');
    let placeholder = [
        "dev-only-",
        "changeme",
        "change-me",
        "example",
        "placeholder",
        "your-",
        "xxx",
        "***",
        "...",
        "…",
    ];
    let is_placeholder = placeholder.iter().any(|word| lower.starts_with(word))
        || lower.chars().all(|c| "x*.-_".contains(c));
    // A name of a secret, as in `token: management-token`, reads as words; a value has digits, capitals or signs.
    let is_word = lower == value
        && value
            .chars()
            .all(|c| c.is_ascii_lowercase() || "-_./".contains(c));
    let is_number = value.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_upper_name = value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    !(nothing.contains(&lower.as_str())
        || stands_for_another
        || is_placeholder
        || is_number
        || is_upper_name)
        && !(is_word && (value.contains(['-', '_', '.', '/'])))
        && value.len() >= 4
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
