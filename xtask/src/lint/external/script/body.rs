//! The text of a `run:`, each byte with its place in the file, and the expressions in it.

use std::ops::Range;

use crate::rules::workflow::yaml::{Content, Node, Style};

/// The text of a scalar, and for each byte of it the byte of the file.
pub(super) fn body(run: &Node, text: &str) -> Option<(String, Vec<usize>)> {
    let scalar = run.scalar()?;
    let content = Content::of(run, text)?;
    let body = scalar.text.clone();
    let place = |at: usize| content.span(at..at).start;
    if content.text == body || scalar.style == Style::Quoted {
        let places = (0..body.len()).map(place).collect();
        return Some((body, places));
    }
    // Of a block, or of lines that are folded, all but blanks stands in the file letter by letter.
    let mut places = Vec::with_capacity(body.len());
    let mut raw = content.text.char_indices().peekable();
    for letter in body.chars() {
        let blank = letter.is_whitespace();
        while !blank && raw.next_if(|(_, found)| found.is_whitespace()).is_some() {}
        // The end of a line stands for itself, whatever indentation is before it.
        if letter == '\n' {
            while raw.next_if(|(_, found)| *found == ' ').is_some() {}
        }
        let here = raw.peek().map_or(content.text.len(), |(at, _)| *at);
        let _ = raw.next_if(|(_, found)| *found == letter || blank && found.is_whitespace());
        places.extend(std::iter::repeat_n(place(here), letter.len_utf8()));
    }
    Some((body, places))
}

/// The next `${{ … }}` from `start` on.
pub(super) fn expression(text: &str, start: usize) -> Option<Range<usize>> {
    let begin = start + text.get(start..)?.find("${{")?;
    let mut quoted = false;
    let bytes = text.as_bytes();
    let mut at = begin + 3;
    while at + 1 < bytes.len() {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes[at + 1] == b'}' => return Some(begin..at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}
