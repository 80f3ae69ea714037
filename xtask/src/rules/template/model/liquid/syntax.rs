//! Whether Liquid parses, asked of the `liquid` crate with cargo-generate's filters registered.
//!
//! The crate panics on some input (numbers past 64 bits, an open block inside a comment) and recurses without a limit,
//! so it is only ever shown pieces of bounded size whose blocks are known to match.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use liquid::model::Value;

use super::Document;
use super::blocks::{structure, torn_comments};
use super::bounds::{bounds, is_known};
use super::error::SyntaxError;
use super::filters::Stub;
use super::pieces::{self, Kind, Piece};
use crate::rules::template::model::rehearsal::Setting;
use crate::rules::template::model::text::{Name, Problem};
use crate::rules::template::model::vocabulary::own_filters;

/// How many problems of one file are worth telling.
const ENOUGH: usize = 20;

/// The parser that cargo-generate uses, as far as validity goes.
pub struct Syntax {
    parser: liquid::Parser,
}

impl std::fmt::Debug for Syntax {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Syntax")
    }
}

impl Syntax {
    /// Liquid's standard library and cargo-generate's filters.
    pub fn new() -> Result<Self> {
        let builder = own_filters()
            .iter()
            .fold(liquid::ParserBuilder::with_stdlib(), |builder, name| {
                builder.filter(Stub(name))
            });
        let parser = builder.build().context("cannot set up Liquid")?;
        Ok(Self { parser })
    }

    /// The text rendered with `variables`; `None` where it does not parse, reads something else, or repeats anything.
    pub fn render(&self, text: &str, variables: &BTreeMap<String, Setting>) -> Option<String> {
        let compiled = self.compile(text, &super::read(text, self))?;
        render(&compiled, variables)
    }

    /// The text, ready to render; `None` where it does not parse, or repeats anything.
    pub fn compile(&self, text: &str, document: &Document) -> Option<liquid::Template> {
        let repeats = |tag: &Name| ["for", "tablerow"].contains(&tag.text.as_str());
        let is_sound = document.problems.is_empty()
            && document.eaten.is_empty()
            && document.open_raw.is_none()
            && !document.tags.iter().any(repeats);
        if !is_sound {
            return None;
        }
        self.parser.parse(text).ok()
    }

    /// Whether the crate takes the text as a whole, which may be any that does not make it panic.
    #[cfg(test)]
    pub fn accepts(&self, text: &str) -> bool {
        self.parser.parse(text).is_ok()
    }

    /// What does not parse in `pieces`. Unknown filters and tags are left to those who know the names.
    pub fn problems(&self, text: &str, pieces: &[&Piece]) -> Vec<Problem> {
        let mut problems: Vec<Problem> = pieces
            .iter()
            .filter_map(|piece| bounds(text, piece))
            .take(ENOUGH)
            .collect();
        let known: Vec<&Piece> = pieces
            .iter()
            .copied()
            .filter(|piece| bounds(text, piece).is_none() && is_known(text, piece))
            .collect();
        let (alone, blocks): (Vec<&Piece>, Vec<&Piece>) =
            known.iter().partition(|piece| stands_alone(text, piece));
        let mut structure = structure(text, &blocks);
        structure.extend(torn_comments(text, &blocks));
        if structure.is_empty() && self.parse(text, &known).is_ok() {
            return problems;
        }
        let broken: Vec<Problem> = alone
            .into_iter()
            .filter_map(|piece| Some(self.parse(text, &[piece]).err()?.problem(text, piece)))
            .take(ENOUGH)
            .collect();
        problems.extend(broken);
        if structure.is_empty() {
            problems.extend(self.blocks(text, &blocks));
        }
        problems.extend(structure);
        problems
    }

    /// The first of `blocks` that makes all of them unparsable: the shortest prefix, closed, that does not parse.
    fn blocks(&self, text: &str, blocks: &[&Piece]) -> Option<Problem> {
        let error = self.parse(text, blocks).err()?;
        let piece = error
            .line
            .and_then(|line| blocks.get(line - 1))
            .or(blocks.first())?;
        Some(error.problem(text, piece))
    }

    /// Parses `pieces` without the text between them, each on a line of its own.
    fn parse(&self, text: &str, pieces: &[&Piece]) -> Result<(), SyntaxError> {
        let skeleton: Vec<String> = pieces
            .iter()
            .map(|piece| text[piece.span.clone()].replace(['\n', '\r'], " "))
            .collect();
        match self.parser.parse(&skeleton.join("_\n")) {
            Ok(_) => Ok(()),
            Err(error) => Err(SyntaxError::read(&error.to_string())),
        }
    }
}

