//! The manifest's lists of paths, as cargo-generate reads them: `include` and `exclude` are patterns, `ignore` is not.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// An entry of `include` or `exclude`.
#[derive(Debug)]
pub struct Pattern {
    matcher: Gitignore,
}

impl Pattern {
    /// Reads one entry; the error says what is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        Self::all([line])
    }

    /// Reads several, of which later ones may take back what earlier ones match, as in a `.gitignore`.
    pub fn all<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        for line in lines {
            builder
                .add_line(None, line)
                .map_err(|error| error.to_string())?;
        }
        let matcher = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { matcher })
    }

    /// Whether it covers the file.
    pub fn covers(&self, path: &str) -> bool {
        self.matcher
            .matched_path_or_any_parents(path, false)
            .is_ignore()
    }

    /// Whether it matches the file itself, and not only a folder around it.
    pub fn is(&self, path: &str) -> bool {
        self.matcher.matched(path, false).is_ignore()
    }

    /// Whether it says anything about the file, be it only to take back another pattern.
    pub fn concerns(&self, path: &str) -> bool {
        !self
            .matcher
            .matched_path_or_any_parents(path, false)
            .is_none()
    }
}

/// Whether the entry of `ignore` means `path` or a folder around it.
pub fn literal(entry: &str, path: &str) -> bool {
    let entry = entry
        .strip_prefix("./")
        .unwrap_or(entry)
        .trim_end_matches('/');
    path.strip_prefix(entry)
        .is_some_and(|rest| !entry.is_empty() && (rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let covers = |line: &str, path: &str| Pattern::parse(line).unwrap().covers(path);
        assert!(covers("*.png", "docs/logo.png"));
        assert!(covers("docs", "docs/a/b.md"));
        assert!(covers("/docs/*.md", "docs/a.md"));
        assert!(!covers("/a.md", "docs/a.md"));
        assert!(Pattern::parse("!a.md").unwrap().concerns("a.md"));
        assert!(Pattern::parse("a{b").is_err());
    }

    #[test]
    fn ignore_takes_paths_alone() {
        assert!(literal("docs/", "docs/a.md") && literal("./docs", "docs"));
        assert!(!literal("doc", "docs/a.md") && !literal("*.md", "a.md"));
        assert!(!literal("", "a.md") && !literal("/", "a.md"));
    }
}
