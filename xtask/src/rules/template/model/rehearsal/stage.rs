//! The modules and functions that hooks call, acting on names in memory. Touches no file and starts no process.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase,
    ToUpperCamelCase,
};
use rhai::module_resolvers::DummyModuleResolver;
use rhai::{
    Array, Dynamic, Engine, EvalAltResult, Map, Module, NativeCallContext, OptimizationLevel,
};

use super::tree::{Tree, inside};

/// Where hooks believe the template to be.
const ROOT: &str = "/template";
/// Where hooks believe the service to be.
const DESTINATION: &str = "/service";
/// What a hook may do before it counts as one that never ends; the hooks of a real template take some thousand.
const OPERATIONS: u64 = 400_000;
/// The largest text that a hook may build.
const TEXT: usize = 256 * 1024;
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

/// An engine whose modules act on `state`.
pub fn engine(state: &Rc<RefCell<State>>) -> Engine {
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_module_resolver(DummyModuleResolver::new());
    engine.set_max_expr_depths(64, 32);
    engine.set_max_call_levels(32);
    engine.set_max_operations(OPERATIONS);
    engine.set_max_string_size(TEXT);
    engine.set_max_array_size(ITEMS);
    engine.set_max_map_size(ITEMS);
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    engine.register_fn("sleep", |_: i64| {});
    engine.register_fn("sleep", |_: f64| {});
    engine.register_static_module("variable", variable(state).into());
    engine.register_static_module("file", file(state).into());
    engine.register_static_module("system", system(state).into());
    let mut env = Module::new();
    env.set_var("working_directory", ROOT.to_owned());
    env.set_var("destination_directory", DESTINATION.to_owned());
    engine.register_static_module("env", env.into());
    functions(&mut engine, state);
    engine
}

fn functions(engine: &mut Engine, state: &Rc<RefCell<State>>) {
    let state = Rc::clone(state);
    engine
        .register_fn("to_kebab_case", |text: &str| text.to_kebab_case())
        .register_fn("to_lower_camel_case", |text: &str| {
            text.to_lower_camel_case()
        })
        .register_fn("to_pascal_case", |text: &str| text.to_upper_camel_case())
        .register_fn("to_shouty_kebab_case", |text: &str| {
            text.to_shouty_kebab_case()
        })
        .register_fn("to_shouty_snake_case", |text: &str| {
            text.to_shouty_snake_case()
        })
        .register_fn("to_snake_case", |text: &str| text.to_snake_case())
        .register_fn("to_title_case", |text: &str| text.to_title_case())
        .register_fn("to_upper_camel_case", |text: &str| {
            text.to_upper_camel_case()
        })
        .register_fn("abort", move |reason: &str| -> Outcome<()> {
            state.borrow_mut().aborted = Some(reason.to_owned());
            Err(reason.into())
        });
}

