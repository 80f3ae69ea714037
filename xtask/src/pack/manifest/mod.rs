//! A template's `cargo-generate.toml`, read leniently and with byte spans.
//!
//! cargo-generate accepts unknown keys, wrong names and values out of their choices silently. This model keeps
//! everything it read with its place, and what it could not read as [`Defect`]s, for the rules to judge.

mod parse;
mod tables;

use std::ops::Range;

use crate::report::Source;

/// A value and the bytes it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the manifest.
    pub span: Range<usize>,
}

/// The kind of answer that a placeholder takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    String,
    /// Yes or no.
    Bool,
}

/// A question that a template asks.
#[derive(Clone, Debug)]
pub struct Placeholder {
    /// The name, as `-d` and Liquid spell it.
    pub name: String,
    /// Where the name stands.
    pub span: Range<usize>,
    /// The kind of its answer.
    pub kind: Kind,
    /// The question; also its line in `list`.
    pub prompt: String,
    /// The answer where nobody is asked.
    pub default: Option<Spanned<String>>,
    /// The only answers it takes; empty where any will do.
    pub choices: Vec<String>,
    /// What an answer has to match.
    pub regex: Option<Spanned<String>>,
}

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Before anything is asked.
    Init,
    /// After the questions, before rendering.
    Pre,
    /// After rendering.
    Post,
}

/// A `[conditional.'…']` block.
#[derive(Clone, Debug)]
pub struct Conditional {
    /// The Rhai expression.
    pub condition: Spanned<String>,
    /// Files that are left out when it holds.
    pub ignore: Vec<Spanned<String>>,
    /// Files that are copied unrendered when it holds.
    pub exclude: Vec<Spanned<String>>,
    /// The only files that are rendered when it holds.
    pub include: Vec<Spanned<String>>,
}

/// Whether cargo-generate is to format what it has rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formats {
    /// The manifest does not say.
    Left,
    /// It says yes, there.
    On(Range<usize>),
    /// It says no, or something else that is a defect.
    Off,
}

/// Something in the manifest that this model could not take as cargo-generate means it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// A template's manifest.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub source: Source,
    /// `template.cargo_generate_version`.
    pub version: Option<Spanned<String>>,
    /// The key `template.sub_templates`.
    pub sub_templates: Option<Range<usize>>,
    /// `template.fmt`.
    pub formats: Formats,
    /// `template.ignore`.
    pub ignore: Vec<Spanned<String>>,
    /// `template.exclude`.
    pub exclude: Vec<Spanned<String>>,
    /// `template.include`.
    pub include: Vec<Spanned<String>>,
    /// `hooks.init`, `hooks.pre`, `hooks.post`, in the order in which they run.
    pub hooks: Vec<Spanned<String>>,
    /// The phase of each of [`Manifest::hooks`].
    pub phases: Vec<Phase>,
    /// Top-level placeholders, in the order in which they are asked.
    pub placeholders: Vec<Placeholder>,
    /// Conditional blocks.
    pub conditionals: Vec<Conditional>,
    /// What could not be read.
    pub defects: Vec<Defect>,
}

impl Manifest {
    /// The placeholder called `name`.
    pub fn placeholder(&self, name: &str) -> Option<&Placeholder> {
        self.placeholders.iter().find(|known| known.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Manifest {
        Manifest::parse(Source::new("template-x/cargo-generate.toml", text))
    }

    #[test]
    fn placeholders_keep_the_order_of_the_file() {
        let manifest = parse(
            "[placeholders.zulu]\nprompt = 'z?'\ndefault = 'a'\nchoices = ['a', 'b']\n\
             [placeholders.alpha]\ntype = 'bool'\nprompt = 'a?'\ndefault = true\n",
        );
        let names: Vec<_> = manifest.placeholders.iter().map(|p| &p.name).collect();
        assert_eq!(names, ["zulu", "alpha"]);
        assert_eq!(manifest.placeholders[0].choices, ["a", "b"]);
        assert_eq!(manifest.placeholders[1].kind, Kind::Bool);
        assert_eq!(manifest.defects, []);
    }

    #[test]
    fn what_cargo_generate_swallows_is_kept_with_its_place() {
        let manifest = parse("[template]\nignroe = ['a']\n[hook]\npre = []\n");
        let messages: Vec<_> = manifest
            .defects
            .iter()
            .map(|d| d.message.as_str())
            .collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].contains("`ignroe`") && messages[1].contains("`hook`"));
        assert_eq!(manifest.defects[0].help, "did you mean `ignore`?");
        let span = manifest.defects[0].span.clone();
        assert_eq!(&manifest.source.text[span], "ignroe");
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for text in [
            "",
            "[",
            "[[template]]",
            "template = 1",
            "\u{0}",
            "placeholders.a = 1",
            "a\n\n=[",
        ] {
            let _ = parse(text);
        }
    }
}
