//! `inputs.x`, also by way of the event, and `matrix.x`: what a run is given.

use super::job_of;
use crate::rules::workflow::model::shape::Site;
use crate::rules::workflow::model::yaml::{Fault, Name};
use crate::rules::workflow::model::{File, FileKind, Input, Matrix};
use crate::rules::workflow::words::{did_you_mean, listed};

/// `inputs.x`.
pub fn input(file: &File, name: &Name) -> Option<Fault> {
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
pub fn dispatched(file: &File, path: &[&Name]) -> Option<Fault> {
    let name = path
        .get(3)
        .filter(|_| path[2].text.eq_ignore_ascii_case("inputs"))?;
    let workflow = file.workflow()?;
    // Of a call the event is the caller's.
    if workflow.has_event("workflow_call") {
        return None;
    }
    let inputs = workflow.inputs("workflow_dispatch");
    if inputs
        .iter()
        .any(|input| input.name.text.eq_ignore_ascii_case(&name.text))
    {
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

/// `matrix.x`.
pub fn matrix(file: &File, site: &Site, name: &Name) -> Option<Fault> {
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

fn declared(file: &File) -> Vec<Input<'_>> {
    match file.kind {
        FileKind::Action => file.action_inputs(),
        FileKind::Workflow => file
            .workflow()
            .map_or(Vec::new(), |workflow| workflow.all_inputs()),
    }
}