fn variable(state: &Rc<RefCell<State>>) -> Module {
    let mut module = Module::new();
    let own = Rc::clone(state);
    module.set_native_fn("get", move |name: &str| -> Outcome<Dynamic> {
        let mut state = own.borrow_mut();
        let value = state.variables.get(name).cloned();
        Ok(value.unwrap_or_else(|| {
            state.missing.insert(name.to_owned());
            Dynamic::from(String::new())
        }))
    });
    let own = Rc::clone(state);
    module.set_native_fn("is_set", move |name: &str| -> Outcome<bool> {
        Ok(own.borrow().variables.contains_key(name))
    });
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: &str| {
            set(&own, &call, name, Dynamic::from(value.to_owned()), "text")
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: bool| {
            set(&own, &call, name, Dynamic::from(value), "yes or no")
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: Array| {
            set(&own, &call, name, Dynamic::from(value), "a list")
        },
    );
    prompts(&mut module, state);
    module
}

/// `variable::set`, which keeps a variable's type as cargo-generate does.
fn set(
    state: &Rc<RefCell<State>>,
    call: &NativeCallContext<'_>,
    name: &str,
    value: Dynamic,
    kind: &str,
) -> Outcome<()> {
    let mut state = state.borrow_mut();
    let other = state
        .variables
        .get(name)
        .is_some_and(|old| old.type_id() != value.type_id());
    if other {
        return Err(refuse(
            call,
            format!("`{name}` cannot become {kind}, which it is not"),
        ));
    }
    state.variables.insert(name.to_owned(), value);
    Ok(())
}

/// Nobody answers here: the default stands, or the first choice.
fn prompts(module: &mut Module, state: &Rc<RefCell<State>>) {
    let own = Rc::clone(state);
    module.set_native_fn("prompt", move |_: &str| -> Outcome<String> {
        own.borrow_mut().is_opaque = true;
        Ok(String::new())
    });
    module.set_native_fn("prompt", |_: &str, default: bool| -> Outcome<bool> {
        Ok(default)
    });
    module.set_native_fn("prompt", |_: &str, default: &str| -> Outcome<String> {
        Ok(default.to_owned())
    });
    module.set_native_fn(
        "prompt",
        |_: &str, default: &str, _: Dynamic| -> Outcome<String> { Ok(default.to_owned()) },
    );
}

fn file(state: &Rc<RefCell<State>>) -> Module {
    let mut module = Module::new();
    let own = Rc::clone(state);
    module.set_native_fn(
        "exists",
        move |call: NativeCallContext<'_>, path: &str| -> Outcome<bool> {
            Ok(own.borrow().tree.exists(&checked(&call, path)?))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "rename",
        move |call: NativeCallContext<'_>, from: &str, to: &str| -> Outcome<()> {
            let (from, to) = (checked(&call, from)?, checked(&call, to)?);
            let moved = own.borrow_mut().tree.rename(&from, &to);
            moved.map_err(|reason| refuse(&call, reason))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "delete",
        move |call: NativeCallContext<'_>, path: &str| -> Outcome<()> {
            let inner = checked(&call, path)?;
            let mut state = own.borrow_mut();
            let found = state.tree.delete(&inner);
            *state.deleted.entry(path.to_owned()).or_default() |= found;
            Ok(())
        },
    );
    for_write(&mut module, state);
    let own = Rc::clone(state);
    module.set_native_fn(
        "listdir",
        move |call: NativeCallContext<'_>, path: &str| -> Outcome<Array> {
            list(&own, &call, path)
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "listdir",
        move |call: NativeCallContext<'_>| -> Outcome<Array> { list(&own, &call, ".") },
    );
    module
}

fn for_write(module: &mut Module, state: &Rc<RefCell<State>>) {
    let own = Rc::clone(state);
    module.set_native_fn(
        "write",
        move |call: NativeCallContext<'_>, path: &str, text: &str| -> Outcome<()> {
            write(&own, &call, path, text.to_owned())
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "write",
        move |call: NativeCallContext<'_>, path: &str, lines: Array| -> Outcome<()> {
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            write(&own, &call, path, lines.join("\n"))
        },
    );
}

fn write(
    state: &Rc<RefCell<State>>,
    call: &NativeCallContext<'_>,
    path: &str,
    text: String,
) -> Outcome<()> {
    let path = checked(call, path)?;
    let mut state = state.borrow_mut();
    let written = state.tree.write(&path);
    written.map_err(|reason| refuse(call, reason))?;
    state.written.insert(path, text);
    Ok(())
}

fn list(state: &Rc<RefCell<State>>, call: &NativeCallContext<'_>, path: &str) -> Outcome<Array> {
    let entries = state.borrow().tree.list(&checked(call, path)?);
    let entries = entries.map_err(|reason| refuse(call, reason))?;
    let absolute = entries.into_iter().map(|entry| format!("{ROOT}/{entry}"));
    Ok(absolute.map(Dynamic::from).collect())
}

fn checked(call: &NativeCallContext<'_>, path: &str) -> Outcome<String> {
    inside(path, ROOT).ok_or_else(|| refuse(call, format!("`{path}` leads out of the template")))
}

/// An error at the place of the call, which an error of a module's function does not have by itself.
fn refuse(call: &NativeCallContext<'_>, reason: String) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(reason.into(), call.call_position()).into()
}

fn system(state: &Rc<RefCell<State>>) -> Module {
    let mut module = Module::new();
    for_command(&mut module, state);
    module.set_native_fn("date", || -> Outcome<Map> {
        let parts = [("year", 2026_i64), ("month", 1), ("day", 1)];
        Ok(parts
            .map(|(name, value)| (name.into(), Dynamic::from(value)))
            .into_iter()
            .collect())
    });
    module
}

fn for_command(module: &mut Module, state: &Rc<RefCell<State>>) {
    let own = Rc::clone(state);
    module.set_native_fn("command", move |_: &str| -> Outcome<String> {
        own.borrow_mut().is_opaque = true;
        Ok(String::new())
    });
    let own = Rc::clone(state);
    module.set_native_fn("command", move |_: &str, _: Array| -> Outcome<String> {
        own.borrow_mut().is_opaque = true;
        Ok(String::new())
    });
}