/// What `compiled` says with `variables`; `None` where it reads something else.
pub fn render(
    compiled: &liquid::Template,
    variables: &BTreeMap<String, Setting>,
) -> Option<String> {
    let each = variables.iter();
    let values: liquid::Object = each
        .map(|(name, setting)| (name.clone().into(), value(setting)))
        .collect();
    compiled.render(&values).ok()
}

fn value(setting: &Setting) -> Value {
    match setting {
        Setting::Bool(value) => Value::scalar(*value),
        Setting::Text(text) => Value::scalar(text.clone()),
        Setting::List(items) => Value::array(items.iter().map(|item| Value::scalar(item.clone()))),
    }
}

/// Whether the piece means the same outside of any block.
fn stands_alone(text: &str, piece: &Piece) -> bool {
    let name = pieces::word(&text[piece.inner.clone()]);
    piece.kind == Kind::Output || ["assign", "cycle", "increment", "decrement"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::template::model::vocabulary::{BLOCKS, FILTERS, TAGS};

    fn messages(text: &str) -> Vec<String> {
        let pieces = pieces::cut(text);
        let pieces: Vec<_> = pieces.iter().collect();
        let problems = Syntax::new().unwrap().problems(text, &pieces);
        problems
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn valid_templates_have_no_problems() {
        for text in [
            "{{ a }} {{- b | upcase | default: 'x' -}}",
            "{% if a == 'x' and b %}{% elsif c %}{% else %}{% endif %}",
            "{% unless a %}{% endunless %}{% case a %}{% when 'x' or 'y' %}{% else %}{% endcase %}",
            "{% for x in (1..3) reversed %}{% if x %}{% break %}{% endif %}{% endfor %}",
            "{% assign a = 'x' | split: ',' %}{% capture b %}{{ a }}{% endcapture %}{% increment c %}",
            "{{ project-name | snake_case }}{{ 'x.rhai' | rhai }}{{ a[b][0].c }}",
            "{% raw %}{{ ${{ {% endraw %}{% comment %}{{{% if a %}{% endif %}{% endcomment %}",
            "{{ a\n | downcase\n}}",
            "{% tablerow x in xs cols:2 %}{{ x }}{% endtablerow %}{% cycle 'a', 'b' %}",
        ] {
            assert_eq!(messages(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn every_broken_piece_is_told() {
        assert_eq!(messages("{{ a b }} {{ c }} {{}} {% assign = 2 %}").len(), 3);
        assert_eq!(messages("{% if a %}"), ["`if` is never ended"]);
        assert_eq!(messages("a {% endif %}"), ["`endif` ends nothing"]);
        assert_eq!(
            messages("{% if a %}{% for x in y %}{% endif %}{% endfor %}"),
            ["`endif` where `endfor` is due"]
        );
        assert_eq!(messages("{{ a"), ["`{{` is never closed"]);
        assert_eq!(messages("{% comment %}"), ["`comment` is never ended"]);
        assert_eq!(
            messages("{% comment %}{% if a %}{% endcomment %}"),
            ["the comment holds a block that is not ended in it"]
        );
        assert_eq!(messages("{% 'a' %}"), ["a tag starts with its name"]);
        assert_eq!(messages("{% if %}{% endif %}").len(), 1);
        assert_eq!(
            messages("{{ a | snake_case: 1 }}"),
            ["Liquid does not parse: `snake_case` takes no arguments"]
        );
    }

    #[test]
    fn the_vocabulary_is_that_of_the_crate() {
        let syntax = Syntax::new().unwrap();
        let error = |text: &str, key: &str| -> Vec<String> {
            let error = syntax.parser.parse(text).err().unwrap().to_string();
            let line = error.lines().find_map(|line| line.trim().strip_prefix(key));
            let names = line.unwrap_or_else(|| panic!("{error}")).split(", ");
            names.map(str::to_owned).collect()
        };
        let mut known: Vec<_> = FILTERS.to_vec();
        known.sort_unstable();
        assert_eq!(error("{{ a | nonsense }}", "available filters="), known);
        let mut known: Vec<_> = BLOCKS.iter().map(|(open, _)| *open).collect();
        known.sort_unstable();
        assert_eq!(error("{% nonsense %}", "available blocks="), known);
        let mut known = vec!["include", "render"];
        known.extend(
            TAGS.iter()
                .filter(|tag| !["else", "elsif", "when"].contains(tag)),
        );
        known.sort_unstable();
        assert_eq!(error("{% nonsense %}", "available tags="), known);
    }
}
