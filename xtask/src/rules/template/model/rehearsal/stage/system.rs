//! The module `system`. Starts no process and reads no clock: what would come of it cannot be known here.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Map, Module};

use super::{Outcome, State};

/// The module; a call makes `state` opaque.
pub fn module(state: &Rc<RefCell<State>>) -> Module {
    let mut module = Module::new();
    commands(&mut module, state);
    let own = Rc::clone(state);
    module.set_native_fn("date", move || -> Outcome<Map> {
        own.borrow_mut().is_opaque = true;
        let parts = [("year", 2026_i64), ("month", 1), ("day", 1)];
        Ok(parts
            .map(|(name, value)| (name.into(), Dynamic::from(value)))
            .into_iter()
            .collect())
    });
    module
}

fn commands(module: &mut Module, state: &Rc<RefCell<State>>) {
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
