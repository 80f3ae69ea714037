//! Which line of a template became which line of a rendered file.

/// How two lines belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// They are the same.
    Same(usize),
    /// The rendered one is the template's with its variables filled in.
    Filled(usize),
}

/// More than this is not compared line by line.
const MOST: usize = 2_000;

/// For each line of `rendered` the line of `template`, both from 0, that it came from, where that can be told.
pub(super) fn align(template: &str, rendered: &str) -> Vec<Option<Match>> {
    let before: Vec<&str> = template.lines().collect();
    let after: Vec<&str> = rendered.lines().collect();
    let mut lines = vec![None; after.len()];
    if before.len() > MOST || after.len() > MOST {
        return lines;
    }
    // The longest common subsequence, where a line that is the same counts twice.
    let width = before.len() + 1;
    let mut best = vec![0_u32; width * (after.len() + 1)];
    let weight = |a: usize, b: usize| match relation(before[b], after[a]) {
        Some(Match::Same(_)) => 2,
        Some(Match::Filled(_)) => 1,
        None => 0,
    };
    for a in (0..after.len()).rev() {
        for b in (0..before.len()).rev() {
            let skip = best[(a + 1) * width + b].max(best[a * width + b + 1]);
            let weight = weight(a, b);
            let take = if weight > 0 {
                weight + best[(a + 1) * width + b + 1]
            } else {
                0
            };
            best[a * width + b] = skip.max(take);
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < after.len() && b < before.len() {
        let here = best[a * width + b];
        let weight = weight(a, b);
        if weight > 0 && here == weight + best[(a + 1) * width + b + 1] {
            lines[a] = relation(before[b], after[a]).map(|found| match found {
                Match::Same(_) => Match::Same(b),
                Match::Filled(_) => Match::Filled(b),
            });
            (a, b) = (a + 1, b + 1);
        } else if here == best[(a + 1) * width + b] {
            a += 1;
        } else {
            b += 1;
        }
    }
    lines
}

fn relation(template: &str, rendered: &str) -> Option<Match> {
    if template == rendered {
        return Some(Match::Same(0));
    }
    if !template.contains("{{") && !template.contains("{%") {
        return None;
    }
    let pieces = literals(template);
    // A line of variables alone could be anything.
    let letters: usize = pieces.iter().map(|piece| piece.trim().len()).sum();
    (letters > 0 && fits(&pieces, rendered)).then_some(Match::Filled(0))
}

/// What of a line is not Liquid's.
fn literals(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    loop {
        let start = rest.find("{{").into_iter().chain(rest.find("{%")).min();
        let Some(start) = start else {
            pieces.push(rest);
            return pieces;
        };
        pieces.push(&rest[..start]);
        let close = if rest[start..].starts_with("{{") {
            "}}"
        } else {
            "%}"
        };
        match rest[start..].find(close) {
            Some(end) => rest = &rest[start + end + 2..],
            None => return pieces,
        }
    }
}

fn fits(pieces: &[&str], rendered: &str) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    let Some(mut rest) = rendered.strip_prefix(first) else {
        return false;
    };
    for piece in &pieces[1..pieces.len().max(2) - 1] {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    pieces.len() == 1 && rest.is_empty() || pieces.len() > 1 && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_again_around_liquid() {
        let template = "a: 1\n{% if x == \"y\" -%}\nb: {{ name }}/c@{{ref}}\n{%- raw %}\nc: ${{ d }}\n{%- endraw %}\ne: 2\n";
        let rendered = "a: 1\nb: orders/c@v1\nc: ${{ d }}\ne: 2\n";
        assert_eq!(
            align(template, rendered),
            [
                Some(Match::Same(0)),
                Some(Match::Filled(2)),
                Some(Match::Same(4)),
                Some(Match::Same(6))
            ]
        );
    }

    #[test]
    fn a_line_that_nothing_gives_is_left_open() {
        assert_eq!(
            align("a: 1\n{{ all }}\n", "b: 2\na: 1\n"),
            [None, Some(Match::Same(0))]
        );
    }
}
