//! What a template gives that can be judged before anything is built, for every combination of its options: workflows and
//! what stands beside them, Dockerfiles, compose files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::cache::Cache;
use super::tree;
use crate::pack::{Answers, Case, Matrix, Pack, Template, cases};
use crate::parallel;
use crate::render;

/// The files of a rendered service that are judged, by their paths, and the combinations that give just these.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Render {
    /// Combinations of options, as `--case` takes them.
    pub cases: Vec<String>,
    /// Path and text.
    pub files: BTreeMap<String, String>,
}

/// A service's name that no organisation, option or fact has.
const NAME: &str = "lint-sample";
/// Beyond it, pairs of values have to do.
const MANY: usize = 100;

/// What the template renders; or, as text, why it does not.
pub(super) fn of(pack: &Pack, template: &Template) -> Result<Result<Vec<Render>, String>> {
    let mut all = cases(&template.manifest, Matrix::All);
    if all.len() > MANY {
        all = cases(&template.manifest, Matrix::Pairwise);
    }
    let cache = Cache::open(pack, template, &all)?;
    if let Some(kept) = cache.read() {
        return Ok(Ok(kept));
    }
    match render_all(template, &all) {
        Ok(renders) => {
            cache.write(&renders);
            Ok(Ok(renders))
        }
        Err(error) => {
            let text = format!("{error:#}");
            // cargo-generate's advice on how to hide it.
            let text = text.split(" Consider adding").next().unwrap_or_default();
            Ok(Err(text.to_owned()))
        }
    }
}

/// Of these renders, what holds for workflows alone: those that differ in nothing else are one.
pub(super) fn of_workflows(renders: &[Render]) -> Vec<Render> {
    let mut found: Vec<Render> = Vec::new();
    for render in renders {
        let mut files = render.files.clone();
        files.retain(|path, _| tree::kind(path).is_some());
        match found.iter_mut().find(|known| known.files == files) {
            Some(known) => known.cases.extend(render.cases.iter().cloned()),
            None => found.push(Render {
                cases: render.cases.clone(),
                files,
            }),
        }
    }
    found
}

/// Whether a rendered file is judged, or read by what judges another.
fn is_judged(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == ".github")
        || name.starts_with(".env")
        || matches!(name, ".hadolint.yaml" | ".hadolint.yml")
        || is_dockerfile(path)
        || is_compose_file(path)
}

/// Whether images are built from it.
pub(super) fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "Dockerfile" || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile")
}

/// Whether compose takes it for a project without being told.
pub(super) fn is_compose_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name
        .strip_suffix(".yml")
        .or_else(|| name.strip_suffix(".yaml"));
    matches!(stem, Some("compose" | "docker-compose"))
}

/// Whether a file of a template has a part in what is judged. Of all others the path alone counts: they are rendered
/// empty, which takes a fraction of the time.
pub(super) fn matters(path: &str) -> bool {
    is_judged(path.strip_suffix(".liquid").unwrap_or(path))
        || path.starts_with("hooks/")
        || matches!(path, "cargo-generate.toml" | ".genignore")
        || Path::new(path).extension().is_some_and(|end| end == "rhai")
}

fn render_all(template: &Template, cases: &[Case]) -> Result<Vec<Render>> {
    let mut renders: Vec<Render> = Vec::new();
    let rendered = parallel::map(cases, |case| render_one(template, case));
    for (case, files) in cases.iter().zip(rendered) {
        let files = match files {
            Ok(files) => files,
            Err(error) => anyhow::bail!("with {case}: {error:#}"),
        };
        match renders.iter_mut().find(|render| render.files == files) {
            Some(render) => render.cases.push(case.to_string()),
            None => renders.push(Render {
                cases: vec![case.to_string()],
                files,
            }),
        }
    }
    Ok(renders)
}

fn render_one(template: &Template, case: &Case) -> Result<BTreeMap<String, String>> {
    let defaults = template.manifest.placeholders.iter();
    let mut answers: Answers = defaults
        .filter_map(|p| Some((p.name.clone(), p.default.as_ref()?.value.clone())))
        .collect();
    answers.extend(case.answers.clone());
    let empty: Vec<render::Replacement<'_>> = template
        .files
        .iter()
        .filter(|file| {
            !matters(file)
                && template
                    .dir
                    .join(file)
                    .symlink_metadata()
                    .is_ok_and(|m| m.is_file())
        })
        .map(|file| (file.as_str(), Some("")))
        .collect();
    let rendered = render::render_with(template, NAME, &answers, &empty)?;
    let root = rendered.path();
    let mut files = BTreeMap::new();
    for path in crate::pack::tracked(&root, ".")? {
        if is_judged(&path) {
            let bytes = fs::read(root.join(&path))
                .with_context(|| format!("cannot read the rendered {path}"))?;
            files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(files)
}

static SET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"variable::set\(\s*"([^"]+)""#).ok());

/// The variables that hooks define: their names mean the template's in a workflow, too.
pub(super) fn variables(template: &Template) -> Vec<String> {
    let hooks = template
        .files
        .iter()
        .filter(|file| Path::new(file).extension().is_some_and(|end| end == "rhai"));
    let mut names = Vec::new();
    for hook in hooks {
        let text = fs::read(template.dir.join(hook)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        if let Some(pattern) = SET.as_ref() {
            names.extend(
                pattern
                    .captures_iter(&text)
                    .map(|found| found[1].to_owned()),
            );
        }
    }
    names
}
