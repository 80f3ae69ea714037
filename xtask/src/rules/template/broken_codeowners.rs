//! CODEOWNERS: whom GitHub asks for a review.

use std::collections::BTreeSet;

use super::Rule;
use super::model::{Model, Pattern, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-codeowners",
    summary: "a CODEOWNERS whose owner is no user, team or e-mail address, or whose path no service has",
    why: "GitHub passes over a line that it cannot read, and over a path that is not there: nobody is asked for a review, and \
          a rule that wants one of the owners holds nothing.",
    example: "* payments # instead of @your-org/payments",
    remedy: "Write owners as `@user`, `@org/team` or an address, and paths as services have them.",
    check,
};

/// Where GitHub looks for it; the first counts.
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let paths = template.rehearsal.paths();
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let Some(place) = PLACES.iter().find(|place| run.files.contains_key(**place)) else {
                continue;
            };
            let Some(file) = model.rendered(template, run, place) else {
                continue;
            };
            let mut start = 0;
            for line in file.text.split_inclusive('\n') {
                for (word, message, help) in faults(template, line, &paths) {
                    let at = start + (word.as_ptr() as usize - line.as_ptr() as usize);
                    if told.insert(message.clone()) {
                        let place = file.place(&(at..at + word.len()));
                        report.error(RULE.id, file.source, place, message, help);
                    }
                }
                start += line.len();
            }
        }
    }
}

/// What is wrong with a line: the word, a message and a remedy.
fn faults<'l>(
    template: &Template,
    line: &'l str,
    paths: &BTreeSet<&str>,
) -> Vec<(&'l str, String, &'static str)> {
    let code = line.split('#').next().unwrap_or(line);
    let mut words = code.split_whitespace();
    let Some(pattern) = words.next() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // A path with escaped spaces is not looked into.
    if pattern.contains('\\') {
        return found;
    }
    let is_there =
        Pattern::parse(pattern).is_ok_and(|matcher| paths.iter().any(|path| matcher.covers(path)));
    if !is_there && template.rehearsal.is_complete {
        let message = format!("no service has a file `{pattern}`");
        found.push((
            pattern,
            message,
            "name a file or folder that some service has, or take the line away",
        ));
    }
    for owner in words.filter(|owner| !is_owner(owner)) {
        let message = format!("`{owner}` is no owner that GitHub knows");
        found.push((
            owner,
            message,
            "write `@user`, `@org/team` or an e-mail address",
        ));
    }
    found
}

/// `@user`, `@org/team` or an e-mail address.
fn is_owner(word: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    match word.split_once('@') {
        Some(("", name)) => match name.split_once('/') {
            Some((org, team)) => is_name(org) && is_name(team),
            None => is_name(name),
        },
        Some((_, domain)) => is_name(domain) && domain.contains('.'),
        None => false,
    }
}
