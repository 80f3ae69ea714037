//! Recorded answers beside the questions of the wanted version.

use anyhow::Result;

use super::look::{Found, Subject, Target};
use crate::create::fault;
use crate::pack::{Answers, Manifest};
use crate::report::Severity;
use crate::service::Record;

/// Adds the findings. Returns what the wanted version would be rendered with: the recorded answers, and defaults for what
/// can't be taken over; nothing where a question has no default.
pub(super) fn judge(
    target: &Target<'_>,
    subject: &Subject,
    manifest: &Manifest,
    found: &mut Found,
) -> Result<Option<Answers>> {
    let recorded = &subject.service.record.answers;
    let define = |name: &str| format!("`cargo xtask upgrade {} -d {name}=VALUE`", subject.shown);
    for (name, value) in recorded.iter().filter(|(name, _)| *name != Record::NAME) {
        if manifest.placeholder(name).is_none() {
            let message = format!("`{name} = {value}` answers no question of {}", target.name);
            let help = "an upgrade drops it; look into the changelog for what takes its place";
            answer(subject, name, message, help, found);
        }
    }
    let mut carried = Some(Answers::new());
    for placeholder in &manifest.placeholders {
        let name = &placeholder.name;
        let default = placeholder.default.as_ref().map(|default| &default.value);
        let kept = if let Some(value) = recorded.get(name) {
            if let Some(fault) = fault(placeholder, value)? {
                let message = format!(
                    "`{name} = {value}` is no answer in {}: {fault}",
                    target.name
                );
                let help = format!("answer anew with {}", define(name));
                answer(subject, name, message, &help, found);
                default
            } else {
                Some(value)
            }
        } else {
            let taken = match default {
                Some(default) => format!("an upgrade takes `{default}`"),
                None => "it has no default".to_owned(),
            };
            let message = format!("{} asks for `{name}`: {}", target.name, placeholder.prompt);
            let help = format!("{taken}; {} gives another", define(name));
            let span = subject.place("values", Record::NAME);
            let finding =
                subject
                    .record
                    .finding(super::QUESTION, Severity::Warning, span, message, help);
            found.report.push(finding);
            found.counts.questions += 1;
            default
        };
        match (kept, &mut carried) {
            (Some(value), Some(carried)) => {
                carried.insert(name.clone(), value.clone());
            }
            _ => carried = None,
        }
    }
    Ok(carried)
}

fn answer(subject: &Subject, name: &str, message: String, help: &str, found: &mut Found) {
    let span = subject.place("values", name);
    found
        .report
        .error(super::ANSWER, &subject.record, span, message, help);
    found.counts.answers += 1;
}
