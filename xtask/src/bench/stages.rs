//! Where the time of `verify` goes, stage by stage.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::figure::Figure;
use super::table::Sheet;
use crate::pack::Pack;
use crate::report::Format;
use crate::verify::{self, Options, Output, Plan, Selection};

/// Runs the gates that `selection` asks for; what fails measures nothing.
pub fn measure(pack: &Pack, selection: &Selection) -> Result<Sheet> {
    let plan = Plan::new(pack, selection)?;
    let mut output = Output::new(&plan, Format::Json, true);
    let (options, mut lines) = (
        Options {
            require: Vec::new(),
            keep_going: false,
        },
        Vec::new(),
    );
    let passed = verify::run(pack, &plan, &options, &mut output, &mut lines)?;
    let lines = String::from_utf8(lines).context("verify printed no text")?;
    if !passed {
        let failed = lines
            .lines()
            .find(|line| line.contains(r#""status":"failed""#));
        bail!(
            "verify fails, so its time says nothing: {}",
            failed.unwrap_or_default()
        );
    }
    let mut sheet = Sheet::default();
    let mut total = 0.0;
    for (stage, seconds) in by_stage(&plan, &lines)? {
        total += seconds;
        sheet.add([Figure::alone(format!("verify: {stage}"), "s", &[seconds])]);
    }
    sheet.add([Figure::alone("verify: in all", "s", &[total])]);
    Ok(sheet)
}

/// The seconds of each stage's gates. Checks inside a gate have times of their own, which are a part of the gate's.
fn by_stage(plan: &Plan, lines: &str) -> Result<Vec<(String, f64)>> {
    let mut stages: Vec<(String, f64)> = Vec::new();
    for line in lines.lines() {
        let result: Value = serde_json::from_str(line)?;
        let (Some(stage), Some(gate)) = (result["stage"].as_str(), result["gate"].as_str()) else {
            continue;
        };
        let mut steps = plan.steps.iter();
        if !steps.any(|step| step.stage.name == stage && step.gate.name == gate) {
            continue;
        }
        let seconds = result["seconds"].as_f64().unwrap_or_default();
        match stages.iter_mut().find(|(known, _)| known == stage) {
            Some((_, sum)) => *sum += seconds,
            None => stages.push((stage.to_owned(), seconds)),
        }
    }
    Ok(stages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Matrix;

    #[test]
    fn gates_count_once_and_the_checks_inside_them_do_not() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let pack = Pack::open(Some(&root)).unwrap();
        let selection = Selection {
            templates: Vec::new(),
            cases: Vec::new(),
            stages: vec!["boot".into()],
            matrix: Matrix::Default,
            checks: Vec::new(),
        };
        let plan = Plan::new(&pack, &selection).unwrap();
        let lines = r#"{"stage":"boot","gate":"binary","seconds":2.0}
{"stage":"boot","gate":"S1 live","seconds":3.0}
{"stage":"boot","gate":"contract","seconds":4.0}
{"summary":{"passed":3}}"#;
        assert_eq!(by_stage(&plan, lines).unwrap(), [("boot".to_owned(), 6.0)]);
    }
}
