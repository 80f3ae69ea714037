//! Names in expressions that nothing answers to.

use super::model::expr::{Comparison, Expr, Kind};
use super::model::shape::{MEMBERS, Site};
use super::model::yaml::{Fault, Name};
use super::model::{File, FileKind, Input, Job, Matrix, Model, Step};
use super::words::{did_you_mean, listed};
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S4-dangling-reference",
    summary: "`needs.x`, `steps.x`, `inputs.x`, `matrix.x`, `jobs.x.outputs.y` or a member of `github` that nothing defines, \
              or a comparison that can never hold",
    why: "GitHub takes it for empty text: an image without a name, a step that never runs, a condition that always fails.",
    example: "if: needs.biuld.result == 'success'",
    remedy: "Name what is there: a job in `needs`, a step with that `id` before this one, an input that is declared.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut faults = Vec::new();
        for site in &file.walked.sites {
            site.expr.walk(&mut |expr| {
                if let Some(path) = expr.path() {
                    reference(file, site, &path, &mut faults);
                }
                if let Kind::Compare(Comparison::Equal | Comparison::NotEqual, a, b) = &expr.kind {
                    comparison(file, a, b, &mut faults);
                    comparison(file, b, a, &mut faults);
                }
            });
        }
        duplicate_ids(file, &mut faults);
        for fault in faults.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

fn reference(file: &File, site: &Site, path: &[&Name], faults: &mut Vec<Fault>) {
    // A context that this key doesn't see is reported as that.
    let root = path[0].text.to_ascii_lowercase();
    if !site.place.contexts.contains(&root.as_str()) {
        return;
    }
    let Some(name) = path.get(1) else { return };
    let fault = match root.as_str() {
        "needs" => needs(file, site, path),
        "jobs" => jobs(file, path),
        "steps" => steps(file, site, path),
        "inputs" => input(file, name),
        "matrix" => matrix(file, site, name),
        "github" if name.text == "event" => dispatched(file, path),
        root => MEMBERS
            .iter()
            .find(|(context, _)| *context == root)
            .and_then(|(_, members)| {
                let known = members
                    .iter()
                    .any(|member| member.eq_ignore_ascii_case(&name.text));
                (!known).then(|| {
                    let message = format!("`{root}` has no `{}`", name.text);
                    let help = did_you_mean(
                        &name.text,
                        members.iter().copied(),
                        format!("it has {}", members.join(", ")),
                    );
                    Fault::new(name.span.clone(), message, help)
                })
            }),
    };
    faults.extend(fault);
}

fn job_of<'f>(file: &'f File, site: &Site) -> Option<Job<'f>> {
    file.workflow()?.job(site.job.as_deref()?)
}

fn needs(file: &File, site: &Site, path: &[&Name]) -> Option<Fault> {
    let job = job_of(file, site)?;
    let name = path[1];
    let needs = job.needs();
    if !needs
        .iter()
        .any(|need| need.text.eq_ignore_ascii_case(&name.text))
    {
        let message = format!(
            "`{}` is not among the `needs` of `{}`",
            name.text, job.id.text
        );
        let help = if file.workflow()?.job(&name.text).is_some() {
            format!("add `{}` to `needs:`", name.text)
        } else {
            let all = listed("needs", needs.iter().map(|need| need.text.as_str()));
            did_you_mean(&name.text, needs.iter().map(|need| need.text.as_str()), all)
        };
        return Some(Fault::new(name.span.clone(), message, help));
    }
    let member = path.get(2)?;
    if !["outputs", "result"].contains(&member.text.as_str()) {
        return Some(member_fault("needs.x", member, &["outputs", "result"]));
    }
    output(file, &name.text, path)
}

/// `….outputs.y` of a job that runs steps; those of a call are R5's.
fn output(file: &File, job: &str, path: &[&Name]) -> Option<Fault> {
    let output = path.get(3).filter(|_| path[2].text == "outputs")?;
    let job = file.workflow()?.job(job)?;
    let declared = job.outputs();
    if job.uses().is_some()
        || declared
            .iter()
            .any(|entry| entry.key.text.eq_ignore_ascii_case(&output.text))
    {
        return None;
    }
    let names = || declared.iter().map(|entry| entry.key.text.as_str());
    let message = format!("the job `{}` has no output `{}`", job.id.text, output.text);
    let help = did_you_mean(
        &output.text,
        names(),
        format!(
            "add `{}: ${{{{ steps.x.outputs.y }}}}` to its `outputs:`",
            output.text
        ),
    );
    Some(Fault::new(output.span.clone(), message, help))
}

