//! Runs scripts, one after the other, each on what the last one left.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::{Result, anyhow};
use rhai::{EvalAltResult, NativeCallContext};
use semver::Version;

use super::error::{at, failure};
use super::state::State;
use super::{Done, answers, files};
use crate::pack::Answers;
use crate::report::Source;
use crate::rules::template::model::hooks::Rhai;
use crate::rules::template::model::upgrades::{compile, prepared};
use crate::tree::Tree;

/// What a function of a script gives back.
pub(super) type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// Why a function refuses, with its remedy; a type of its own, so that a script's `throw` is told apart.
#[derive(Clone, Debug)]
pub(super) struct Refusal(pub String);

/// Runs all of them; what they make of the files and the answers, and what each did.
pub(super) fn all(
    rhai: &Rhai,
    scripts: &[(Version, Source)],
    (mut tree, mut answers): (Tree, Answers),
) -> Result<(Tree, Answers, Vec<Done>)> {
    let mut done = Vec::new();
    for (version, source) in scripts {
        let state = one(rhai, source, State::new(tree, answers))?;
        done.push(Done {
            version: version.clone(),
            script: source.file.clone(),
            what: state.what(),
            notes: state.notes,
            moved: state.moved,
        });
        (tree, answers) = (state.tree, state.answers);
    }
    Ok((tree, answers, done))
}

fn one(rhai: &Rhai, source: &Source, state: State) -> Result<State> {
    let state = Rc::new(RefCell::new(state));
    let mut engine = prepared(rhai);
    engine.register_static_module("file", files::module(&state).into());
    engine.register_static_module("answer", answers::module(&state).into());
    let own = Rc::clone(&state);
    engine.register_fn(
        "note",
        move |call: NativeCallContext<'_>, text: &str| -> Outcome<()> {
            refused(&call, own.borrow_mut().note(text))
        },
    );
    let script = compile(&engine, source).map_err(|problem| {
        let place = at(source, problem.span.start);
        anyhow!("{place}: {}; {}", problem.message, problem.help)
    })?;
    engine
        .run_ast(&script)
        .map_err(|error| failure(source, &error))?;
    drop((engine, script));
    Ok(state.take())
}

/// A refusal as an error at the place of the call, which an error of a module's function does not have by itself.
pub(super) fn refused<T>(call: &NativeCallContext<'_>, result: Result<T, String>) -> Outcome<T> {
    result.map_err(|reason| {
        let refusal = rhai::Dynamic::from(Refusal(reason));
        EvalAltResult::ErrorRuntime(refusal, call.call_position()).into()
    })
}
