//! `create service`: from a name and answers to a folder with a service in it.
//!
//! Everything is judged before anything is written. The service is rendered elsewhere and moved into place as the
//! last step, so that a run that fails leaves nothing behind.

mod answers;
mod git;
pub mod name;
mod target;

use std::path::PathBuf;

use anyhow::Result;

use crate::pack::{Answers, Pack};
use crate::render;

pub use answers::{Define, Source, carried_over, fault};
pub use git::Git;

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    /// The name as it was typed.
    pub name: String,
    /// The template, with or without `template-`.
    pub template: String,
    /// The folder that the service's folder is created in; beside the pack where none is given.
    pub parent: Option<PathBuf>,
    /// `-d KEY=VALUE`, in the order in which they were typed.
    pub defines: Vec<Define>,
    /// Where answers come from that were not given.
    pub source: Source,
    /// Whether git is initialised.
    pub git: bool,
}

/// What was created.
#[derive(Debug)]
pub struct Created {
    /// The service's folder.
    pub path: PathBuf,
    /// Every answer, asked or not.
    pub answers: Answers,
    /// What became of git.
    pub git: Git,
}

/// Creates a service.
///
/// # Errors
/// When the name, an answer or the target folder is refused, or rendering fails. Nothing is left behind then.
pub fn create(pack: &Pack, request: &Request) -> Result<Created> {
    let template = pack.template(&request.template)?;
    name::judge(&request.name, &name::dependencies(&template))?;
    let path = target::choose(pack, request.parent.as_deref(), &request.name)?;
    let answers = answers::gather(&template.manifest, &request.defines, request.source)?;
    let rendered = render::render(&template, &request.name, &answers)?;
    rendered.move_to(&path)?;
    let git = if request.git {
        git::initialise(&path, &template.name, &pack.version)
    } else {
        Git::NotAsked
    };
    Ok(Created { path, answers, git })
}
