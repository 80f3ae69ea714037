//! A template, read: its manifest, files, hooks and conditions, and which variables stand where.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::Result;

use super::file::{self, Body, File};
use super::hooks::{Code, Condition, Rhai, Value, Values};
use super::liquid::Syntax;
use super::text::{Problem, quoted};
use super::vocabulary::{BOOL_VARIABLES, TEXT_VARIABLES, built_in};
use crate::pack::Manifest;
use crate::pack::manifest::{Kind, Phase};
use crate::report::Source;

/// The file that records what a service was made from.
pub const ANSWERS: &str = ".idp/answers.toml";

/// A template.
#[derive(Debug)]
pub struct Template {
    /// Its folder's name.
    pub name: String,
    /// Its manifest.
    pub manifest: Manifest,
    /// Its files.
    pub files: Vec<File>,
    /// Its hooks, in the order of [`Manifest::hooks`].
    pub scripts: Vec<Script>,
    /// Its conditions, in the order of [`Manifest::conditionals`].
    pub conditions: Vec<Result<Condition, Problem>>,
    /// Rhai's own functions, with the number of their parameters.
    pub functions: Vec<(String, usize)>,
}

/// A hook that the manifest lists.
#[derive(Debug)]
pub struct Script {
    /// Its path in the template.
    pub path: String,
    /// When it runs.
    pub phase: Phase,
    /// Where the manifest lists it.
    pub listed: Range<usize>,
    /// Its text; `None` where there is no such file.
    pub source: Option<Source>,
    /// What it does, where it compiles.
    pub code: Option<Result<Code, Problem>>,
    /// Texts that it may name where it is missing or does not compile, so that one mistake is one finding.
    pub guesses: Vec<String>,
}

impl Template {
    /// Reads what `template` points at.
    pub fn read(template: crate::pack::Template, syntax: &Syntax) -> Result<Self> {
        let files = file::read(&template, syntax)?;
        let manifest = template.manifest;
        Rhai::with(|rhai| {
            let scripts: Vec<Script> = scripts(&manifest, &files, rhai);
            let conditions = conditions(&manifest, &scripts, rhai);
            Self {
                name: template.name,
                functions: rhai.functions(),
                manifest,
                files,
                scripts,
                conditions,
            }
        })
    }

    /// Hooks that compile.
    pub fn code(&self) -> impl Iterator<Item = (&Script, &Source, &Code)> {
        self.scripts.iter().filter_map(|script| {
            let code = script.code.as_ref()?.as_ref().ok()?;
            Some((script, script.source.as_ref()?, code))
        })
    }

    /// Variables that the hook at `index` can read: hooks run in their order, and questions are asked after `init`.
    pub fn variables_in_hook(&self, index: usize) -> BTreeSet<&str> {
        let asked = self
            .scripts
            .get(index)
            .is_some_and(|script| script.phase > Phase::Init);
        let placeholders = self.manifest.placeholders.iter().filter(|_| asked);
        let scripts = self.scripts.iter().take(index + 1);
        built_in()
            .map(|name| -> &str { name })
            .chain(placeholders.map(|placeholder| placeholder.name.as_str()))
            .chain(scripts.flat_map(sets))
            .collect()
    }

    /// Variables that files and their names can read.
    pub fn variables_in_files(&self) -> BTreeSet<&str> {
        self.variables_after(Phase::Pre)
    }

    /// Variables that conditions can read: they are evaluated right after the questions.
    pub fn variables_in_conditions(&self) -> BTreeSet<&str> {
        self.variables_after(Phase::Init)
    }

