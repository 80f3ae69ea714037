//! Keys whose values are secret, by the words that they end in.

/// Whether the last words of a key say that its value is secret.
pub fn is_secret(key: &str) -> bool {
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

/// Whether a line may hold such a key: each of their ends has one of these parts.
pub fn hints(line: &str) -> bool {
    const PARTS: [&[u8]; 6] = [b"pass", b"pwd", b"secret", b"token", b"key", b"credential"];
    let bytes = line.as_bytes();
    PARTS.iter().any(|part| {
        bytes
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
    })
}
