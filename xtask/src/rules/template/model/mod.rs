//! What the rules judge: the registry and its templates, read once. Reads files and parses them; judges nothing.

mod conditions;
pub mod dockerfile;
mod fate;
mod file;
pub mod hooks;
pub mod liquid;
mod memory;
pub mod modules;
mod own;
mod patterns;
mod registry;
pub mod rehearsal;
pub mod rendered;
mod renders;
mod script;
mod template;
pub mod text;
pub mod upgrades;
pub mod vocabulary;

use std::borrow::Cow;
use std::panic;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result};

use crate::pack::{Pack, Platform, tracked};
use crate::parallel;
use crate::report::Source;

pub use fate::Fate;
pub use file::{Body, File, stripped};
pub use patterns::{Pattern, literal};
pub use registry::Registry;
pub use rehearsal::{Origin, Run};
pub use rendered::Document;
pub use script::{Script, is_script, sets};
pub use template::{ANSWERS, Template};

/// How many findings of one rule a file gets: what follows is the same mistake, or no template at all.
pub const ENOUGH: usize = 50;

/// Everything that rules look at.
#[derive(Debug)]
pub struct Model {
    /// The root `cargo-generate.toml`, and the folders that look like templates.
    pub registry: Registry,
    /// The registered templates that could be read.
    pub templates: Vec<Template>,
    /// The facts of the organisation.
    pub platform: Platform,
    /// The pack's version.
    pub version: String,
    /// The pack's own workflows and actions.
    pub workflows: Vec<Source>,
    /// The pack's pages.
    pub pages: Vec<Source>,
    /// Other files of the pack, outside of its templates, in which the organisation's name may stand.
    pub own: Vec<Source>,
    /// The Liquid parser, for rules that try what a condition says.
    pub syntax: liquid::Syntax,
    /// What was rendered before.
    pub renders: renders::Renders,
}

impl Model {
    /// Reads the pack.
    pub fn read(pack: &Pack) -> Result<Self> {
        let registry = Registry::read(&pack.root)?;
        let syntax = liquid::Syntax::new()?;
        let names: Vec<&str> = registry.readable().collect();
        let template =
            |name: &&str| Template::read(crate::pack::Template::read(&pack.root, name)?, &syntax);
        // Listing a folder's files waits for git: the templates are read meanwhile.
        let (templates, own, workflows, pages) = thread::scope(|scope| {
            let own = scope.spawn(|| own::read(pack, &registry));
            let workflows = scope.spawn(|| texts(&pack.root, ".github", &|_| true));
            let pages = scope.spawn(|| texts(&pack.root, "docs", &is_page));
            let templates = parallel::map(&names, template);
            (templates, joined(own), joined(workflows), joined(pages))
        });
        Ok(Self {
            templates: templates.into_iter().collect::<Result<_>>()?,
            own: own?,
            workflows: workflows?,
            pages: [pages?, roots(&pack.root)?].concat(),
            registry,
            syntax,
            renders: renders::Renders::default(),
            platform: pack.platform.clone(),
            version: pack.version.clone(),
        })
    }
}

/// What a thread came to, or its panic.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|payload| panic::resume_unwind(payload))
}

impl Model {
    /// Every text that was read, some of them more than once, and whether it is rendered.
    pub fn sources(&self) -> impl Iterator<Item = (&Source, bool)> {
        let templates = self.templates.iter().flat_map(|template| {
            let texts = template.files.iter().filter_map(|file| match &file.body {
                Body::Text(source, _) => Some((source, file.fate == Fate::Rendered)),
                _ => None,
            });
            texts.chain([(&template.manifest.source, false)])
        });
        let others = self.workflows.iter().chain(&self.pages);
        let others = others.chain([&self.registry.manifest.source]);
        templates.chain(others.map(|source| (source, false)))
    }

    /// What a file of text holds in the service of `run`; nothing where it can't be rendered.
    pub fn text_in<'a>(&self, file: &'a File, run: &Run) -> Option<Cow<'a, str>> {
        let Body::Text(source, document) = &file.body else {
            return None;
        };
        if file.fate != Fate::Rendered || document.first.is_none() {
            return Some(Cow::Borrowed(&source.text));
        }
        let text = self.renders.text(&self.syntax, source, document, run)?;
        Some(Cow::Owned(text))
    }
}

/// The largest page or workflow that is looked into.
const SIZE: u64 = 256 * 1024;

/// Files of `folder` that are text.
fn texts(root: &Path, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Source>> {
    let files = tracked(root, folder)?.into_iter();
    files
        .filter(|file| wanted(file))
        .filter_map(|file| text(root, format!("{folder}/{file}")).transpose())
        .collect()
}

/// The pages in the pack's root.
const ROOTS: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// Those that are there.
fn roots(root: &Path) -> Result<Vec<Source>> {
    let pages = ROOTS.into_iter();
    pages
        .filter_map(|file| text(root, file.to_owned()).transpose())
        .collect()
}

/// The file, where it is one, and text of a size that a person may have written.
fn text(root: &Path, file: String) -> Result<Option<Source>> {
    let path = root.join(&file);
    let is_small = path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= SIZE);
    if !is_small {
        return Ok(None);
    }
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8(bytes)
        .ok()
        .map(|text| Source::new(file, text)))
}

fn is_page(path: &str) -> bool {
    path.strip_suffix(".md").is_some()
}
