//! A rehearsal of a template: its hooks, run for every combination of its options against names in memory.
//!
//! What a hook does with files and variables can be seen only by running it. Here it runs with modules that touch
//! nothing, within bounds, and what it leaves is kept for the rules: which files a service has, which variables are
//! set, and where a hook fails. File contents are not read here, and nothing is rendered but names.

mod stage;
mod tree;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use rhai::{AST, Array, Dynamic, Engine, EvalAltResult, Scope};

use super::fate::Fate;
use super::file::{Body, File, stripped};
use super::hooks::{lower, place};
use super::liquid::Syntax;
use super::patterns::literal;
use super::script::Script;
use super::vocabulary::{BOOL_VARIABLES, TEXT_VARIABLES};
use crate::pack::manifest::{Kind, Phase, Spanned};
use crate::pack::{Case, Manifest, Matrix, cases};
use stage::State;
use tree::Tree;

pub use tree::{Origin, inside};

/// How many combinations are tried; beyond it each value is tried by itself.
const COMBINATIONS: usize = 512;
/// How many names all combinations together may hold.
const NAMES: usize = 400_000;
/// The name of the service that is rehearsed.
const NAME: &str = "orders";

/// A value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<String>),
}

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

/// A hook that ended early.
#[derive(Debug)]
pub struct Failure {
    /// The number of the hook.
    pub hook: usize,
    /// Where in it.
    pub span: Range<usize>,
    /// What went wrong.
    pub message: String,
    /// The options.
    pub case: Case,
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
}

impl Rehearsal {
    /// Plays the template through. A hook or condition that does not compile leaves nothing to play.
    pub fn play(manifest: &Manifest, files: &[File], scripts: &[Script], syntax: &Syntax) -> Self {
        let mut rehearsal = Self::default();
        let state = Rc::new(RefCell::new(State::default()));
        let engine = stage::engine(&state);
        let Some(hooks) = hooks(&engine, scripts) else {
            return rehearsal;
        };
        let Some(conditions) = conditions(&engine, manifest) else {
            return rehearsal;
        };
        let (cases, is_all) = combinations(manifest, files.len());
        rehearsal.is_complete = is_all;
        let stage = Stage {
            manifest,
            files,
            scripts,
            syntax,
            engine: &engine,
            hooks,
            conditions,
            state: &state,
        };
        for (number, case) in cases.into_iter().enumerate() {
            if !stage.run(case, number == 0, &mut rehearsal) {
                rehearsal.is_complete = false;
                break;
            }
        }
        rehearsal
    }

    /// The combinations that came to their end.
    pub fn whole(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.is_whole)
    }
}

struct Stage<'a> {
    manifest: &'a Manifest,
    files: &'a [File],
    scripts: &'a [Script],
    syntax: &'a Syntax,
    engine: &'a Engine,
    hooks: Vec<AST>,
    conditions: Vec<AST>,
    state: &'a Rc<RefCell<State>>,
}

