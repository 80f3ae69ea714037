//! What a command needs of a job's folder, and whether it fills it.

use super::super::model::shell::Command;
use super::super::model::{File, Model};

/// Commands of cargo that read the package in the folder.
const CARGO: [&str; 29] = [
    "audit",
    "b",
    "bench",
    "build",
    "c",
    "check",
    "clippy",
    "deny",
    "doc",
    "fetch",
    "fix",
    "fmt",
    "hack",
    "llvm-cov",
    "machete",
    "metadata",
    "miri",
    "nextest",
    "package",
    "publish",
    "r",
    "run",
    "rustdoc",
    "semver-checks",
    "t",
    "test",
    "tree",
    "update",
    "xtask",
];

/// Commands that neither bring files nor need any.
const QUIET: [&str; 22] = [
    ":",
    "[",
    "[[",
    "apt-get",
    "command",
    "date",
    "echo",
    "exit",
    "export",
    "false",
    "hash",
    "id",
    "idp-deploy",
    "printf",
    "rustc",
    "rustup",
    "set",
    "sleep",
    "test",
    "true",
    "uname",
    "which",
];

/// What a command needs of the repository, in words.
pub fn needs(model: &Model, file: &File, command: &Command) -> Option<String> {
    let words: Vec<&str> = command
        .call()
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let asks = ["--help", "-h", "--version", "-V", "--manifest-path", "-C"];
    let asks_only = words
        .iter()
        .any(|word| asks.contains(word) || word.starts_with("--manifest-path="));
    match words.as_slice() {
        ["cargo", verb, ..] if CARGO.contains(verb) && !asks_only => {
            Some(format!("`cargo {verb}`"))
        }
        [program, rest @ ..] if !asks_only && reads(program, rest) => Some(format!("`{program}`")),
        [path, ..] => {
            let path = path.strip_prefix("./").unwrap_or(path);
            let own = file.tree == 0 && !(file.is_called() && model.is_used_from_outside(file));
            let paths = model.paths.as_ref().filter(|_| own)?;
            (path.contains('/') || words[0].starts_with("./"))
                .then_some(())
                .filter(|()| paths.has(path))
                .map(|()| format!("`{}`", words[0]))
        }
        [] => None,
    }
}

/// Whether a command is known to bring no file into the folder.
pub fn is_quiet(command: &Command) -> bool {
    let cargo = command.name() == "cargo" && is_no_maker(command);
    (cargo || QUIET.contains(&command.name())) && writes_nothing(command)
}

/// Whether a program reads what lies in the folder, as it is called here.
fn reads(program: &str, words: &[&str]) -> bool {
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let first = words.first().copied().unwrap_or_default();
    match program {
        "go" => matches!(first, "build" | "test" | "vet"),
        "hadolint" => first.contains("Dockerfile") && !first.starts_with(['/', '~', '$']),
        "npm" => matches!(first, "ci" | "test" | "run") && !has(&["--prefix"]),
        "syft" => has(&["dir:.", "."]),
        _ => false,
    }
}

/// Whether cargo is asked for something that makes no files in the folder.
fn is_no_maker(command: &Command) -> bool {
    let verb = command.call().get(1).map_or("", |word| word.text.as_str());
    matches!(verb, "install" | "binstall" | "--version" | "-V" | "login")
}

/// Whether a command writes no file but those that GitHub reads.
fn writes_nothing(command: &Command) -> bool {
    command.redirects.iter().all(|word| {
        let text = word.text.as_str();
        text.contains("GITHUB_") || matches!(text, "1" | "2" | "/dev/null" | "/dev/stderr")
    })
}
