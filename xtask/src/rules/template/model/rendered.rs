//! Files as a service has them, parsed as YAML, and the way back from a place in them to the template's file.
//!
//! Whoever wants to know what a document refers to reads it rendered; whoever mends it opens the template. What cannot
//! be rendered or parsed is not here: other rules say so.

use std::ops::Range;

use super::{Body, File, Model, Origin, Run, Template};
use crate::report::Source;
use crate::rules::workflow::yaml::{self, Node};

/// A file of the service of some run.
#[derive(Debug)]
pub struct Rendered<'a> {
    /// The template's file.
    pub source: &'a Source,
    /// Its text in the service.
    pub text: String,
}

/// A YAML document of a service. Its places are bytes of [`Rendered::text`].
#[derive(Debug)]
pub struct Document<'a> {
    /// The file.
    pub file: Rendered<'a>,
    /// What it holds.
    pub root: Node,
}

impl Model {
    /// The file at `path` in the service of `run`, where the template holds it as text.
    pub fn rendered<'a>(
        &self,
        template: &'a Template,
        run: &Run,
        path: &str,
    ) -> Option<Rendered<'a>> {
        let Origin::File(number) = run.files.get(path)? else {
            return None;
        };
        let file: &File = template.files.get(*number)?;
        let Body::Text(source, _) = &file.body else {
            return None;
        };
        Some(Rendered {
            source,
            text: self.text_in(file, run)?.into_owned(),
        })
    }

    /// The same as one YAML document.
    pub fn document<'a>(
        &self,
        template: &'a Template,
        run: &Run,
        path: &str,
    ) -> Option<Document<'a>> {
        let file = self.rendered(template, run, path)?;
        let (root, _) = yaml::parse(&file.text);
        Some(Document { file, root: root? })
    }
}

impl Rendered<'_> {
    /// Where in the template's file the bytes `span` of the rendered text were written.
    pub fn place(&self, span: &Range<usize>) -> Range<usize> {
        let (rendered, written) = (lines(&self.text), lines(&self.source.text));
        let Some(number) = rendered
            .iter()
            .position(|(start, line)| (*start..=start + line.len()).contains(&span.start))
        else {
            return 0..0;
        };
        let Some(origin) = pairs(&rendered, &written, number) else {
            return 0..0;
        };
        let ((start, line), (at, text)) = (rendered[number], written[origin]);
        let from = span.start - start;
        let to = (span.end.max(span.start) - start).min(line.len());
        let (Some(before), Some(after)) = (line.get(..from), line.get(to..)) else {
            return at..at + text.len();
        };
        if text.len() >= before.len() + after.len()
            && text.starts_with(before)
            && text.ends_with(after)
        {
            return at + before.len()..at + text.len() - after.len();
        }
        match line
            .get(from..to)
            .and_then(|word| Some((text.find(word)?, word.len())))
        {
            Some((word, length)) if length > 0 => at + word..at + word + length,
            _ => at + text.len() - text.trim_start().len()..at + text.trim_end().len(),
        }
    }
}

/// Each line with the byte it starts on.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let each = text.split_inclusive('\n').map(|line| {
        let this = (start, line.trim_end_matches(['\n', '\r']));
        start += line.len();
        this
    });
    each.collect()
}

/// Lines of a file as long as it may be for the two texts to be laid side by side.
const ENOUGH: usize = 1500;

/// The written line that the rendered line `number` comes from: the two texts side by side, the lines in pairs that are
/// as like as can be.
fn pairs(rendered: &[(usize, &str)], written: &[(usize, &str)], number: usize) -> Option<usize> {
    if rendered.len() > ENOUGH || written.len() > ENOUGH {
        return None;
    }
    let width = written.len() + 1;
    let mut best = vec![0_u32; (rendered.len() + 1) * width];
    let likeness = |row: usize, column: usize| likeness(written[column].1, rendered[row].1);
    for row in (0..rendered.len()).rev() {
        for column in (0..written.len()).rev() {
            let skipped = best[(row + 1) * width + column].max(best[row * width + column + 1]);
            let like = likeness(row, column);
            best[row * width + column] = if like > 0 {
                skipped.max(best[(row + 1) * width + column + 1] + like)
            } else {
                skipped
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < rendered.len() && column < written.len() {
        let here = best[row * width + column];
        let like = likeness(row, column);
        if like > 0 && here == best[(row + 1) * width + column + 1] + like {
            if row == number {
                return Some(column);
            }
            (row, column) = (row + 1, column + 1);
        } else if here == best[row * width + column + 1] {
            column += 1;
        } else {
            row += 1;
        }
    }
    None
}

/// How well the written line can be the rendered one, whatever stands in its tags: not at all is nothing.
fn likeness(written: &str, rendered: &str) -> u32 {
    if !written.contains("{{") && !written.contains("{%") {
        return if written == rendered { 3 } else { 0 };
    }
    let mut rest = rendered;
    let mut left = written;
    let (mut is_first, mut has_words, mut has_output) = (true, false, false);
    // What stands between tags of a condition may be left out.
    let has_condition = written.contains("{%");
    loop {
        let open = [left.find("{{"), left.find("{%")];
        let open = open.into_iter().flatten().min();
        let piece = &left[..open.unwrap_or(left.len())];
        has_words |= !piece.trim().is_empty();
        let Some(open) = open else {
            // A line of nothing but conditions writes nothing.
            let fits = (rest.ends_with(piece) || has_condition && has_words)
                && (has_words || has_output || rest.trim().is_empty());
            return if fits { 1 + u32::from(has_words) } else { 0 };
        };
        match rest.find(piece) {
            Some(at) if at == 0 || !is_first => rest = &rest[at + piece.len()..],
            _ if has_condition && !is_first => {}
            _ => return 0,
        }
        is_first = false;
        let tag = &left[open..];
        let is_output = tag.starts_with("{{");
        has_output |= is_output;
        let Some(end) = tag.find(if is_output { "}}" } else { "%}" }) else {
            return 1;
        };
        left = &tag[end + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_template() {
        let written = "a: 1\n{%- if x %}\nname: \"{{n}}-app\"\n{%- else %}\nname: other\n{%- endif %}\nb: 2\n";
        let source = Source::new("f", written);
        let text = "a: 1\nname: \"orders-app\"\nb: 2\n".to_owned();
        let file = Rendered {
            source: &source,
            text,
        };
        let place = |word: &str| {
            let at = file.text.find(word).unwrap();
            &written[file.place(&(at..at + word.len()))]
        };
        assert_eq!(place("\"orders-app\""), "\"{{n}}-app\"");
        assert_eq!(place("2"), "2");
        assert_eq!(place("b"), "b");
    }

    #[test]
    fn lines_may_become_others() {
        assert_eq!(likeness("  - \"{{a}}-{{b}}\" x", "  - \"one-two\" x"), 2);
        assert_eq!(likeness("  - \"{{a}}\"", "  * \"one\""), 0);
        assert_eq!(likeness("{%- if a %}", "b"), 0);
    }
}
