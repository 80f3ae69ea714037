//! What a dispatch offers and what the called workflow asks for are the same words.

use std::collections::BTreeSet;

use super::Rule;
use super::model::expr::{Expr, Kind};
use super::model::given::passed_on;
use super::model::yaml::Node;
use super::model::{Model, Workflow};
use super::words::{did_you_mean, listed};
use crate::report::{Report, nearest};

/// The rule.
pub const RULE: Rule = Rule {
    id: "D13-unknown-choice",
    summary: "a condition that asks an input for a word that no caller's choice offers: it is near to one, or one that is offered is \
              asked for nowhere",
    why: "Whoever picks that choice sees a green run in which nothing was done.",
    example: "if: inputs.action == 'rolback' # options: [rollback, lift]",
    remedy: "Write the word of the caller's `options`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let calls = model.calls();
    for callee in model.workflows().filter(Workflow::is_only_called) {
        for input in callee.inputs("workflow_call") {
            let name = input.name.text.as_str();
            let mut callers = Vec::new();
            let mut is_known = true;
            for call in calls.iter().filter(|call| call.is_of(&callee)) {
                match offers(call.caller, call.job.node.get("with"), name) {
                    Some(words) => callers.push(words),
                    None => is_known = false,
                }
            }
            let offered: BTreeSet<String> = callers.iter().flatten().cloned().collect();
            if is_known && offered.len() > 1 {
                judge(callee, name, &offered, &callers, report);
            }
        }
    }
}

/// The words of the choice that a call passes on.
fn offers(caller: Workflow<'_>, with: Option<&Node>, name: &str) -> Option<Vec<String>> {
    let entry = with?
        .entries()
        .iter()
        .find(|entry| entry.key.text.eq_ignore_ascii_case(name))?;
    if let Some(word) = entry.value.plain() {
        return Some(vec![word.to_owned()]);
    }
    let passed = passed_on(entry.value.text()?)?;
    let inputs = caller.inputs("workflow_dispatch");
    let input = inputs
        .iter()
        .find(|input| input.name.text.eq_ignore_ascii_case(&passed))?;
    let options = input.node.get("options")?.items();
    options
        .iter()
        .map(|option| option.plain().map(str::to_owned))
        .collect()
}

fn judge(
    callee: Workflow<'_>,
    name: &str,
    offered: &BTreeSet<String>,
    callers: &[Vec<String>],
    report: &mut Report,
) {
    let mut asked: Vec<(&str, &Expr)> = Vec::new();
    for site in &callee.file.walked.sites {
        site.expr.walk(&mut |expr| {
            let Kind::Compare(_, a, b) = &expr.kind else {
                return;
            };
            for (of, word) in [(a, b), (b, a)] {
                if let (true, Kind::Text(text)) = (of.is_path(&["inputs", name]), &word.kind) {
                    asked.push((text, word));
                }
            }
        });
    }
    let is_asked = |word: &&String| {
        asked
            .iter()
            .any(|(text, _)| text.eq_ignore_ascii_case(word))
    };
    let idle: Vec<&str> = offered
        .iter()
        .filter(|word| !is_asked(word))
        .map(String::as_str)
        .collect();
    for (text, word) in &asked {
        // What one caller misspells another may spell.
        let misspelt = callers.iter().find_map(|words| {
            let has = words.iter().any(|word| word.eq_ignore_ascii_case(text));
            let idle = words.iter().filter(|word| !is_asked(word));
            nearest(text, idle.map(String::as_str)).filter(|_| !has)
        });
        if let Some(misspelt) = misspelt.filter(|_| offered.contains(*text)) {
            let message = format!("a caller offers `{misspelt}` where `{text}` is asked for");
            let help = format!("write `{text}` in the caller's `options`");
            let source = &callee.file.source;
            report.error(RULE.id, source, word.span.clone(), message, help);
            continue;
        }
        if text.is_empty() || offered.iter().any(|offer| offer.eq_ignore_ascii_case(text)) {
            continue;
        }
        let near = nearest(text, offered.iter().map(String::as_str));
        // A word of another caller, unless it looks like one of these or one of these is left over.
        if idle.is_empty() && near.is_none() {
            continue;
        }
        let message = format!("no caller offers `{text}` as `{name}`");
        let help = did_you_mean(
            text,
            offered.iter().map(String::as_str),
            listed("words on offer", offered.iter().map(String::as_str)),
        );
        let source = &callee.file.source;
        report.error(RULE.id, source, word.span.clone(), message, help);
    }
}
