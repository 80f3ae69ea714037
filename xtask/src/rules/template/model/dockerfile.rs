//! What a Dockerfile declares, as far as callers of a build need to know it.

use std::collections::BTreeSet;

/// Arguments that every build takes, by what they begin with.
const OWN: [&str; 4] = ["BUILDKIT_", "DOCKER_", "TARGET", "SOURCE_DATE_EPOCH"];

/// Its arguments.
pub fn arguments(dockerfile: &str) -> BTreeSet<&str> {
    instructions(dockerfile, "ARG")
        .flat_map(|words| words.into_iter().skip(1))
        .map(|word| word.split('=').next().unwrap_or(word))
        .collect()
}

/// Its instructions of one kind, split into words.
pub fn instructions<'d>(
    dockerfile: &'d str,
    keyword: &'d str,
) -> impl Iterator<Item = Vec<&'d str>> {
    let lines = dockerfile
        .lines()
        .map(|line| line.split_whitespace().collect());
    lines.filter(move |words: &Vec<&str>| {
        words
            .first()
            .is_some_and(|first| first.eq_ignore_ascii_case(keyword))
    })
}

/// Whether the argument means something without being declared, or is computed.
pub fn is_given(name: &str) -> bool {
    OWN.iter().any(|start| name.starts_with(start))
        || name.to_ascii_uppercase().ends_with("_PROXY")
        || name.contains('$')
}
