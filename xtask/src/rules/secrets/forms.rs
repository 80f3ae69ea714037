//! Tokens by the form that their issuer gives them.

use std::sync::LazyLock;

use regex::Regex;

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

/// The forms, compiled.
pub static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let each = TOKENS.iter();
    each.filter_map(|(form, kind)| Some((Regex::new(form).ok()?, *kind)))
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_compiles() {
        assert_eq!(PATTERNS.len(), TOKENS.len());
    }
}