fn jobs(file: &File, path: &[&Name]) -> Option<Fault> {
    let workflow = file.workflow()?;
    let name = path[1];
    if workflow.job(&name.text).is_none() {
        let all = workflow.jobs();
        let ids = || all.iter().map(|job| job.id.text.as_str());
        let help = did_you_mean(&name.text, ids(), listed("jobs", ids()));
        return Some(Fault::new(
            name.span.clone(),
            format!("there is no job `{}`", name.text),
            help,
        ));
    }
    let member = path.get(2)?;
    if !["outputs", "result"].contains(&member.text.as_str()) {
        return Some(member_fault("jobs.x", member, &["outputs", "result"]));
    }
    output(file, &name.text, path)
}

fn steps(file: &File, site: &Site, path: &[&Name]) -> Option<Fault> {
    let name = path[1];
    let all = file.steps();
    let of_job = all
        .iter()
        .filter(|step| step.job.map(|job| job.text.as_str()) == site.job.as_deref());
    let with_ids: Vec<(&Step<'_>, &str)> = of_job
        .filter_map(|step| Some((step, step.id()?.text()?)))
        .collect();
    let found = with_ids
        .iter()
        .find(|(_, id)| id.eq_ignore_ascii_case(&name.text));
    let before = |step: &Step<'_>| site.step.is_none_or(|at| step.index < at);
    match found {
        None => {
            let known = || {
                with_ids
                    .iter()
                    .filter(|(step, _)| before(step))
                    .map(|(_, id)| *id)
            };
            let elsewhere = all
                .iter()
                .find(|step| step.id().and_then(|id| id.text()) == Some(&name.text));
            let help = match elsewhere.and_then(|step| step.job) {
                Some(job) => format!(
                    "it is a step of `{}`: make it an output there, and read `needs.{}.outputs`",
                    job.text, job.text
                ),
                None => did_you_mean(
                    &name.text,
                    known(),
                    format!("add `id: {}` to the step that is meant", name.text),
                ),
            };
            Some(Fault::new(
                name.span.clone(),
                format!("there is no step `{}` in this job", name.text),
                help,
            ))
        }
        Some((step, _)) if !before(step) => {
            let message = format!("the step `{}` has not run yet", name.text);
            Some(Fault::new(
                name.span.clone(),
                message,
                "move it before this step",
            ))
        }
        Some(_) => {
            let member = path.get(2)?;
            let members = ["conclusion", "outcome", "outputs"];
            (!members.contains(&member.text.as_str()))
                .then(|| member_fault("steps.x", member, &members))
        }
    }
}

fn member_fault(of: &str, member: &Name, known: &[&str]) -> Fault {
    let message = format!("`{of}` has no `{}`", member.text);
    let help = did_you_mean(
        &member.text,
        known.iter().copied(),
        format!("it has {}", known.join(", ")),
    );
    Fault::new(member.span.clone(), message, help)
}

fn declared(file: &File) -> Vec<Input<'_>> {
    match file.kind {
        FileKind::Action => file.action_inputs(),
        FileKind::Workflow => file
            .workflow()
            .map_or(Vec::new(), |workflow| workflow.all_inputs()),
    }
}

fn input(file: &File, name: &Name) -> Option<Fault> {
    let inputs = declared(file);
    if inputs
        .iter()
        .any(|input| input.name.text.eq_ignore_ascii_case(&name.text))
    {
        return None;
    }
    let known = || inputs.iter().map(|input| input.name.text.as_str());
    let help = did_you_mean(
        &name.text,
        known(),
        format!(
            "declare `{}:` under `inputs:`; {}",
            name.text,
            listed("inputs", known())
        ),
    );
    Some(Fault::new(
        name.span.clone(),
        format!("there is no input `{}`", name.text),
        help,
    ))
}

