//! What is known of actions of others: the inputs and outputs of those that many use, by their major versions.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One action a line; the head of the file says what a line holds.
const TABLE: &str = include_str!("actions.txt");

/// An action that many use.
#[derive(Debug)]
pub struct Known {
    /// The first and the last major version that is known.
    majors: (u32, u32),
    /// Its inputs.
    pub inputs: Vec<&'static str>,
    /// Its outputs; nothing where it may have any.
    pub outputs: Option<Vec<&'static str>>,
}

static ACTIONS: LazyLock<HashMap<String, Known>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(line).collect()
});

fn line(line: &'static str) -> Option<(String, Known)> {
    let mut parts = line.split('|').map(str::trim);
    let (name, majors) = parts.next()?.split_once(' ')?;
    let (first, last) = majors.split_once('-')?;
    let inputs = parts.next()?.split_whitespace().collect();
    let outputs = parts.next()?;
    let known = Known {
        majors: (first.parse().ok()?, last.parse().ok()?),
        inputs,
        outputs: (outputs != "*").then(|| outputs.split_whitespace().collect()),
    };
    Some((name.to_ascii_lowercase(), known))
}

impl Known {
    /// The action `owner/repo`, or `owner/repo/path`, at `version`, as in `v4`; and whether all that this version has is
    /// known. Of the last one that is known more may have been added since.
    pub fn of(name: &str, version: &str) -> Option<(&'static Self, bool)> {
        let known = ACTIONS.get(&name.to_ascii_lowercase())?;
        let digits = version.trim_start_matches('v').split(['.', '-']).next()?;
        let major: u32 = digits.parse().ok()?;
        let (first, last) = known.majors;
        (first..=last)
            .contains(&major)
            .then_some((known, major < last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(ACTIONS.len(), lines.count());
        for (name, known) in ACTIONS.iter() {
            assert!(known.majors.0 <= known.majors.1, "{name}");
            assert!(!known.inputs.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_version_is_known_by_its_major() {
        let of = |version| Known::of("Actions/Cache", version).map(|(_, is_all)| is_all);
        assert_eq!(of("v4"), Some(true));
        assert_eq!(of("v5.0.3"), Some(true));
        assert_eq!(of("6.1.0"), Some(false));
        assert_eq!(of("v3"), None);
        assert_eq!(of("main"), None);
    }
}
