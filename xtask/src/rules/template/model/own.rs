//! The pack's own files, as far as the organisation's name may stand in them: its tools, their tests, what lies in its
//! root. Templates, workflows and pages are read elsewhere; licences and the changelog keep the names they hold.

use anyhow::Result;
use regex::bytes::RegexBuilder;

use super::{ROOTS, Registry, is_page, text};
use crate::pack::platform::FILE;
use crate::pack::{Pack, tracked};
use crate::report::Source;

/// Files in the root that say who did what, and go on saying so; whatever ending they have.
const PAPERS: [&str; 7] = [
    "license",
    "licence",
    "notice",
    "copyright",
    "copying",
    "authors",
    "changelog",
];
/// The released versions, which `cargo xtask release` writes.
const RELEASES: &str = "releases.toml";

/// Reads those that hold the name.
pub(super) fn read(pack: &Pack, registry: &Registry) -> Result<Vec<Source>> {
    let name = RegexBuilder::new(&regex::escape(&pack.platform.org))
        .case_insensitive(true)
        .unicode(false)
        .build()?;
    let templates: Vec<&str> = registry.readable().collect();
    let mut all = Vec::new();
    for file in tracked(&pack.root, ".")? {
        if is_elsewhere(&file, &templates) || is_paper(&file) {
            continue;
        }
        if let Some(source) = text(&pack.root, file)?
            && (name.is_match(source.text.as_bytes()) || name.is_match(source.file.as_bytes()))
        {
            all.push(source);
        }
    }
    Ok(all)
}

fn is_elsewhere(file: &str, templates: &[&str]) -> bool {
    match file.split_once('/') {
        Some((".github", _)) => true,
        Some(("docs", page)) => is_page(page),
        Some((folder, _)) => templates.contains(&folder),
        None => ROOTS.contains(&file),
    }
}

/// Also `LICENSE-MIT` and `LICENSE.txt`.
fn is_paper(file: &str) -> bool {
    let stem = file.split(['.', '-']).next().unwrap_or(file);
    let is_named = PAPERS.contains(&stem.to_ascii_lowercase().as_str());
    file == FILE || file == RELEASES || is_named && !file.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_keep_the_names_they_hold() {
        for file in [
            "LICENSE-MIT",
            "Licence.txt",
            "NOTICE",
            "CHANGELOG.md",
            "releases.toml",
            "platform.toml",
        ] {
            assert!(is_paper(file), "{file}");
        }
        for file in ["src/license.rs", "licensed.md", "deny.toml", "docs/NOTICE"] {
            assert!(!is_paper(file), "{file}");
        }
    }
}