/// `github.event.inputs.x`
fn dispatched(file: &File, path: &[&Name]) -> Option<Fault> {
    let name = path.get(3).filter(|_| path[2].text == "inputs")?;
    let workflow = file.workflow()?;
    // Of a call the event is the caller's.
    if workflow.has_event("workflow_call") {
        return None;
    }
    let inputs = workflow.inputs("workflow_dispatch");
    if inputs.iter().any(|input| input.name.text == name.text) {
        return None;
    }
    let known = || inputs.iter().map(|input| input.name.text.as_str());
    let help = did_you_mean(&name.text, known(), listed("inputs", known()));
    Some(Fault::new(
        name.span.clone(),
        format!("there is no input `{}`", name.text),
        help,
    ))
}

fn matrix(file: &File, site: &Site, name: &Name) -> Option<Fault> {
    let job = job_of(file, site)?;
    let Some(node) = job.matrix() else {
        let message = format!("the job `{}` has no matrix", job.id.text);
        return Some(Fault::new(
            name.span.clone(),
            message,
            format!("add `strategy: {{matrix: {{{}: […]}}}}`", name.text),
        ));
    };
    let matrix = Matrix::of(node);
    if matrix.open
        || matrix
            .names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&name.text))
    {
        return None;
    }
    let known = || matrix.names.iter().copied();
    let help = did_you_mean(&name.text, known(), listed("values", known()));
    Some(Fault::new(
        name.span.clone(),
        format!("the matrix of `{}` has no `{}`", job.id.text, name.text),
        help,
    ))
}

/// A result that there is not, or a choice that nobody can make.
fn comparison(file: &File, path: &Expr, value: &Expr, faults: &mut Vec<Fault>) {
    let (Some(names), Kind::Text(text)) = (path.path(), &value.kind) else {
        return;
    };
    let words: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
    let choices;
    let known: &[&str] = match words.as_slice() {
        ["needs" | "jobs", _, "result"] | ["steps", _, "outcome" | "conclusion"] => {
            &["cancelled", "failure", "skipped", "success"]
        }
        ["job", "status"] => &["cancelled", "failure", "success"],
        ["github", "ref_type"] => &["branch", "tag"],
        ["runner", "os"] => &["Linux", "macOS", "Windows"],
        ["inputs", name] => {
            choices = file
                .workflow()
                .map_or(Vec::new(), |workflow| offered(&workflow.all_inputs(), name));
            &choices
        }
        _ => return,
    };
    let possible = known.is_empty()
        || text.is_empty()
        || known.iter().any(|known| known.eq_ignore_ascii_case(text));
    if !possible {
        let message = format!("`{}` is never `{text}`", words.join("."));
        let help = did_you_mean(
            text,
            known.iter().copied(),
            format!("it is one of {}", known.join(", ")),
        );
        faults.push(Fault::new(value.span.clone(), message, help));
    }
}

/// The options of a choice that nobody can go around.
fn offered<'f>(inputs: &[Input<'f>], name: &str) -> Vec<&'f str> {
    let named: Vec<_> = inputs
        .iter()
        .filter(|input| input.name.text == name)
        .collect();
    let [input] = named.as_slice() else {
        return Vec::new();
    };
    let options = input
        .node
        .get("options")
        .map_or(&[][..], |options| options.items());
    options.iter().filter_map(|option| option.text()).collect()
}

/// Two steps of one job with one id, and ids that expressions can't name.
fn duplicate_ids(file: &File, faults: &mut Vec<Fault>) {
    let mut seen: Vec<(Option<&str>, String)> = Vec::new();
    for step in file.steps() {
        let Some((node, id)) = step.id().and_then(|node| Some((node, node.text()?))) else {
            continue;
        };
        let key = (
            step.job.map(|job| job.text.as_str()),
            id.to_ascii_lowercase(),
        );
        if seen.contains(&key) {
            let message = format!("a second step `{id}` in this job");
            faults.push(Fault::new(node.span.clone(), message, "give it another id"));
        } else if !id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            || !id
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            let message = format!("`{id}` can't be a step's id");
            let help = "start with a letter or `_`, and go on with letters, digits, `-` and `_`";
            faults.push(Fault::new(node.span.clone(), message, help));
        }
        seen.push(key);
    }
}
