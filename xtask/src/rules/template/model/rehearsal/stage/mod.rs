//! The modules and functions that hooks call, acting on names in memory. Touches no file and starts no process.

mod file;
mod functions;
mod system;
mod variable;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rhai::module_resolvers::DummyModuleResolver;
use rhai::{Dynamic, Engine, EvalAltResult, Module, NativeCallContext};

use super::tree::Tree;

/// Where hooks believe the template to be.
const ROOT: &str = "/template";
/// Where hooks believe the service to be.
const DESTINATION: &str = "/service";
/// What a hook may do before it counts as one that never ends; the hooks of a real template take some thousand.
pub const OPERATIONS: u64 = 400_000;
/// The largest text that a hook may build.
pub const TEXT: usize = 256 * 1024;
/// The longest list or map that a hook may build.
const ITEMS: usize = 20_000;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// What hooks see and change.
#[derive(Debug, Default)]
pub struct State {
    /// The files.
    pub tree: Tree,
    /// The variables.
    pub variables: BTreeMap<String, Dynamic>,
    /// Names that were asked for and that nothing had set.
    pub missing: BTreeSet<String>,
    /// Paths that were to be deleted, and whether they were there.
    pub deleted: BTreeMap<String, bool>,
    /// What hooks wrote, by path.
    pub written: BTreeMap<String, String>,
    /// What `abort` was called with.
    pub aborted: Option<String>,
    /// Whether a hook did something whose result nobody can know here.
    pub is_opaque: bool,
}

/// The engine, with modules that act on `state`.
pub fn engine(mut engine: Engine, state: &Rc<RefCell<State>>) -> Engine {
    engine.set_module_resolver(DummyModuleResolver::new());
    limit(&mut engine);
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    engine.register_fn("sleep", |_: i64| {});
    engine.register_fn("sleep", |_: f64| {});
    engine.register_static_module("variable", variable::module(state).into());
    engine.register_static_module("file", file::module(state).into());
    engine.register_static_module("system", system::module(state).into());
    let mut env = Module::new();
    env.set_var("working_directory", ROOT.to_owned());
    env.set_var("destination_directory", DESTINATION.to_owned());
    engine.register_static_module("env", env.into());
    functions::register(&mut engine, state);
    engine
}

/// Bounds what a script may do, so that none makes anybody wait or fills memory.
pub fn limit(engine: &mut Engine) {
    engine.set_max_expr_depths(64, 32);
    engine.set_max_call_levels(32);
    engine.set_max_operations(OPERATIONS);
    engine.set_max_string_size(TEXT);
    engine.set_max_array_size(ITEMS);
    engine.set_max_map_size(ITEMS);
}

/// An error at the place of the call, which an error of a module's function does not have by itself.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "functions of Rhai return boxed errors"
)]
fn refuse(call: &NativeCallContext<'_>, reason: String) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(reason.into(), call.call_position()).into()
}
