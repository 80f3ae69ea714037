//! The artefacts of a run, by their names and the jobs that upload them.

use super::super::model::yaml::Node;
use super::super::model::{File, Job, Model, Step, Uses, Workflow};

/// As deep as workflows call each other, and actions use others.
const MAX_DEPTH: usize = 4;

/// What a run uploads.
#[derive(Default)]
pub struct Uploads {
    /// The names, with `*` for what is computed, and the job of the workflow in which that happens.
    pub names: Vec<(Option<String>, String)>,
    /// Whether there may be others.
    pub is_open: bool,
}

/// What the callers of a workflow, and what else they call, upload in the same run.
pub fn outer(model: &Model, workflow: Workflow<'_>) -> Uploads {
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
    /// Whether something of this name is among them.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(_, pattern)| fits(pattern, name))
    }

    /// What the jobs of a workflow upload, themselves or through what they call.
    pub fn of(model: &Model, workflow: Workflow<'_>) -> Self {
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
pub fn fits(pattern: &str, name: &str) -> bool {
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
