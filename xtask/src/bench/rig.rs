//! A rendered service, built in release beside the bare handler: one lock file, one profile.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use super::beside::Beside;
use super::goals::Goals;
use super::server::Program;
use crate::pack::{Answers, Pack, Template};
use crate::process;
use crate::render;

/// The name of the service that is measured.
const NAME: &str = "orders";
/// The sources that are built as examples of the rendered copy.
const EXAMPLES: &[(&str, &str)] = &[
    ("bare", include_str!("bare.rs.txt")),
    ("loop", include_str!("loop.rs.txt")),
];

/// What is measured, and where it stands.
#[derive(Debug)]
pub struct Rig {
    /// The rendered service.
    pub service: PathBuf,
    /// Log files and patched copies.
    pub folder: PathBuf,
    /// What figures are held to.
    pub goals: Goals,
    /// What the service stands on.
    pub beside: Beside,
    target: PathBuf,
    /// Held as long as this run works in its folder.
    _lock: File,
}

impl Rig {
    /// Renders `template` with `answers` under the pack's target folder.
    pub fn new(pack: &Pack, template: &Template, answers: &Answers) -> Result<Self> {
        let folder = pack.root.join("target/bench");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let lock = folder.join(".lock");
        let lock =
            File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
        if lock.try_lock().is_err() {
            bail!("another `bench` of this pack is running; two would measure each other");
        }
        // Before anything is built: what can't be had here is to be said at once.
        let beside = Beside::start(answers)?;
        let service = folder.join(NAME);
        empty(&service)?;
        render::render(template, NAME, answers)?.move_to(&service)?;
        inject(&service)?;
        Ok(Self {
            goals: Goals::of(answers),
            beside,
            target: folder.join("build"),
            service,
            folder,
            _lock: lock,
        })
    }

    /// Builds the service and what it is compared with; with `clean`, from nothing. The seconds that the service took.
    pub fn build(&self, clean: bool) -> Result<f64> {
        if clean {
            empty(&self.target)?;
        }
        let begun = Instant::now();
        self.cargo(
            &self.service,
            &["build", "--release", "--locked", "--quiet", "--bins"],
        )?;
        let seconds = begun.elapsed().as_secs_f64();
        for (example, _) in EXAMPLES {
            self.example(&self.service, example)?;
        }
        Ok(seconds)
    }

    /// The service, as it would be deployed.
    pub fn service(&self) -> Program {
        self.program("service", self.target.join("release").join(NAME), |_| {
            Vec::new()
        })
    }

    /// The bare handler.
    pub fn bare(&self) -> Program {
        self.program("bare", self.built("bare"), |port| vec![port.to_string()])
    }

    /// The in-process loop, as it was built last.
    pub fn built(&self, example: &str) -> PathBuf {
        self.target.join("release/examples").join(example)
    }

    /// A copy of the service with `edits` made to its sources, and the loop built from it.
    pub fn patched(&self, name: &str, edits: &[(&str, &str, &str)]) -> Result<PathBuf> {
        // One folder for all: only what was edited is compiled again.
        let copy = self.folder.join("patched");
        empty(&copy)?;
        let shell = Shell::new()?;
        let (from, to) = (&self.service, &copy);
        xshell::cmd!(shell, "cp -r {from} {to}").quiet().run()?;
        for (file, needle, replacement) in edits {
            let path = copy.join(file);
            let text = crate::pack::read(&path)?;
            fs::write(&path, replace_once(&text, needle, replacement, file)?)?;
        }
        self.example(&copy, "loop")?;
        let kept = self.folder.join(format!("loop.{name}"));
        fs::copy(self.built("loop"), &kept)
            .with_context(|| format!("cannot write {}", kept.display()))?;
        Ok(kept)
    }

    fn program(
        &self,
        name: &'static str,
        binary: PathBuf,
        args: fn(u16) -> Vec<String>,
    ) -> Program {
        Program {
            name,
            binary,
            args,
            folder: self.service.clone(),
            log: self.folder.join(format!("{name}.log")),
            env: self.beside.env().to_vec(),
        }
    }

    fn example(&self, folder: &Path, example: &str) -> Result<()> {
        let args = [
            "build",
            "--release",
            "--locked",
            "--quiet",
            "--example",
            example,
        ];
        self.cargo(folder, &args)
    }

    fn cargo(&self, folder: &Path, args: &[&str]) -> Result<()> {
        let shell = Shell::new()?;
        shell.change_dir(folder);
        let command = process::cargo(&shell, args)
            .env("CARGO_TARGET_DIR", &self.target)
            // Patched copies may leave things unused, and say so.
            .env("RUSTFLAGS", "-Awarnings")
            .env_remove("CARGO_BUILD_TARGET");
        command
            .quiet()
            .run()
            .context("the service does not build; `cargo xtask verify --stage build` says more")
    }
}

/// `text` with the one place of `needle` replaced.
pub fn replace_once(text: &str, needle: &str, replacement: &str, file: &str) -> Result<String> {
    match text.matches(needle).count() {
        1 => Ok(text.replacen(needle, replacement, 1)),
        count => bail!(
            "{file} holds `{}` {count} times instead of once; mend PARTS in xtask/src/bench/parts.rs",
            needle.trim()
        ),
    }
}

fn inject(service: &Path) -> Result<()> {
    let examples = service.join("examples");
    fs::create_dir_all(&examples)?;
    for (name, source) in EXAMPLES {
        let path = examples.join(format!("{name}.rs"));
        fs::write(&path, source).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
