//! What people do to a service between two versions of its template: routes added, a shared file changed, a platform
//! file changed, a file deleted.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::upgrade::Plan;

/// A line put below another one, in the first of these forms that the file has.
struct Line {
    file: &'static str,
    below: &'static [&'static str],
    with: &'static [&'static str],
}

const fn line(
    file: &'static str,
    below: &'static [&'static str],
    with: &'static [&'static str],
) -> Line {
    Line { file, below, with }
}

/// A module of the service's own.
const ADDED: (&str, &str) = (
    "src/greeting.rs",
    "//! Says hello.\n\nuse axum::Json;\nuse serde_json::{Value, json};\n\n/// `GET /greeting`.\npub async fn show() -> Json<Value> {\n    Json(json!({\"greeting\": \"hello\"}))\n}\n",
);
/// Its test.
const TEST: (&str, &str) = (
    "tests/api/greeting.rs",
    "//! The route that was added.\n\nuse crate::support::{backed, request, send};\n\n#[tokio::test]\nasync fn it_says_hello() {\n    let answer = send(&backed().await, request(\"GET\", \"/greeting\")).await;\n    assert_eq!(answer.status, 200);\n    assert_eq!(answer.body[\"greeting\"], \"hello\");\n}\n",
);
/// Lines in files that template and developers share.
const SHARED: &[Line] = &[
    line("src/lib.rs", &["pub mod error;"], &["pub mod greeting;"]),
    line(
        "src/app.rs",
        &[
            "        .route(\"/version\", get(version::show_version))",
            "        .get(\"/version\", version::show_version)",
        ],
        &[
            "        .route(\"/greeting\", get(crate::greeting::show))",
            "        .get(\"/greeting\", crate::greeting::show)",
        ],
    ),
    line("tests/api/main.rs", &["mod envelope;"], &["mod greeting;"]),
    line(
        "config/default.yaml",
        &["server:"],
        &["  # By hand: a note of ours."],
    ),
];
/// A file that is the platform's alone.
pub(super) const PLATFORM_FILE: &str = "deny.toml";
/// A line in it.
const PLATFORM: Line = line(
    PLATFORM_FILE,
    &["[licenses]"],
    &["# By hand: a note of ours."],
);
/// A file of the example, and the line that named it.
const DELETED: (&str, &str, &str) = ("tests/api/items.rs", "tests/api/main.rs", "mod items;\n");

/// What was done, and has to be there afterwards.
pub(super) struct Edits {
    lines: Vec<(&'static str, &'static str)>,
}

/// Makes the edits.
///
/// # Errors
/// When the service has not what they are made to.
pub(super) fn make(service: &Path) -> Result<Edits> {
    let mut lines = Vec::new();
    for edit in SHARED.iter().chain([&PLATFORM]) {
        lines.push((edit.file, insert(service, edit)?));
    }
    for (file, text) in [ADDED, TEST] {
        fs::write(service.join(file), text).with_context(|| format!("cannot write {file}"))?;
        lines.extend(text.lines().map(|line| (file, line)));
    }
    let (file, named, line) = DELETED;
    fs::remove_file(service.join(file)).with_context(|| format!("cannot remove {file}"))?;
    let path = service.join(named);
    let text = crate::pack::read(&path)?;
    fs::write(&path, text.replacen(line, "", 1))?;
    Ok(Edits { lines })
}

fn insert(service: &Path, edit: &Line) -> Result<&'static str> {
    let path = service.join(edit.file);
    let text = crate::pack::read(&path)?;
    for (below, line) in edit.below.iter().zip(edit.with) {
        let found = text
            .split_inclusive('\n')
            .find(|known| known.trim_end() == *below);
        if let Some(found) = found {
            let with = format!("{found}{line}\n");
            fs::write(&path, text.replacen(found, &with, 1))?;
            return Ok(line);
        }
    }
    bail!(
        "{} has none of the lines {:?}, below which the gate adds its own; name another in `edits.rs`",
        path.display(),
        edit.below
    )
}

impl Edits {
    /// What the upgrade would lose of them, or leave unsaid.
    pub(super) fn lost(&self, plan: &Plan) -> Option<String> {
        for (file, line) in &self.lines {
            let there = plan.after.get(*file).and_then(|entry| entry.text());
            if !there.is_some_and(|text| text.lines().any(|known| known == *line)) {
                return Some(format!("the upgrade loses `{line}` of {file}"));
            }
        }
        if plan.after.contains_key(DELETED.0) {
            return Some(format!(
                "the upgrade brings back {}, which was deleted",
                DELETED.0
            ));
        }
        let conflicts: Vec<&str> = plan
            .notes
            .iter()
            .filter(|note| note.what.is_conflict())
            .map(|note| note.file.as_str())
            .collect();
        if conflicts != [PLATFORM.file] {
            return Some(format!(
                "the upgrade leaves conflicts in {conflicts:?}; only {}, the platform's, was edited where it may not be",
                PLATFORM.file
            ));
        }
        None
    }
}

/// Decides the conflicts: what the platform brings is taken.
pub(super) fn settle(service: &Path, plan: &Plan) -> Result<()> {
    for note in plan.notes.iter().filter(|note| note.what.is_conflict()) {
        let path = service.join(&note.file);
        let text = crate::pack::read(&path)?;
        // Where the template changed nothing there are no markers, and the edit itself is taken back.
        let text = theirs(&text);
        let kept = text
            .split_inclusive('\n')
            .filter(|line| !PLATFORM.with.contains(&line.trim_end()));
        fs::write(&path, kept.collect::<String>())?;
    }
    Ok(())
}

/// The text with the second side of each conflict.
fn theirs(text: &str) -> String {
    let (mut out, mut keep) = (String::new(), true);
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            keep = false;
        } else if line.trim_end() == "=======" && !keep {
            keep = true;
        } else if !line.starts_with(">>>>>>> ") && keep {
            out += line;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{Class, Ownership};

    #[test]
    fn the_second_side_of_a_conflict_is_taken() {
        let text = "a\n<<<<<<< x\nb\n||||||| y\nc\n=======\nd\n>>>>>>> z\ne\n";
        assert_eq!(theirs(text), "a\nd\ne\n");
        assert_eq!(theirs("a\n=======\n"), "a\n=======\n");
    }

    #[test]
    fn what_is_edited_belongs_to_whom_the_edits_say() {
        for template in ["template-axum", "template-fastapi-style"] {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("..")
                .join(template);
            let ownership = crate::pack::read(&root.join(Ownership::FILE)).unwrap();
            let ownership = Ownership::parse(&ownership).unwrap();
            for edit in SHARED {
                assert_eq!(ownership.class(edit.file), Class::Shared, "{}", edit.file);
            }
            assert_eq!(ownership.class(PLATFORM.file), Class::Platform);
            for file in [ADDED.0, TEST.0, DELETED.0] {
                assert_eq!(ownership.class(file), Class::Yours, "{file}");
            }
        }
    }
}
