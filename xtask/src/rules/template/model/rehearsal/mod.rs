//! A rehearsal of a template: its hooks, run for every combination of its options against names in memory.
//!
//! What a hook does with files and variables can be seen only by running it. Here it runs with modules that touch
//! nothing, within bounds, and what it leaves is kept for the rules: which files a service has, which variables are
//! set, and where a hook fails. File contents are not read here, and nothing is rendered but names.

mod combinations;
mod failure;
mod hostile;
mod names;
mod performance;
mod stage;
mod tree;
mod variables;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rhai::{AST, Engine};

use super::file::File;
use super::hooks::Rhai;
use super::liquid::Syntax;
use super::script::Script;
use crate::pack::{Case, Manifest};
use combinations::combinations;
use performance::Performance;
use stage::State;

pub use failure::{Failure, innermost, reason};
pub use hostile::Hostile;
pub use names::Named;
pub use stage::{OPERATIONS, TEXT, limit};
pub use tree::{Origin, inside};
pub use variables::Setting;

/// One combination, played through.
#[derive(Debug)]
pub struct Run {
    /// The options.
    pub case: Case,
    /// The files of the service. Empty where a hook refused or failed.
    pub files: BTreeMap<String, Origin>,
    /// What files can read.
    pub variables: BTreeMap<String, Setting>,
    /// What hooks wrote, by path.
    pub written: BTreeMap<String, String>,
    /// Whether it came to its end.
    pub is_whole: bool,
}
/// All combinations, played through.
#[derive(Debug, Default)]
pub struct Rehearsal {
    /// Each combination, the defaults first.
    pub runs: Vec<Run>,
    /// Whether these are all combinations, and nothing in them is guesswork.
    pub is_complete: bool,
    /// Hooks that failed, or that refuse the defaults; each place once.
    pub failures: Vec<Failure>,
    /// Names that the hook of that number asked for and that nothing had set.
    pub missing: BTreeSet<(usize, String)>,
    /// Paths that hooks delete, and whether any combination has them.
    pub deleted: BTreeMap<String, bool>,
    /// Where entries of conditional `ignore` start, and whether any combination in which they count has such a file.
    pub ignored: BTreeMap<usize, bool>,
    /// The combinations once more, with answers that only quoting makes harmless.
    pub hostile: Vec<Hostile>,
    /// The defaults once more, for services with names that break something.
    pub names: Vec<Named>,
}

impl Rehearsal {
    /// Plays the template through. A hook or condition that does not compile leaves nothing to play.
    pub fn play(
        manifest: &Manifest,
        files: &[File],
        scripts: &[Script],
        (syntax, rhai): (&Syntax, &Rhai),
    ) -> Self {
        let mut rehearsal = Self::default();
        let state = Rc::new(RefCell::new(State::default()));
        let engine = stage::engine(rhai.bare(), &state);
        let Some(hooks) = hooks(&engine, scripts) else {
            return rehearsal;
        };
        let Some(conditions) = conditions(&engine, manifest) else {
            return rehearsal;
        };
        let (cases, is_all) = combinations(manifest, files.len());
        rehearsal.is_complete = is_all;
        let performance = Performance {
            manifest,
            files,
            there: performance::tree(files),
            scripts,
            syntax,
            engine: &engine,
            hooks,
            conditions,
            state: &state,
        };
        for (number, case) in cases.into_iter().enumerate() {
            if !performance.run(case, number == 0, &mut rehearsal) {
                rehearsal.is_complete = false;
                break;
            }
        }
        rehearsal.hostile = hostile::play(&performance, &rehearsal);
        rehearsal.names = names::play(&performance, &rehearsal);
        // A hook that fails, or reads what there is not, leaves what it was not meant to leave.
        rehearsal.is_complete &= rehearsal.missing.is_empty() && rehearsal.failures.is_empty();
        rehearsal
    }

    /// The combinations that came to their end.
    pub fn whole(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.is_whole)
    }

    /// Every path that the service has in any of them.
    pub fn paths(&self) -> BTreeSet<&str> {
        let files = self.whole().flat_map(|run| run.files.keys());
        files.map(String::as_str).collect()
    }
}

fn hooks(engine: &Engine, scripts: &[Script]) -> Option<Vec<AST>> {
    let compile = |script: &Script| {
        let code = script.code.as_ref()?.as_ref().ok()?;
        // What an import does is not looked into.
        if !code.imports.is_empty() {
            return None;
        }
        engine.compile(&script.source.as_ref()?.text).ok()
    };
    scripts.iter().map(compile).collect()
}

fn conditions(engine: &Engine, manifest: &Manifest) -> Option<Vec<AST>> {
    let blocks = manifest.conditionals.iter();
    blocks
        .map(|block| engine.compile_expression(&block.condition.value).ok())
        .collect()
}
