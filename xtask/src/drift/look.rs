//! Looks at one service: in the order in which a reader would ask, and as far as it can be looked at.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result};
use toml::de::DeTable;

use super::renders::Renders;
use super::{Counts, Made, Row, answers, behind, files, markers, references};
use crate::history::{History, Point};
use crate::pack::{Pack, Platform};
use crate::report::{Report, Source};
use crate::service::{Record, Service};
use crate::tree::Tree;

/// What services are compared with.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub pack: &'a Pack,
    pub history: &'a History<'a>,
    pub point: Point,
    /// How messages call it.
    pub name: String,
    /// The facts that a service is stamped with there.
    pub facts: Platform,
    /// What the user named, where that was anything.
    pub asked: Option<&'a str>,
}

/// What was found in one service.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub report: Report,
    pub diffs: BTreeMap<String, String>,
    pub counts: Counts,
}

/// A service and how it is shown.
#[derive(Debug)]
pub(super) struct Subject {
    pub service: Service,
    /// The folder, as it was named.
    pub shown: String,
    /// `.idp/answers.toml`, under its shown path.
    pub record: Source,
}

impl Subject {
    fn open(dir: &Path, shown: &str) -> Result<Self> {
        let service = Service::open(dir)?;
        let text = crate::pack::read(&service.dir.join(Record::FILE))?;
        let mut subject = Self {
            service,
            shown: shown.to_owned(),
            record: Source::new("", text),
        };
        subject.record.file = subject.file(Record::FILE);
        Ok(subject)
    }

    /// A file of the service's, as findings name it.
    pub fn file(&self, path: &str) -> String {
        match self.shown.as_str() {
            "." => path.to_owned(),
            shown => format!("{}/{path}", shown.trim_end_matches('/')),
        }
    }

    /// Where a key stands in the record.
    pub fn place(&self, table: &str, key: &str) -> Range<usize> {
        let (root, _) = DeTable::parse_recoverable(&self.record.text);
        let table = root.get_ref().get(table);
        let table = table.and_then(|table| table.get_ref().as_table());
        let found = table.and_then(|table| table.get_key_value(key));
        found.map_or(0..0, |(key, _)| key.span())
    }
}

/// Looks at the service in `dir`.
pub(super) fn look(target: &Target<'_>, renders: &mut Renders, dir: &Path) -> (Row, Found) {
    let shown = dir.display().to_string();
    let mut found = Found::default();
    let mut row = Row {
        service: shown.clone(),
        made: None,
        counts: Counts::default(),
        failure: None,
    };
    match Subject::open(dir, &shown) {
        Ok(subject) => {
            let record = &subject.service.record;
            row.made = Some(Made {
                name: record.name().to_owned(),
                template: record.template.clone(),
                version: record.version.clone(),
            });
            let judged = judge(target, renders, &subject, &mut found);
            row.failure = judged.err().map(|error| format!("{error:#}"));
        }
        Err(error) => row.failure = Some(format!("{error:#}")),
    }
    row.counts = std::mem::take(&mut found.counts);
    (row, found)
}

fn judge(
    target: &Target<'_>,
    renders: &mut Renders,
    subject: &Subject,
    found: &mut Found,
) -> Result<()> {
    references::judge(target, subject, found)?;
    markers::judge(subject, found)?;
    let record = &subject.service.record;
    // What the service would be like, for files that have gone ahead by hand.
    let mut wanted: Option<Rc<Tree>> = None;
    match renders.template(&target.point, &record.template) {
        Ok(past) => {
            let carried = answers::judge(target, subject, &past.template.manifest, found)?;
            if let Some(carried) = carried {
                let tree = renders.tree(&target.point, record, &carried, &target.facts);
                wanted = Some(tree.with_context(|| {
                    format!("cannot render `{}` as {} would", record.name(), target.name)
                })?);
            }
        }
        Err(error) => {
            let message = format!(
                "`{}` is no template any more in {}",
                record.template, target.name
            );
            let help = format!("{error:#}; ask who keeps the pack what takes its place");
            let span = subject.place("template", "name");
            found
                .report
                .error(super::TEMPLATE, &subject.record, span, message, help);
        }
    }
    let from = match target.history.of_record(record) {
        Ok(from) => from,
        Err(error) => {
            unknown(subject, &error, found);
            return Ok(());
        }
    };
    let past = match renders.template(&from, &record.template) {
        Ok(past) => past,
        Err(error) => {
            unknown(subject, &error.context("no template"), found);
            return Ok(());
        }
    };
    let facts = target.history.facts_of_record(record, &from)?;
    let base = past
        .answers(&record.answers)
        .and_then(|answers| renders.tree(&from, record, &answers, &facts))
        .with_context(|| {
            format!(
                "cannot render what `{}` was made from, {}",
                record.name(),
                from.name()
            )
        })?;
    let differs = wanted.as_deref().is_some_and(|wanted| *wanted != *base);
    behind::judge(target, subject, &from, differs, found);
    files::judge(subject, &from.name(), &base, wanted.as_deref(), found)
}

/// The version is a finding: the other services are looked at all the same.
fn unknown(subject: &Subject, error: &anyhow::Error, found: &mut Found) {
    let record = &subject.service.record;
    let message = format!(
        "`{}` was made from {} of {}, which this pack does not know",
        record.name(),
        record.commit.as_deref().unwrap_or(&record.version),
        record.pack
    );
    let reasons: Vec<_> = error.chain().skip(1).map(ToString::to_string).collect();
    let help = format!(
        "{}; `cargo xtask upgrade {} --from REF` takes the commit of this pack that it was made from",
        reasons.join(": "),
        subject.shown
    );
    let span = subject.place("template", "version");
    found
        .report
        .error(super::UNKNOWN, &subject.record, span, message, help);
}
