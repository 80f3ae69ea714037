//! What was changed in a text, as git shows it.

use std::borrow::Cow;

use anyhow::{Context, Result, bail};
use xshell::Shell;

use crate::interrupt::Folder;
use crate::process;
use crate::render::in_memory;

/// The bytes without what an editor or a checkout on Windows makes of line ends. What is no text stays as it is.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&0) || !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(index + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

/// The first line in which two texts differ, counted from 1.
pub(super) fn first_line(before: &[u8], after: &[u8]) -> usize {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b);
    let same = same.count().min(after.len().saturating_sub(1));
    after
        .iter()
        .take(same)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// The unified diff of two texts, under the names `before` and `after`.
pub(super) fn unified(before: (&str, &[u8]), after: (&str, &[u8])) -> Result<String> {
    let folder = Folder::new("diff-", &in_memory())?;
    let shell = Shell::new()?;
    shell.change_dir(folder.path());
    shell.write_file("before", before.1)?;
    shell.write_file("after", after.1)?;
    let args = [
        "diff",
        "--no-index",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--unified=3",
        "--",
        "before",
        "after",
    ];
    let output = process::git(&shell, &args)
        .quiet()
        .ignore_status()
        .output()
        .context("cannot run git")?;
    // 1: they differ. https://git-scm.com/docs/git-diff
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!(
            "git diff failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let names = format!("--- {}\n+++ {}\n", before.0, after.0);
    Ok(match text.find("\n@@ ") {
        Some(at) => names + text.get(at + 1..).unwrap_or_default(),
        None => names + "binary files differ\n",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_change_and_other_returns_are() {
        assert_eq!(*plain(b"a\r\nb\r\n"), *b"a\nb\n");
        assert_eq!(*plain(b"a\rb\n"), *b"a\rb\n");
        assert_eq!(*plain(b"\0\r\n"), *b"\0\r\n");
    }

    #[test]
    fn a_diff_has_the_given_names_and_no_others() {
        let text = unified(("v/a", b"x\ny\n"), ("s/a", b"x\nz\n")).unwrap();
        assert_eq!(text, "--- v/a\n+++ s/a\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n");
        let text = unified(("v/a", b"\0"), ("s/a", b"\0\0")).unwrap();
        assert_eq!(text, "--- v/a\n+++ s/a\nbinary files differ\n");
    }

    #[test]
    fn the_first_line_that_differs_is_one_of_the_text() {
        for (before, after, line) in [
            ("a\nb\n", "a\nc\n", 2),
            ("a\n", "a\nb\n", 2),
            ("a\nb\n", "a\n", 1),
            ("a\n", "", 1),
            ("", "a\n", 1),
        ] {
            assert_eq!(
                first_line(before.as_bytes(), after.as_bytes()),
                line,
                "{before:?} {after:?}"
            );
        }
    }
}
