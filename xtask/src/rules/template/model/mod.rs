//! What the rules judge: the registry and its templates, read once. Reads files and parses them; judges nothing.

mod conditions;
mod fate;
mod file;
pub mod hooks;
pub mod liquid;
mod patterns;
mod registry;
pub mod rehearsal;
mod script;
mod template;
pub mod text;
pub mod vocabulary;

use anyhow::Result;

use crate::pack::Pack;

pub use fate::Fate;
pub use file::{Body, stripped};
pub use patterns::{Pattern, literal};
pub use registry::Registry;
pub use rehearsal::{Origin, Rehearsal, Run};
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
    /// The Liquid parser, for rules that try what a condition says.
    pub syntax: liquid::Syntax,
}

impl Model {
    /// Reads the pack.
    pub fn read(pack: &Pack) -> Result<Self> {
        let registry = Registry::read(&pack.root)?;
        let syntax = liquid::Syntax::new()?;
        let templates = registry
            .readable()
            .map(|name| Template::read(crate::pack::Template::read(&pack.root, name)?, &syntax))
            .collect::<Result<_>>()?;
        Ok(Self {
            registry,
            templates,
            syntax,
        })
    }
}
