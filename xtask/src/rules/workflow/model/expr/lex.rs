//! Words of an expression.

use std::ops::Range;

use super::super::yaml::Fault;

/// A word and its bytes of the expression's text.
pub(super) type Token = (Lexeme, Range<usize>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lexeme {
    Word(String),
    Number(f64),
    Text(String),
    /// One of `( ) [ ] . , ! < > <= >= == != && || *`.
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 15] = [
    "<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ",",
];

/// The words of `text`, up to `}}` where `closed`, and the byte behind the last one read.
pub(super) fn tokens(text: &str, closed: bool) -> Result<(Vec<Token>, usize), Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        if closed && rest.starts_with("}}") {
            return Ok((tokens, at + 2));
        }
        if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        }
        let (lexeme, length) = lexeme(rest, at, tokens.last())?;
        tokens.push((lexeme, at..at + length));
        at += length;
    }
    if closed {
        let end = text.trim_end().len();
        let help = "close it with `}}`";
        return Err(Fault::new(end..end, "the expression has no end", help));
    }
    Ok((tokens, at))
}

fn lexeme(rest: &str, at: usize, before: Option<&Token>) -> Result<(Lexeme, usize), Fault> {
    let first = rest.chars().next().unwrap_or_default();
    let after_dot = matches!(before, Some((Lexeme::Sign("."), _)));
    if first == '\'' {
        return text(rest, at);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .unwrap_or(rest.len());
        return Ok((Lexeme::Word(rest[..length].to_owned()), length));
    }
    let second = rest.chars().nth(1).unwrap_or_default();
    let signed = matches!(first, '-' | '+' | '.') && (second.is_ascii_digit() || second == '.');
    if first.is_ascii_digit() || (signed && !after_dot && first != '.') {
        return number(rest, at);
    }
    if first == '*' {
        return Ok((Lexeme::Sign("*"), 1));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Lexeme::Sign(sign), sign.len()));
    }
    let help = match first {
        '"' => "write text in single quotes, as in `'main'`",
        '=' => "compare with `==`",
        '&' => "write `&&`",
        '|' => "write `||`; there are no pipes",
        '$' => "one `${{` is enough: inside it names stand alone",
        '+' | '-' | '/' | '%' => "expressions have no arithmetic; compute it in a step",
        '{' | '}' => "close the expression with `}}`",
        _ => "expressions know names, numbers, 'text', calls, comparisons, `!`, `&&` and `||`",
    };
    let message = format!("`{first}` means nothing in an expression");
    Err(Fault::new(at..at + first.len_utf8(), message, help))
}

fn text(rest: &str, at: usize) -> Result<(Lexeme, usize), Fault> {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != '\'' {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return Ok((Lexeme::Text(value), place + 1));
        }
    }
    let help = "close it with `'`; a quote in text is written twice";
    Err(Fault::new(at..at + 1, "text that has no end", help))
}

fn number(rest: &str, at: usize) -> Result<(Lexeme, usize), Fault> {
    let mut length = 0;
    let mut before = ' ';
    for letter in rest.chars() {
        let sign = matches!(letter, '+' | '-') && (length == 0 || matches!(before, 'e' | 'E'));
        if !(letter.is_ascii_alphanumeric() || letter == '.' || sign) {
            break;
        }
        before = letter;
        length += 1;
    }
    let word = &rest[..length];
    let radix = |prefix, radix| {
        let digits = word.strip_prefix(prefix)?;
        u32::from_str_radix(digits, radix).ok().map(f64::from)
    };
    let value = radix("0x", 16)
        .or_else(|| radix("0o", 8))
        .or_else(|| word.parse().ok());
    if let Some(value) = value {
        return Ok((Lexeme::Number(value), length));
    }
    let message = format!("`{word}` is no number");
    let help = "write text in single quotes; a name starts with a letter";
    Err(Fault::new(at..at + length, message, help))
}
