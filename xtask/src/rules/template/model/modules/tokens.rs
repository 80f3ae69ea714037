//! The tokens of Rust, as far as declarations need them.

use std::ops::Range;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A word, raw or not.
    Word(&'a str),
    /// What stands between the quotes of a string.
    Text(&'a str),
    /// Any other byte.
    Sign(u8),
}

/// The tokens of Rust: comments, characters and lifetimes are left out.
pub fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 128;
        if byte.is_ascii_whitespace() {
            at += 1;
        } else if rest.starts_with(b"//") {
            at += rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            at += comment(rest);
        } else if let Some((open, hashes)) = raw(rest) {
            let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
            let body = at + open;
            let length = find(&bytes[body..], &close).unwrap_or(bytes.len() - body);
            let end = body + length;
            if let Some(value) = text.get(body..end) {
                found.push((Token::Text(value), body..end));
            }
            at = (end + close.len()).min(bytes.len());
        } else if byte == b'"' {
            let end = at + 1 + string(&rest[1..]);
            if let Some(value) = text.get(at + 1..end) {
                found.push((Token::Text(value), at + 1..end));
            }
            at = (end + 1).min(bytes.len());
        } else if byte == b'\'' {
            at += character(rest);
        } else if is_word(&byte) {
            let mut length = rest
                .iter()
                .position(|byte| !is_word(byte))
                .unwrap_or(rest.len());
            if rest.starts_with(b"r#") {
                let inner = &rest[2..];
                length = 2 + inner
                    .iter()
                    .position(|byte| !is_word(byte))
                    .unwrap_or(inner.len());
            }
            if let Some(word) = text.get(at..at + length) {
                found.push((Token::Word(word), at..at + length));
            }
            at += length;
        } else {
            found.push((Token::Sign(byte), at..at + 1));
            at += 1;
        }
    }
    found
}

/// The length of a block comment; they nest.
fn comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Where the body of a raw string starts, and how many hashes close it.
fn raw(rest: &[u8]) -> Option<(usize, usize)> {
    // Asked at every byte.
    if !matches!(rest.first(), Some(b'r' | b'b' | b'c')) {
        return None;
    }
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix.as_bytes());
        after.is_some_and(|after| {
            let hashes = after.iter().take_while(|byte| **byte == b'#').count();
            after.get(hashes) == Some(&b'"')
        })
    })?;
    let hashes = rest[prefix.len()..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    Some((prefix.len() + hashes + 1, hashes))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// The length of a string's body.
fn string(body: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at,
            _ => at += 1,
        }
    }
    body.len()
}

/// The length of a character, or of the quote of a lifetime.
fn character(rest: &[u8]) -> usize {
    match rest.get(1) {
        Some(b'\\') => {
            let close = rest.iter().skip(3).position(|byte| *byte == b'\'');
            close.map_or(rest.len(), |close| close + 4)
        }
        // A character of up to four bytes; a lifetime has no quote behind its first letter.
        Some(_) => {
            let close = rest.iter().skip(2).take(4).position(|byte| *byte == b'\'');
            let is_lifetime =
                rest.get(1).is_some_and(u8::is_ascii_alphanumeric) && close != Some(0);
            close.filter(|_| !is_lifetime).map_or(1, |close| close + 3)
        }
        None => 1,
    }
}
