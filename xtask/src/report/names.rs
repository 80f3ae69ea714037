//! Names of rules that other tools have: they are known only when they find something.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

static NAMES: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);

/// The name for the rest of the run. Each is kept once, and all tools together have some hundreds.
pub fn kept(name: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(name);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let (one, other) = (kept("tool/rule"), kept(&format!("tool/{}", "rule")));
        assert_eq!(one, "tool/rule");
        assert!(std::ptr::eq(one, other));
    }
}
