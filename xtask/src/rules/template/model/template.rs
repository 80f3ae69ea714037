//! A template, read: its manifest, files, hooks and conditions, and which variables stand where.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::Result;

use super::conditions::conditions;
use super::fate::Fate;
use super::file::{self, File};
use super::hooks::{Code, Condition, Rhai};
use super::liquid::Syntax;
use super::rehearsal::Rehearsal;
use super::script::{Script, scripts, sets};
use super::text::Problem;
use super::upgrades::{self, Upgrade};
use super::vocabulary::built_in;
use crate::pack::Manifest;
use crate::pack::manifest::Phase;
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
    /// Its upgrade scripts, and what else lies beside them.
    pub upgrades: Vec<Upgrade>,
    /// What its hooks make of every combination of its options.
    pub rehearsal: Rehearsal,
    /// Rhai's own functions, with the number of their parameters.
    pub functions: Vec<(String, usize)>,
}

impl Template {
    /// Reads what `template` points at.
    pub fn read(template: crate::pack::Template, syntax: &Syntax) -> Result<Self> {
        let files = file::read(&template, syntax)?;
        Self::of(template.name, template.manifest, files, syntax)
    }

    /// A template from its parts.
    pub fn of(name: String, manifest: Manifest, files: Vec<File>, syntax: &Syntax) -> Result<Self> {
        Rhai::with(|rhai| {
            let scripts: Vec<Script> = scripts(&manifest, &files, rhai);
            let conditions = conditions(&manifest, &scripts, rhai);
            let rehearsal = Rehearsal::play(&manifest, &files, &scripts, (syntax, rhai));
            Self {
                upgrades: upgrades::read(&files, rhai),
                rehearsal,
                name,
                functions: rhai.functions(),
                manifest,
                files,
                scripts,
                conditions,
            }
        })
    }

    /// Files that land in some service.
    pub fn shipped(&self) -> impl Iterator<Item = &File> {
        let files = self.files.iter();
        files.filter(|file| file.fate != Fate::Dropped)
    }

    /// Those of them that are rendered.
    pub fn rendered(&self) -> impl Iterator<Item = &File> {
        let files = self.files.iter();
        files.filter(|file| file.fate == Fate::Rendered)
    }

    /// Whether a file lands at `path` that no option has to bring.
    pub fn always_has(&self, path: &str) -> bool {
        self.shipped()
            .any(|file| !file.is_optional && file.target == path)
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
