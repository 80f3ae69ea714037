//! Two versions of a file, as a unified diff.

use similar::TextDiff;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The diff of `path`, as git would head it; nothing stands for a file that is not there.
pub fn unified(path: &str, before: Option<&[u8]>, after: Option<&[u8]>) -> String {
    let text = |bytes: Option<&[u8]>| {
        std::str::from_utf8(bytes.unwrap_or_default())
            .ok()
            .map(str::to_owned)
    };
    let name = |side: &str, there: bool| {
        if there {
            format!("{side}/{path}")
        } else {
            "/dev/null".to_owned()
        }
    };
    let names = (name("a", before.is_some()), name("b", after.is_some()));
    let (Some(before), Some(after)) = (text(before), text(after)) else {
        return format!("Binary files {} and {} differ\n", names.0, names.1);
    };
    if before == after {
        return String::new();
    }
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&names.0, &names.1)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_both_sides_and_shows_what_changed() {
        assert_eq!(
            unified("x", Some(b"a\nb\n"), Some(b"a\nc\n")),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
        );
        let added = unified("x", None, Some(b"a\n"));
        assert!(added.starts_with("--- /dev/null\n+++ b/x\n"), "{added}");
        assert_eq!(unified("x", Some(b"a"), Some(b"a")), "");
        assert!(unified("x", Some(b"\xff"), None).starts_with("Binary files a/x"));
    }
}
