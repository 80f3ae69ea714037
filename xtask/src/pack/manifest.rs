//! A template's `cargo-generate.toml`, read leniently and with byte spans.
//!
//! cargo-generate accepts unknown keys, wrong names and values out of their choices silently. This model keeps
//! everything it read with its place, and what it could not read as [`Defect`]s, for the rules to judge.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

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
    /// Reads a manifest. Never fails: what is wrong stands in [`Manifest::defects`].
    pub fn parse(source: Source) -> Self {
        let text = source.text.clone();
        let mut manifest = Self {
            source,
            version: None,
            ignore: Vec::new(),
            exclude: Vec::new(),
            include: Vec::new(),
            hooks: Vec::new(),
            phases: Vec::new(),
            placeholders: Vec::new(),
            conditionals: Vec::new(),
            defects: Vec::new(),
        };
        let (root, errors) = DeTable::parse_recoverable(&text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let message = format!("invalid TOML: {}", error.message().trim());
            manifest.defect(span, message, "mend the syntax at this place");
        }
        manifest.root(root.get_ref());
        manifest
    }

    /// The placeholder called `name`.
    pub fn placeholder(&self, name: &str) -> Option<&Placeholder> {
        self.placeholders.iter().find(|known| known.name == name)
    }

    fn defect(&mut self, span: Range<usize>, message: String, help: impl Into<String>) {
        self.defects.push(Defect {
            span,
            message,
            help: help.into(),
        });
    }

    fn unknown(&mut self, span: Range<usize>, key: &str, place: &str, known: &[&str]) {
        let near = crate::report::nearest(key, known.iter().copied());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{place} takes {}; remove this one", known.join(", ")),
        };
        let message =
            format!("unknown key `{key}` in {place}, which cargo-generate ignores silently");
        self.defect(span, message, help);
    }

    fn root(&mut self, root: &DeTable<'_>) {
        for (key, value) in root {
            let span = key.span();
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("template", DeValue::Table(table)) => self.template(table),
                ("placeholders", DeValue::Table(table)) => self.placeholders(table),
                ("hooks", DeValue::Table(table)) => self.hooks(table),
                ("conditional", DeValue::Table(table)) => self.conditionals(table),
                (name @ ("template" | "placeholders" | "hooks" | "conditional"), _) => {
                    let message = format!("`{name}` is not a table");
                    self.defect(span, message, format!("write `[{name}]`"));
                }
                (name, _) => self.unknown(
                    span,
                    name,
                    "the manifest",
                    &["template", "placeholders", "hooks", "conditional"],
                ),
            }
        }
    }

    fn template(&mut self, table: &DeTable<'_>) {
        const KNOWN: &[&str] = &[
            "cargo_generate_version",
            "sub_templates",
            "include",
            "exclude",
            "ignore",
            "vcs",
            "init",
            "fmt",
        ];
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "cargo_generate_version" => {
                    self.version = self.string(key.get_ref(), value);
                }
                "ignore" => self.ignore = self.strings("ignore", value),
                "exclude" => self.exclude = self.strings("exclude", value),
                "include" => self.include = self.strings("include", value),
                "vcs" | "init" | "fmt" | "sub_templates" => {}
                name => self.unknown(key.span(), name, "`[template]`", KNOWN),
            }
        }
    }

    fn hooks(&mut self, table: &DeTable<'_>) {
        for (key, _) in table {
            if !["init", "pre", "post"].contains(&key.get_ref().as_ref()) {
                let name = key.get_ref().as_ref();
                self.unknown(key.span(), name, "`[hooks]`", &["init", "pre", "post"]);
            }
        }
        for (key, phase) in [
            ("init", Phase::Init),
            ("pre", Phase::Pre),
            ("post", Phase::Post),
        ] {
            if let Some(value) = table.get(key) {
                let scripts = self.strings(key, value);
                self.phases.extend(scripts.iter().map(|_| phase));
                self.hooks.extend(scripts);
            }
        }
    }

    fn conditionals(&mut self, table: &DeTable<'_>) {
        const KNOWN: &[&str] = &["include", "exclude", "ignore"];
        for (key, value) in table {
            let mut block = Conditional {
                condition: Spanned {
                    value: key.get_ref().to_string(),
                    span: key.span(),
                },
                ignore: Vec::new(),
                exclude: Vec::new(),
                include: Vec::new(),
            };
            let DeValue::Table(inner) = value.get_ref() else {
                let message = format!("`conditional.'{}'` is not a table", key.get_ref());
                self.defect(key.span(), message, "write `[conditional.'EXPRESSION']`");
                continue;
            };
            for (name, value) in inner {
                match name.get_ref().as_ref() {
                    "ignore" => block.ignore = self.strings("ignore", value),
                    "exclude" => block.exclude = self.strings("exclude", value),
                    "include" => block.include = self.strings("include", value),
                    "placeholders" => self.defect(
                        name.span(),
                        "placeholders in a conditional block are asked in random order".into(),
                        "ask from the top-level `[placeholders]`",
                    ),
                    other => self.unknown(name.span(), other, "a conditional block", KNOWN),
                }
            }
            self.conditionals.push(block);
        }
    }

    fn placeholders(&mut self, table: &DeTable<'_>) {
        const KNOWN: &[&str] = &["type", "prompt", "default", "choices", "regex"];
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let DeValue::Table(inner) = value.get_ref() else {
                let message = format!("placeholder `{name}` is not a table");
                let help = format!("write `[placeholders.{name}]`");
                self.defect(key.span(), message, help);
                continue;
            };
            let mut placeholder = Placeholder {
                name,
                span: key.span(),
                kind: Kind::String,
                prompt: String::new(),
                default: None,
                choices: Vec::new(),
                regex: None,
            };
            for (field, value) in inner {
                match field.get_ref().as_ref() {
                    "type" => match value.get_ref().as_str() {
                        Some("string") => {}
                        Some("bool") => placeholder.kind = Kind::Bool,
                        _ => self.defect(
                            value.span(),
                            "a placeholder's type has to be `string` or `bool` here".into(),
                            "write `type = \"string\"`",
                        ),
                    },
                    "prompt" => {
                        if let Some(prompt) = self.string("prompt", value) {
                            placeholder.prompt = prompt.value;
                        }
                    }
                    "default" => {
                        placeholder.default = match value.get_ref() {
                            DeValue::Boolean(answer) => Some(Spanned {
                                value: answer.to_string(),
                                span: value.span(),
                            }),
                            _ => self.string("default", value),
                        };
                    }
                    "choices" => {
                        placeholder.choices = self
                            .strings("choices", value)
                            .into_iter()
                            .map(|choice| choice.value)
                            .collect();
                    }
                    "regex" => placeholder.regex = self.string("regex", value),
                    other => self.unknown(field.span(), other, "a placeholder", KNOWN),
                }
            }
            self.placeholders.push(placeholder);
        }
    }

    fn string(&mut self, key: &str, value: &toml::Spanned<DeValue<'_>>) -> Option<Spanned<String>> {
        let Some(text) = value.get_ref().as_str() else {
            let message = format!("`{key}` is not a string");
            self.defect(value.span(), message, "put it in quotes");
            return None;
        };
        Some(Spanned {
            value: text.to_owned(),
            span: value.span(),
        })
    }

    fn strings(&mut self, key: &str, value: &toml::Spanned<DeValue<'_>>) -> Vec<Spanned<String>> {
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("`{key}` is not a list");
            self.defect(value.span(), message, format!("write `{key} = [\"…\"]`"));
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| self.string(key, item))
            .collect()
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
