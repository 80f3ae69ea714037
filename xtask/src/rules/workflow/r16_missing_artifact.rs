//! Artefacts that are downloaded, and that nobody uploads, or not before.

use super::Rule;
use super::model::yaml::Node;
use super::model::{File, Job, Model, Step, Uses, Workflow};
use super::words::{did_you_mean, listed};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R16-missing-artifact",
    summary: "an artefact that is downloaded by a name that no job of the run uploads, or by a job that does not wait for the \
              one that uploads it",
    why: "The download fails with every run; without `needs:` it fails whenever the other job is not the faster one.",
    example: "- uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1\n  with:\n    name: sbom\n# in another job\n- uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1\n  with:\n    name: sbomx",
    remedy: "Write the name as `upload-artifact` has it, and name its job under `needs:`.",
    check,
};

/// As deep as workflows call each other, and actions use others.
const MAX_DEPTH: usize = 4;

/// What a run uploads.
#[derive(Default)]
struct Uploads {
    /// The names, with `*` for what is computed, and the job of the workflow in which that happens.
    names: Vec<(Option<String>, String)>,
    /// Whether there may be others.
    is_open: bool,
}

fn check(model: &Model, report: &mut Report) {
    let downloads = |step: &Step<'_>| step.uses_action("actions/download-artifact");
    for workflow in model.workflows() {
        // To gather what is uploaded costs more than this.
        if !workflow.file.steps().iter().any(downloads) {
            continue;
        }
        let own = Uploads::of(model, workflow);
        let outer = outer(model, workflow);
        for job in workflow.jobs() {
            for step in job.steps() {
                if let Some((node, name)) = named(&step)
                    && let Some((message, help)) =
                        judge(model, workflow, &job, name, (&own, &outer))
                {
                    let source = &workflow.file.source;
                    report.error(RULE.id, source, node.span.clone(), message, help);
                }
            }
        }
    }
}

/// The name by which a step downloads an artefact of its own run.
fn named<'a>(step: &Step<'a>) -> Option<(&'a Node, &'a str)> {
    let elsewhere = [
        "run-id",
        "repository",
        "github-token",
        "artifact-ids",
        "pattern",
    ];
    let may_fail = step.node.get("continue-on-error").is_some();
    if !step.uses_action("actions/download-artifact")
        || may_fail
        || elsewhere.iter().any(|input| step.with(input).is_some())
    {
        return None;
    }
    let node = step.with("name")?;
    Some((node, node.plain().filter(|name| !name.is_empty())?))
}

fn judge(
    model: &Model,
    workflow: Workflow<'_>,
    job: &Job<'_>,
    name: &str,
    (own, outer): (&Uploads, &Uploads),
) -> Option<(String, String)> {
    if outer.has(name) {
        return None;
    }
    let mut jobs: Vec<&str> = own
        .names
        .iter()
        .filter(|(_, pattern)| fits(pattern, name))
        .filter_map(|(job, _)| job.as_deref())
        .collect();
    jobs.dedup();
    let Some(uploader) = jobs.first() else {
        if own.is_open || outer.is_open {
            return None;
        }
        let names = || own.names.iter().map(|(_, name)| name.as_str());
        let message = format!("nobody uploads an artefact `{name}`");
        let help = did_you_mean(name, names(), listed("artefacts", names()));
        return Some((message, help));
    };
    let before = workflow.ancestors(job);
    let waits = before.iter().any(|before| {
        // What another repository's workflow uploads is not known.
        let is_read = before.uses().is_none() || model.callee(workflow.file, before).is_some();
        !is_read || jobs.contains(&before.id.text.as_str())
    });
    if waits || jobs.contains(&job.id.text.as_str()) {
        return None;
    }
    let id = &job.id.text;
    let message = format!("`{id}` does not wait for `{uploader}`, which uploads `{name}`");
    let needs = job.needs();
    let all = needs
        .iter()
        .map(|need| need.text.as_str())
        .chain([*uploader]);
    let all: Vec<&str> = all.collect();
    Some((message, format!("write `needs: [{}]`", all.join(", "))))
}

