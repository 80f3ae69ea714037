//! Upgrade scripts stay in the pack.

use std::fs;

use crate::support::{self, Sandbox, pack};

/// What keeps scripts out of services.
const ENTRY: &str = "ignore = [\"upgrades\"]\n";

#[test]
fn a_service_is_made_without_the_scripts_that_its_template_ignores() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("pack");
    support::copy_tracked(&pack(), &root);
    let template = root.join("template-axum");
    fs::create_dir_all(template.join("upgrades")).unwrap();
    // A tag of Liquid's that is open: rendering it would fail.
    let script = "// {% if %}\nfile::delete(\"README.md\");\n";
    fs::write(template.join("upgrades/0.1.0.rhai"), script).unwrap();
    let manifest = template.join("cargo-generate.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains(ENTRY), "{text}");

    let made = |entry: &str, name: &str| {
        fs::write(&manifest, text.replace(ENTRY, entry)).unwrap();
        let root = root.to_str().unwrap();
        let args = ["--root", root, "create", "service", name, "--defaults"];
        sandbox.run_with(&args, |command| {
            command.arg("--no-git");
        })
    };
    let run = made(ENTRY, "orders");
    assert_eq!(run.code, 0, "{run:?}");
    let service = sandbox.path("orders");
    assert!(service.join("README.md").is_file());
    assert!(!service.join("upgrades").exists());

    let run = made("", "billing");
    assert!(
        run.code != 0 || sandbox.path("billing/upgrades").exists(),
        "nothing had to be ignored: {run:?}"
    );
}

#[test]
fn validate_asks_for_the_entry() {
    let sandbox = Sandbox::new();
    let root = sandbox.path("pack");
    support::copy_tracked(&pack(), &root);
    let script = root.join("template-axum/upgrades/0.1.0.rhai");
    // One script alone is named.
    fs::remove_dir_all(script.parent().unwrap()).unwrap();
    fs::create_dir(script.parent().unwrap()).unwrap();
    fs::write(script, "note(\"look at docs/\");\n").unwrap();
    let validate = || {
        let args = ["--root", root.to_str().unwrap(), "validate"];
        sandbox.run_with(&args, |_| {})
    };
    let manifest = root.join("template-axum/cargo-generate.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(ENTRY, "")).unwrap();
    let run = validate();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout
            .contains("error[shipped-upgrade]: services would get `upgrades/0.1.0.rhai`")
            && run.stdout.contains("1 errors, 0 warnings"),
        "{run:?}"
    );
    fs::write(&manifest, text).unwrap();
    let run = validate();
    assert_eq!(run.code, 0, "{run:?}");
}
