//! Conflicts that an upgrade marked, and that are still there. Files that git ignores are not read.

use anyhow::Result;

use super::look::{Found, Subject};
use crate::report::Source;
use crate::tree::Entry;

/// Adds a finding for each.
pub(super) fn judge(subject: &Subject, found: &mut Found) -> Result<()> {
    let dir = &subject.service.dir;
    for path in crate::pack::tracked(dir, ".")? {
        let Some(entry) = Entry::read(&dir.join(&path))? else {
            continue;
        };
        let Some(text) = entry.text() else {
            continue;
        };
        let source = Source::new(subject.file(&path), text);
        for line in marked(text) {
            let start = source.offset(line, 1);
            found.report.error(
                super::CONFLICT,
                &source,
                start..start + 7,
                format!("`{path}` has a conflict that nobody has decided"),
                "keep what the service needs of the two sides, and take the three marker lines out",
            );
            found.counts.conflicts += 1;
        }
    }
    Ok(())
}

/// The lines at which conflicts begin: three markers in their order. One of them alone is a heading, or a quotation.
fn marked(text: &str) -> Vec<usize> {
    let mut all = Vec::new();
    let mut begun = None;
    let mut parted = false;
    for (index, line) in text.lines().enumerate() {
        let is = |marker: &str| {
            let rest = line.strip_prefix(marker);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        if is("<<<<<<<") {
            begun = Some(index + 1);
            parted = false;
        } else if is("=======") {
            parted = begun.is_some();
        } else if is(">>>>>>>") && parted {
            all.extend(begun.take());
            parted = false;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_markers_in_their_order_are_a_conflict() {
        let conflict = "<<<<<<< yours\na\n=======\nb\n>>>>>>> 0.2.0\n";
        assert_eq!(marked(&format!("x\n{conflict}y\n{conflict}")), [2, 8]);
        let older = "<<<<<<< yours\r\na\r\n||||||| 0.1.0\r\nc\r\n=======\r\nb\r\n>>>>>>> x\r\n";
        assert_eq!(marked(older), [1]);
        for text in [
            "Title\n=======\n",
            ">>>>>>> x\n=======\n<<<<<<< y\n",
            "    <<<<<<< a\n    =======\n    >>>>>>> b\n",
            "<<<<<<<< a\n=======\n>>>>>>> b\n",
        ] {
            assert_eq!(marked(text), [0; 0], "{text}");
        }
    }
}
