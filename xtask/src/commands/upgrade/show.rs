//! A plan, for people, for programs and for a pull request.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diff;
use crate::tree::Tree;
use crate::upgrade::merge::Note;
use crate::upgrade::migrate::Done;
use crate::upgrade::{Applied, Change, Outcome, Plan};

/// What an upgrade comes to, in lines.
pub(super) fn story(plan: &Plan, applied: Option<Applied>) -> String {
    let name = plan.service.record.name();
    let head = format!("{name} ({})", plan.service.record.template);
    if plan.is_empty() {
        return format!("{head} is as {} has it; nothing to do\n", plan.to);
    }
    let how = match applied {
        None => ", not written",
        Some(Applied::Already) => ", written before and not committed yet",
        Some(Applied::Resumed) => ", which an earlier run had begun",
        Some(Applied::Written | Applied::Nothing) => "",
    };
    let mut text = format!("{head}: {} -> {}{how}\n", plan.from, plan.to);
    for line in answers(plan) {
        let _ = writeln!(text, "  answer: {line}");
    }
    for line in migrations(plan) {
        let _ = writeln!(text, "  {line}");
    }
    for note in plan.notes.iter().filter(|note| !note.what.is_conflict()) {
        let _ = writeln!(text, "  {}: {}", note.file, said(plan, note));
    }
    if let Some(line) = lock(plan) {
        let _ = writeln!(text, "  Cargo.lock: {line}");
    }
    text
}

fn said(plan: &Plan, note: &Note) -> String {
    match plan.said(note) {
        (what, remedy) if remedy.is_empty() => what,
        (what, remedy) => format!("{what}; {remedy}"),
    }
}

/// What became of answers, a line each.
fn answers(plan: &Plan) -> Vec<String> {
    let line = |change: &Change| match change {
        Change::New { name, value } => {
            format!(
                "`{name}` is asked for now, answered with `{value}`; another one: `-d {name}=VALUE`"
            )
        }
        Change::Gone { name, value } => {
            format!("`{name}` (`{value}`) is not asked for any more")
        }
        Change::Other { name, from, to } => format!("`{name}` was `{from}` and is `{to}`"),
    };
    plan.answers.iter().map(line).collect()
}

/// What scripts of the template's did, and what they leave to a person, a line each.
fn migrations(plan: &Plan) -> Vec<String> {
    let lines = |done: &Done| {
        let what = format!("{}: {}", done.script, done.what);
        let notes = done.notes.iter().map(|note| format!("to do: {note}"));
        std::iter::once(what).chain(notes).collect::<Vec<_>>()
    };
    plan.migrations.iter().flat_map(lines).collect()
}

fn lock(plan: &Plan) -> Option<&'static str> {
    match plan.lock {
        Outcome::Kept | Outcome::Waits { .. } => None,
        Outcome::Replaced => Some("the template's"),
        Outcome::Resolved => Some("the template's changes made to it, and the rest resolved"),
    }
}

/// What to type now.
pub(super) fn next(plan: &Plan, applied: Option<Applied>) -> String {
    if plan.is_empty() || applied.is_none() {
        return String::new();
    }
    let dir = super::super::quoted(&plan.service.dir);
    let decide = if plan.has_conflicts() {
        "  # decide what is listed above, then\n"
    } else {
        ""
    };
    format!(
        "\nnext:\n  cd {dir}\n  git diff\n{decide}  cargo test\n  git add --all && git commit --message \"Upgrade to {}\"\n",
        plan.to
    )
}

/// Every change as a unified diff.
pub(super) fn diffs(plan: &Plan) -> String {
    let mut text = String::new();
    for path in plan.changed() {
        let side = |tree: &Tree, name: &str| {
            let entry = tree.get(path);
            let bytes = entry.map(|entry| entry.bytes.clone()).unwrap_or_default();
            (diff::name(name, path, entry.is_some()), bytes)
        };
        let (before, after) = (side(&plan.before, "a"), side(&plan.after, "b"));
        text += &diff::unified((&before.0, &before.1), (&after.0, &after.1));
    }
    text
}

/// The last line of `--format json`.
pub(super) fn summary(plan: &Plan, applied: Option<Applied>) -> Value {
    let files: Vec<Value> = plan
        .notes
        .iter()
        .map(|note| {
            json!({"file": note.file, "class": note.class.name(), "conflict": note.what.is_conflict(),
                "message": said(plan, note)})
        })
        .collect();
    let (written, removed): (Vec<&str>, Vec<&str>) = plan
        .changed()
        .into_iter()
        .partition(|path| plan.after.contains_key(*path));
    json!({"summary": {
        "service": plan.service.record.name(), "template": plan.service.record.template,
        "from": plan.from, "to": plan.to, "commit": plan.commit,
        "applied": match applied {
            None => "no",
            Some(Applied::Nothing) => "nothing to do",
            Some(Applied::Already) => "before",
            Some(Applied::Written) => "yes",
            Some(Applied::Resumed) => "resumed",
        },
        "conflicts": plan.has_conflicts(), "written": written, "removed": removed,
        "files": files, "answers": answers(plan), "migrations": migrations(plan),
    }})
}

/// The body of a pull request.
pub(super) fn markdown(plan: &Plan) -> String {
    let name = plan.service.record.name();
    if plan.is_empty() {
        return format!("`{name}` is as {} has it.\n", plan.to);
    }
    let mut text = format!("`{name}`: {} to {}\n", plan.from, plan.to);
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(text, "\n### {title}\n\n");
            for line in lines {
                let _ = writeln!(text, "- {line}");
            }
        }
    };
    let line = |note: &Note| format!("`{}`: {}", note.file, said(plan, note));
    let (open, settled): (Vec<&Note>, Vec<&Note>) =
        plan.notes.iter().partition(|note| note.what.is_conflict());
    let mut open: Vec<String> = open.into_iter().map(line).collect();
    open.extend(
        plan.lock
            .open()
            .map(|(why, remedy)| format!("`Cargo.lock`: {why}; {remedy}")),
    );
    section("To be decided", open);
    section("Answers", answers(plan));
    section("Migrations", migrations(plan));
    let mut files: Vec<String> = settled.into_iter().map(line).collect();
    files.extend(lock(plan).map(|line| format!("`Cargo.lock`: {line}")));
    section("Files", files);
    text
}
