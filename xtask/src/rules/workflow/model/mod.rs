//! Workflows and actions as data: parsed, with places, and resolved across files. Judges nothing.

pub mod conditions;
pub mod deployment;
pub mod driver;
pub mod expr;
mod familiar;
mod file;
pub mod given;
mod known;
pub mod makers;
mod matrix;
mod paths;
pub mod permissions;
mod resolve;
mod script;
mod scripts;
pub mod shape;
pub mod shell;
mod starts;
mod uses;
mod views;
pub mod yaml;

use crate::pack::Platform;
use resolve::Index;

pub use file::{File, FileKind};
pub use known::Known;
pub use matrix::Matrix;
pub use paths::Paths;
pub use resolve::Callee;
pub use script::Script;
pub use starts::{Start, joined};
pub use uses::{Uses, is_commit, is_version, is_yaml};
pub use views::{Concurrency, Input, Job, Step, Workflow};

/// What is judged together.
#[derive(Debug)]
pub struct Model {
    /// The facts of the organisation, where the tree is a pack.
    pub platform: Option<Platform>,
    /// Names that stand for an answer or a fact in templates.
    pub placeholders: Vec<String>,
    /// The files of the repository itself, where they are known.
    pub paths: Option<Paths>,
    /// Every workflow and action that was read.
    pub files: Vec<File>,
    /// Where each stands among them.
    index: Index,
}

/// The text of a file before and after rendering.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// The template's file, as it is shown.
    pub file: String,
    /// Its text before rendering.
    pub text: String,
}

impl Model {
    /// What is judged together, from its parts.
    pub fn new(platform: Option<Platform>, placeholders: Vec<String>, files: Vec<File>) -> Self {
        Self {
            platform,
            placeholders,
            paths: None,
            index: Index::of(&files),
            files,
        }
    }

    /// All workflows that could be parsed.
    pub fn workflows(&self) -> impl Iterator<Item = Workflow<'_>> {
        self.files.iter().filter_map(File::workflow)
    }

    /// Those of them that deploy.
    pub fn deployments(&self) -> impl Iterator<Item = deployment::Deployment<'_>> {
        self.workflows()
            .filter_map(|workflow| workflow.deployment())
    }

    /// All steps of jobs and of composite actions.
    pub fn steps(&self) -> impl Iterator<Item = (&File, Step<'_>)> {
        self.files
            .iter()
            .flat_map(|file| file.steps().into_iter().map(move |step| (file, step)))
    }

    /// Whether `owner/repo` is this pack.
    pub fn is_own(&self, owner: &str, repo: &str) -> bool {
        self.platform.as_ref().is_some_and(|platform| {
            platform.org.eq_ignore_ascii_case(owner) && platform.repo.eq_ignore_ascii_case(repo)
        })
    }
}
