//! Upgrade scripts that would never run, do not compile, call what there is not, or answer what nobody asks.

use std::collections::BTreeSet;

use semver::Version;

use super::Rule;
use super::broken_hook::misses;
use super::model::hooks::Code;
use super::model::text::{Name, Problem, did_you_mean, quoted};
use super::model::upgrades::{OFFERED, Upgrade, WITHHELD};
use super::model::{ENOUGH, File, Model, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-upgrade",
    summary: "an upgrade script whose name is no version, that no next release can have, that does not compile, calls what \
              there is not, sets an answer that nobody asks for, or adds to a file once more when it runs again",
    why: "Upgrade scripts run in somebody else's service, long after they were written. One that is named wrongly never \
          runs; one that fails keeps that service from every later version.",
    example: "file::replace(\"config/default.yaml\", \"port: 80\", \"port: 8080\");",
    remedy: "Name it `upgrades/X.Y.Z.rhai` by a released version or one that the next release can have. It has `file` exists, \
             read, write, rename, delete, replace; `answer` get, is_set, set, rename, remove; note; the functions of Rhai.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let current = Version::parse(&model.version).ok();
    for template in &model.templates {
        for upgrade in &template.upgrades {
            let Some(file) = template.files.get(upgrade.file) else {
                continue;
            };
            if let Some((message, help)) = named(upgrade, file, current.as_ref()) {
                report.error_in_file(RULE.id, &file.place, message, help);
            }
            let Some(source) = &upgrade.source else {
                let message = "the upgrade script is no text";
                report.error_in_file(RULE.id, &file.place, message, "write it in UTF-8");
                continue;
            };
            let problems = match &upgrade.code {
                Some(Ok(code)) => problems(template, code),
                Some(Err(problem)) => vec![problem.clone()],
                None => Vec::new(),
            };
            for problem in problems.into_iter().take(ENOUGH) {
                report.error(RULE.id, source, problem.span, problem.message, problem.help);
            }
        }
    }
}

/// What is wrong with the script's name.
fn named(upgrade: &Upgrade, file: &File, current: Option<&Version>) -> Option<(String, String)> {
    let path = &file.path;
    let Some(version) = &upgrade.version else {
        let message = format!("`{path}` is named by no version, so it never runs");
        let help = "name it `upgrades/X.Y.Z.rhai`; nothing else lies in that folder";
        return Some((message, help.to_owned()));
    };
    let current = current?;
    let next = next(current);
    if version <= current || next.contains(version) {
        return None;
    }
    let message = format!("no release after {current} can be {version}");
    let [smallest, middle, largest] = next;
    let help = format!("name it by the next release: {smallest}, {middle} or {largest}");
    Some((message, help))
}

/// What the release after `current` can be.
fn next(current: &Version) -> [Version; 3] {
    let Version {
        major,
        minor,
        patch,
        ..
    } = *current;
    // A version to come may have been stamped as a candidate.
    let patch = if current.pre.is_empty() {
        patch.saturating_add(1)
    } else {
        patch
    };
    [
        Version::new(major, minor, patch),
        Version::new(major, minor.saturating_add(1), 0),
        Version::new(major.saturating_add(1), 0, 0),
    ]
}

fn problems(template: &Template, code: &Code) -> Vec<Problem> {
    let calls = code.calls.iter().filter_map(|call| {
        let name = &call.name;
        if call.module.is_none() && WITHHELD.contains(&name.text.as_str()) {
            return Some(Problem {
                span: name.span.clone(),
                message: format!("upgrade scripts have no `{}`", name.text),
                help: "take it out; what a person has to read goes into `note(\"…\")`".to_owned(),
            });
        }
        misses(template, code, call, &OFFERED)
    });
    let constants = code.constants.iter().map(|(module, name)| Problem {
        span: name.span.clone(),
        message: format!("there is no `{module}::{}`", name.text),
        help: "upgrade scripts have functions of `file` and `answer`, and no constants".to_owned(),
    });
    let all = calls.chain(constants).chain(unasked(template, code));
    all.chain(growing(code)).collect()
}

/// Answers that the script gives and the template asks for nowhere. A later script may take them up.
fn unasked(template: &Template, code: &Code) -> Vec<Problem> {
    let asked = template.manifest.placeholders.iter();
    let asked: BTreeSet<&str> = asked.map(|placeholder| placeholder.name.as_str()).collect();
    let taken_up: BTreeSet<String> = template.upgrades.iter().flat_map(taken_up).collect();
    let first = code.calls_of("answer", "set");
    let first = first.filter_map(|call| call.arguments.first()?.as_ref());
    let second = code.calls_of("answer", "rename");
    let second = second.filter_map(|call| call.arguments.get(1)?.as_ref());
    first
        .chain(second)
        .filter(|name| !asked.contains(name.text.as_str()) && !taken_up.contains(&name.text))
        .map(|name| Problem {
            span: name.span.clone(),
            message: format!("the template does not ask for `{}`", name.text),
            help: did_you_mean(
                &name.text,
                asked.iter().copied(),
                "set an answer to a question of the manifest",
            ),
        })
        .collect()
}

/// Answers that the script takes away or gives another name; of one that does not compile, any text may be one.
fn taken_up(upgrade: &Upgrade) -> Vec<String> {
    match (&upgrade.code, &upgrade.source) {
        (Some(Ok(code)), _) => {
            let removed = code.may_name("answer", "remove");
            let all = removed.chain(code.may_name("answer", "rename"));
            all.map(str::to_owned).collect()
        }
        (_, Some(source)) => quoted(&source.text),
        _ => Vec::new(),
    }
}

/// Replacements whose new text has the old one in it, so that each run adds to the last.
fn growing(code: &Code) -> impl Iterator<Item = Problem> {
    code.calls_of("file", "replace").filter_map(|call| {
        let [_, Some(old), Some(new)] = call.arguments.as_slice() else {
            return None;
        };
        grows(old, new).then(|| Problem {
            span: new.span.clone(),
            message: format!(
                "the new text has `{}` in it, so a second run would replace it again",
                old.text
            ),
            help: "give the old text so much more that the new one doesn't hold it".to_owned(),
        })
    })
}

fn grows(old: &Name, new: &Name) -> bool {
    !old.text.is_empty() && new.text.contains(&old.text)
}
