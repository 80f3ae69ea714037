//! `upgrade`: services of every released version, worked on as people do, are brought to the pack as it lies here.

mod edits;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use super::no_database;
use crate::drift;
use crate::history::{self, History};
use crate::pack::Pack;
use crate::process;
use crate::report::Severity;
use crate::tree::Tree;
use crate::upgrade::{self, Applied, Request};
use crate::verify::bench::{Service, answers};
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[Gate {
    name: "from-releases",
    scope: Scope::Case,
    needs: &[Tool::History],
    run: from_releases,
}];

/// From each release a line of its own.
fn from_releases(bench: &mut Bench<'_>, step: &Step, inner: &mut Inner<'_>) -> Result<Verdict> {
    if let Some(skipped) = no_database(step) {
        return Ok(skipped);
    }
    let pack = bench.pack;
    let history = history::open(pack)?;
    let releases: Vec<String> = history
        .releases()
        .all()
        .iter()
        .map(|release| release.version.to_string())
        .collect();
    if releases.is_empty() {
        return Ok(Verdict::Skipped(
            "nothing has been released: releases.toml has no entry".into(),
        ));
    }
    let mut tested: BTreeMap<String, Tree> = BTreeMap::new();
    let mut failed = Vec::new();
    for version in &releases {
        let start = Instant::now();
        let verdict = from_release(bench, step, &history, version, &mut tested)
            .unwrap_or_else(|error| Verdict::Failed(format!("{error:#}")));
        if let Verdict::Failed(_) = verdict {
            failed.push(version.as_str());
        }
        inner(
            &format!("from {version}"),
            verdict,
            start.elapsed().as_secs_f64(),
        )?;
    }
    Ok(if failed.is_empty() {
        Verdict::Passed(format!("{} releases", releases.len()))
    } else {
        Verdict::Failed(format!("from {} it went wrong", failed.join(", ")))
    })
}

/// Renders the release, works on it, upgrades it, and tests what came of it, unless it is what another release came to.
fn from_release(
    bench: &Bench<'_>,
    step: &Step,
    history: &History<'_>,
    version: &str,
    tested: &mut BTreeMap<String, Tree>,
) -> Result<Verdict> {
    let template = bench.template(step)?;
    let point = history.at(version)?;
    let Ok(past) = point.template(&template.name) else {
        return Ok(Verdict::Skipped(format!("{version} has no such template")));
    };
    let service = bench.place(step, "-upgraded")?;
    let given = past.answers(&answers(template, step))?;
    past.render(&service.name, &given, &point.platform)?
        .move_to(&service.path)?;
    commit(&service, "Create the service")?;
    let edits = edits::make(&service.path)?;
    commit(&service, "Work on it")?;

    let edited = edited(bench.pack, &service.path)?;
    if edited != [edits::PLATFORM_FILE] {
        return Ok(Verdict::Failed(format!(
            "`drift` finds edits by hand in {edited:?}; only {} of the platform's was edited",
            edits::PLATFORM_FILE
        )));
    }
    let request = Request {
        dir: service.path.clone(),
        from: None,
        to: Some(".".to_owned()),
        defines: Vec::new(),
    };
    let plan = upgrade::plan(bench.pack, &request)?;
    if let Some(fault) = edits.lost(&plan) {
        return Ok(Verdict::Failed(fault));
    }
    if upgrade::apply(&plan, None)? != Applied::Written && !plan.is_empty() {
        return Ok(Verdict::Failed("the upgrade was not written".into()));
    }
    edits::settle(&service.path, &plan)?;
    commit(&service, "Upgrade it")?;

    let again = upgrade::plan(bench.pack, &request)?;
    if !again.is_empty() {
        let changed = again.changed().join(", ");
        return Ok(Verdict::Failed(format!(
            "a second run would change {changed}; it has to find nothing to do"
        )));
    }
    let left = found(bench.pack, &service.path)?;
    if !left.is_empty() {
        return Ok(Verdict::Failed(format!(
            "`drift` finds {} after the upgrade; it has to find nothing",
            left.join(", ")
        )));
    }
    let same = tested.iter().find(|(_, tree)| **tree == again.after);
    if let Some((other, _)) = same {
        return Ok(Verdict::Passed(format!("as from {other}, to the byte")));
    }
    let verdict = service.cargo(&["test", "--locked", "--quiet"])?;
    if let Verdict::Passed(_) = verdict {
        tested.insert(version.to_owned(), again.after);
        return Ok(Verdict::Passed(format!(
            "{} files changed, tested",
            plan.changed().len()
        )));
    }
    Ok(verdict)
}

/// The platform files that `drift` finds edited.
fn edited(pack: &Pack, service: &Path) -> Result<Vec<String>> {
    let all = found(pack, service)?.into_iter();
    let of_rule = all.filter_map(|found| {
        found
            .strip_prefix(drift::PLATFORM_FILE)?
            .strip_prefix(" ")
            .map(str::to_owned)
    });
    Ok(of_rule.collect())
}

/// What `drift` finds: rule and file of each error.
fn found(pack: &Pack, service: &Path) -> Result<Vec<String>> {
    let drift = drift::check(pack, &[service.to_owned()], Some("."))?;
    let failure = drift.services.iter().find_map(|row| row.failure.clone());
    if let Some(failure) = failure {
        bail!("`drift` could not look at the service: {failure}");
    }
    let shown = format!("{}/", service.display());
    let errors = drift
        .report
        .sorted()
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error);
    Ok(errors
        .map(|finding| format!("{} {}", finding.rule, finding.file.replace(&shown, "")))
        .collect())
}

/// Commits everything in the service's folder, as somebody whom git need not know.
fn commit(service: &Service, message: &str) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(&service.path);
    let git = |args: &[&str]| {
        process::git(&shell, args)
            .quiet()
            .ignore_stderr()
            .run()
            .with_context(|| {
                format!(
                    "`git {}` failed in {}",
                    args.join(" "),
                    service.path.display()
                )
            })
    };
    if !service.path.join(".git").exists() {
        git(&["init", "--quiet", "--initial-branch=main"])?;
    }
    git(&["add", "--all", "--force"])?;
    git(&[
        "-c",
        "user.name=verify",
        "-c",
        "user.email=verify@localhost",
        "-c",
        "commit.gpgSign=false",
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "--quiet",
        "--allow-empty",
        "--message",
        message,
    ])
}
