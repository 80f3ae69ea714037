//! One action, one commit.

use std::collections::BTreeMap;

use super::Rule;
use super::model::yaml::Node;
use super::model::{File, Model, Uses, is_commit};
use super::pin::version;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "P4-two-pins",
    summary: "an action that is named at two commits, or one commit that is called two versions",
    why: "One of the two was forgotten in an update: the old one keeps what the update mended. A commit under two names \
          is not what one of the comments says.",
    example: "- uses: actions/cache@55cc8345863c7cc4c66a329aec7e433d2d1c52a9 # v6.1.0\n- uses: actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0",
    remedy: "Name the same commit and version everywhere.",
    check,
};

struct Pin<'a> {
    file: &'a File,
    node: &'a Node,
    name: String,
    commit: &'a str,
    version: Option<&'a str>,
}

fn check(model: &Model, report: &mut Report) {
    let mut actions: BTreeMap<String, Vec<Pin<'_>>> = BTreeMap::new();
    for (file, step) in model.steps() {
        let Some((
            node,
            Uses::Remote {
                owner,
                repo,
                reference,
                ..
            },
        )) = step.uses()
        else {
            continue;
        };
        if model.is_own(owner, repo) || !is_commit(reference) {
            continue;
        }
        let name = format!("{owner}/{repo}");
        let key = name.to_ascii_lowercase();
        let pin = Pin {
            file,
            node,
            name,
            commit: reference,
            version: version(file, node),
        };
        actions.entry(key).or_default().push(pin);
    }
    for pins in actions.values() {
        odd(report, pins);
        let mut by_commit: BTreeMap<&str, Vec<&Pin<'_>>> = BTreeMap::new();
        for pin in pins {
            by_commit.entry(pin.commit).or_default().push(pin);
        }
        for same in by_commit.values() {
            let Some(usual) = most(same.iter().filter_map(|pin| pin.version)) else {
                continue;
            };
            for pin in same {
                let Some(version) = pin.version.filter(|version| *version != usual) else {
                    continue;
                };
                let message = format!(
                    "`{}` at this commit is called `{version}` here, and `{usual}` elsewhere",
                    pin.name
                );
                let help = format!("write `# {usual}`, or the commit of `{version}`");
                let source = &pin.file.source;
                report.error(RULE.id, source, pin.node.span.clone(), message, help);
            }
        }
    }
}

/// Reports the pins that differ from what most say.
fn odd(report: &mut Report, pins: &[Pin<'_>]) {
    let Some(usual) = most(pins.iter().map(|pin| pin.commit)) else {
        return;
    };
    let mut same = pins.iter().filter(|pin| pin.commit == usual);
    let version = same.clone().find_map(|pin| pin.version);
    let Some(example) = same.next() else { return };
    for pin in pins.iter().filter(|pin| pin.commit != usual) {
        let message = format!(
            "`{}` has another commit here than in {}",
            pin.name,
            example.file.shown()
        );
        let help = match version {
            Some(version) => format!("write `@{usual} # {version}`"),
            None => format!("write `@{usual}`, and its version behind it"),
        };
        let source = &pin.file.source;
        report.error(RULE.id, source, pin.node.span.clone(), message, help);
    }
}

/// What stands most often; the first of equals.
fn most<'a>(values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts
        .iter()
        .find(|(_, count)| *count == most)
        .map(|(value, _)| *value)
}
