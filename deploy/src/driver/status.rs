//! `status`: what each environment's records say, and whether it is true.

use serde::Serialize;
use serde_json::json;

use super::plan::Step;
use super::run::Run;
use crate::backend::Backend;
use crate::error::Error;
use crate::ledger::{History, LATEST};
use crate::names::{Digest, Environment};
use crate::outcome::Action;
use crate::registry::REASON;

/// One environment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Line {
    environment: Environment,
    /// The newest record that counts.
    record: Option<String>,
    digest: Option<Digest>,
    /// Another digest that the tag of the record's commit names.
    contradicted_by: Option<Digest>,
    /// What the back end says runs.
    running: Option<Digest>,
    /// In words: `as recorded`, `another`, `nothing`, or `unknown` and why.
    runs: String,
    cache: Option<Digest>,
    cache_stale: bool,
    quarantined: Vec<Held>,
}

#[derive(Debug, Serialize)]
struct Held {
    commit: String,
    tag: String,
    reason: Option<String>,
}

/// Runs it.
pub fn status(run: &mut Run<'_>, only: Option<Environment>) -> Result<(), Error> {
    let history = run.history()?;
    let latest = run.ledger.digest(LATEST)?;
    run.at(Step::Ask);
    let backend = (run.open)();
    let wanted = |environment: &Environment| only.is_none_or(|only| only == *environment);
    let mut lines = Vec::new();
    for environment in Environment::ALL.into_iter().filter(wanted) {
        let mut line = recorded(run, &history, environment)?;
        match &backend {
            Ok(backend) => line.ask(backend.as_ref()),
            Err(error) => line.runs = format!("unknown: {error}"),
        }
        lines.push(line);
    }
    run.outcome.action = Action::Noop;
    if run.report.json() {
        run.report.object(&json!({
            "image": run.image.to_string(),
            "latest-dev": latest,
            "environments": lines,
        }));
    } else {
        run.report
            .text(&table(&run.image.to_string(), latest.as_ref(), &lines));
    }
    Ok(())
}

fn recorded(run: &Run<'_>, history: &History, environment: Environment) -> Result<Line, Error> {
    let good = history.good(environment);
    let placed = good.map(|record| run.placed(history, record)).transpose()?;
    let cache = run.ledger.digest(environment.name())?;
    let digest = placed.as_ref().map(|placed| placed.digest.clone());
    let mut quarantined = Vec::new();
    for held in history.quarantines(environment) {
        let tag = held.mark.to_string();
        let mut note = run.client.read_note(&tag)?;
        quarantined.push(Held {
            commit: held.mark.short,
            // Whoever may push may have written it, for a terminal too.
            reason: note.annotations.remove(REASON).map(|mut reason| {
                reason.retain(|letter| !letter.is_control());
                reason
            }),
            tag,
        });
    }
    Ok(Line {
        environment,
        record: good.map(ToString::to_string),
        cache_stale: cache != digest,
        digest,
        contradicted_by: placed.and_then(|placed| placed.contradicted),
        running: None,
        runs: String::new(),
        cache,
        quarantined,
    })
}

impl Line {
    fn ask(&mut self, backend: &dyn Backend) {
        self.runs = match backend.running(self.environment) {
            Err(error) => format!("unknown: {error}"),
            Ok(None) => "nothing".to_owned(),
            Ok(Some(running)) => {
                let as_recorded = Some(&running) == self.digest.as_ref();
                self.running = Some(running);
                if as_recorded {
                    "as recorded"
                } else {
                    "another"
                }
                .to_owned()
            }
        };
    }
}

fn table(image: &str, latest: Option<&Digest>, lines: &[Line]) -> String {
    let short = |digest: Option<&Digest>| digest.map_or("-", Digest::short).to_owned();
    let mut rows =
        vec![["environment", "record", "digest", "runs", "cache tag"].map(str::to_owned)];
    let mut below = String::new();
    for line in lines {
        let runs = match &line.running {
            Some(running) if line.runs == "another" => short(Some(running)),
            // Its reason stands below: a table has no room for it.
            _ => line.runs.split(':').next().unwrap_or_default().to_owned(),
        };
        rows.push([
            line.environment.to_string(),
            line.record.clone().unwrap_or_else(|| "-".to_owned()),
            short(line.digest.as_ref()),
            runs,
            if line.cache_stale { "stale" } else { "current" }.to_owned(),
        ]);
        let environment = line.environment;
        if line.runs.contains(':') {
            below.push_str(&format!("\n{environment}: what runs is {}", line.runs));
        }
        if let (Some(other), Some(record)) = (&line.contradicted_by, &line.record) {
            below.push_str(&format!("\n{environment}: {record} was overwritten, or its commit's tag, which names {other}"));
        }
        for held in &line.quarantined {
            let reason = held.reason.as_deref().unwrap_or("no reason is kept");
            below.push_str(&format!(
                "\n{environment}: {} is quarantined: {reason}",
                held.commit
            ));
        }
    }
    let mut text = format!("{image}, {LATEST} {}\n", short(latest));
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let width = rows
                .iter()
                .map(|row| row[column].len())
                .max()
                .unwrap_or_default();
            format!("{cell:<width$}")
        });
        text.push_str(&format!(
            "\n{}",
            cells.collect::<Vec<_>>().join("  ").trim_end()
        ));
    }
    if !below.is_empty() {
        text.push_str(&format!("\n{below}"));
    }
    text
}
