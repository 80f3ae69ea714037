//! From a place in rendered text back to where it was written in the template: a source map, guessed from the words on the
//! lines, since Liquid keeps none. A guess is a place to look at, never a reason to judge.

mod align;
mod likeness;

use std::ops::Range;

use align::align;

/// For each line of `rendered` the line of `written`, both from 0, that it came from, where that can be told.
pub fn lines(written: &str, rendered: &str) -> Vec<Option<usize>> {
    let written: Vec<&str> = written.lines().collect();
    let rendered: Vec<&str> = rendered.lines().collect();
    align(&written, &rendered)
}

/// Where in `written` the bytes `span` of `rendered` come from: of a line whose origin nothing tells, the likeliest line.
pub fn place(written: &str, rendered: &str, span: &Range<usize>) -> Range<usize> {
    let before: Vec<&str> = written.lines().collect();
    let after: Vec<&str> = rendered.lines().collect();
    let lines = align(&before, &after);
    let span = span.start.min(rendered.len())..span.end.min(rendered.len());
    let head = rendered.get(..span.start).unwrap_or_default();
    let number = head.matches('\n').count();
    let start = head.rfind('\n').map_or(0, |newline| newline + 1);
    let found = after.get(number).zip(lines.get(number).copied().flatten());
    let (at, word) = if let Some((line, at)) = found {
        let within = span.start - start..span.end - start;
        (at, word(before[at], line, within))
    } else {
        let at = likely(&before, &after, &lines, number);
        (at, bare(before.get(at).copied().unwrap_or_default()))
    };
    let origin: usize = written.split_inclusive('\n').take(at).map(str::len).sum();
    origin + word.start..origin + word.end
}

/// Where in the line `written` the bytes `span` of the line that became of it stand: the word itself if it is there, or
/// the tags that gave it.
pub fn word(written: &str, rendered: &str, span: Range<usize>) -> Range<usize> {
    let end = span.end.min(rendered.len());
    let parts = (
        rendered.get(..span.start),
        rendered.get(span.start..end),
        rendered.get(end..),
    );
    let (Some(before), Some(word), Some(after)) = parts else {
        return bare(written);
    };
    // What stands before all tags stands where it stood.
    if written.starts_with(&rendered[..end]) {
        return span.start..end;
    }
    let is_long = written.len() >= before.len() + after.len();
    if is_long && written.starts_with(before) && written.ends_with(after) {
        return before.len()..written.len() - after.len();
    }
    let word = word.trim();
    if let Some(at) = written.find(word).filter(|_| !word.is_empty()) {
        return at..at + word.len();
    }
    let (Some(start), Some(end)) = (written.find("{{"), written.rfind("}}")) else {
        return bare(written);
    };
    // From the beginning of the value, where it is made of several variables.
    let begin = written[..start].rfind(' ').map_or(start, |at| at + 1);
    begin..(end + 2).max(begin)
}

/// A line without the blanks around it.
fn bare(line: &str) -> Range<usize> {
    let end = line.trim_end().len();
    (line.len() - line.trim_start().len()).min(end)..end
}

/// For a line that came of none: behind the last one above whose origin is known, the next with Liquid in it; one that
/// begins with the same words, if there is any.
fn likely(written: &[&str], rendered: &[&str], lines: &[Option<usize>], number: usize) -> usize {
    let above = lines.iter().take(number).rev().find_map(|line| *line);
    let above = above.map_or(0, |at| at + 1);
    let words = rendered.get(number).copied().unwrap_or_default().trim();
    let is_liquid = |line: &str| line.contains("{{") || line.contains("{%");
    let begins = |line: &str| {
        let start = line.split(['{', '%']).next().unwrap_or_default().trim();
        is_liquid(line) && !start.is_empty() && words.starts_with(start)
    };
    let below = || written.iter().enumerate().skip(above);
    below()
        .find(|(_, line)| begins(line))
        .or_else(|| below().find(|(_, line)| is_liquid(line)))
        .map_or(above.min(written.len().saturating_sub(1)), |(at, _)| at)
}

#[cfg(test)]
mod tests;
