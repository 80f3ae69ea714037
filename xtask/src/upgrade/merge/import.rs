//! Commits as `git fast-import` reads them: any number of files in one go, under any name.
//!
//! <https://git-scm.com/docs/git-fast-import#_input_format>

use crate::tree::Kind;

/// A commit to be made.
pub(super) struct Commit<'a> {
    /// The branch that is to name it.
    pub(super) branch: &'a str,
    /// The branch that it comes after.
    pub(super) parent: Option<&'a str>,
    /// What it holds, of what its parent has all that it changes.
    pub(super) files: Vec<(String, Kind, Vec<u8>)>,
}

/// What makes `commits`.
pub(super) fn stream(commits: &[Commit<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for commit in commits {
        let head = format!(
            "commit refs/heads/{}\ncommitter xtask <xtask> 0 +0000\ndata 0\n",
            commit.branch
        );
        out.extend(head.bytes());
        if let Some(parent) = commit.parent {
            out.extend(format!("from refs/heads/{parent}\n").bytes());
        }
        for (path, kind, bytes) in &commit.files {
            let head = format!(
                "M {} inline {}\ndata {}\n",
                kind.mode(),
                quoted(path),
                bytes.len()
            );
            out.extend(head.bytes());
            out.extend(bytes);
            out.push(b'\n');
        }
    }
    out
}

/// A path as git quotes it, as C does a string.
fn quoted(path: &str) -> String {
    let mut out = String::from("\"");
    for character in path.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out += "\\n",
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
