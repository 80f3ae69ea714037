//! Which line of a template a line of its rendering comes from. Guesses from the words around it, since Liquid does not say;
//! a guess is a place to look at, never a reason to judge.

use std::ops::Range;

/// The bytes of the template's line that line `number`, from 0, of `rendered` most likely comes from, without its indentation.
pub fn origin(template: &str, rendered: &str, number: usize) -> Range<usize> {
    let lines: Vec<&str> = template.split_inclusive('\n').collect();
    let found: Vec<&str> = rendered.lines().collect();
    let number = number.min(found.len().saturating_sub(1));
    let at = exact(&lines, &found, number).unwrap_or_else(|| likely(&lines, &found, number));
    let start: usize = lines.iter().take(at).map(|line| line.len()).sum();
    let line = lines.get(at).copied().unwrap_or_default();
    let indentation = line.len() - line.trim_start().len();
    let end = start + line.trim_end().len();
    (start + indentation).min(end)..end
}

/// The line that reads the same in the template; of several, the one whose neighbours read the same for longest.
fn exact(lines: &[&str], found: &[&str], number: usize) -> Option<usize> {
    let wanted = found.get(number)?.trim_end();
    if wanted.trim().is_empty() {
        return None;
    }
    let same = |at: usize, number: usize| {
        let line = lines.get(at).map(|line| line.trim_end());
        line.is_some() && line == found.get(number).map(|line| line.trim_end())
    };
    let neighbours = |at: usize| {
        let before = (1..=at.min(number))
            .take_while(|step| same(at - step, number - step))
            .count();
        let after = (1..lines.len())
            .take_while(|step| same(at + step, number + step))
            .count();
        before + after
    };
    let candidates = (0..lines.len()).filter(|at| same(*at, number));
    // Of equals the last one: a key that is there twice is wrong the second time.
    candidates
        .filter(|at| lines[*at].trim_end() == wanted)
        .max_by_key(|at| neighbours(*at))
}

/// The line with Liquid after the last line above that reads the same, or the line itself where nothing is known.
fn likely(lines: &[&str], found: &[&str], number: usize) -> usize {
    let above = (0..number)
        .rev()
        .find_map(|above| exact(lines, found, above))
        .map_or(0, |at| at + 1);
    let words = found.get(number).copied().unwrap_or_default().trim();
    let is_liquid = |line: &str| line.contains("{{") || line.contains("{%");
    // A line that begins the same and goes on with Liquid.
    let begins = |line: &str| {
        let start = line.split(['{', '%']).next().unwrap_or_default().trim();
        is_liquid(line) && !start.is_empty() && words.starts_with(start)
    };
    let below = || lines.iter().enumerate().skip(above);
    below()
        .find(|(_, line)| begins(line))
        .or_else(|| below().find(|(_, line)| is_liquid(line)))
        .map_or(above.min(lines.len().saturating_sub(1)), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(template: &'a str, rendered: &str, number: usize) -> &'a str {
        &template[origin(template, rendered, number)]
    }

    #[test]
    fn a_line_is_found_by_its_words_or_its_neighbours() {
        let template = "a: 1\n{% if x %}\nb: 2\n{% endif %}\nc: {{d}}\nc: 3\na: 1\n";
        let rendered = "a: 1\n\nb: 2\n\nc: \"\nc: 3\na: 1\n";
        assert_eq!(line(template, rendered, 2), "b: 2");
        assert_eq!(line(template, rendered, 4), "c: {{d}}");
        assert_eq!(line(template, rendered, 5), "c: 3");
        assert_eq!(line(template, rendered, 6), "a: 1");
        assert_eq!(origin("", "", 3), 0..0);
        assert_eq!(line("x {{y}}", "", 9), "x {{y}}");
    }
}
