//! Scripts that are started and are not there.

use super::Rule;
use super::model::{Model, Start};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R11-missing-script",
    summary: "a file that an action, or a workflow in its own checkout, starts, and that is not there or may not be executed",
    why: "The step fails in every service that uses the action, on the day when the branch that starts it is taken first.",
    example: "run: '\"$GITHUB_ACTION_PATH/gaurd.sh\"'",
    remedy: "Name a file that is beside the action, or in the repository; `git update-index --chmod=+x FILE` lets it be \
             executed.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    // Where the tree is not known, nobody can tell.
    let Some(paths) = &model.paths else { return };
    for file in model.files.iter().filter(|file| file.tree == 0) {
        for Start {
            path,
            span,
            is_program,
        } in model.starts(file)
        {
            let (message, help) = if !paths.has(&path) {
                let known = paths.files.iter().map(String::as_str);
                let help = did_you_mean(&path, known, "name a file that is there, or add it");
                (format!("there is no `{path}` to start"), help)
            } else if is_program && !paths.may_run(&path) {
                let help = format!("git update-index --chmod=+x {path}");
                (format!("`{path}` may not be executed"), help)
            } else {
                continue;
            };
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}
