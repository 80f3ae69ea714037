//! Renders a template with cargo-generate, embedded as a library, in a child of this program.
//!
//! A child, because cargo-generate reads the environment and the user's own configuration and prints as it goes:
//! here it sees neither, and its output is shown only when it fails. It renders from a copy of the files that git
//! tracks, never from the bare folder.

mod child;
mod staging;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
// Not through xshell: the child starts from an empty environment and reads its job from a pipe.
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::interrupt::Folder;
use crate::pack::{Answers, Template};
use crate::process::finish::fed;

pub use child::run as run_child;

/// The hidden argument that makes this program render and exit.
pub const CHILD: &str = "__render";

/// How long one render may take. It takes a tenth of a second; a hook that never ends is no reason to wait for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the child is asked to do; it arrives on its standard input.
#[derive(Debug, Serialize, Deserialize)]
struct Job {
    template: PathBuf,
    values: PathBuf,
    name: String,
    destination: PathBuf,
}

/// A rendered service in a temporary folder, which vanishes with this value.
#[derive(Debug)]
pub struct Rendered {
    folder: Folder,
    name: String,
}

impl Rendered {
    /// The folder that holds the service's files.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("out").join(&self.name)
    }

    /// Moves the service to `target`, which has to be absent or an empty folder.
    pub fn move_to(self, target: &Path) -> Result<()> {
        let parent = target.parent().unwrap_or(target);
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
        // An empty folder may be replaced; this fails where it is not empty, and that is meant.
        if target.exists() {
            fs::remove_dir(target)
                .with_context(|| format!("cannot replace {}", target.display()))?;
        }
        if fs::rename(self.path(), target).is_ok() {
            return Ok(());
        }
        // Another file system: copy beside the target first, so that the target is whole or not there.
        let beside = tempfile::Builder::new()
            .prefix(".rendering-")
            .tempdir_in(parent)
            .with_context(|| format!("cannot write to {}", parent.display()))?;
        let copy = beside.path().join(&self.name);
        staging::copy_tree(&self.path(), &copy)?;
        fs::rename(&copy, target).with_context(|| format!("cannot create {}", target.display()))
    }
}

/// A file of the template's and what it holds instead, or nothing when it is left out.
pub type Replacement<'a> = (&'a str, Option<&'a str>);

/// Renders `template` as the service `name` with `answers`.
///
/// # Errors
/// When the template's files can't be copied, or cargo-generate refuses; then nothing is left behind.
pub fn render(template: &Template, name: &str, answers: &Answers) -> Result<Rendered> {
    render_in(&std::env::temp_dir(), template, name, answers, &[])
}

/// As [`render`], with some files replaced, for a look at what comes of it.
pub fn render_with(
    template: &Template,
    name: &str,
    answers: &Answers,
    replacements: &[Replacement<'_>],
) -> Result<Rendered> {
    render_in(&in_memory(), template, name, answers, replacements)
}

/// Where folders are made that are gone in a moment: in memory where the system offers that, and the user has not named
/// another place. A disk can take a hundred times as long to make thousands of files and remove them.
pub fn in_memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let writable = rustix::fs::access(memory, rustix::fs::Access::WRITE_OK).is_ok();
    if writable && memory.is_dir() && std::env::var_os("TMPDIR").is_none() {
        return memory.to_owned();
    }
    std::env::temp_dir()
}

fn render_in(
    place: &Path,
    template: &Template,
    name: &str,
    answers: &Answers,
    replacements: &[Replacement<'_>],
) -> Result<Rendered> {
    let folder = Folder::new("render-", place)?;
    let base = folder.path().canonicalize()?;
    let source = base.join("template");
    let replaced: BTreeMap<&str, Option<&str>> = replacements.iter().copied().collect();
    let kept = template.files.iter().map(String::as_str);
    let kept = kept.filter(|file| !replaced.contains_key(file));
    staging::copy_files(&template.dir, kept, &source)?;
    for (file, content) in replaced {
        if let Some(content) = content {
            staging::write(&source.join(file), content)?;
        }
    }
    let destination = base.join("out");
    fs::create_dir(&destination)?;
    let values = base.join("values.toml");
    let table = toml::Table::from_iter([("values".to_owned(), toml::Value::try_from(answers)?)]);
    fs::write(&values, toml::to_string(&table)?)?;
    let job = Job {
        template: source,
        values,
        name: name.to_owned(),
        destination,
    };
    start(&job, &base).with_context(|| format!("cannot render {}", template.name))?;
    let rendered = Rendered {
        folder,
        name: name.to_owned(),
    };
    if !rendered.path().is_dir() {
        bail!(
            "cargo-generate gave the service another name than `{name}`; take a name in kebab case"
        );
    }
    Ok(rendered)
}

fn start(job: &Job, home: &Path) -> Result<()> {
    let mut command = Command::new(this_program()?);
    command
        .arg(CHILD)
        .env_clear()
        // cargo-generate wants to know an author, reads its configuration from CARGO_HOME, and unpacks in TMPDIR.
        .envs([("USER", "xtask"), ("NO_COLOR", "1")])
        .envs([("HOME", home), ("CARGO_HOME", home), ("TMPDIR", home)])
        .current_dir(home);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    let ended = fed(&mut command, Some(&serde_json::to_vec(job)?), PATIENCE)
        .context("cannot start the renderer")?;
    match ended.code {
        Some(0) => Ok(()),
        Some(_) => bail!("{}", child::reason(&ended.stderr)),
        None => bail!(
            "cargo-generate still ran after {PATIENCE:?}, and was killed; look for a loop without an end in the template's hooks"
        ),
    }
}

/// This very program, also after a build has put another one in its place, as `verify` may have cargo do.
fn this_program() -> Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe().context("cannot find this program")
}
