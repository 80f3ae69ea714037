//! What a service's workflows and actions call of the pack: where it is, and at which ref.

use anyhow::Result;
use semver::Version;

use super::look::{Found, Subject, Target};
use crate::pack::Platform;
use crate::report::Source;
use crate::rules::workflow::model::yaml::{Kind, Node, parse};
use crate::rules::workflow::model::{Uses, is_commit, is_yaml};
use crate::service::Record;

/// Where they stand.
const FOLDERS: [&str; 2] = [".github/workflows", ".github/actions"];

/// Adds a finding for each reference that is behind or goes elsewhere.
pub(super) fn judge(target: &Target<'_>, subject: &Subject, found: &mut Found) -> Result<()> {
    for folder in FOLDERS {
        for file in crate::pack::tracked(&subject.service.dir, folder)? {
            if !is_yaml(&file) {
                continue;
            }
            let path = format!("{folder}/{file}");
            // What is no text or no YAML is for `lint` to say.
            let Ok(text) = std::fs::read_to_string(subject.service.dir.join(&path)) else {
                continue;
            };
            let (Some(root), _) = parse(&text) else {
                continue;
            };
            let source = Source::new(subject.file(&path), text);
            let mut all = Vec::new();
            collect(&root, &mut all);
            for node in all {
                let fault = node
                    .text()
                    .and_then(|uses| fault(target, &subject.service.record, uses));
                if let Some((message, help)) = fault {
                    found
                        .report
                        .error(super::REFERENCE, &source, node.span.clone(), message, help);
                    found.counts.references += 1;
                }
            }
        }
    }
    Ok(())
}

/// The values of every `uses:`.
fn collect<'a>(node: &'a Node, all: &mut Vec<&'a Node>) {
    match &node.kind {
        Kind::Map(entries) => {
            for entry in entries {
                if entry.key.text == "uses" && entry.value.text().is_some() {
                    all.push(&entry.value);
                }
                collect(&entry.value, all);
            }
        }
        Kind::List(items) => items.iter().for_each(|item| collect(item, all)),
        Kind::Scalar(_) => {}
    }
}

fn fault(target: &Target<'_>, record: &Record, uses: &str) -> Option<(String, String)> {
    let Uses::Remote {
        owner,
        repo,
        path,
        reference,
    } = Uses::parse(uses)
    else {
        return None;
    };
    let is =
        |org: &str, name: &str| org.eq_ignore_ascii_case(owner) && name.eq_ignore_ascii_case(repo);
    let of = |platform: &Platform| is(&platform.org, &platform.repo);
    let (org, name) = record.address();
    let facts = &target.facts;
    let is_named = of(facts) || is(org, name) || record.platform.as_ref().is_some_and(of);
    // A pack that has moved more than once: it is known by what it holds.
    let is_known = || path.starts_with(".github/") && target.pack.root.join(path).exists();
    if !is_named && !is_known() {
        return None;
    }
    let Platform {
        org,
        repo: name,
        reference: wanted,
        ..
    } = facts;
    let help = format!("write `{org}/{name}/{path}@{wanted}`, as an upgrade does");
    if !of(facts) {
        return Some((
            format!("`uses` goes to `{owner}/{repo}`, and the pack is `{org}/{name}`"),
            help,
        ));
    }
    let is_behind =
        reference != wanted && !is_newer(reference, wanted) && !is_release(target, reference);
    is_behind.then(|| {
        (
            format!("`uses` names the pack at `{reference}` instead of `{wanted}`"),
            help,
        )
    })
}

/// Whether both are versions, and this one is past the other: so it is with an older version that was asked for.
fn is_newer(reference: &str, wanted: &str) -> bool {
    let version = |text: &str| Version::parse(text.strip_prefix('v')?).ok();
    matches!((version(reference), version(wanted)), (Some(it), Some(wanted)) if it > wanted)
}

/// Whether it is the commit of the release that is wanted.
fn is_release(target: &Target<'_>, reference: &str) -> bool {
    let version = target.facts.reference.strip_prefix('v');
    let version = version.and_then(|version| Version::parse(version).ok());
    let release = version.and_then(|version| target.history.releases().of(&version));
    is_commit(reference) && release.is_some_and(|release| release.commit == reference)
}
