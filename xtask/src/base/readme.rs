//! The page that tells whoever changes the template which files are its own. No service gets it.

use std::fmt::Write;

use super::own::Own;
use crate::sync::shared;

/// The page, relative to the template. Not `README.md`: that is the services'.
pub(super) const FILE: &str = "TEMPLATE.md";

/// Its text.
pub(super) fn page(name: &str, base: &str, description: &str, own: &Own) -> String {
    let short = name.strip_prefix("template-").unwrap_or(name);
    let mut out = format!(
        "# {name}\n\n{}\n\nFor whoever changes this template; `ignore` in `cargo-generate.toml` keeps this page out of services. \
         `cargo xtask template\nnew` made it from `{base}`.\n\n## What is edited here\n\n| file | what |\n|---|---|\n",
        sentence(description)
    );
    for (file, what) in own.edited() {
        let _ = writeln!(out, "| `{file}` | {what} |");
    }
    out += "\n`Cargo.lock.liquid` and `hooks/facts.rhai` are written by `cargo xtask sync`. A new folder under `src/` goes into `exclude` in\n`cargo-generate.toml`, so that Liquid leaves it alone.\n";
    if own.shares {
        let _ = write!(
            out,
            "\n## What is shared\n\nEverything else is copied from `{base}`: edit it there, and `cargo xtask sync` writes it here. A file that has to differ\n\
             gets a line in `files` of this template's table in `{}`, such as `\"!/src/start.rs\"`, and is this\n\
             template's own from then on; so does a new file in a folder that is shared, such as `tests/api/`.\n",
            shared::FILE
        );
    }
    let _ = write!(
        out,
        "\n## After a change\n\n```sh\ncargo xtask sync\ncargo xtask validate\ncargo xtask verify --template {short} --matrix cover\n```\n"
    );
    out
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let stop = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .chain(stop.chars())
        .collect()
}
