//! What is asked of git, in a repository that is there for one merge.
//!
//! git finds what was renamed, and merges texts. Which texts belong together, and what becomes of a file as a whole,
//! is not decided here.

use std::cell::OnceCell;
use std::process::Output;

use anyhow::{Context, Result, bail};

use super::bare::{Bare, failed};
use super::import::{Commit, stream};
use super::text::{Marks, Style, Text, Texts};
use crate::tree::{Entry, Kind};

/// The repository, made when it is first needed: most upgrades have little to merge, and a second run has nothing.
#[derive(Debug, Default)]
pub(super) struct Store(OnceCell<Bare>);

impl Store {
    /// Which of `from` became which of `to`, with at least `alike` of a hundred parts the same. A file is one's origin
    /// only. Empty ones are not told apart.
    pub(super) fn renames(
        &self,
        from: &[(&str, &Entry)],
        to: &[(&str, &Entry)],
        alike: u8,
    ) -> Result<Vec<(String, String)>> {
        if from.is_empty() || to.is_empty() {
            return Ok(Vec::new());
        }
        let commit = |branch, files: &[(&str, &Entry)]| Commit {
            branch,
            parent: None,
            files: files
                .iter()
                .map(|(path, entry)| ((*path).to_owned(), entry.kind, entry.bytes.clone()))
                .collect(),
        };
        self.import(&[commit("from", from), commit("to", to)])?;
        let args = [
            "diff-tree",
            "-r",
            "-z",
            "--name-status",
            "--diff-filter=R",
            "--no-rename-empty",
            // Of a template that moves everything, everything is compared.
            "-l32767",
            &format!("--find-renames={alike}%"),
            "from",
            "to",
        ];
        let out = self.done(&args, b"")?;
        let out = String::from_utf8(out.stdout).context("git named a file that was not given")?;
        let mut fields = out.split('\0');
        let mut renames = Vec::new();
        while let (Some(_), Some(from), Some(to)) = (fields.next(), fields.next(), fields.next()) {
            renames.push((from.to_owned(), to.to_owned()));
        }
        Ok(renames)
    }

    /// Merges each of `texts`, which have nothing to do with each other.
    pub(super) fn merge(
        &self,
        texts: &[Texts<'_>],
        style: Style,
        labels: [&str; 2],
    ) -> Result<Vec<Text>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let branch = unheard_of(texts);
        let [ours, theirs] = ["ours", "theirs"].map(|side| format!("{branch}{side}"));
        let side = |of: fn(&Texts<'_>) -> Option<Vec<u8>>| {
            let files = texts.iter().enumerate();
            files
                .filter_map(|(at, text)| Some((at.to_string(), Kind::File, of(text)?)))
                .collect()
        };
        self.import(&[
            Commit {
                branch: "base",
                parent: None,
                files: side(|text| text.base.map(<[u8]>::to_vec)),
            },
            Commit {
                branch: &ours,
                parent: Some("base"),
                files: side(|text| Some(text.ours.to_vec())),
            },
            Commit {
                branch: &theirs,
                parent: Some("base"),
                files: side(|text| Some(text.theirs.to_vec())),
            },
        ])?;
        let base = self.done(&["rev-parse", "refs/heads/base"], b"")?.stdout;
        let args = [
            "-c",
            style.setting(),
            "merge-tree",
            "--write-tree",
            "-z",
            "--name-only",
            "--no-messages",
            &ours,
            &theirs,
        ];
        let output = self.git(&args, b"")?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            bail!("{}", failed(&args, &output));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let mut said = said.split('\0');
        let tree = said.next().unwrap_or_default();
        let torn: Vec<&str> = said.collect();
        let marks = Marks {
            ours: &ours,
            base: String::from_utf8_lossy(&base).trim().to_owned(),
            theirs: &theirs,
        };
        let merged = self.objects(tree, texts.len())?;
        Ok(merged
            .into_iter()
            .zip(texts)
            .enumerate()
            .map(|(at, (bytes, text))| Text {
                bytes: marks.named(&bytes, text.label, labels),
                clean: !torn.contains(&at.to_string().as_str()),
            })
            .collect())
    }

    /// What the files `0`, `1`, … of `tree` hold.
    fn objects(&self, tree: &str, count: usize) -> Result<Vec<Vec<u8>>> {
        let asked: Vec<_> = (0..count).map(|at| format!("{tree}:{at}\n")).collect();
        let output = self.done(&["cat-file", "--batch"], asked.concat().as_bytes())?;
        let mut rest = output.stdout.as_slice();
        (0..count)
            .map(|_| {
                let (bytes, after) = crate::repository::object(rest)
                    .context("git cat-file answered what is no object")?;
                rest = after;
                Ok(bytes.to_vec())
            })
            .collect()
    }

    fn import(&self, commits: &[Commit<'_>]) -> Result<()> {
        let args = ["fast-import", "--quiet", "--force"];
        self.done(&args, &stream(commits)).map(drop)
    }

    /// As [`Self::git`]; a failure is an error.
    fn done(&self, args: &[&str], input: &[u8]) -> Result<Output> {
        let output = self.git(args, input)?;
        if !output.status.success() {
            bail!("{}", failed(args, &output));
        }
        Ok(output)
    }

    fn git(&self, args: &[&str], input: &[u8]) -> Result<Output> {
        let bare = if let Some(bare) = self.0.get() {
            bare
        } else {
            let new = Bare::new()?;
            self.0.get_or_init(|| new)
        };
        bare.git(args, input)
    }
}

/// The start of a name that stands in none of `texts`, so that a marker which bears it is one that git has written.
fn unheard_of(texts: &[Texts<'_>]) -> String {
    let has = |name: &str, bytes: &[u8]| bytes.windows(name.len()).any(|w| w == name.as_bytes());
    let mut number = 0_u32;
    loop {
        let name = format!("idp-merge-{number}-");
        let heard = texts
            .iter()
            .any(|text| has(&name, text.ours) || has(&name, text.theirs));
        if !heard {
            return name;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_text_has_is_not_taken() {
        let text = |ours| Texts {
            base: None,
            ours,
            theirs: b"idp-merge-1-",
            label: "yours",
        };
        assert_eq!(unheard_of(&[text(b"x idp-merge-0-ours")]), "idp-merge-2-");
    }

    #[test]
    fn what_git_says_is_passed_on() {
        let store = Store::default();
        let error = store
            .done(&["rev-parse", "nothing"], b"")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("`git rev-parse nothing` failed: fatal"),
            "{error}"
        );
    }
}
