//! What is handed on as a digest, and is none.

use super::Rule;
use super::model::makers::Maker;
use super::model::shape::Site;
use super::model::yaml::Name;
use super::model::{File, Model, Uses};
use super::r12_unwritten_output::written_by;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "D14-no-digest",
    summary: "a value called a digest that comes from what makes none, such as an image's name, a tag or a commit; in a \
              pack also a digest in the place of an image's name",
    why: "The registry has nothing by that digest, or has something else: the deployment fails where it should begin, or \
          signs and promotes what was not built.",
    example: "env:\n  DIGEST: ${{ needs.guard.outputs.image }}",
    remedy: "Hand on the digest of what was built: the output `digest` of the step that builds or publishes the image.",
    check,
};

/// Actions, and those of their outputs that are digests.
const ACTIONS: &[(&str, &[&str])] = &[
    ("actions/attest-build-provenance", &[]),
    ("actions/cache", &[]),
    ("actions/checkout", &[]),
    ("actions/upload-artifact", &["artifact-digest"]),
    ("docker/build-push-action", &["digest"]),
    ("docker/login-action", &[]),
    ("docker/metadata-action", &[]),
    ("docker/setup-buildx-action", &[]),
];

/// What a script that handles digests speaks of.
const HANDLES: [&str; 4] = ["digest", "sha256", "inspect", "manifest"];

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        for site in &file.walked.sites {
            if let Some(name) = as_image(model, file, site) {
                let message =
                    format!("`{name}` should be an image's name, and is filled with a digest");
                let help = "hand on the output `image` of the job that names it";
                report.error(RULE.id, &file.source, site.expr.span.clone(), message, help);
                continue;
            }
            let wants = |place: &&str| is_digest(place) && !is_other(place);
            let Some(place) = place(site).filter(wants) else {
                continue;
            };
            let expr = &site.expr;
            if !file.is_whole(expr) {
                continue;
            }
            let Some(makers) = model.makers(file, site.job.as_deref(), expr, &is_digest) else {
                continue;
            };
            let made: Option<Vec<String>> =
                makers.iter().map(|maker| other(model, *maker)).collect();
            let Some(first) = made.as_ref().and_then(|made| made.first()) else {
                continue;
            };
            let message = format!("`{place}` is filled with {first}, which is no digest");
            let help = match near(file, site) {
                Some(near) => format!("write `${{{{ {near} }}}}`"),
                None => "hand on the output `digest` of the step that builds the image".to_owned(),
            };
            report.error(RULE.id, &file.source, expr.span.clone(), message, help);
        }
    }
}

/// The digest that stands where a pack has an image's name.
fn as_image<'a>(model: &Model, file: &File, site: &'a Site) -> Option<&'a str> {
    let is_image = place(site)?.eq_ignore_ascii_case("image");
    let path = site.expr.path()?;
    let [_, _, outputs, name] = path.as_slice() else {
        return None;
    };
    let is_it = is_image
        && outputs.text == "outputs"
        && is_digest(&name.text)
        && model.platform.is_some()
        && file.is_whole(&site.expr);
    is_it.then(|| place(site)).flatten()
}

/// The name of the variable, input or output that an expression fills.
fn place(site: &Site) -> Option<&str> {
    let path: Vec<&str> = site.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [.., "env" | "with", name]
        | ["jobs", _, "outputs", name]
        | ["on", "workflow_call", "outputs", name, "value"]
        | ["outputs", name, "value"] => Some(*name),
        _ => None,
    }
}

/// Whether a name is that of a digest.
fn is_digest(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    name == "digest" || name.ends_with("_digest")
}

/// Whether a digest of something else than an image is meant: of a commit, or of an image's configuration.
fn is_other(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut words = name.split(['-', '_']);
    words.any(|word| matches!(word, "commit" | "config" | "git" | "signer" | "source"))
}

/// What a maker makes, in words, where it is known that it makes no digest.
fn other(model: &Model, maker: Maker<'_>) -> Option<String> {
    let (file, step, name) = match maker {
        Maker::GitHub(name) => {
            let known = ["sha", "ref", "ref_name", "repository", "run_id", "actor"];
            return known.contains(&name).then(|| format!("`github.{name}`"));
        }
        Maker::Input(name) => {
            let known = [
                "backend",
                "commit",
                "environment",
                "reason",
                "registry",
                "service",
            ];
            return known.contains(&name).then(|| format!("`inputs.{name}`"));
        }
        Maker::Status => return Some("how a job or step ended".to_owned()),
        Maker::Step(file, step, name) => (file, step, name),
    };
    if is_digest(name) {
        return None;
    }
    if let Some((_, Uses::Remote { owner, repo, .. })) = step.uses() {
        let full = format!("{owner}/{repo}");
        let (action, digests) = ACTIONS.iter().find(|(action, _)| *action == full)?;
        return (!digests.contains(&name)).then(|| format!("the `{name}` of `{action}`"));
    }
    // All that the script writes has to be told, and none of it may be about digests.
    let written = written_by(model, file, &step)?;
    let known = written.iter().any(|known| known.eq_ignore_ascii_case(name));
    let run = step.run()?.text()?.to_ascii_lowercase();
    let scripts = model.scripts(file, &step);
    let texts = scripts.iter().filter_map(|(_, text)| *text);
    let handles = |text: &str| {
        let text = text.to_ascii_lowercase();
        HANDLES.iter().any(|word| text.contains(word))
    };
    let speaks = handles(&run) || texts.into_iter().any(handles);
    (known && !speaks).then(|| format!("the output `{name}` of a step of `{}`", file.shown()))
}

/// An output that is a digest and can be read where `site` stands.
fn near(file: &File, site: &Site) -> Option<String> {
    let workflow = file.workflow()?;
    let jobs = workflow.jobs();
    let (root, ids): (&str, Vec<String>) = match &site.job {
        Some(id) => {
            let needs: Vec<Name> = workflow.job(id)?.needs();
            ("needs", needs.into_iter().map(|need| need.text).collect())
        }
        None => ("jobs", jobs.iter().map(|job| job.id.text.clone()).collect()),
    };
    let mut found = ids.iter().filter_map(|id| {
        let job = workflow.job(id)?;
        let output = job
            .outputs()
            .iter()
            .find(|entry| is_digest(&entry.key.text))?;
        Some(format!("{root}.{id}.outputs.{}", output.key.text))
    });
    found.next()
}
