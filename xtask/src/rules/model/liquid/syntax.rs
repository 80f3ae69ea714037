//! Whether Liquid parses, asked of the `liquid` crate with cargo-generate's filters registered.
//!
//! The crate panics on some input (numbers past 64 bits, an open block inside a comment) and recurses without a limit,
//! so it is only ever shown pieces of bounded size whose blocks are known to match.

use std::ops::Range;

use anyhow::{Context, Result};
use liquid_core::parser::{FilterArguments, FilterReflection, ParameterReflection, ParseFilter};
use liquid_core::{Filter, Runtime, Value, ValueView};

use super::pieces::{self, Kind, Piece};
use super::tokens::{self, Token};
use crate::rules::model::text::Problem;
use crate::rules::model::vocabulary::{BLOCKS, FILTERS, TAGS, own_filters};

/// How deep blocks may nest.
const DEPTH: usize = 32;
/// How long an output or a tag may be, in bytes.
const LENGTH: usize = 2048;
/// How many digits a number may have: what 64 bits hold for certain.
const DIGITS: usize = 18;
/// How many problems of one file are worth telling.
const ENOUGH: usize = 20;

/// The parser that cargo-generate uses, as far as validity goes.
pub struct Syntax {
    parser: liquid::Parser,
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
        let structure = structure(text, &blocks);
        if structure.is_empty() && self.parse(text, &known).is_ok() {
            return problems;
        }
        let broken: Vec<Problem> = alone
            .into_iter()
            .filter_map(|piece| Some(problem(text, piece, &self.parse(text, &[piece]).err()?)))
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
        Some(problem(text, piece, &error))
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

/// What the crate says, taken apart.
struct SyntaxError {
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

impl SyntaxError {
    /// Reads ` --> 3:14` and `  = message`, or a first line `liquid: message` and its `key=value` lines.
    fn read(text: &str) -> Self {
        let place = text.lines().find_map(|line| {
            let (line, column) = line.split_once("--> ")?.1.split_once(':')?;
            Some((line.parse().ok()?, column.trim().parse().ok()?))
        });
        let named = text.lines().find_map(|line| line.trim().strip_prefix("= "));
        let first = text.lines().next().unwrap_or_default();
        let cause = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("cause="));
        let message = named
            .or(cause)
            .unwrap_or_else(|| first.strip_prefix("liquid: ").unwrap_or(first));
        Self {
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            message: message.trim().trim_end_matches('.').to_owned(),
        }
    }
}

fn problem(text: &str, piece: &Piece, error: &SyntaxError) -> Problem {
    let whole = &text[piece.span.clone()];
    // The crate stops where it can no longer follow; a word starts there, or the piece as a whole is to blame.
    let at = error
        .column
        .and_then(|column| whole.char_indices().nth(column - 1))
        .map_or(0, |(at, _)| at);
    let start = piece.span.start + at;
    let span = match (pieces::word(&whole[at..]).len(), whole[at..].chars().next()) {
        (_, Some(c)) if at == 0 || c.is_whitespace() => piece.span.clone(),
        (0, Some(c)) => start..start + c.len_utf8(),
        (word, _) => start..start + word,
    };
    if let Some(stray) = stray(text, piece) {
        return Problem {
            message: format!(
                "Liquid expects `|` or the end before `{}`",
                &text[stray.clone()]
            ),
            help: format!("write `| {}` where it is a filter", &text[stray.clone()]),
            span: stray,
        };
    }
    if &text[span.clone()] == "=" {
        return Problem {
            span,
            message: "`=` compares nothing in Liquid".to_owned(),
            help: "write `==`".to_owned(),
        };
    }
    Problem {
        span,
        message: format!("Liquid does not parse: {}", readable(&error.message)),
        help: "mend it, or put text that is not Liquid between `{% raw %}` and `{% endraw %}`"
            .to_owned(),
    }
}

/// A word of an output that stands where only `|` could.
fn stray(text: &str, piece: &Piece) -> Option<Range<usize>> {
    let tokens = tokens::tokens(text, piece.inner.clone());
    let ends = |token: Token| {
        matches!(
            token,
            Token::Word | Token::Text | Token::Number | Token::Sign(']')
        )
    };
    let pair = tokens
        .windows(2)
        .find(|pair| matches!(pair, [(before, _), (Token::Word, _)] if ends(*before)))?;
    (piece.kind == Kind::Output).then(|| pair[1].1.clone())
}

/// The crate's message with the names of its grammar put into words.
fn readable(message: &str) -> String {
    let words = [
        ("ExpressionInner", "a value"),
        ("ExpressionEnd", "`}}`"),
        ("ExpressionStart", "`{{`"),
        ("FilterChain", "a value"),
        ("FilterArgument", "an argument"),
        ("PositionalFilterArgument", "an argument"),
        ("KeywordFilterArgument", "a named argument"),
        ("TagInner", "a tag"),
        ("TagToken", "an argument"),
        ("TagEnd", "`%}`"),
        ("Identifier", "a name"),
        ("Filter", "a filter"),
        ("Literal", "a value"),
        ("Variable", "a variable"),
        ("Value", "a value"),
        ("Range", "a range"),
    ];
    let known = |word: &str| {
        words
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, said)| *said)
    };
    message
        .split(' ')
        .map(|word| {
            let bare = word.trim_end_matches(',');
            known(bare).map_or_else(|| word.to_owned(), |said| word.replace(bare, said))
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// What the crate must not be shown.
fn bounds(text: &str, piece: &Piece) -> Option<Problem> {
    let open = piece.span.start..piece.span.start + 2;
    let braces = &text[open.clone()];
    if piece.kind == Kind::Unclosed {
        return Some(Problem {
            span: open,
            message: format!("`{braces}` is never closed"),
            help: "close it, or put text that is not Liquid between `{% raw %}` and `{% endraw %}`"
                .to_owned(),
        });
    }
    if piece.span.len() > LENGTH {
        return Some(Problem {
            span: open,
            message: format!("`{braces}` is closed only after {} bytes", piece.span.len()),
            help: "close it earlier: no output or tag needs this much".to_owned(),
        });
    }
    let tokens = tokens::tokens(text, piece.inner.clone());
    let long = tokens
        .iter()
        .find(|(token, span)| *token == Token::Number && span.len() > DIGITS);
    if let Some((_, span)) = long {
        return Some(Problem {
            span: span.clone(),
            message: "the number is too large for Liquid".to_owned(),
            help: format!("write at most {DIGITS} digits, or put it in quotes"),
        });
    }
    let brackets = tokens
        .iter()
        .filter(|(token, _)| *token == Token::Sign('['))
        .count();
    (brackets > DEPTH).then(|| Problem {
        span: open,
        message: format!("{brackets} brackets in one piece of Liquid"),
        help: "take it apart with `{% assign %}`".to_owned(),
    })
}

fn is_known(text: &str, piece: &Piece) -> bool {
    let tokens = tokens::tokens(text, piece.inner.clone());
    let filters = tokens::filters(&tokens).all(|span| FILTERS.contains(&&text[span]));
    filters && (piece.kind != Kind::Tag || is_tag(pieces::word(&text[piece.inner.clone()])))
}

/// Whether `name` is a tag that templates may use.
pub fn is_tag(name: &str) -> bool {
    TAGS.contains(&name)
        || BLOCKS
            .iter()
            .any(|(open, end)| *open == name || *end == name)
}

/// Whether the piece means the same outside of any block.
fn stands_alone(text: &str, piece: &Piece) -> bool {
    let name = pieces::word(&text[piece.inner.clone()]);
    piece.kind == Kind::Output || ["assign", "cycle", "increment", "decrement"].contains(&name)
}

/// Blocks that do not match.
fn structure(text: &str, blocks: &[&Piece]) -> Vec<Problem> {
    let mut open: Vec<(&str, &Piece)> = Vec::new();
    let mut problems = Vec::new();
    for piece in blocks {
        let name = pieces::word(&text[piece.inner.clone()]);
        if let Some((_, end)) = BLOCKS.iter().find(|(start, _)| *start == name) {
            open.push((end, piece));
            if open.len() > DEPTH {
                problems.push(Problem {
                    span: piece.span.clone(),
                    message: format!("blocks nest deeper than {DEPTH}"),
                    help: "flatten them".to_owned(),
                });
                return problems;
            }
            continue;
        }
        if !BLOCKS.iter().any(|(_, end)| *end == name) {
            continue;
        }
        match open.last() {
            Some((end, _)) if *end == name => {
                open.pop();
            }
            Some((end, _)) => {
                problems.push(Problem {
                    span: piece.span.clone(),
                    message: format!("`{name}` where `{end}` is due"),
                    help: format!("write `{{% {end} %}}` here"),
                });
                return problems;
            }
            None => problems.push(Problem {
                span: piece.span.clone(),
                message: format!("`{name}` ends nothing"),
                help: "remove it, or open the block that it ends".to_owned(),
            }),
        }
    }
    problems.extend(open.into_iter().map(|(end, piece)| Problem {
        span: piece.span.clone(),
        message: format!("`{}` is never ended", end.trim_start_matches("end")),
        help: format!("add `{{% {end} %}}`"),
    }));
    problems
}

/// One of cargo-generate's filters: parses as it does, and is never evaluated.
#[derive(Clone, Copy, Debug)]
struct Stub(&'static str);

impl ParseFilter for Stub {
    fn parse(&self, mut arguments: FilterArguments<'_>) -> liquid_core::Result<Box<dyn Filter>> {
        if arguments.positional.next().is_some() || arguments.keyword.next().is_some() {
            let message = format!("`{}` takes no arguments", self.0);
            return Err(liquid_core::Error::with_msg(message));
        }
        Ok(Box::new(*self))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

impl FilterReflection for Stub {
    fn name(&self) -> &str {
        self.0
    }

    fn description(&self) -> &'static str {
        "one of cargo-generate's"
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl Filter for Stub {
    fn evaluate(&self, input: &dyn ValueView, _: &dyn Runtime) -> liquid_core::Result<Value> {
        Ok(input.to_value())
    }
}

impl std::fmt::Display for Stub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "{% raw %}{{ ${{ {% endraw %}{% comment %}{{{% if %}{% endcomment %}",
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

    #[test]
    fn nothing_makes_it_panic_or_hang() {
        let deep = format!("{{{{ {}a{} }}}}", "a[".repeat(5000), "]".repeat(5000));
        let nested = "{% if a %}".repeat(10_000);
        let mut nasty = vec![
            deep,
            nested,
            "{{ 99999999999999999999999 }}".to_owned(),
            "{% comment %}{% raw %}".to_owned(),
            "{% comment %}{% if %}{% endcomment %}".to_owned(),
            "{{".repeat(200_000),
            "{%".repeat(200_000),
            "{% raw %}".repeat(50_000),
            "{% comment %}".repeat(50_000),
            "{{ ' }}".repeat(20_000),
            format!("{{{{ a{}}}}}", " ".repeat(300_000)),
            " ".repeat(500_000),
            "$".repeat(100),
            "{{-}}{%-%}{{--}}{%--%}".to_owned(),
            "{{ 'ü }} ü'ü }} {% ü %}".to_owned(),
        ];
        // Every sequence of a few tokens that mean something to Liquid, from a fixed seed.
        let tokens = [
            "{{",
            "}}",
            "{%",
            "%}",
            "-",
            "raw",
            "endraw",
            "if",
            "endif",
            "comment",
            "endcomment",
            "for",
            " in ",
            "a",
            "'",
            "\"",
            "|",
            ":",
            ",",
            "(",
            "..",
            ")",
            "[",
            "]",
            " ",
            "\n",
            "1",
            "case",
            "when",
            "assign",
            "=",
            "${{",
            "ü",
            "tablerow",
            "cycle",
            "else",
            "upcase",
        ];
        let mut seed = 7_usize;
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..24 {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                text += tokens[(seed >> 33) % tokens.len()];
            }
            nasty.push(text);
        }
        let syntax = Syntax::new().unwrap();
        for text in nasty {
            super::super::read(&text, &syntax);
        }
    }
}
