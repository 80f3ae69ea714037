//! Which names a service may have.
//!
//! A name becomes a crate, a binary, an image, a compose project and a host name. `create` judges it as it was typed,
//! before cargo-generate bends it into kebab case; the naming hook judges what is left, for those who use the released
//! tool, by the same lists: `sync` stamps them into the template.

use anyhow::{Result, bail};

use crate::pack::Template;

/// The longest name: a label of a host name has 63 characters (RFC 1035), and environments append to it.
const LONGEST: usize = 50;

/// Names that break something, with what they belong to.
pub const RESERVED: &[(&str, &[&str])] = &[
    // <https://doc.rust-lang.org/reference/keywords.html>: strict, reserved, and weak ones that cargo refuses.
    (
        "is a keyword of Rust",
        &[
            "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
            "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen",
            "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override",
            "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
            "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where",
            "while", "yield",
        ],
    ),
    (
        "is a crate that comes with Rust",
        &["alloc", "core", "proc-macro", "std", "test"],
    ),
    // What cargo refuses as a binary's name, since its own files of these names lie beside it.
    (
        "is a folder of cargo's",
        &["build", "deps", "examples", "incremental"],
    ),
    // The library of every service has this name, and a binary of the same name overwrites its documentation.
    ("is the name of the library in every service", &["service"]),
    (
        "is a device of Windows",
        &[
            "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con",
            "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
        ],
    ),
    ("is what every machine calls itself", &["localhost"]),
];

/// Refuses a name that would break later. `dependencies` are the crates in the template's lock file.
pub fn judge(name: &str, dependencies: &[String]) -> Result<()> {
    if let Some(reason) = fault(name, dependencies) {
        bail!("the name `{name}` {reason}; take one like `orders` or `user-accounts`");
    }
    Ok(())
}

/// What is wrong with a name's letters, or nothing.
pub fn form(name: &str, longest: usize) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".into());
    }
    if name.chars().count() > longest {
        return Some(format!("is longer than {longest} characters"));
    }
    let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    if let Some(letter) = name.chars().find(|c| !allowed(c)) {
        return Some(format!(
            "holds `{}`, but only a-z, 0-9 and single dashes will do",
            letter.escape_debug()
        ));
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return Some("starts with a digit".into());
    }
    if name.split('-').any(str::is_empty) {
        return Some("has a dash at an end or two in a row".into());
    }
    None
}

/// What is wrong with a name, or nothing.
pub fn fault(name: &str, dependencies: &[String]) -> Option<String> {
    if let Some(fault) = form(name, LONGEST) {
        return Some(fault);
    }
    if let Some((what, _)) = RESERVED.iter().find(|(_, names)| names.contains(&name)) {
        return Some((*what).into());
    }
    // `serde-json` is `serde_json` to the compiler.
    let compiled = name.replace('-', "_");
    if dependencies
        .iter()
        .any(|known| known.replace('-', "_") == compiled)
    {
        return Some("is the name of a crate that the service depends on".into());
    }
    None
}

/// The crates in a template's lock file, in every combination of options.
pub fn dependencies(template: &Template) -> Vec<String> {
    let Some(lock) = template
        .files
        .iter()
        .find(|file| *file == "Cargo.lock.liquid" || *file == "Cargo.lock")
    else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(template.dir.join(lock)).unwrap_or_default();
    crate::lock::crate_names(&text)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::rc::Rc;

    use rhai::{Dynamic, Engine, Module};

    use super::*;
    use crate::pack::Pack;

    const GOOD: &[&str] = &[
        "orders",
        "user-accounts",
        "a",
        "x1",
        "a1-b2-c3",
        "tests",
        "stdio",
    ];
    const BAD: &[&str] = &[
        "",
        "../evil",
        "a b",
        "orders!",
        "-lead",
        "trail-",
        "two--dashes",
        "Orders",
        "2fast",
        "build",
        "deps",
        "fn",
        "std",
        "test",
        "localhost",
        "con",
        "tokio",
        "serde-json",
        "größe",
        "a_b",
        "a\nb",
        "service",
        "proc-macro",
        "a234567890123456789012345678901234567890123456789-1",
    ];

    #[test]
    fn names_as_they_are_typed() {
        let dependencies = ["tokio".to_owned(), "serde_json".to_owned()];
        for name in GOOD {
            assert_eq!(fault(name, &dependencies), None, "{name}");
        }
        for name in BAD {
            assert!(fault(name, &dependencies).is_some(), "{name:?}");
        }
    }

    /// Runs a template's facts and naming hooks as cargo-generate would; the refusal, if any.
    fn hook_refuses(template: &Template, name: &str) -> Option<String> {
        let start = [("project-name", name), ("team", "platform")];
        let values = start.map(|(key, value)| (key.to_owned(), Dynamic::from(value.to_owned())));
        let values = Rc::new(RefCell::new(BTreeMap::from(values)));
        let (reader, writer) = (values.clone(), values);
        let mut module = Module::new();
        module.set_native_fn("get", move |key: &str| {
            Ok(reader.borrow().get(key).cloned().unwrap_or_default())
        });
        module.set_native_fn("set", move |key: &str, value: Dynamic| {
            writer.borrow_mut().insert(key.to_owned(), value);
            Ok(())
        });
        let mut engine = Engine::new();
        engine.register_static_module("variable", module.into());
        engine.register_fn(
            "abort",
            |reason: &str| -> Result<(), Box<rhai::EvalAltResult>> { Err(reason.into()) },
        );
        for hook in ["hooks/facts.rhai", "hooks/naming.rhai"] {
            let text = std::fs::read_to_string(template.dir.join(hook)).unwrap();
            if let Err(error) = engine.run(&text) {
                return Some(error.to_string());
            }
        }
        None
    }

    #[test]
    fn the_naming_hooks_judge_alike() {
        for template in Pack::open(None).unwrap().templates().unwrap() {
            let dependencies = dependencies(&template);
            assert!(dependencies.contains(&"tokio".to_owned()));
            for name in GOOD.iter().chain(BAD) {
                let (ours, theirs) = (fault(name, &dependencies), hook_refuses(&template, name));
                assert_eq!(
                    ours.is_some(),
                    theirs.is_some(),
                    "{name:?} in {}: {ours:?}, but its hook says {theirs:?}",
                    template.name
                );
            }
        }
    }
}
