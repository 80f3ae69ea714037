//! Which names a template may have.
//!
//! Keywords of Rust are no harm, as they are to services: nothing of a template is compiled under its name.

use anyhow::{Result, bail};

use crate::create::name::form;
use crate::pack::Pack;
use crate::parity;
use crate::sync::shared;

/// The longest name: `verify` calls services after their template, `orders-NAME-12`, and they may have 50 characters.
const LONGEST: usize = 40;

/// What templates' folders begin with.
const PREFIX: &str = "template-";

/// The name in full, or what keeps a template from having it.
pub(super) fn judge(pack: &Pack, registered: &[String], typed: &str) -> Result<String> {
    let short = typed.strip_prefix(PREFIX).unwrap_or(typed);
    if let Some(fault) = form(short, LONGEST) {
        bail!("the name `{typed}` {fault}; take one like `worker` or `event-stream`");
    }
    let name = format!("{PREFIX}{short}");
    if let Some(taken) = registered.iter().find(|one| **one == name || *one == short) {
        bail!("cargo-generate.toml registers `{taken}` already; take another name");
    }
    // Numbers of the contract and a gate go by its name.
    if name == parity::TEMPLATE {
        bail!(
            "the name `{typed}` is reserved: F1–F4 of the contract and the gate `parity` are about `{name}`; take another name"
        );
    }
    if pack.root.join(&name).symlink_metadata().is_ok() {
        bail!(
            "`{name}` is in the way in {}; take another name, or move it",
            pack.root.display()
        );
    }
    if shared::gives(&pack.root, &name)? {
        bail!(
            "{} shares files with `{name}` already; take another name, or its table out",
            shared::FILE
        );
    }
    Ok(name)
}
