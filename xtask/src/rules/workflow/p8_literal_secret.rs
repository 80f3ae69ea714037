//! Secrets that are written out.

use std::collections::BTreeSet;

use super::model::yaml::{Kind, Node};
use super::model::{File, Model};
use super::{ENOUGH, Rule};
use crate::report::Report;
use crate::rules::secrets::{Find, find};

/// The rule.
pub const RULE: Rule = Rule {
    id: "P8-literal-secret",
    summary: "a value in a workflow or action that looks like a secret",
    why: "Whoever may read the repository has it, and so has its history for ever; GitHub masks in logs only what it keeps \
          as a secret.",
    example: "env:\n  REGISTRY_PASSWORD: hunter2-sup3r",
    remedy: "Revoke it, keep the new one as a secret of the repository or environment, and read it: \
             `${{ secrets.REGISTRY_PASSWORD }}`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let text = &file.source.text;
        let throwaway = throwaway(file);
        let found = find(&file.path, text).into_iter();
        let found = found.filter(|found| match found {
            Find::Token(..) => true,
            Find::Value(span, _) => !throwaway.contains(&text[span.clone()]),
        });
        for found in found.take(ENOUGH) {
            let (span, message) = match found {
                Find::Token(span, kind) => (span, format!("this looks like {kind}")),
                Find::Value(span, key) => (span, format!("`{key}` holds what looks like a secret")),
            };
            let help = "revoke it, and read one that GitHub keeps: `${{ secrets.NAME }}`";
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}

/// What service containers are started with: they live as long as the job, and nobody else reaches them.
fn throwaway(file: &File) -> BTreeSet<&str> {
    let jobs = file.root.as_ref().and_then(|root| root.get("jobs"));
    let jobs = jobs.map_or(&[][..], Node::entries).iter();
    let services = jobs.filter_map(|job| job.value.get("services"));
    let services = services.flat_map(Node::entries);
    let mut found = BTreeSet::new();
    for service in services {
        for key in ["env", "options", "command"] {
            texts(service.value.get(key), &mut found);
        }
    }
    found
}

fn texts<'n>(node: Option<&'n Node>, found: &mut BTreeSet<&'n str>) {
    match node.map(|node| &node.kind) {
        Some(Kind::Scalar(scalar)) => found.extend(scalar.text.split_whitespace()),
        Some(Kind::Map(entries)) => {
            for entry in entries {
                texts(Some(&entry.value), found);
            }
        }
        Some(Kind::List(items)) => items.iter().for_each(|item| texts(Some(item), found)),
        None => {}
    }
}
