//! The module `file`: what hooks do with files, done to names.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Module, NativeCallContext};

use super::{Outcome, ROOT, State, refuse};
use crate::rules::template::model::rehearsal::tree::inside;

/// The module, over the tree of `state`.
pub fn module(state: &Rc<RefCell<State>>) -> Module {
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
    writes(&mut module, state);
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

fn writes(module: &mut Module, state: &Rc<RefCell<State>>) {
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
