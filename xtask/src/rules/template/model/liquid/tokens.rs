//! The words inside an output or a tag: names, filters, texts and signs, each with its place.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A variable, a keyword or a filter's name.
    Word,
    /// A quoted text.
    Text,
    /// A number.
    Number,
    /// Any other character.
    Sign(char),
}

/// The tokens of `text[inner]`.
pub fn tokens(text: &str, inner: Range<usize>) -> Vec<(Token, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = inner.start;
    while let Some(c) = text[at..inner.end].chars().next() {
        let rest = &text[at..inner.end];
        let (token, length) = match c {
            _ if c.is_whitespace() => (None, c.len_utf8()),
            '"' | '\'' => {
                let end = rest[1..].find(c).map_or(rest.len(), |end| end + 2);
                (Some(Token::Text), end)
            }
            _ if c.is_ascii_alphabetic() || c == '_' => (
                Some(Token::Word),
                run(rest, |c| c.is_ascii_alphanumeric() || c == '_' || c == '-'),
            ),
            _ if c.is_ascii_digit() => (Some(Token::Number), run(rest, |c| c.is_ascii_digit())),
            _ => (Some(Token::Sign(c)), c.len_utf8()),
        };
        if let Some(token) = token {
            found.push((token, at..at + length));
        }
        at += length;
    }
    found
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The variables that `tokens` read, leaving out fields, filters, names of arguments and words that are values.
pub fn variables<'a>(
    text: &'a str,
    tokens: &'a [(Token, Range<usize>)],
) -> impl Iterator<Item = Range<usize>> + 'a {
    const VALUES: &[&str] = &["true", "false", "nil", "null", "empty", "blank"];
    const OPERATORS: &[&str] = &["and", "or", "contains", "in"];
    let sign = |index: Option<usize>| match index.and_then(|index| tokens.get(index)) {
        Some((Token::Sign(sign), _)) => Some(*sign),
        _ => None,
    };
    tokens
        .iter()
        .enumerate()
        .filter_map(move |(index, (token, span))| {
            let name = &text[span.clone()];
            // `a.b` reads `a`, but `1..b` reads `b`.
            let field =
                sign(index.checked_sub(1)) == Some('.') && sign(index.checked_sub(2)) != Some('.');
            let filter = sign(index.checked_sub(1)) == Some('|');
            let argument = sign(Some(index + 1)) == Some(':');
            let reads = !(field
                || filter
                || argument
                || VALUES.contains(&name)
                || OPERATORS.contains(&name));
            (*token == Token::Word && reads).then(|| span.clone())
        })
}

/// The filters that `tokens` call.
pub fn filters(tokens: &[(Token, Range<usize>)]) -> impl Iterator<Item = Range<usize>> + '_ {
    tokens.windows(2).filter_map(|pair| match pair {
        [(Token::Sign('|'), _), (Token::Word, span)] => Some(span.clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_filters_and_arguments_are_not_variables() {
        let text = "a.b[c].d | default: e, allow_false: true | join: 'x' | slice: (1..f)";
        let found = tokens(text, 0..text.len());
        let names: Vec<_> = variables(text, &found).map(|span| &text[span]).collect();
        assert_eq!(names, ["a", "c", "e", "f"]);
        let names: Vec<_> = filters(&found).map(|span| &text[span]).collect();
        assert_eq!(names, ["default", "join", "slice"]);
    }
}
