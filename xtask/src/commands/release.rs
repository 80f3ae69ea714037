//! `release`: says what was released, and what to type next.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use semver::Version;
use serde_json::json;

use super::conclude;
use crate::cli::{self, Cli};
use crate::pack::Pack;
use crate::release::{self, Outcome, Planned, Released, Request, Tag};
use crate::report::Format;

/// Runs `release`.
pub(super) fn run(
    pack: &Pack,
    args: &cli::Release,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let request = Request {
        version: args.version.clone(),
        dry_run: args.dry_run,
        tag: !args.no_tag,
    };
    let version = &request.version;
    let json = cli.format == Format::Json;
    let text = match release::release(pack, &request)? {
        Outcome::Found(report) => {
            let code = conclude(report, cli, out)?;
            if !cli.quiet {
                eprintln!("{version} is not released: mend what was found and commit it");
            }
            return Ok(code);
        }
        Outcome::Planned(Planned { files, section }) if json => {
            let line =
                json!({"planned": version.to_string(), "files": files, "changelog": section});
            format!("{line}\n")
        }
        Outcome::Planned(planned) => plan(version, &planned),
        Outcome::Released(released) => {
            if let Tag::Refused(reason) = &released.tag {
                eprintln!("note: the tag `v{version}` was not made: {reason}");
            }
            if json {
                let tag = (released.tag == Tag::There).then(|| format!("v{version}"));
                let line = json!({"released": version.to_string(), "commit": released.commit, "record": released.record, "tag": tag});
                format!("{line}\n")
            } else {
                report(version, &released, cli.quiet)
            }
        }
    };
    // The release stands, whether or not anybody can be told.
    let _ = out.write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn plan(version: &Version, planned: &Planned) -> String {
    if planned.files.is_empty() {
        return format!(
            "would record {version} in releases.toml: its commit is there; nothing was written\n"
        );
    }
    let mut text = format!("would release {version}, and change:\n");
    for file in &planned.files {
        let _ = writeln!(text, "  {file}");
    }
    text + &*format!("\n{}\nnothing was written\n", planned.section)
}

fn report(version: &Version, released: &Released, quiet: bool) -> String {
    if quiet {
        return format!("{}\n", released.commit);
    }
    let mut text = format!(
        "released {version}\n  {} Release {version}\n  {} Record {version} in releases.toml\n",
        short(&released.commit),
        short(&released.record),
    );
    if released.tag == Tag::There {
        let _ = writeln!(text, "  tag v{version}");
    }
    text += "\nnext:\n";
    if released.tag != Tag::There {
        let commit = short(&released.commit);
        let _ = writeln!(
            text,
            "  git tag --annotate --message 'Release {version}' v{version} {commit}"
        );
    }
    let _ = writeln!(text, "  {}", released.push);
    text
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
