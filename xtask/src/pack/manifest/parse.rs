//! Reads a manifest: its sections, and the values in them.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Defect, Formats, Manifest, Phase, Spanned};
use crate::report::{Source, nearest};

impl Manifest {
    /// Reads a manifest. Never fails: what is wrong stands in [`Manifest::defects`].
    pub fn parse(source: Source) -> Self {
        let text = source.text.clone();
        let mut manifest = Self {
            source,
            version: None,
            sub_templates: None,
            formats: Formats::Left,
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

    pub(super) fn defect(&mut self, span: Range<usize>, message: String, help: impl Into<String>) {
        self.defects.push(Defect {
            span,
            message,
            help: help.into(),
        });
    }

    pub(super) fn unknown(&mut self, span: Range<usize>, key: &str, place: &str, known: &[&str]) {
        let near = nearest(key, known.iter().copied());
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
                "vcs" => self.vcs(value),
                name @ ("init" | "fmt") => {
                    if name == "fmt" {
                        self.formats = match value.get_ref() {
                            DeValue::Boolean(true) => Formats::On(value.span()),
                            _ => Formats::Off,
                        };
                    }
                    if !matches!(value.get_ref(), DeValue::Boolean(_)) {
                        let message = format!("`{name}` is neither true nor false");
                        self.defect(value.span(), message, format!("write `{name} = false`"));
                    }
                }
                "sub_templates" => self.sub_templates = Some(key.span()),
                name => self.unknown(key.span(), name, "`[template]`", KNOWN),
            }
        }
    }

    /// cargo-generate takes two words, and their case matters.
    fn vcs(&mut self, value: &toml::Spanned<DeValue<'_>>) {
        const KNOWN: [&str; 2] = ["Git", "None"];
        let Some(text) = self.string("vcs", value) else {
            return;
        };
        if !KNOWN.contains(&text.value.as_str()) {
            let near = KNOWN
                .iter()
                .find(|known| known.eq_ignore_ascii_case(&text.value));
            let message = format!("`vcs` is `Git` or `None`, not `{}`", text.value);
            let help = match near {
                Some(near) => format!("write `vcs = \"{near}\"`: the case matters"),
                None => "write `vcs = \"Git\"`".to_owned(),
            };
            self.defect(value.span(), message, help);
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

    pub(super) fn string(
        &mut self,
        key: &str,
        value: &toml::Spanned<DeValue<'_>>,
    ) -> Option<Spanned<String>> {
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

    pub(super) fn strings(
        &mut self,
        key: &str,
        value: &toml::Spanned<DeValue<'_>>,
    ) -> Vec<Spanned<String>> {
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
