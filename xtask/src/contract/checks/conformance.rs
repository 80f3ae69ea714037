//! F1: document and service as others read them: openapi-spec-validator, and schemathesis, which sends what the document
//! allows and what it forbids.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::document::{document, published};
use crate::contract::check::FASTAPI;
use crate::contract::fault::hold;
use crate::contract::{Check, Fault, Need, Subject};
use crate::interrupt::Folder;
use crate::process::finish::{Finished, finish};

const VALIDATOR: &str = "openapi-spec-validator";
const SCHEMATHESIS: &str = "schemathesis";

pub const CHECKS: &[Check] = &[
    Check {
        id: "F1",
        name: "document-is-valid",
        title: "openapi-spec-validator has nothing to say about the document",
        needs: &[FASTAPI, Need::Program(VALIDATOR), Need::Long],
        remedy: "src/api/document.rs and src/api/refs.rs",
        run: valid,
    },
    Check {
        id: "F1",
        name: "agrees-with-its-document",
        title: "schemathesis finds no disagreement between document and service, in some hundred requests that the document allows or forbids",
        needs: &[FASTAPI, Need::Program(SCHEMATHESIS), Need::Long],
        remedy: "what the route declares, or src/api/document.rs; what schemathesis may not ask is in xtask/src/contract/checks/conformance.rs",
        run: agrees,
    },
];

/// How long a run may take: it needs about ten seconds, and many times that on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(3);
/// Cases of each route in the phases that draw at random.
const EXAMPLES: &str = "30";
/// The same cases in each run.
const SEED: &str = "20240613";
/// How much of what a program says about a fault is shown.
const LINES: usize = 40;

/// All checks of schemathesis, but for two things in which it is wrong here.
const CONFIGURATION: &str = r#"
[checks.positive_data_acceptance]
# What the document allows may still come too late: 412 and 428 are about the version of a resource, as 409 is.
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 428]

[[operations]]
# The document says "integer", and `"7"` and `true` are taken for one in a body, as FastAPI takes them: F3.
include-method = ["POST", "PUT", "PATCH"]
checks.negative_data_rejection.enabled = false
"#;

/// The statuses of the platform, which answers any request: what a document means by `default`. A status that neither is
/// among these nor documented by the route is a disagreement.
const PLATFORM: &[&str] = &["400", "408", "413", "415", "503"];

fn valid(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&published(subject))?;
    let (_, document) = document(&running)?;
    let folder = folder()?;
    let file = folder.path().join("openapi.json");
    written(&file, &document.to_string())?;
    let mut command = offline(VALIDATOR, folder.path());
    let finished = ended(command.args(["--schema", "3.1", "openapi.json"]))?;
    hold(
        finished.code == Some(0),
        format!("{VALIDATOR} to end with exit code 0"),
        || finished.excerpt(),
    )
}

fn agrees(subject: &Subject) -> Result<(), Fault> {
    // It makes items by the hundred.
    let running = subject.fresh(&published(subject))?;
    let folder = folder()?;
    let (_, mut document) = document(&running)?;
    strict(&mut document);
    written(&folder.path().join("openapi.json"), &document.to_string())?;
    written(&folder.path().join("schemathesis.toml"), CONFIGURATION)?;
    let mut command = offline(SCHEMATHESIS, folder.path());
    command
        .args(["--config-file", "schemathesis.toml", "run"])
        .args([
            "openapi.json",
            "--url",
            &format!("http://{}", running.public()),
        ])
        .args(["--max-examples", EXAMPLES, "--seed", SEED])
        .args(["--workers", "1", "--request-timeout", "10"])
        .args(["--generation-database", "none", "--warnings", "off"])
        .args(["--continue-on-failure", "--no-color"]);
    let finished = ended(&mut command)?;
    hold(
        finished.code == Some(0),
        format!("{SCHEMATHESIS} to end with exit code 0"),
        || told(&finished),
    )?;
    // A run that tested nothing ends well, too.
    let tested = |line: &str| line.trim().strip_prefix("Tested: ")?.parse::<usize>().ok();
    let tested = finished.stdout.lines().find_map(tested);
    hold(
        tested.is_some_and(|count| count > 0),
        format!("{SCHEMATHESIS} to test an operation"),
        || finished.excerpt(),
    )
}

/// Names the statuses that stand behind the `default` of each operation: with a `default`, every status is documented.
fn strict(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten());
    for (_, operation) in operations {
        let Some(responses) = operation["responses"].as_object_mut() else {
            continue;
        };
        let Some(default) = responses.remove("default") else {
            continue;
        };
        for status in PLATFORM {
            responses.entry(*status).or_insert_with(|| default.clone());
        }
    }
}

/// What schemathesis says about what it found, or the end of all it says.
fn told(finished: &Finished) -> String {
    let lines: Vec<&str> = finished.stdout.lines().collect();
    let about = |line: &&str| line.contains("= FAILURES =") || line.contains("= ERRORS =");
    let start = lines.iter().position(about);
    let start = start.unwrap_or_else(|| lines.len().saturating_sub(LINES));
    let mut told = finished.code.map_or_else(
        || "it still ran, and was killed".to_owned(),
        |code| format!("exit code {code}"),
    );
    let shown = lines.iter().skip(start).take(LINES);
    for line in shown.filter(|line| !line.trim().is_empty()) {
        told.extend(["\n  ", line]);
    }
    told + "\n  " + finished.stderr.trim()
}

/// A program in `folder` that reaches this machine alone: everything else goes through a proxy that is not there.
fn offline(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, "http://127.0.0.1:9");
        command.env(name.to_uppercase(), "http://127.0.0.1:9");
    }
    command
        .env("no_proxy", "127.0.0.1")
        .env("NO_PROXY", "127.0.0.1");
    command
}

fn folder() -> Result<Folder, Fault> {
    Folder::new("contract-", &std::env::temp_dir())
        .map_err(|error| Fault::new("a temporary folder", format!("{error:#}")))
}

fn written(file: &Path, text: &str) -> Result<(), Fault> {
    fs::write(file, text)
        .map_err(|error| Fault::new(format!("to write {}", file.display()), error.to_string()))
}

fn ended(command: &mut Command) -> Result<Finished, Fault> {
    let program = command.get_program().display().to_string();
    finish(command, PATIENCE)
        .map_err(|error| Fault::new(format!("`{program}` to run"), format!("{error:#}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_default_stands_for_the_statuses_of_the_platform_alone() {
        let get = json!({ "responses": { "200": 1, "400": 2, "default": 3 } });
        let mut document = json!({ "paths": { "/a": { "get": get } } });
        strict(&mut document);
        let expected = json!({ "200": 1, "400": 2, "408": 3, "413": 3, "415": 3, "503": 3 });
        assert_eq!(document["paths"]["/a"]["get"]["responses"], expected);
    }
}
