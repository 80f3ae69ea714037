//! Platform files beside what the recorded version rendered. Other files are the service's own affair.

use anyhow::{Context, Result};

use super::diff::{first_line, plain};
use super::look::{Found, Subject};
use crate::diff;
use crate::report::{Finding, Severity};
use crate::service::{Class, Ownership, Record};
use crate::tree::{Entry, Tree};

/// Adds a finding for each platform file of `base` that is gone or another one, unless it is as `wanted` has it.
/// `from` is what messages call the version that rendered `base`.
pub(super) fn judge(
    subject: &Subject,
    from: &str,
    base: &Tree,
    wanted: Option<&Tree>,
    found: &mut Found,
) -> Result<()> {
    let ownership = base.get(Ownership::FILE).and_then(Entry::text);
    let ownership = Ownership::parse(ownership.unwrap_or_default())
        .with_context(|| format!("{} of {from}", Ownership::FILE))?;
    let mut edited = 0;
    for (path, then) in base {
        // The record is what everything else is compared by.
        if ownership.class(path) != Class::Platform || path == Record::FILE {
            continue;
        }
        let now = Entry::read(&subject.service.dir.join(path))?;
        let is_as = |then: Option<&Entry>| match (&now, then) {
            (None, None) => true,
            (Some(now), Some(then)) => now.kind == then.kind && has_text_of(now, then),
            _ => false,
        };
        let is_ahead = wanted.is_some_and(|wanted| is_as(wanted.get(path)));
        if is_as(Some(then)) || is_ahead {
            continue;
        }
        edited += 1;
        let finding = compare(subject, from, path, then, now.as_ref(), found);
        found.report.push(finding);
    }
    found.counts.edited = Some(edited);
    Ok(())
}

fn has_text_of(now: &Entry, then: &Entry) -> bool {
    plain(&now.bytes) == plain(&then.bytes)
}

fn compare(
    subject: &Subject,
    from: &str,
    path: &str,
    then: &Entry,
    now: Option<&Entry>,
    found: &mut Found,
) -> Finding {
    let file = subject.file(path);
    let mut line = 1;
    let (message, help) = match now {
        None => (
            format!("`{path}` is the platform's, and is gone"),
            "take it back from the service's git history",
        ),
        Some(now) if has_text_of(now, then) => (
            format!(
                "`{path}` is the platform's, and has mode {} instead of {}",
                now.kind.mode(),
                then.kind.mode()
            ),
            "set the mode back with `chmod`, or with `git update-index --chmod` where the file system has none",
        ),
        Some(now) => {
            let (before, after) = (plain(&then.bytes), plain(&now.bytes));
            line = first_line(&before, &after);
            let names = (format!("{from}/{path}"), &file);
            let diff = diff::unified((&names.0, &before), (names.1, &after));
            found.diffs.insert(file.clone(), diff);
            let mode = if now.kind == then.kind {
                String::new()
            } else {
                format!(
                    ", and has mode {} instead of {}",
                    now.kind.mode(),
                    then.kind.mode()
                )
            };
            (
                format!("`{path}` is the platform's, and was edited by hand{mode}"),
                "take the edit back, or bring what it is for into the template: until then an upgrade finds a conflict there",
            )
        }
    };
    Finding {
        file,
        line,
        column: 1,
        rule: super::PLATFORM_FILE,
        severity: Severity::Error,
        message,
        help: help.to_owned(),
        excerpt: None,
    }
}
