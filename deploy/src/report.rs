//! What a command says while it runs and when it ends: lines for a person, or one JSON object a line; and the files that
//! GitHub Actions names.

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::error::Error;
use crate::outcome::Outcome;

/// Where it goes.
pub struct Report {
    json: bool,
}

impl Report {
    /// For a person, or for a program.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program reads it.
    pub fn json(&self) -> bool {
        self.json
    }

    /// A step's line.
    pub fn line(&self, step: &str, text: &str) {
        if self.json {
            self.object(&json!({ "step": step, "text": text }));
        } else {
            print(&format!("{step:<11} {text}"));
        }
    }

    /// A text that stands for itself, such as a table.
    pub fn text(&self, text: &str) {
        print(text);
    }

    /// An object on a line of its own.
    pub fn object(&self, object: &Value) {
        print(&object.to_string());
    }

    /// The end: outcome, exit code, error.
    pub fn end(&self, command: &str, outcome: &Outcome, ended: Result<(), &Error>, so_far: &str) {
        let error = ended.err().map(|error| match so_far {
            "" => error.to_string(),
            so_far => format!("{error}; {so_far}"),
        });
        let code = ended.err().map_or(0, Error::exit_code);
        if self.json {
            let mut summary = json!(outcome);
            summary["command"] = json!(command);
            summary["exit"] = json!(code);
            summary["error"] = json!(error);
            self.object(&json!({ "summary": summary }));
        }
        if let Some(error) = &error {
            complain(&format!("error: {error}"));
        }
        let pairs = outcome.pairs();
        let lines = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}\n"));
        append("GITHUB_OUTPUT", &lines.collect::<String>());
        let what = error.unwrap_or_else(|| outcome.action.name().to_owned());
        let mut summary = format!("### `idp-deploy {command}`: exit {code}\n\n{what}\n\n");
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            summary.push_str(&format!("- {name}: `{value}`\n"));
        }
        append("GITHUB_STEP_SUMMARY", &format!("{summary}\n"));
    }
}

/// Something that a person should know of, and that stops nothing.
pub fn warn(text: &str) {
    complain(&format!("warning: {text}"));
}

/// What is waited for.
pub fn wait(text: &str) {
    complain(&format!("waiting: {text}"));
}

/// Appends a line of its own to a job's summary.
pub fn summarise(text: &str) {
    append("GITHUB_STEP_SUMMARY", &format!("{text}\n\n"));
}

/// A reader that went away is no reason to stop in the middle of a deployment.
fn print(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn append(variable: &str, text: &str) {
    let Some(file) = env::var_os(variable).filter(|file| !file.is_empty()) else {
        return;
    };
    let written = OpenOptions::new().append(true).create(true).open(&file);
    if let Err(error) = written.and_then(|mut file| file.write_all(text.as_bytes())) {
        warn(&format!(
            "${variable} ({}) can't be written: {error}",
            file.display()
        ));
    }
}
