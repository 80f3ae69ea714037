//! The pack as it was at another commit of its own git history, and what its templates made of a service then.
//!
//! Only reads: no branch is switched, no file of the checkout is touched. Old templates are rendered by today's
//! renderer, with the answers that the service recorded and the facts that it was stamped with.

mod extract;
mod facts;
mod resolve;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::interrupt::Folder;
use crate::pack::{Answers, Pack, Platform, Template};
use crate::render::{self, Rendered};
use crate::tree::{Tree, of_folder};

pub use resolve::History;

/// The pack at one commit, or as it lies in its folder.
#[derive(Debug)]
pub struct Point {
    /// The version that its root manifest says.
    pub version: String,
    /// The commit; of the folder itself the one that is checked out.
    pub commit: String,
    /// Whether this is a released version.
    pub is_release: bool,
    /// What its platform.toml says.
    pub platform: Platform,
    /// Whether the folder itself is meant, with what is not committed yet.
    work: bool,
    /// The pack's folder.
    root: PathBuf,
}

/// A template as it was, in a folder that vanishes with this value.
#[derive(Debug)]
pub struct Past {
    /// The template.
    pub template: Template,
    _folder: Option<Folder>,
}

impl Point {
    /// How it is called in messages: `0.2.0`, or `0.2.0 at 1a2b3c4`.
    pub fn name(&self) -> String {
        if self.is_release {
            return self.version.clone();
        }
        let short = self.commit.get(..9).unwrap_or(&self.commit);
        let work = if self.work {
            ", as it lies in its folder"
        } else {
            ""
        };
        format!("{} at {short}{work}", self.version)
    }

    /// The template `name` as it is there.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn template(&self, name: &str) -> Result<Past> {
        if self.work {
            let template = Template::read(&self.root, name).with_context(|| self.without(name))?;
            return Ok(Past {
                template,
                _folder: None,
            });
        }
        let folder =
            extract::folder(&self.root, &self.commit, name).with_context(|| self.without(name))?;
        Ok(Past {
            template: Template::read(folder.path(), name)?,
            _folder: Some(folder),
        })
    }

    fn without(&self, name: &str) -> String {
        format!("the pack has no template `{name}` in {}", self.name())
    }
}

impl Past {
    /// Renders the service `name` with `answers` and the facts of `platform`.
    ///
    /// # Errors
    /// When the template refuses the name or an answer.
    pub fn render(&self, name: &str, answers: &Answers, platform: &Platform) -> Result<Rendered> {
        let path = self.template.dir.join(facts::FILE);
        let facts = crate::pack::read(&path)?;
        let stamped = facts::stamped(&facts, platform);
        render::render_with(
            &self.template,
            name,
            answers,
            &[(facts::FILE, Some(&stamped))],
        )
    }

    /// As [`Self::render`], as data.
    pub fn tree(&self, name: &str, answers: &Answers, platform: &Platform) -> Result<Tree> {
        of_folder(&self.render(name, answers, platform)?.path())
    }

    /// Of `answers` those that the template asks for, with its defaults for what is not among them.
    ///
    /// # Errors
    /// When a question has neither.
    pub fn answers(&self, answers: &Answers) -> Result<Answers> {
        let mut all = Answers::new();
        for placeholder in &self.template.manifest.placeholders {
            let default = placeholder.default.as_ref().map(|default| &default.value);
            let Some(value) = answers.get(&placeholder.name).or(default) else {
                bail!(
                    "`{}` is not answered, and has no default; give it with `-d {}=VALUE`",
                    placeholder.name,
                    placeholder.name
                );
            };
            all.insert(placeholder.name.clone(), value.clone());
        }
        Ok(all)
    }
}

/// Whether the pack's folder holds what no commit has.
pub fn is_dirty(pack: &Pack) -> bool {
    let repository = crate::repository::Repository::around(&pack.root);
    repository.is_ok_and(|it| it.uncommitted().is_ok_and(|files| !files.is_empty()))
}

/// Opens the history of `pack`.
///
/// # Errors
/// When it lies in no git repository of its own.
pub fn open(pack: &Pack) -> Result<History<'_>> {
    History::open(pack)
}
