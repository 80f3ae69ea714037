//! The module `answer`: what scripts do to the answers that a service recorded.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Module, NativeCallContext};

use super::run::{Outcome, refused};
use super::state::State;
use crate::report::nearest;

type Shared = Rc<RefCell<State>>;
type Step<T> = Result<T, String>;

/// The answer that is the service's name, which its files, images and deployments carry.
const NAME: &str = "project-name";
/// The longest name, and the longest answer.
const LENGTH: (usize, usize) = (64, 4096);

/// The module, over the answers of `state`.
pub(super) fn module(state: &Shared) -> Module {
    let mut module = Module::new();
    let own = Rc::clone(state);
    module.set_native_fn(
        "is_set",
        move |_: NativeCallContext<'_>, name: &str| -> Outcome<bool> {
            Ok(own.borrow().answers.contains_key(name))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "get",
        move |call: NativeCallContext<'_>, name: &str| -> Outcome<String> {
            refused(&call, own.borrow().answer(name))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: &str| -> Outcome<bool> {
            refused(&call, own.borrow_mut().set_answer(name, value))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "set",
        move |call: NativeCallContext<'_>, name: &str, value: bool| -> Outcome<bool> {
            let value = if value { "true" } else { "false" };
            refused(&call, own.borrow_mut().set_answer(name, value))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "rename",
        move |call: NativeCallContext<'_>, old: &str, new: &str| -> Outcome<bool> {
            refused(&call, own.borrow_mut().rename_answer(old, new))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "remove",
        move |call: NativeCallContext<'_>, name: &str| -> Outcome<bool> {
            refused(&call, own.borrow_mut().remove_answer(name))
        },
    );
    module
}

impl State {
    fn answer(&self, name: &str) -> Step<String> {
        if let Some(value) = self.answers.get(name) {
            return Ok(value.clone());
        }
        let shown = name.escape_debug();
        Err(
            match nearest(name, self.answers.keys().map(String::as_str)) {
                Some(near) => {
                    format!("the service has no answer `{shown}`; did you mean `{near}`?")
                }
                None => format!(
                    "the service has no answer `{shown}`; ask `answer::is_set(\"{shown}\")` first"
                ),
            },
        )
    }

    fn set_answer(&mut self, name: &str, value: &str) -> Step<bool> {
        free(name)?;
        self.work(value.len())?;
        if value.len() > LENGTH.1 || value.chars().any(char::is_control) {
            return Err(format!(
                "the answer to `{name}` is longer than {} bytes, or has a line break in it; give one line",
                LENGTH.1
            ));
        }
        if self.answers.get(name).is_some_and(|old| old == value) {
            return Ok(false);
        }
        self.answers.insert(name.to_owned(), value.to_owned());
        self.did(format!("answered `{name}` with `{value}`"));
        Ok(true)
    }

    fn rename_answer(&mut self, old: &str, new: &str) -> Step<bool> {
        free(old)?;
        free(new)?;
        self.work(0)?;
        if old == new || !self.answers.contains_key(old) {
            return Ok(false);
        }
        if self.answers.contains_key(new) {
            return Err(format!(
                "the service has an answer to both `{old}` and `{new}`; ask `answer::is_set(\"{new}\")` first, and remove one"
            ));
        }
        if let Some(value) = self.answers.remove(old) {
            self.answers.insert(new.to_owned(), value);
        }
        self.did(format!("took the answer to `{old}` for `{new}`"));
        Ok(true)
    }

    fn remove_answer(&mut self, name: &str) -> Step<bool> {
        free(name)?;
        self.work(0)?;
        let found = self.answers.remove(name).is_some();
        if found {
            self.did(format!("dropped the answer to `{name}`"));
        }
        Ok(found)
    }
}

/// Whether a script may change the answer of that name.
fn free(name: &str) -> Step<()> {
    if name == NAME {
        return Err(format!(
            "`{NAME}` is the service's name, which its images and deployments carry; leave it"
        ));
    }
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= LENGTH.0
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if is_name {
        return Ok(());
    }
    let shown: String = name.chars().take(LENGTH.0).collect();
    Err(format!(
        "`{}` is no name of an answer; write the placeholder's, as in `metrics`",
        shown.escape_debug()
    ))
}
