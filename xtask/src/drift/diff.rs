//! What counts as a change of a text, and where it begins.

use std::borrow::Cow;

/// The bytes without what an editor or a checkout on Windows makes of line ends. What is no text stays as it is.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&0) || !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(index + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

/// The first line in which two texts differ, counted from 1.
pub(super) fn first_line(before: &[u8], after: &[u8]) -> usize {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b);
    let same = same.count().min(after.len().saturating_sub(1));
    after
        .iter()
        .take(same)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_change_and_other_returns_are() {
        assert_eq!(*plain(b"a\r\nb\r\n"), *b"a\nb\n");
        assert_eq!(*plain(b"a\rb\n"), *b"a\rb\n");
        assert_eq!(*plain(b"\0\r\n"), *b"\0\r\n");
    }

    #[test]
    fn the_first_line_that_differs_is_one_of_the_text() {
        for (before, after, line) in [
            ("a\nb\n", "a\nc\n", 2),
            ("a\n", "a\nb\n", 2),
            ("a\nb\n", "a\n", 1),
            ("a\n", "", 1),
            ("", "a\n", 1),
        ] {
            assert_eq!(
                first_line(before.as_bytes(), after.as_bytes()),
                line,
                "{before:?} {after:?}"
            );
        }
    }
}
