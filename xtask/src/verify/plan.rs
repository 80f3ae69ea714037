//! What a run of `verify` will do, before it does any of it.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::gate::{Gate, GateResult, Scope, Verdict};
use super::picked::{self, Picked};
use super::register;
use super::stages::STAGES;
use crate::contract;
use crate::pack::{Case, Matrix, Pack, Template};

/// A group of gates about one thing.
#[derive(Debug)]
pub struct Stage {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it proves, in a line.
    pub title: &'static str,
    /// Its gates, in the order in which they run.
    pub gates: &'static [Gate],
}

/// One gate, on one template and case where it is about one.
#[derive(Clone, Debug)]
pub struct Step {
    /// The stage.
    pub stage: &'static Stage,
    /// The gate.
    pub gate: &'static Gate,
    /// The template's name.
    pub template: Option<String>,
    /// The combination of options.
    pub case: Option<Case>,
    /// The pack's folder, where the command that reruns this has to name it.
    pub root: Option<PathBuf>,
}

impl Step {
    /// A result of this step, for the gate itself or for a check inside it.
    pub(super) fn result(&self, name: &str, verdict: Verdict, seconds: f64) -> GateResult {
        let (status, detail, findings) = verdict.parts();
        GateResult {
            stage: self.stage.name,
            template: self.template.clone(),
            case: self.case.as_ref().map(Case::to_string),
            gate: name.to_owned(),
            contract: register::number(self.stage.name, name),
            status,
            seconds,
            detail,
            rerun: self.rerun(name),
            findings,
        }
    }

    /// The command that runs just this stage on just this template and case, and where `name` is that of a check of the
    /// contract, just that check.
    fn rerun(&self, name: &str) -> String {
        let mut command = format!("cargo xtask verify --stage {}", self.stage.name);
        if let Some(root) = &self.root {
            command += &format!(" --root '{}'", root.display());
        }
        if let Some(template) = &self.template {
            command += &format!(" --template {template}");
        }
        if let Some(case) = &self.case {
            command += &format!(" --case {case}");
        }
        if let Some(check) = register::check(name) {
            command += &format!(" --check {}", check.name);
        }
        command
    }
}

/// What the user picked.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Names of templates; all when empty.
    pub templates: Vec<String>,
    /// Combinations such as `metrics=none`; those of the matrix when empty.
    pub cases: Vec<String>,
    /// Names of stages; all when empty.
    pub stages: Vec<String>,
    /// Names or numbers of checks of the service contract; all when empty.
    pub checks: Vec<String>,
    /// Which combinations.
    pub matrix: Matrix,
}

/// The steps of a run, in order.
#[derive(Debug)]
pub struct Plan {
    /// The pack's folder.
    pub root: PathBuf,
    /// The steps.
    pub steps: Vec<Step>,
    /// The templates that the steps are about.
    pub templates: Vec<Template>,
    /// The checks of the service contract that were picked; all when empty.
    pub checks: Vec<String>,
}

impl Plan {
    /// The plan for `selection`.
    ///
    /// # Errors
    /// When it names a template, case, stage or check that is not there.
    pub fn new(pack: &Pack, selection: &Selection) -> Result<Self> {
        for name in &selection.stages {
            if !STAGES.iter().any(|stage| stage.name == name) {
                let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
                bail!(
                    "there is no stage `{name}`; the stages are {}",
                    known.join(", ")
                );
            }
        }
        for name in &selection.checks {
            if !contract::all().any(|check| check.answers_to(name)) {
                bail!(
                    "the contract has no check `{name}` and no such number; docs/contract.md has all of them"
                );
            }
        }
        let templates = if selection.templates.is_empty() {
            pack.templates()?
        } else {
            let mut templates: Vec<Template> = Vec::new();
            for name in &selection.templates {
                let template = pack.template(name)?;
                if !templates.iter().any(|known| known.name == template.name) {
                    templates.push(template);
                }
            }
            templates
        };
        let picked = picked::all(&templates, selection)?;
        let stages = STAGES.iter().filter(|stage| {
            selection.stages.is_empty() || selection.stages.iter().any(|name| name == stage.name)
        });
        let mut steps = Vec::new();
        for stage in stages {
            let picked = picked::of_stage(stage.name, &picked, selection);
            stage_steps(stage, &picked, &mut steps);
        }
        if pack.foreign {
            for step in &mut steps {
                step.root = Some(pack.root.clone());
            }
        }
        Ok(Self {
            root: pack.root.clone(),
            steps,
            templates,
            checks: selection.checks.clone(),
        })
    }
}

/// The gates of a stage: those about the pack, then those about each template, then, case by case, the rest.
fn stage_steps(stage: &'static Stage, picked: &[Picked<'_>], steps: &mut Vec<Step>) {
    let mut add =
        |gates: &dyn Fn(Scope) -> bool, template: Option<&Template>, case: Option<&Case>| {
            for gate in stage.gates.iter().filter(|gate| gates(gate.scope)) {
                steps.push(Step {
                    stage,
                    gate,
                    template: template.map(|template| template.name.clone()),
                    case: case.cloned(),
                    root: None,
                });
            }
        };
    add(&|scope| scope == Scope::Pack, None, None);
    for (
        index,
        Picked {
            template, cases, ..
        },
    ) in picked.iter().enumerate()
    {
        let whole = |scope| match scope {
            Scope::First => index == 0,
            Scope::Last => index + 1 == picked.len(),
            Scope::Of(name) => name == template.name,
            _ => false,
        };
        add(&whole, Some(template), None);
        for case in cases {
            add(&|scope| scope.takes(case), Some(template), Some(case));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn builds(templates: &[&str]) -> Vec<String> {
        cases_of_gate(templates, "build", "clippy")
    }

    fn cases_of_gate(templates: &[&str], stage: &str, gate: &str) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let selection = Selection {
            templates: templates.iter().map(|&name| name.to_owned()).collect(),
            cases: Vec::new(),
            stages: vec![stage.to_owned()],
            checks: Vec::new(),
            matrix: Matrix::Cover,
        };
        let plan = Plan::new(&Pack::open(Some(&root)).unwrap(), &selection).unwrap();
        let cases = plan
            .steps
            .iter()
            .filter(|step| step.gate.name == gate)
            .filter_map(|step| {
                Some(format!(
                    "{} {}",
                    step.template.as_ref()?,
                    step.case.as_ref()?
                ))
            });
        cases.collect()
    }

    /// So that a further template costs less than the first; alone it has all that its options ask for.
    #[test]
    fn a_further_template_with_the_same_options_has_the_first_and_the_last_case() {
        let both = builds(&[]);
        let of = |all: &[String], name: &str| -> Vec<String> {
            let of = all
                .iter()
                .filter(|case| case.split(' ').next() == Some(name));
            of.cloned().collect()
        };
        let (first, second) = (
            of(&both, "template-axum"),
            of(&both, "template-fastapi-style"),
        );
        assert_eq!((first.len(), second.len()), (3, 2));
        let alone = builds(&["fastapi-style"]);
        assert_eq!(alone.len(), 3);
        assert_eq!(second, [alone[0].clone(), alone[2].clone()]);
        let images = cases_of_gate(&[], "image", "size");
        assert_eq!(images.len(), 4);
        assert_eq!(images[3], alone[2]);
        let upgrades = cases_of_gate(&[], "upgrade", "from-releases");
        assert_eq!(
            upgrades,
            [first[0].clone(), first[2].clone(), alone[2].clone()]
        );
    }
}
