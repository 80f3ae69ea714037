//! `lint`: gathers the workflows of a tree, and those that its templates render, and has the rules judge them together.
//!
//! All that reads files is here; the rules see a model. What they find in a rendered workflow is led back to the line of
//! the template that it came from.

mod align;
mod cache;
mod origin;
mod renders;
mod tree;

use std::path::Path;

use anyhow::{Result, bail};

use crate::pack::{self, Pack};
use crate::report::Report;
use crate::rules::workflow::{self, Model};

use origin::Origins;

/// The file that makes a tree a pack.
const REGISTRY: &str = "cargo-generate.toml";

/// What the workflow rules find in the pack, or in any other repository, at `root`.
///
/// # Errors
/// When the tree can't be read, or has nothing to judge.
pub fn check(root: Option<&Path>) -> Result<Report> {
    match root {
        Some(root) if !root.join(REGISTRY).exists() => check_alone(root),
        _ => {
            // What can't be parsed is a finding, and leaves nothing to render with.
            let unreadable = pack::defects(root)?;
            if unreadable.has_errors() {
                return Ok(unreadable);
            }
            check_pack(&Pack::open(root)?)
        }
    }
}

/// What they find in a pack.
pub fn check_pack(pack: &Pack) -> Result<Report> {
    let mut files = tree::read(&pack.root)?;
    let templates = pack.templates()?;
    let mut placeholders: Vec<String> = pack
        .platform
        .facts()
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let mut report = Report::default();
    let mut origins = Origins::default();
    for template in &templates {
        placeholders.extend(
            template
                .manifest
                .placeholders
                .iter()
                .map(|p| p.name.clone()),
        );
        placeholders.extend(renders::variables(template));
        match renders::of(pack, template)? {
            Ok(renders) => origins.add(template, renders, &mut files)?,
            Err(refusal) => report.error_in_file(
                "S2-unparsable",
                format!("{}/{REGISTRY}", template.name),
                refusal,
                "cargo xtask validate",
            ),
        }
    }
    let model = Model {
        platform: Some(pack.platform.clone()),
        placeholders,
        files,
    };
    origins.map(workflow::check(&model), &model, &mut report);
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
    let model = Model {
        platform: None,
        placeholders: Vec::new(),
        files,
    };
    let mut report = Report::default();
    Origins::default().map(workflow::check(&model), &model, &mut report);
    Ok(report)
}
