//! Two versions of a file, as a unified diff.

use similar::TextDiff;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The diff of two texts, each under its name; nothing when they are the same.
pub fn unified(before: (&str, &[u8]), after: (&str, &[u8])) -> String {
    let text = |bytes| match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Some(text),
        _ => None,
    };
    if before.1 == after.1 {
        return String::new();
    }
    let (Some(old), Some(new)) = (text(before.1), text(after.1)) else {
        return format!("--- {}\n+++ {}\nbinary files differ\n", before.0, after.0);
    };
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(before.0, after.0)
        .to_string()
}

/// The name of a side of a diff, as git calls it: of a file that is not there, `/dev/null`.
pub fn name(side: &str, path: &str, is_there: bool) -> String {
    if is_there {
        format!("{side}/{path}")
    } else {
        "/dev/null".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_both_sides_and_shows_what_changed() {
        let text = unified(("v/a", b"x\ny\n"), ("s/a", b"x\nz\n"));
        assert_eq!(text, "--- v/a\n+++ s/a\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n");
        let text = unified((&name("a", "x", false), b""), (&name("b", "x", true), b"x"));
        assert!(text.starts_with("--- /dev/null\n+++ b/x\n"), "{text}");
        assert!(text.contains("No newline at end of file"), "{text}");
        assert_eq!(unified(("a", b"x"), ("b", b"x")), "");
        let text = unified(("v/a", b"\0"), ("s/a", b"\0\0"));
        assert_eq!(text, "--- v/a\n+++ s/a\nbinary files differ\n");
        assert!(unified(("v/a", b"\xff"), ("s/a", b"")).ends_with("binary files differ\n"));
    }
}
