//! How long a developer waits for `create service`.

// Not through xshell: its own time is not what is measured.
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::figure::{Figure, Target};
use super::table::Sheet;
use crate::pack::{Pack, Template};

/// Services that are created for one figure.
const RUNS: usize = 20;

/// Runs this very program, as a shell would.
pub fn measure(pack: &Pack, template: &Template) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    for (name, more) in [("create", &["--no-git"][..]), ("create, with git", &[])] {
        let mut times = Vec::new();
        for _ in 0..RUNS {
            times.push(create(pack, template, more)?);
        }
        let figure = Figure::alone(name, "ms", &times);
        sheet.add([figure.map(|figure| figure.held_to(Target::at_most(100.0)))]);
    }
    Ok(sheet)
}

fn create(pack: &Pack, template: &Template, more: &[&str]) -> Result<f64> {
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    let program = std::env::current_exe().context("cannot find this program")?;
    let begun = Instant::now();
    let output = Command::new(program)
        .arg("--root")
        .arg(&pack.root)
        .args(["create", "service", "orders", "--defaults", "--template"])
        .arg(&template.name)
        .arg("--dir")
        .arg(folder.path())
        .args(more)
        .stdin(Stdio::null())
        .output()
        .context("cannot run this program")?;
    let time = begun.elapsed();
    if !output.status.success() {
        bail!(
            "create failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(time.as_secs_f64() * 1e3)
}
