//! `create service`: asks, creates, and says what to type next.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use crate::cli::{Cli, CreateService};
use crate::create::{self, Created, Git, Request, Source};
use crate::pack::Pack;
use crate::report::Format;

/// Runs `create service`.
pub(super) fn run(
    pack: &Pack,
    args: &CreateService,
    cli: &Cli,
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
    let text = match (cli.format, cli.quiet) {
        (Format::Json, _) => {
            let line = json!({"created": created.path, "answers": created.answers, "git": git(&created.git)});
            format!("{line}\n")
        }
        (_, true) => format!("{}\n", created.path.display()),
        (_, false) => report(&created),
    };
    // The service stands, whether or not anybody can be told.
    let _ = out.write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn report(created: &Created) -> String {
    let mut text = format!("created {}\n", created.path.display());
    for (option, value) in &created.answers {
        let _ = writeln!(text, "  {option} = {value}");
    }
    if let Some(git) = git(&created.git) {
        let _ = writeln!(text, "git: {git}");
    }
    let path = super::quoted(&created.path);
    text + &*format!("\nnext:\n  cd {path}\n  cargo test --locked\n  cargo run\n")
}

/// What became of git, in words.
fn git(git: &Git) -> Option<String> {
    match git {
        Git::NotAsked => None,
        Git::InsideRepository => Some("the repository around it was left as it is".into()),
        Git::Committed => Some("one commit on branch main".into()),
        Git::Staged(reason) => Some(format!("staged, not committed: {reason}")),
        Git::Failed(reason) => Some(format!("not initialised: {reason}")),
    }
}
