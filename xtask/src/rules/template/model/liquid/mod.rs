//! A file's Liquid: what it reads, calls and defines, and what cannot be parsed. Judges nothing.
//!
//! The `liquid` crate says whether a file parses, but not which names stand where; so names come from a small reader
//! of our own, and validity from the crate, piece by piece.

#[cfg(test)]
mod agreement;
mod blocks;
mod bounds;
mod branches;
mod error;
mod filters;
mod names;
mod pieces;
mod syntax;
mod tokens;

use std::ops::Range;

use super::text::{Name, Problem};
use names::Names;
use pieces::{Kind, Piece};

pub use bounds::is_tag;
pub use branches::Branch;
pub use syntax::{Syntax, render};

/// What a text says in Liquid.
#[derive(Debug, Default)]
pub struct Document {
    /// Variables that it reads and does not define itself.
    pub reads: Vec<Name>,
    /// Filters that it calls.
    pub filters: Vec<Name>,
    /// Tags that it uses.
    pub tags: Vec<Name>,
    /// What its branches depend on.
    pub branches: Vec<Branch>,
    /// The bytes that are rendered only under a condition, or in a loop.
    pub guarded: Vec<Range<usize>>,
    /// `${{`, of which Liquid would take the braces.
    pub eaten: Vec<Range<usize>>,
    /// A `raw` that nothing ends.
    pub open_raw: Option<Range<usize>>,
    /// What does not parse.
    pub problems: Vec<Problem>,
    /// Where the first piece of Liquid stands, if there is any.
    pub first: Option<Range<usize>>,
}

/// Reads `text`, and asks `syntax` whether it parses.
pub fn read(text: &str, syntax: &Syntax) -> Document {
    let pieces = pieces::cut(text);
    let mut document = Document {
        first: pieces.first().map(|piece| piece.span.clone()),
        ..Document::default()
    };
    // An eaten expression is one finding, not also an unknown variable and a syntax error.
    let is_eaten = |piece: &&Piece| {
        let (before, after) = text.split_at(piece.span.start);
        before.ends_with('$') && after.starts_with("{{")
    };
    let (eaten, pieces): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(is_eaten);
    document.eaten = eaten
        .iter()
        .map(|piece| piece.span.start - 1..piece.span.start + 2)
        .collect();

    let mut names = Names::new(text, &pieces);
    for piece in &pieces {
        names.piece(piece, &mut document);
    }
    (document.branches, document.guarded) = branches::branches(text, &pieces);
    if let [.., last] = pieces.as_slice()
        && last.kind == Kind::Tag
        && pieces::word(&text[last.inner.clone()]) == "raw"
    {
        document.open_raw = Some(last.span.clone());
    }
    if document.open_raw.is_none() {
        document.problems = syntax.problems(text, &pieces);
    }
    // What does not parse reads nothing: one mistake is one finding.
    let broken: Vec<_> = pieces
        .iter()
        .map(|piece| &piece.span)
        .filter(|span| {
            let problems = document.problems.iter();
            problems
                .into_iter()
                .any(|problem| span.contains(&problem.span.start))
        })
        .collect();
    document
        .reads
        .retain(|name| !broken.iter().any(|span| span.contains(&name.span.start)));
    document
        .branches
        .retain(|branch| !broken.iter().any(|span| span.contains(&branch.span.start)));
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        read(text, &Syntax::new().unwrap())
    }

    fn reads(text: &str) -> Vec<String> {
        document(text)
            .reads
            .into_iter()
            .map(|name| name.text)
            .collect()
    }

    #[test]
    fn what_a_file_defines_itself_is_not_read_from_outside() {
        assert_eq!(reads("{% assign a = b | append: c %}{{ a }}"), ["b", "c"]);
        assert_eq!(
            reads(
                "{% for x in xs reversed limit:n %}{{ x }}{{ forloop.index }}{% endfor %}{{ x }}"
            ),
            ["xs", "n", "x"]
        );
        assert_eq!(
            reads("{% capture t %}{{ u }}{% endcapture %}{{ t }}"),
            ["u"]
        );
        assert_eq!(
            reads("{% if a == 'x' and b contains c %}{% elsif d %}{% endif %}"),
            ["a", "b", "c", "d"]
        );
        assert_eq!(
            reads("{% case a %}{% when 'x' or b %}{% endcase %}"),
            ["a", "b"]
        );
        assert_eq!(
            reads("{% raw %}{{ a }}{% endraw %}{% comment %}{{ b }}{% endcomment %}"),
            [""; 0]
        );
        assert_eq!(
            reads("{{project-name}} {{- team -}}"),
            ["project-name", "team"]
        );
    }

    #[test]
    fn github_expressions_are_eaten_and_nothing_else() {
        let found = document("a: ${{ github.ref == 'x' && b }}\n");
        assert_eq!(found.eaten, vec![3..6; 1]);
        assert_eq!((found.reads.len(), found.problems.len()), (0, 0));
        let found = document("{% raw %}${{ github.ref }}{% endraw %}");
        assert!(found.eaten.is_empty());
    }

    #[test]
    fn branches_say_what_they_depend_on() {
        let text = "{% if a == 'x' %}1{% elsif b %}{% endif %}{% unless c %}{% endunless %}\
            {% case d %}{% when 'y' or 'z' %}{% endcase %}";
        let found = document(text);
        let conditions: Vec<_> = found
            .branches
            .iter()
            .map(|branch| (branch.condition.as_str(), branch.is_negated))
            .collect();
        let expected = [
            ("a == 'x'", false),
            ("b", false),
            ("c", true),
            ("d == 'y'", false),
            ("d == 'z'", false),
        ];
        assert_eq!(conditions, expected);
        assert_eq!(&text[found.guarded[0].clone()], "1{% elsif b %}");
    }

    #[test]
    fn an_open_raw_is_found() {
        let found = document("{% raw %} {{ a }}");
        assert_eq!(found.open_raw, Some(0..9));
        assert_eq!(document("{% raw %}{% endraw %}").open_raw, None);
    }
}
