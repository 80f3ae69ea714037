//! Small things that all models share: a word with its place, and what is wrong at a place.

use std::ops::Range;

/// A word and the bytes it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Something that cannot be read the way it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// "did you mean `x`?", or else `otherwise`.
pub fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match crate::report::nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    }
}

/// The path that `path` was probably meant to be: the same name in another folder, or a near name in the same one.
pub fn near_path<'a>(path: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let split = |path: &'a str| path.rsplit_once('/').unwrap_or(("", path));
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let known: Vec<&str> = known.into_iter().collect();
    let moved = known.iter().find(|known| split(known).1 == name);
    let stem = |name: &'a str| name.split('.').next().unwrap_or(name);
    let beside = || {
        let beside = known.iter().filter(|known| split(known).0 == folder);
        let wanted = name.split('.').next().unwrap_or(name);
        let near =
            crate::report::nearest(wanted, beside.clone().map(|known| stem(split(known).1)))?;
        beside
            .into_iter()
            .find(|known| stem(split(known).1) == near)
    };
    moved.or_else(beside).copied()
}

/// Every text in double quotes, found without understanding the language: for a hook that does not compile.
pub fn quoted(text: &str) -> Vec<String> {
    let lines = text.lines();
    lines
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// The path that `word` means, seen from `folder`; nothing where it leads out of the service.
pub fn joined(folder: &str, word: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in word.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_paths_are_moved_or_misspelt() {
        let known = ["docs/metrics.md", "src/app.rs", "README.md"];
        assert_eq!(near_path("docs/metric.md", known), Some("docs/metrics.md"));
        assert_eq!(near_path("src/http/app.rs", known), Some("src/app.rs"));
        assert_eq!(near_path("REDME.md", known), Some("README.md"));
        assert_eq!(near_path("src/gone.rs", known), None);
    }

    #[test]
    fn quoted_texts_are_found_line_by_line() {
        assert_eq!(quoted("a(\"b\", \"c\") \"\nd \"e\""), ["b", "c", "", "e"]);
    }
}
