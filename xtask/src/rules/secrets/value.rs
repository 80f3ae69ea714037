//! Values that stand for themselves, told from references, placeholders and words.

/// The value without its comment and quotes.
pub fn bare(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or(inner);
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}

/// Whether a value stands for itself: no reference, no placeholder, no word that says there is none.
pub fn is_literal(value: &str) -> bool {
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