/// What the callers of a workflow, and what else they call, upload in the same run.
fn outer(model: &Model, workflow: Workflow<'_>) -> Uploads {
    let mut all = Uploads::default();
    if !workflow.file.is_called() {
        return all;
    }
    let mut is_called = false;
    for call in model.calls() {
        if std::ptr::eq(call.callee.file, workflow.file) {
            is_called = true;
            // Whoever calls the caller is one more.
            all.is_open |= call.caller.file.is_called();
            for job in call.caller.jobs() {
                if job.id.text != call.job.id.text {
                    all.of_job(model, call.caller, &job, None, 0);
                }
            }
        }
    }
    all.is_open |= !is_called;
    all
}

impl Uploads {
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(_, pattern)| fits(pattern, name))
    }

    /// What the jobs of a workflow upload, themselves or through what they call.
    fn of(model: &Model, workflow: Workflow<'_>) -> Self {
        let mut all = Self::default();
        for job in workflow.jobs() {
            all.of_job(model, workflow, &job, Some(&job.id.text), 0);
        }
        all
    }

    /// Adds what a job uploads, in the name of the job `by` of the workflow that is judged.
    fn of_job(
        &mut self,
        model: &Model,
        workflow: Workflow<'_>,
        job: &Job<'_>,
        by: Option<&str>,
        depth: usize,
    ) {
        if job.uses().is_some() {
            match model.callee(workflow.file, job) {
                Some(callee) if depth < MAX_DEPTH => {
                    for inner in callee.jobs() {
                        self.of_job(model, callee, &inner, by, depth + 1);
                    }
                }
                _ => self.is_open = true,
            }
        }
        for step in job.steps() {
            self.of_step(model, workflow.file, &step, by, 0);
        }
    }

    fn of_step(
        &mut self,
        model: &Model,
        file: &File,
        step: &Step<'_>,
        by: Option<&str>,
        depth: usize,
    ) {
        let Some((_, uses)) = step.uses() else { return };
        if step.uses_action("actions/upload-artifact") {
            let merges = matches!(uses, Uses::Remote { path: "merge", .. });
            let default = if merges {
                "merged-artifacts"
            } else {
                "artifact"
            };
            let name = step.with("name").map_or(Some(default), Node::text);
            let pattern = computed(name.unwrap_or("${{ }}"));
            self.names.push((by.map(str::to_owned), pattern));
            return;
        }
        match model.action(file, step) {
            Some(action) if depth < MAX_DEPTH => {
                for inner in action.steps() {
                    self.of_step(model, action, &inner, by, depth + 1);
                }
            }
            _ => self.is_open |= !step.uploads_nothing() && !builds(step),
        }
    }
}

/// Builders upload the record of a build, whose name ends as no other's does.
fn builds(step: &Step<'_>) -> bool {
    step.uses_action("docker/build-push-action") || step.uses_action("docker/bake-action")
}

/// A name with `*` for each expression in it.
fn computed(name: &str) -> String {
    let (mut out, mut rest) = (String::new(), name);
    while let Some((before, behind)) = rest.split_once("${{") {
        out += before;
        out.push('*');
        rest = behind.split_once("}}").map_or("", |(_, after)| after);
    }
    out + rest
}

/// Whether a name is one of those that a pattern with `*` stands for.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else {
            return false;
        };
        name = &name[at + part.len()..];
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::{computed, fits};

    #[test]
    fn an_expression_stands_for_any_text() {
        for (written, name, is_it) in [
            ("sbom", "sbom", true),
            ("sbom", "sbomx", false),
            ("logs-${{ matrix.os }}", "logs-linux", true),
            ("logs-${{ matrix.os }}", "log-linux", false),
            ("${{ a }}-x-${{ b }}-y", "1-x-2-y", true),
            ("${{ a }}-x-${{ b }}-y", "1-x-2", false),
            ("${{ inputs.name }}", "anything", true),
        ] {
            assert_eq!(fits(&computed(written), name), is_it, "{written} {name}");
        }
    }
}
