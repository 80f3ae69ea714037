//! `lint`: gathers the workflows of a tree, and those that its templates render, and has the rules judge them together.
//!
//! All that reads files is here; the rules see a model. What they find in a rendered workflow is led back to the line of
//! the template that it came from. What other tools find joins the same report.

mod cache;
pub mod external;
mod origin;
mod renders;
mod tree;

use std::path::Path;

use anyhow::{Result, bail};

use crate::pack::{self, Pack, Template};
use crate::report::Report;
use crate::rules::workflow::{self, Model};

use external::{External, Subject};
use origin::Origins;
use renders::Render;

/// The file that makes a tree a pack.
const REGISTRY: &str = "cargo-generate.toml";

/// What one run says.
#[derive(Debug)]
pub struct Outcome {
    /// What was found.
    pub report: Report,
    /// What could not be looked at, and why.
    pub notes: Vec<String>,
}

/// What the workflow rules, and the other tools that `external` asks for, find in the pack, or in any other repository, at
/// `root`.
///
/// # Errors
/// When the tree can't be read, or has nothing to judge; when a tool that has to be there is not, or does not work.
pub fn check(root: Option<&Path>, external: External) -> Result<Outcome> {
    let (mut report, subject) = match root {
        Some(root) if !root.join(REGISTRY).exists() => {
            let report = check_alone(root)?;
            let subject = (external != External::Off).then(|| Subject::of_repository(root));
            (report, subject.transpose()?)
        }
        _ => {
            // What can't be parsed is a finding, and leaves nothing to render with.
            let unreadable = pack::defects(root)?;
            if unreadable.has_errors() {
                return Ok(Outcome {
                    report: unreadable,
                    notes: Vec::new(),
                });
            }
            let pack = Pack::open(root)?;
            let mut report = Report::default();
            let renders = render(&pack, &mut report)?;
            report.extend(judge(&pack, &renders)?);
            let subject = (external != External::Off).then(|| Subject::of_pack(&pack, renders));
            (report, subject.transpose()?)
        }
    };
    let mut notes = Vec::new();
    if let Some(subject) = subject {
        report.extend(external::check(&subject, external, &mut notes)?);
    }
    Ok(Outcome { report, notes })
}

/// What the rules find in a pack.
pub fn check_pack(pack: &Pack) -> Result<Report> {
    let mut report = Report::default();
    let renders = render(pack, &mut report)?;
    report.extend(judge(pack, &renders)?);
    Ok(report)
}

/// What another tool finds in a pack and all that it renders.
pub fn ask(pack: &Pack, program: &str) -> Result<Report> {
    let mut report = Report::default();
    let renders = render(pack, &mut report)?;
    report.extend(external::ask(&Subject::of_pack(pack, renders)?, program)?);
    Ok(report)
}

/// What every template renders; one that does not is a finding.
fn render(pack: &Pack, report: &mut Report) -> Result<Vec<(Template, Vec<Render>)>> {
    let mut rendered = Vec::new();
    for template in pack.templates()? {
        let renders = match renders::of(pack, &template)? {
            Ok(renders) => renders,
            Err(refusal) => {
                report.error_in_file(
                    "S2-unparsable",
                    format!("{}/{REGISTRY}", template.name),
                    refusal,
                    "cargo xtask validate",
                );
                Vec::new()
            }
        };
        rendered.push((template, renders));
    }
    Ok(rendered)
}

fn judge(pack: &Pack, rendered: &[(Template, Vec<Render>)]) -> Result<Report> {
    let mut files = tree::read(&pack.root)?;
    let mut placeholders: Vec<String> = pack
        .platform
        .facts()
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let mut origins = Origins::default();
    for (template, renders) in rendered {
        placeholders.extend(
            template
                .manifest
                .placeholders
                .iter()
                .map(|p| p.name.clone()),
        );
        placeholders.extend(renders::variables(template));
        origins.add(template, renders::of_workflows(renders), &mut files)?;
    }
    let mut model = Model::new(Some(pack.platform.clone()), placeholders, files);
    model.paths = tree::paths(&pack.root, &model)?;
    let mut report = Report::default();
    origins.map(workflow::check(&model), &mut report);
    Ok(report)
}

/// What they find in a repository that is no pack.
fn check_alone(root: &Path) -> Result<Report> {
    if !root.is_dir() {
        bail!(
            "`{}` is not a folder that can be read; name a repository with `--root DIR`",
            root.display()
        );
    }
    let files = tree::read(root)?;
    if files.is_empty() && !root.join(".github").is_dir() {
        bail!(
            "`{}` has neither `.github` nor templates; name a repository with `--root DIR`",
            root.display()
        );
    }
    let mut model = Model::new(None, Vec::new(), files);
    model.paths = tree::paths(root, &model)?;
    let mut report = Report::default();
    Origins::default().map(workflow::check(&model), &mut report);
    Ok(report)
}
