//! `adopt`: says what was written, or would be, and what to type next.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use crate::adopt::{self, Request};
use crate::cli::{self, Cli};
use crate::pack::{Pack, Platform};
use crate::report::Format;
use crate::sync;

/// Runs `adopt`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Adopt,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let given = [
        ("org", &args.org),
        ("repo", &args.repo),
        ("registry", &args.registry),
        ("ref", &args.reference),
        ("runner", &args.runner),
    ];
    let facts = given.into_iter();
    let request = Request {
        facts: facts
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .collect(),
        facts_of: args.facts_of.as_deref(),
        // What writes nothing mixes nothing.
        allow_dirty: args.allow_dirty || args.dry_run,
    };
    let platform = adopt::wanted(pack, &request)?;
    // Copies that a merge has torn would keep the templates from rendering.
    let mut written = if args.allow_dirty && !args.dry_run {
        sync::write_copies(pack)?
    } else {
        Vec::new()
    };
    let plan = adopt::plan(pack, &platform, request.allow_dirty)?;
    let text = if args.dry_run {
        let diff = plan.difference()?;
        match cli.format {
            Format::Json => {
                let files: Vec<_> = plan.files().collect();
                format!("{}\n", json!({"would_write": files, "diff": diff}))
            }
            _ if diff.is_empty() && !cli.quiet => unchanged(&platform),
            _ => diff,
        }
    } else {
        written.extend(plan.write()?);
        match cli.format {
            Format::Json => format!("{}\n", json!({"wrote": written})),
            _ if written.is_empty() && !cli.quiet => unchanged(&platform),
            _ => {
                let lines = written.iter().map(|file| format!("wrote {file}\n"));
                let mut text: String = lines.collect();
                if !cli.quiet {
                    text += &next(pack, &platform);
                }
                text
            }
        }
    };
    // What is written is written, whether or not anybody can be told.
    let _ = out.write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// The pack's address and what else services get from it.
fn summary(platform: &Platform) -> String {
    let Platform {
        org,
        repo,
        registry,
        reference,
        runner,
    } = platform;
    let images = org.to_lowercase();
    format!(
        "{org}/{repo}: services call its workflows at {reference}, push images to {registry}/{images}/ and run on {runner}"
    )
}

fn unchanged(platform: &Platform) -> String {
    format!(
        "{}\nnothing to write: everything says so already\n",
        summary(platform)
    )
}

fn next(pack: &Pack, platform: &Platform) -> String {
    let mut text = format!("\n{}\n", summary(platform));
    let (git, xtask) = if pack.foreign {
        let root = super::quoted(&pack.root);
        (
            format!("git -C {root}"),
            format!("cargo xtask --root {root}"),
        )
    } else {
        ("git".to_owned(), "cargo xtask".to_owned())
    };
    if crate::repository::is_top(&pack.root) {
        let org = &platform.org;
        let _ = write!(
            text,
            "nothing is committed\n\nnext:\n  {git} diff\n  {xtask} verify\n  \
             {git} commit --all --message \"Adopt the platform for {org}\"\n"
        );
    } else {
        let _ = write!(
            text,
            "there is no git here: nothing can be compared, and nothing taken back\n\nnext:\n  {xtask} verify\n"
        );
    }
    text
}
