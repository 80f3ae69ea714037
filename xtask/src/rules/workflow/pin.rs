//! What stands behind a pinned commit: `uses: owner/repo@<40 digits> # v1.2.3`.

use std::sync::LazyLock;

use regex::Regex;

use super::model::File;
use super::model::yaml::Node;

/// A version in a comment: `# v7.0.1`, `# v4`, `# tag=1.2`, `# 1.2.3`.
static VERSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bv?\d+(\.\d+)*(-[\w.]+)?\b").ok());

/// The comment behind a `uses:`, without a suppression, whose reason may hold numbers of its own.
pub fn comment<'f>(file: &'f File, node: &Node) -> Option<&'f str> {
    let line = file.source.text.get(node.span.end..)?.split('\n').next()?;
    let behind = line.trim_start_matches(['"', '\'']).trim_start();
    let comment = behind.strip_prefix('#')?;
    if comment.trim_start().starts_with("lint:") {
        return None;
    }
    Some(comment.split("# lint:").next().unwrap_or(comment))
}

/// The version that the comment names.
pub fn version<'f>(file: &'f File, node: &Node) -> Option<&'f str> {
    let found = VERSION.as_ref()?.find(comment(file, node)?)?;
    Some(found.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::model::FileKind;
    use super::*;
    use crate::report::Source;

    #[test]
    fn a_version_is_read_from_the_comment_and_from_no_suppression() {
        for (behind, expected) in [
            ("# v7.0.1", Some("v7.0.1")),
            ("# tag=v7.0.1", Some("v7.0.1")),
            ("# actions/checkout@v4", Some("v4")),
            ("# 1.2.0-rc.1 # lint: allow(P5) see 12", Some("1.2.0-rc.1")),
            ("# lint: allow(P5) see 12", None),
            ("# by hand # lint: allow(P5) see 12", None),
            ("# by hand", None),
            ("", None),
        ] {
            for quote in ["", "\"", "'"] {
                let uses = format!("{quote}actions/checkout@x{quote}");
                let text = format!("runs:\n  steps:\n  - uses: {uses} {behind}\n  - run: v9\n");
                let source = Source::new("action.yml", text);
                let file = File::new(0, "action.yml", FileKind::Action, source, None);
                let steps = file.steps();
                let (node, _) = steps[0].uses().unwrap();
                assert_eq!(version(&file, node), expected, "{uses} {behind}");
            }
        }
    }
}
