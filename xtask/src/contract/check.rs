//! A check as data, and what came of it.

use std::path::Path;

use super::{Fault, Subject};

/// What a check needs beyond a service that starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The probe: the service with fault routes mounted.
    Probe,
    /// Files of the working directory, or a port of this machine, which a container does not share.
    Host,
    /// A container.
    Container,
    /// A program of this machine that the check starts, such as `bao`.
    Program(&'static str),
    /// A machine that shows what memory a process takes.
    Memory,
    /// Much work on what all compose profiles share: the binary and its defaults. One of them is enough.
    Long,
    /// An answer of the case, such as `metrics = prometheus`.
    Answer(&'static str, &'static str),
    /// A case without an answer, such as `database = postgres`.
    Other(&'static str, &'static str),
    /// A template, by its folder's name: the others promise no such thing.
    Template(&'static str),
}

/// A service in FastAPI's style.
pub const FASTAPI: Need = Need::Template("template-fastapi-style");

/// One promise, and how to see whether it is kept.
#[derive(Debug)]
pub struct Check {
    /// The number in the contract, such as `S3`. Several checks may share one.
    pub id: &'static str,
    /// The name, unique, in kebab-case: what `only` selects.
    pub name: &'static str,
    /// What is promised, in one line.
    pub title: &'static str,
    /// What it needs; where that is missing it is skipped by name.
    pub needs: &'static [Need],
    /// Where in a service to look when it fails.
    pub remedy: &'static str,
    /// Looks.
    pub run: fn(&Subject) -> Result<(), Fault>,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The promise is kept.
    Passed,
    /// It is not.
    Failed(Box<Fault>),
    /// Nobody looked; the reason is a noun phrase, such as `needs a container`.
    Skipped(String),
}

impl Check {
    /// Whether `name` is its number or its name.
    pub fn answers_to(&self, name: &str) -> bool {
        name == self.id || name == self.name
    }
}

impl Need {
    /// Why a check with this need cannot run on `subject`, if it cannot.
    pub fn missing(self, subject: &Subject) -> Option<String> {
        let in_container = subject.service.in_container();
        match self {
            Self::Probe if subject.probe.is_none() => {
                Some("needs the probe binary, which an image does not hold".into())
            }
            Self::Host if in_container => {
                Some("needs files or ports of the machine, which a container does not share".into())
            }
            Self::Container if !in_container => Some("needs a container".into()),
            Self::Program(name) if !is_on_path(name) => Some(format!("needs `{name}` on PATH")),
            Self::Memory if !in_container && !Path::new("/proc/self/status").exists() => {
                Some("needs a machine that shows what memory a process takes".into())
            }
            Self::Long if subject.brief => {
                Some("is about what all profiles share, and one of them was looked at".into())
            }
            Self::Answer(option, value) if subject.answer(option) != Some(value) => {
                Some(format!("needs `{option} = {value}`"))
            }
            Self::Other(option, value) if subject.answer(option) == Some(value) => {
                Some(format!("needs another case than `{option} = {value}`"))
            }
            Self::Template(name) if subject.template != name => {
                Some(format!("needs a service of `{name}`"))
            }
            _ => None,
        }
    }
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
