//! One combination, played through: its hooks in their order, and what cargo-generate does between them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rhai::{AST, Dynamic, Engine, EvalAltResult, Scope};

use super::failure::{Failure, innermost, line, reason};
use super::stage::State;
use super::tree::{Origin, Tree};
use super::variables::{Setting, settings, variables};
use super::{Rehearsal, Run};
use crate::pack::manifest::{Phase, Spanned};
use crate::pack::{Case, Manifest};
use crate::rules::template::model::fate::Fate;
use crate::rules::template::model::file::{Body, File, stripped};
use crate::rules::template::model::liquid::Syntax;
use crate::rules::template::model::patterns::literal;
use crate::rules::template::model::script::Script;

/// What every combination is played with.
pub struct Performance<'a> {
    pub manifest: &'a Manifest,
    pub files: &'a [File],
    /// Their names, as they lie there before anything happens.
    pub there: Tree,
    pub scripts: &'a [Script],
    pub syntax: &'a Syntax,
    pub engine: &'a Engine,
    pub hooks: Vec<AST>,
    pub conditions: Vec<AST>,
    pub state: &'a Rc<RefCell<State>>,
}

/// The tree of a template's files.
pub fn tree(files: &[File]) -> Tree {
    let files = files.iter().enumerate();
    let there = files.filter(|(_, file)| !matches!(file.body, Body::Special(_)));
    Tree::new(there.map(|(number, file)| (stripped(&file.path), number)))
}

impl Performance<'_> {
    /// Plays one combination; says whether it is worth going on.
    pub fn run(&self, case: Case, is_default: bool, rehearsal: &mut Rehearsal) -> bool {
        *self.state.borrow_mut() = State {
            tree: self.there.clone(),
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
        let state = self.state.borrow();
        if state.is_opaque {
            rehearsal.is_complete = false;
            return true;
        }
        let message = match &state.aborted {
            Some(_) if !is_default => return true,
            Some(reason) => format!("the hook refuses the defaults: {reason}"),
            None => format!("the hook fails: {}", reason(error)),
        };
        // What takes long once takes long each time.
        let is_endless = matches!(innermost(error), EvalAltResult::ErrorTooManyOperations(..));
        let source = self.scripts.get(hook).and_then(|it| it.source.as_ref());
        let span = source.map_or(0..0, |source| line(source, error));
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
