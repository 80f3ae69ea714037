//! `template new`: a template from the pack's first one, which keeps the whole contract before a line of it is edited.
//!
//! Everything happens in a copy of the pack, `sync` too. Files reach the pack as the last step, all or none of them.

mod edits;
mod name;
mod own;
mod put;
mod readme;

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use crate::lock::Mode;
use crate::pack::{Pack, Template};
use crate::selftest::Copy;
use crate::sync::{self, shared};

use own::Own;

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    /// The name as it was typed, with or without `template-`.
    pub name: String,
    /// What its services are, in a line.
    pub description: Option<String>,
}

/// What was made.
#[derive(Debug)]
pub struct Made {
    /// The template's name, which is its folder's too.
    pub name: String,
    /// The template that it was made from.
    pub base: String,
    /// The files that are its own, relative to its folder, with what they are for. Not those that `sync` writes.
    pub own: Vec<(String, &'static str)>,
    /// How many of its files are copies.
    pub shared: usize,
    /// Files that were there, and were written.
    pub written: Vec<String>,
}

/// Makes a template.
///
/// # Errors
/// When the name is refused, or what is derived can't be; the pack is as it was then.
pub fn make(pack: &Pack, request: &Request) -> Result<Made> {
    let registered = pack.registered()?;
    let name = name::judge(pack, &registered, &request.name)?;
    let base = registered
        .first()
        .context("cargo-generate.toml registers no template, and a new one is made from the first; register one")?;
    let base = Template::read(&pack.root, base)?;
    let description = match &request.description {
        Some(text) => described(text)?.to_owned(),
        None => format!("as `{}`, until it is changed", base.name),
    };
    let last = registered.last().unwrap_or(&base.name);

    let mut copy = Copy::of(pack)?;
    let before = put::read(pack, copy.root())?;
    let own = Own::of(&base, shared::common(&pack.root)?.as_ref());
    own.write(&base, &name, &mut copy)?;
    let page = readme::page(&name, &base.name, &description, &own);
    edits::write(&mut copy, &name, &base.name, last, &description, own.shares)?;
    copy.set_text(&format!("{name}/{}", readme::FILE), &page)?;
    sync::write(&Pack::open(Some(copy.root()))?, Mode::Keep)?;

    let new = put::changed(&copy, &before)?;
    let (inside, written): (Vec<_>, Vec<_>) = new
        .into_iter()
        .partition(|file| file.starts_with(&format!("{name}/")));
    put::put(pack, copy.root(), &name, &inside, &written, &before)?;
    Ok(Made {
        shared: inside.len() - own.count(&name, &inside),
        own: own.edited(),
        base: base.name,
        name,
        written,
    })
}

/// A description that fits into a line.
fn described(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        bail!(
            "`--description` is not one line of text; write what its services are, as in \"a lean JSON service\""
        );
    }
    Ok(text)
}

/// Files by path, with what they hold.
type Files = BTreeMap<String, Vec<u8>>;
