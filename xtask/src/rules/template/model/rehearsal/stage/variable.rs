//! The module `variable`: what hooks read, set and ask for.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Module, NativeCallContext};

use super::{Outcome, State, refuse};

/// The module, over the variables of `state`.
pub fn module(state: &Rc<RefCell<State>>) -> Module {
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
            assign(&own, &call, name, Dynamic::from(value.to_owned()), "text")
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: bool| {
            assign(&own, &call, name, Dynamic::from(value), "yes or no")
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: Array| {
            assign(&own, &call, name, Dynamic::from(value), "a list")
        },
    );
    prompts(&mut module, state);
    module
}

/// `variable::set`, which keeps a variable's type as cargo-generate does.
fn assign(
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
