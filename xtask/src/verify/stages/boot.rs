//! `boot`: the built binary, held against the service contract by number.

use std::fs;
use std::rc::Rc;

use anyhow::Result;

use super::{contract, no_database, on_postgres};
use crate::contract::{PROBE, Postgres, Process, Subject};
use crate::verify::bench::Service;
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "binary",
        scope: Scope::Case,
        needs: &[],
        run: |bench, step, _| {
            let service = bench.service(step)?;
            // When this build fails, what an earlier one left must not be tested in its place.
            for left in [service.binary(), service.probe()] {
                let _ = fs::remove_file(left);
            }
            service.cargo(&["build", "--locked", "--quiet"])
        },
    },
    Gate {
        name: "probe",
        scope: Scope::Case,
        needs: &[],
        run: |bench, step, _| build_probe(&bench.service(step)?),
    },
    Gate {
        name: "contract",
        scope: Scope::Case,
        needs: &[],
        run: hold,
    },
];

/// The service with fault routes mounted, built as an example of the rendered copy. It is removed again: the service
/// has to stay as it was rendered.
fn build_probe(service: &Service) -> Result<Verdict> {
    let folder = service.path.join("examples");
    fs::create_dir_all(&folder)?;
    let source = folder.join("probe.rs");
    fs::write(&source, PROBE)?;
    let verdict = service.cargo(&["build", "--locked", "--quiet", "--example", "probe"]);
    fs::remove_file(&source)?;
    // It stays where the template has examples of its own.
    let _ = fs::remove_dir(&folder);
    // All cases build it to one place; each keeps its own.
    let built = service.target.join("debug/examples/probe");
    if matches!(verdict, Ok(Verdict::Passed(_))) {
        fs::copy(built, service.probe())?;
    }
    verdict
}

fn hold(bench: &mut Bench<'_>, step: &Step, inner: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    if !service.binary().exists() || !service.probe().exists() {
        return Ok(Verdict::Failed(
            "the service or its probe did not build".into(),
        ));
    }
    if let Some(skipped) = no_database(step) {
        return Ok(skipped);
    }
    let postgres = on_postgres(step).then(Postgres::start).transpose()?;
    let postgres = postgres.map(Rc::new);
    let process = |binary| {
        Box::new(Process {
            binary,
            folder: service.path.clone(),
            postgres: postgres.clone(),
        })
    };
    let template = &bench.template(step)?.name;
    let mut subject = Subject::new(
        process(service.binary()),
        &service.name,
        &service.version()?,
        template,
    );
    subject.probe = Some(process(service.probe()));
    subject
        .answers
        .extend(step.case.iter().flat_map(|case| case.answers.clone()));
    contract(&subject, bench.checks(), "", inner)
}