impl Stage<'_> {
    /// Plays one combination; says whether it is worth going on.
    fn run(&self, case: Case, is_default: bool, rehearsal: &mut Rehearsal) -> bool {
        let there = self
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| !matches!(file.body, Body::Special(_)))
            .map(|(number, file)| (stripped(&file.path), number));
        *self.state.borrow_mut() = State {
            tree: Tree::new(there),
            variables: variables(self.manifest, &case),
            ..State::default()
        };
        let mut run = Run {
            case,
            files: BTreeMap::new(),
            variables: BTreeMap::new(),
            written: BTreeMap::new(),
            is_whole: true,
        };
        let mut goes_on = true;
        let mut ignored = Vec::new();
        for phase in [Phase::Init, Phase::Pre, Phase::Post] {
            if phase == Phase::Pre {
                ignored = self.ignored();
            }
            for (number, hook) in self.hooks.iter().enumerate() {
                if self.scripts.get(number).map(|script| script.phase) != Some(phase)
                    || !run.is_whole
                {
                    continue;
                }
                if let Err(error) = self.engine.eval_ast::<Dynamic>(hook) {
                    run.is_whole = false;
                    goes_on &= self.fail(number, &error, &run.case, is_default, rehearsal);
                }
                let missing = std::mem::take(&mut self.state.borrow_mut().missing);
                rehearsal
                    .missing
                    .extend(missing.into_iter().map(|name| (number, name)));
            }
            if phase == Phase::Pre {
                run.variables = settings(&self.state.borrow().variables);
                self.render_names(&ignored, &run.variables, rehearsal);
            }
        }
        let mut state = self.state.borrow_mut();
        if state.is_opaque {
            rehearsal.is_complete = false;
        }
        for (path, found) in std::mem::take(&mut state.deleted) {
            *rehearsal.deleted.entry(path).or_default() |= found;
        }
        // Hooks are never a part of the service.
        state.tree.remove(|_, origin| {
            matches!(origin, Origin::File(number)
                if self.files.get(number).is_some_and(|file| self.is_hook(&file.path)))
        });
        if run.is_whole {
            run.files = state.tree.files().clone();
            run.written = std::mem::take(&mut state.written);
        }
        rehearsal.runs.push(run);
        goes_on
    }

    /// Notes why a hook ended early. A hook may refuse a combination, but not the defaults.
    fn fail(
        &self,
        hook: usize,
        error: &EvalAltResult,
        case: &Case,
        is_default: bool,
        rehearsal: &mut Rehearsal,
    ) -> bool {
        let aborted = self.state.borrow().aborted.clone();
        let message = match (aborted, reason(error)) {
            (Some(_), _) if !is_default => return true,
            (Some(reason), _) => format!("the hook refuses the defaults: {reason}"),
            (None, reason) => format!("the hook fails: {reason}"),
        };
        // What takes long once takes long each time.
        let is_endless = matches!(innermost(error), EvalAltResult::ErrorTooManyOperations(..));
        let source = self
            .scripts
            .get(hook)
            .and_then(|script| script.source.as_ref());
        let start = source.map_or(0, |source| place(source, innermost(error).position()));
        let line = source.map_or("", |source| {
            source.text[start..].lines().next().unwrap_or("")
        });
        let span = start..start + line.trim_end().len();
        let known = &rehearsal.failures;
        if !known
            .iter()
            .any(|known| known.hook == hook && known.span == span)
        {
            rehearsal.failures.push(Failure {
                hook,
                span,
                message,
                case: case.clone(),
            });
        }
        !is_endless && rehearsal.failures.len() < 8
    }

    /// What cargo-generate does between the hooks of `pre` and `post`.
    fn render_names(
        &self,
        ignored: &[&Spanned<String>],
        variables: &BTreeMap<String, Setting>,
        rehearsal: &mut Rehearsal,
    ) {
        let mut state = self.state.borrow_mut();
        for entry in ignored {
            let matches = |path: &String| literal(&entry.value, path);
            *rehearsal.ignored.entry(entry.span.start).or_default() |=
                state.tree.files().keys().any(matches);
        }
        state.tree.remove(|path, origin| {
            let is_dropped = matches!(origin, Origin::File(number)
                if self.files.get(number).is_some_and(|file| file.fate == Fate::Dropped && !self.is_hook(&file.path)));
            is_dropped || ignored.iter().any(|entry| literal(&entry.value, path))
        });
        state.tree.rename_all(|path, _| {
            if path.contains("{{") {
                self.syntax
                    .render(path, variables)
                    .unwrap_or_else(|| path.to_owned())
            } else {
                path.to_owned()
            }
        });
    }

    fn is_hook(&self, path: &str) -> bool {
        self.scripts.iter().any(|script| script.path == path)
    }

    /// The entries of `ignore` that count in this combination.
    fn ignored(&self) -> Vec<&Spanned<String>> {
        let variables = self.state.borrow().variables.clone();
        let mut scope = Scope::new();
        for (name, value) in variables {
            scope.push_dynamic(name, value);
        }
        let blocks = self.manifest.conditionals.iter().zip(&self.conditions);
        let holding = blocks.filter(|(_, ast)| {
            self.engine
                .eval_ast_with_scope::<bool>(&mut scope.clone(), ast)
                .unwrap_or(false)
        });
        let conditional = holding.flat_map(|(block, _)| &block.ignore);
        self.manifest.ignore.iter().chain(conditional).collect()
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

/// The combinations that are tried, and whether these are all.
fn combinations(manifest: &Manifest, files: usize) -> (Vec<Case>, bool) {
    let values = |placeholder: &crate::pack::Placeholder| match placeholder.kind {
        Kind::Bool => 2,
        Kind::String => placeholder.choices.len().max(1),
    };
    let placeholders = manifest.placeholders.iter();
    let number = placeholders.fold(1_usize, |product, placeholder| {
        product.saturating_mul(values(placeholder))
    });
    if number <= COMBINATIONS && number.saturating_mul(files) <= NAMES {
        return (cases(manifest, Matrix::All), true);
    }
    let mut each = cases(manifest, Matrix::Each);
    each.truncate(COMBINATIONS.min(NAMES / files.max(1)).max(1));
    (each, false)
}

/// What hooks and conditions can read from the start.
fn variables(manifest: &Manifest, case: &Case) -> BTreeMap<String, Dynamic> {
    let text = |value: &str| Dynamic::from(value.to_owned());
    let mut all: BTreeMap<String, Dynamic> = TEXT_VARIABLES
        .iter()
        .map(|name| ((*name).to_owned(), text("sample")))
        .chain(
            BOOL_VARIABLES
                .iter()
                .map(|name| ((*name).to_owned(), Dynamic::FALSE)),
        )
        .collect();
    all.insert("project-name".to_owned(), text(NAME));
    all.insert("crate_name".to_owned(), text(NAME));
    for placeholder in &manifest.placeholders {
        let default = || Some(placeholder.default.as_ref()?.value.as_str());
        let answer = case.answers.get(&placeholder.name).map(String::as_str);
        let value = answer.or_else(default).unwrap_or_default();
        let value = match placeholder.kind {
            Kind::Bool => Dynamic::from(value == "true"),
            Kind::String => text(value),
        };
        all.insert(placeholder.name.clone(), value);
    }
    all
}

fn settings(variables: &BTreeMap<String, Dynamic>) -> BTreeMap<String, Setting> {
    let setting = |value: &Dynamic| {
        if let Ok(value) = value.as_bool() {
            Setting::Bool(value)
        } else if let Some(list) = value.read_lock::<Array>() {
            Setting::List(list.iter().map(ToString::to_string).collect())
        } else {
            Setting::Text(value.to_string())
        }
    };
    let each = variables.iter();
    each.map(|(name, value)| (name.clone(), setting(value)))
        .collect()
}

/// The error itself, without the calls around it.
fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => innermost(inner),
        other => other,
    }
}

fn reason(error: &EvalAltResult) -> String {
    match innermost(error) {
        EvalAltResult::ErrorTooManyOperations(..) => "it does not come to an end".to_owned(),
        EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let (name, takes) = signature.split_once(' ').unwrap_or((signature, "()"));
            format!("`{name}` does not take {takes}")
        }
        other => {
            let text = other.to_string();
            lower(text.split(" (line").next().unwrap_or_default())
        }
    }
}
