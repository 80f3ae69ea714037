//! Reads the two tables whose keys the template's author chooses: conditions and placeholders.

use toml::de::{DeTable, DeValue};

use super::{Conditional, Kind, Manifest, Placeholder, Spanned};

impl Manifest {
    pub(super) fn conditionals(&mut self, table: &DeTable<'_>) {
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

    pub(super) fn placeholders(&mut self, table: &DeTable<'_>) {
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
}
