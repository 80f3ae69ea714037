//! `lint` beside actionlint, and what it takes on this pack.

use std::fs;
use std::path::{Path, PathBuf};
// Not through xshell: the time between start and end is what is measured.
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xshell::Shell;

use super::figure::{Figure, Target};
use super::table::Sheet;
use super::{child, workflows};
use crate::interrupt::Folder;
use crate::pack::{Pack, tracked};
use crate::process;
use crate::verify::Tool;

/// Files of a large repository, and of one four times as large.
const FILES: usize = 1_000;
const MORE: usize = 4 * FILES;

/// What a file may take when it is one of thousands.
const PER_FILE: f64 = 64.0;

/// Measures both.
pub fn measure(pack: &Pack, rounds: u32) -> Result<Sheet> {
    let mut sheet = Sheet::default().named("xtask", "actionlint");
    eprintln!("building xtask in release");
    let lint = Lint::build(pack)?;
    let (some, many) = (Repository::new(FILES)?, Repository::new(MORE)?);
    eprintln!("{FILES} workflows, beside actionlint");
    let reference = Tool::Actionlint.missing();
    let (mut own, mut other) = (Vec::new(), Vec::new());
    // Once before anything counts.
    child::time(lint.on(some.path()), &[0])?;
    for round in 0..rounds {
        let ours = |own: &mut Vec<f64>| -> Result<()> {
            own.push(child::time(lint.on(some.path()), &[0])?);
            Ok(())
        };
        let theirs = |other: &mut Vec<f64>| -> Result<()> {
            if reference.is_none() {
                other.push(child::time(actionlint(some.path()), &[0])?);
            }
            Ok(())
        };
        if round.is_multiple_of(2) {
            ours(&mut own)?;
            theirs(&mut other)?;
        } else {
            theirs(&mut other)?;
            ours(&mut own)?;
        }
    }
    let name = "lint of 1 000 workflows";
    let figure = match &reference {
        None => Figure::pair(name, "ms", &own, &other),
        Some(reason) => {
            sheet.skip("actionlint", reason.as_str());
            Figure::alone(name, "ms", &own)
        }
    };
    let goal = Target::AtMost {
        goal: 1.0,
        floor: 3.0,
    };
    sheet.add([figure.map(|figure| match figure.ratio {
        Some(_) => figure.held_to(goal),
        None => figure,
    })]);
    memory(&lint, &some, &many, reference.is_none(), &mut sheet)?;
    eprintln!("this pack");
    pack_itself(pack, rounds, &mut sheet)?;
    Ok(sheet)
}

fn memory(
    lint: &Lint,
    some: &Repository,
    many: &Repository,
    beside: bool,
    sheet: &mut Sheet,
) -> Result<()> {
    let mut peaks = Vec::new();
    for (repository, count) in [(some, "1 000"), (many, "4 000")] {
        let own = child::peak(lint.on(repository.path()))?;
        let name = format!("peak memory, {count} workflows");
        sheet.add([if beside {
            let other = child::peak(actionlint(repository.path()))?;
            Figure::pair(name, "MiB", &[own], &[other])
        } else {
            Figure::alone(name, "MiB", &[own])
        }]);
        peaks.push(own);
    }
    if let [some, many] = peaks[..] {
        let count = u32::try_from(MORE - FILES)?;
        let more = (many - some) * 1024.0 / f64::from(count);
        let figure = Figure::alone("memory a workflow more", "KiB", &[more]);
        sheet.add([figure.map(|figure| figure.held_to(Target::at_most(PER_FILE)))]);
    }
    Ok(())
}

/// What a developer waits for: this very program, on a copy whose renders are kept or not.
fn pack_itself(pack: &Pack, rounds: u32, sheet: &mut Sheet) -> Result<()> {
    let copy = Repository::of(pack)?;
    let program = std::env::current_exe().context("cannot find this program")?;
    let run = |args: &[&str]| -> Result<f64> {
        let mut command = Command::new(&program);
        command.arg("--root").arg(copy.path()).args(args);
        child::time(command, &[0])
    };
    let both = || Ok::<_, anyhow::Error>(run(&["validate"])? + run(&["lint", "--external=off"])?);
    let (mut cold, mut warm, mut external) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let kept = copy.path().join("target");
        if kept.exists() {
            fs::remove_dir_all(&kept)
                .with_context(|| format!("cannot remove {}", kept.display()))?;
        }
        cold.push(both()?);
        warm.push(both()?);
        external.push(run(&["lint"])?);
    }
    let second = Target::at_most(1000.0);
    let judged = |name: &str, times: &[f64]| {
        Figure::alone(name, "ms", times).map(|figure| figure.held_to(second))
    };
    sheet.add([
        judged("validate and lint of this pack, nothing kept", &cold),
        judged("validate and lint of this pack, renders kept", &warm),
        Figure::alone("lint of this pack with other tools", "ms", &external),
    ]);
    Ok(())
}

/// xtask, in release.
struct Lint {
    program: PathBuf,
}

impl Lint {
    fn build(pack: &Pack) -> Result<Self> {
        if !cfg!(debug_assertions) {
            let program = std::env::current_exe().context("cannot find this program")?;
            return Ok(Self { program });
        }
        let shell = Shell::new()?;
        shell.change_dir(&pack.root);
        let args = ["build", "--release", "--package", "xtask", "--bin", "xtask"];
        let args = [&args[..], &["--message-format", "json-render-diagnostics"]].concat();
        let command = process::cargo(&shell, &args).quiet();
        let printed = command.read().context("xtask does not build in release")?;
        let built = printed.lines().find_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            Some(PathBuf::from(message["executable"].as_str()?))
        });
        match built {
            Some(program) => Ok(Self { program }),
            None => bail!("cargo names no program that it has built"),
        }
    }

    fn on(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--root").arg(root);
        command.args(["--quiet", "lint", "--external", "off"]);
        command
    }
}

/// Without the programs that it would ask in turn.
fn actionlint(root: &Path) -> Command {
    let mut command = Command::new("actionlint");
    command
        .args(["-shellcheck=", "-pyflakes="])
        .current_dir(root);
    command
}

/// A repository in a folder that vanishes.
struct Repository {
    folder: Folder,
}

impl Repository {
    fn empty() -> Result<Self> {
        let folder = Folder::new("bench-lint-", &std::env::temp_dir())?;
        let shell = Shell::new()?;
        shell.change_dir(folder.path());
        process::git(&shell, &["init", "--quiet"]).quiet().run()?;
        Ok(Self { folder })
    }

    /// With so many workflows.
    fn new(count: usize) -> Result<Self> {
        let repository = Self::empty()?;
        workflows::write(repository.path(), count)?;
        Ok(repository)
    }

    /// A copy of the pack.
    fn of(pack: &Pack) -> Result<Self> {
        let repository = Self::empty()?;
        for file in tracked(&pack.root, ".")? {
            let (from, to) = (pack.root.join(&file), repository.path().join(&file));
            if !from.is_file() {
                continue;
            }
            let attempt = || {
                fs::create_dir_all(to.parent().unwrap_or(&to))?;
                fs::copy(&from, &to)
            };
            attempt().with_context(|| format!("cannot copy {}", from.display()))?;
        }
        Ok(repository)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}
