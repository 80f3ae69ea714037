//! S24: what a service brings to read, and who keeps its dependencies young.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::verify::gate::{Inner, Verdict};
use crate::verify::{Bench, Step};

/// Files of which one has to be there.
const UPDATERS: &[&str] = &[
    ".github/dependabot.yml",
    "renovate.json",
    ".github/renovate.json",
];
/// Words of which each has to stand in a heading of the README.
const SECTIONS: &[&str] = &["run", "configure", "deploy", "roll back", "upgrade", "tour"];

/// An updater's file; a README with every section; a tour that leads to every part of `src/` and nowhere else.
pub(super) fn complete(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let mut faults = Vec::new();
    if !UPDATERS
        .iter()
        .any(|file| service.path.join(file).is_file())
    {
        faults.push(format!(
            "there is none of {}: nobody updates the dependencies",
            UPDATERS.join(", ")
        ));
    }
    let readme = fs::read_to_string(service.path.join("README.md"))?;
    faults.extend(missing_sections(&readme));
    let tour = tour(&readme);
    let numbered = |(index, item): (usize, &String)| item.starts_with(&format!("{}. ", index + 1));
    if !tour.iter().enumerate().all(numbered) {
        faults.push("README.md: the stops of the tour are not numbered in order".into());
    }
    let (stops, lost) = walk(&tour, &|path| service.path.join(path).exists());
    for path in lost {
        faults.push(format!(
            "README.md: the tour leads to `{path}`, which is not there"
        ));
    }
    for part in parts(&service.path.join("src"))? {
        if !stops.iter().any(|stop| leads_to(stop, &part)) {
            faults.push(format!(
                "README.md: the tour passes `{part}` by; say what it is for"
            ));
        }
    }
    if stops.first().is_none_or(|stop| stop != "src/main.rs") {
        faults.push(
            "README.md: the tour has to begin where the program does, at `src/main.rs`".into(),
        );
    }
    Ok(if faults.is_empty() {
        Verdict::Passed(format!("a tour of {} stops", stops.len()))
    } else {
        Verdict::Failed(faults.join("\n"))
    })
}

fn headings(readme: &str) -> impl Iterator<Item = String> {
    let headings = readme.lines().filter(|line| line.starts_with("## "));
    headings.map(str::to_lowercase)
}

fn missing_sections(readme: &str) -> Vec<String> {
    let missing = SECTIONS
        .iter()
        .filter(|word| !headings(readme).any(|heading| heading.contains(**word)));
    missing
        .map(|word| format!("README.md: no heading `## …` speaks of `{word}`"))
        .collect()
}

/// The items of the tour's list, each with its following lines.
fn tour(readme: &str) -> Vec<String> {
    let sections = readme.split("\n## ").skip(1);
    let tour = sections
        .filter(|section| {
            section
                .lines()
                .next()
                .is_some_and(|heading| heading.to_lowercase().contains("tour"))
        })
        .last()
        .unwrap_or_default();
    let mut items: Vec<String> = Vec::new();
    for line in tour.lines().skip(1) {
        if line.starts_with(|c: char| c.is_ascii_digit()) {
            items.push(line.to_owned());
        } else if let Some(item) = items.last_mut() {
            *item += line;
        }
    }
    items
}

/// The paths that the items name, in order; and those of them that are not there. A bare file name is a sibling of the
/// path before it.
fn walk(items: &[String], exists: &dyn Fn(&str) -> bool) -> (Vec<String>, Vec<String>) {
    let (mut stops, mut lost) = (Vec::new(), Vec::new());
    for item in items {
        let mut folder = String::new();
        for span in item.split('`').skip(1).step_by(2) {
            let path = match span.split_once('/') {
                // `GET /version` is none.
                Some(_) if !span.contains(char::is_whitespace) => span.to_owned(),
                None if has_extension(span) => format!("{folder}{span}"),
                _ => continue,
            };
            folder = path
                .rsplit_once('/')
                .map(|(folder, _)| format!("{folder}/"))
                .unwrap_or_default();
            if !exists(&path) {
                lost.push(path.clone());
            }
            stops.push(path);
        }
    }
    (stops, lost)
}

fn has_extension(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| {
        ["rs", "toml", "yaml", "yml", "md"]
            .iter()
            .any(|known| extension == *known)
    })
}

/// Whether a stop is a part of the service, or something inside it.
fn leads_to(stop: &str, part: &str) -> bool {
    stop.strip_prefix(part)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What stands in `src/`, as paths from the service's folder. The list of modules is a part of `src/main.rs`' stop.
fn parts(src: &Path) -> Result<BTreeSet<String>> {
    let mut parts = BTreeSet::new();
    for entry in fs::read_dir(src)? {
        parts.insert(format!("src/{}", entry?.file_name().to_string_lossy()));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "# orders\n\n## Run it\n\n## Configure it\n\n## Deploy, roll back, upgrade\n\n\
        ## A tour of the code\n\n1. `src/main.rs`: first. `src/lib.rs`:\n   `start` begins, `GET /a` ends.\n2. `src/a/`: a thing. `b.rs`, `c.rs`\n\n## More\n";

    #[test]
    fn sections_are_missed_by_name() {
        assert_eq!(missing_sections(README), Vec::<String>::new());
        let without = README.replace(", roll back", "");
        assert_eq!(
            missing_sections(&without),
            ["README.md: no heading `## …` speaks of `roll back`"]
        );
    }

    #[test]
    fn a_tour_is_walked_in_order_with_siblings() {
        let (stops, lost) = walk(&tour(README), &|path| path != "src/a/c.rs");
        assert_eq!(
            stops,
            [
                "src/main.rs",
                "src/lib.rs",
                "src/a/",
                "src/a/b.rs",
                "src/a/c.rs"
            ]
        );
        assert_eq!(lost, ["src/a/c.rs"]);
        assert!(leads_to("src/a/", "src/a") && leads_to("src/a/b.rs", "src/a"));
        assert!(!leads_to("src/ab.rs", "src/a"));
    }
}
