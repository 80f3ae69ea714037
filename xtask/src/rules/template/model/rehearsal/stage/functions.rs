//! The functions that hooks call without a module.

use std::cell::RefCell;
use std::rc::Rc;

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutyKebabCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase,
    ToUpperCamelCase,
};
use rhai::Engine;

use super::{Outcome, State};

/// Registers changes of case, and `abort`.
pub fn register(engine: &mut Engine, state: &Rc<RefCell<State>>) {
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
