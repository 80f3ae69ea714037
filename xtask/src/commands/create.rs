//! `create service`: asks, creates, and says what to type next.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::CreateService;
use crate::create::{self, Git, Request, Source};
use crate::pack::Pack;

/// Runs `create service`.
pub(super) fn run(
    pack: &Pack,
    args: &CreateService,
    quiet: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    // Asking needs a person on both ends.
    let person = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let request = Request {
        name: args.name.clone(),
        template: args.template.clone(),
        parent: args.dir.clone(),
        defines: args.define.clone(),
        source: if person && !args.defaults {
            Source::Terminal
        } else {
            Source::Defaults
        },
        git: !args.no_git,
    };
    let created = create::create(pack, &request)?;
    if quiet {
        writeln!(out, "{}", created.path.display())?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "created {}", created.path.display())?;
    for (option, value) in &created.answers {
        writeln!(out, "  {option} = {value}")?;
    }
    match &created.git {
        Git::NotAsked => {}
        Git::InsideRepository => writeln!(out, "git: the repository around it was left as it is")?,
        Git::Committed => writeln!(out, "git: one commit on branch main")?,
        Git::Staged(reason) => writeln!(out, "git: staged, not committed: {reason}")?,
        Git::Failed(reason) => writeln!(out, "git: not initialised: {reason}")?,
    }
    writeln!(
        out,
        "\nnext:\n  cd {}\n  cargo test --locked\n  cargo run",
        quoted(&created.path)
    )?;
    Ok(ExitCode::SUCCESS)
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
