//! Files that no service gets.

use super::Rule;
use super::model::{Body, Fate, Model, Origin, is_script};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unshipped-file",
    summary: "a file that no combination of options ships",
    why: "What no option brings into a service is dead, and nobody sees that a feature has gone missing: a folder of an \
          option that no hook moves, a file that is ignored under every value.",
    example: "template-demo/options/metrics-statsd/src/metrics.rs, with no `file::rename` of it",
    remedy: "Move it in a `pre` hook under its option, narrow the condition that ignores it, or remove it.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let rehearsal = &template.rehearsal;
        if !rehearsal.is_complete || rehearsal.whole().next().is_none() {
            continue;
        }
        let mut ships = vec![false; template.files.len()];
        for origin in rehearsal.whole().flat_map(|run| run.files.values()) {
            if let Origin::File(number) = origin
                && let Some(ships) = ships.get_mut(*number)
            {
                *ships = true;
            }
        }
        for (file, _) in template.files.iter().zip(ships).filter(|(_, ships)| !ships) {
            // Scripts have a rule of their own.
            if file.fate == Fate::Dropped
                || matches!(file.body, Body::Special(_))
                || is_script(&file.path)
            {
                continue;
            }
            let message = format!("no combination of options ships `{}`", file.path);
            let help = if file.is_optional {
                format!(
                    "`file::rename(\"{}\", \"{}\")` in a `pre` hook, or remove the file",
                    file.path, file.target
                )
            } else {
                "narrow the condition or the hook that takes it away, or remove the file".to_owned()
            };
            report.error_in_file(RULE.id, &file.place, message, help);
        }
    }
}
