//! The configuration of a service: its layers, the variables that set it, and the types that read it.
//!
//! Only of services whose `config/default.yaml` has every key; of any others nothing is known here.

mod layers;
mod settings;
mod variables;

use std::collections::BTreeSet;
use std::ops::Range;

use super::Rule;
use super::model::{Document, Model};
use crate::report::Report;
use crate::rules::workflow::yaml::{Kind, Node};

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-config",
    summary: "a key in config/, a variable `APP__…` or `SECRET_…`, or an `APP_ENV`, that means nothing to some service, or a key that config/default.yaml lacks",
    why: "The service refuses to start: on the developer's machine with the first line that is copied from `.env.example`, or \
          in production, where alone config/prod.yaml is read.",
    example: "server:\n  header_time_out: 75s # config/default.yaml calls it header_timeout",
    remedy: "Name a key of config/default.yaml, or put the line under the option that brings the key.",
    check,
};

/// The layer that has every key.
const DEFAULT: &str = "config/default.yaml";

/// Something wrong in a file of some service.
struct Fault {
    /// The file's path in the service.
    path: String,
    place: Place,
    message: String,
    help: String,
}

/// Where it is.
enum Place {
    /// Bytes of the rendered text.
    Rendered(Range<usize>),
    /// A line of the template's file that begins so, where there is one.
    Line(String),
}

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        let mut types = settings::Types::new(model, template);
        for run in template.rehearsal.whole() {
            let Some(default) = model.document(template, run, DEFAULT) else {
                continue;
            };
            let mut faults = layers::faults(model, template, run, &default);
            faults.extend(variables::faults(model, template, run, &default));
            faults.extend(types.faults(run, &default));
            for fault in faults {
                if !told.insert((fault.path.clone(), fault.message.clone())) {
                    continue;
                }
                let Some(file) = model.rendered(template, run, &fault.path) else {
                    continue;
                };
                let place = match &fault.place {
                    Place::Rendered(span) => file.place(span),
                    Place::Line(start) => line(&file.source.text, start),
                };
                let message = format!("{}, with `{}`", fault.message, run.case);
                report.error(RULE.id, file.source, place, message, fault.help);
            }
        }
    }
}

fn line(text: &str, begins: &str) -> Range<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line[indent..].starts_with(begins) {
            return at + indent..at + indent + begins.len();
        }
        at += line.len();
    }
    0..0
}

/// What config/default.yaml says of a key.
enum Key<'d> {
    /// It has it, or leaves open what stands there.
    Known,
    /// It has not: the number of the part that is not there, and what is there in its place.
    Unknown(usize, Vec<&'d str>),
}

/// Looks a key up, by its parts; letters of either case are the same.
fn key<'d>(default: &'d Document<'_>, path: &[String]) -> Key<'d> {
    let mut node: &Node = &default.root;
    for (number, part) in path.iter().enumerate() {
        let entries = match &node.kind {
            Kind::Map(entries) if !entries.is_empty() => entries,
            // A value that may be something else there.
            _ => return Key::Known,
        };
        let found = entries
            .iter()
            .find(|entry| entry.key.text.eq_ignore_ascii_case(part));
        let Some(entry) = found else {
            let keys = entries.iter().map(|entry| entry.key.text.as_str());
            return Key::Unknown(number, keys.collect());
        };
        node = &entry.value;
    }
    Key::Known
}