    /// Paths that hooks write or move something to, where they are spelt out.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        self.code()
            .flat_map(|(_, _, code)| {
                let argument = |name: &'static str, index: usize| {
                    code.calls_of("file", name).filter_map(move |call| {
                        Some(call.arguments.get(index)?.as_ref()?.text.as_str())
                    })
                };
                argument("write", 0).chain(argument("rename", 1))
            })
            .chain(self.guesses())
    }

    /// Texts of hooks that cannot be read: any of them may be a variable or a path.
    pub fn guesses(&self) -> impl Iterator<Item = &str> {
        let scripts = self.scripts.iter();
        scripts.flat_map(|script| script.guesses.iter().map(String::as_str))
    }

    /// The bytes of the manifest behind `span` of the condition at `index`.
    pub fn condition_place(&self, index: usize, span: &Range<usize>) -> Range<usize> {
        let Some(block) = self.manifest.conditionals.get(index) else {
            return 0..0;
        };
        let written = &self.manifest.source.text[block.condition.span.clone()];
        // Escapes move the bytes of a quoted key; then the key as a whole is the place.
        match written.find(&block.condition.value) {
            Some(quote) => {
                let start = block.condition.span.start + quote;
                start + span.start..start + span.end
            }
            None => block.condition.span.clone(),
        }
    }

    fn variables_after(&self, phase: Phase) -> BTreeSet<&str> {
        let placeholders = self.manifest.placeholders.iter();
        let scripts = self.scripts.iter().filter(|script| script.phase <= phase);
        built_in()
            .map(|name| -> &str { name })
            .chain(placeholders.map(|placeholder| placeholder.name.as_str()))
            .chain(scripts.flat_map(sets))
            .collect()
    }
}

/// Variables that a hook sets. Where it computes their names, any of its texts may be one.
pub fn sets(script: &Script) -> impl Iterator<Item = &str> {
    script
        .code
        .iter()
        .flatten()
        .flat_map(|code| code.may_name("variable", "set"))
        .chain(script.guesses.iter().map(String::as_str))
}

fn scripts(manifest: &Manifest, files: &[File], rhai: &Rhai) -> Vec<Script> {
    let read = |(hook, phase): (&crate::pack::manifest::Spanned<String>, &Phase)| {
        let file = files.iter().find(|file| file.path == hook.value);
        let source = match file.map(|file| &file.body) {
            Some(Body::Text(source, _)) => Some(source.clone()),
            _ => None,
        };
        let code = match (file, &source) {
            (_, Some(source)) => Some(rhai.code(source)),
            (Some(_), None) => Some(Err(Problem {
                span: 0..0,
                message: "the hook is no text".to_owned(),
                help: "write it in UTF-8".to_owned(),
            })),
            (None, None) => None,
        };
        let guesses = match (&code, &source) {
            (Some(Ok(_)), _) => Vec::new(),
            (Some(Err(_)), Some(source)) => quoted(&source.text),
            // The hook that is meant may be there under another name.
            _ => every_text(files),
        };
        Script {
            path: hook.value.clone(),
            phase: *phase,
            listed: hook.span.clone(),
            source,
            code,
            guesses,
        }
    };
    manifest
        .hooks
        .iter()
        .zip(&manifest.phases)
        .map(read)
        .collect()
}

fn every_text(files: &[File]) -> Vec<String> {
    let scripts = files.iter().filter(|file| file.path.ends_with(".rhai"));
    scripts
        .flat_map(|file| match &file.body {
            Body::Text(source, _) => quoted(&source.text),
            _ => Vec::new(),
        })
        .collect()
}

fn conditions(
    manifest: &Manifest,
    scripts: &[Script],
    rhai: &Rhai,
) -> Vec<Result<Condition, Problem>> {
    let text = |value: &str| Value::Text(value.to_owned());
    let values = |name: &str| {
        if let Some(placeholder) = manifest.placeholder(name) {
            let default = placeholder
                .default
                .iter()
                .map(|default| text(&default.value));
            return Some(match placeholder.kind {
                Kind::Bool => yes_or_no(),
                Kind::String if placeholder.choices.is_empty() => Values {
                    known: default.chain([text("")]).collect(),
                    closed: false,
                },
                Kind::String => Values {
                    known: placeholder
                        .choices
                        .iter()
                        .map(|choice| text(choice))
                        .collect(),
                    closed: true,
                },
            });
        }
        if BOOL_VARIABLES.contains(&name) {
            return Some(yes_or_no());
        }
        if TEXT_VARIABLES.contains(&name) {
            let known = vec![text("sample")];
            return Some(Values {
                known,
                closed: false,
            });
        }
        let set = scripts
            .iter()
            .filter(|script| script.phase == Phase::Init)
            .any(|script| sets(script).any(|set| set == name));
        // Of any type, so there is nothing to try it with.
        set.then(|| Values {
            known: Vec::new(),
            closed: false,
        })
    };
    manifest
        .conditionals
        .iter()
        .map(|block| rhai.condition(&block.condition.value, &values))
        .collect()
}

fn yes_or_no() -> Values {
    Values {
        known: vec![Value::Bool(true), Value::Bool(false)],
        closed: true,
    }
}
