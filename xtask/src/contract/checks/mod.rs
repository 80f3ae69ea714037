//! Every check, by theme: one file each, and one row here.

mod abuse_bodies;
mod abuse_connections;
mod abuse_ids;
mod abuse_paths;
mod access;
mod bearer;
mod browser;
mod coercion;
mod confinement;
mod conformance;
mod correlation;
mod cors;
mod database;
mod docs;
mod document;
mod drain;
mod ending;
mod envelope;
mod headers;
mod health;
mod in_flight;
mod items;
mod layers;
mod limits;
mod load;
mod logs;
mod metrics;
mod noise;
mod openmetrics;
mod otlp;
mod pages;
mod panics;
mod promlint;
mod refusals;
mod request_ids;
mod samples;
mod secrets;
mod settings;
mod token;
mod validation;
mod vault;
mod vault_later;

use super::Check;

/// The themes, in the order in which they run: the cheap ones that explain the others first.
const THEMES: &[(&str, &[Check])] = &[
    ("health", health::CHECKS),
    ("refusals", refusals::CHECKS),
    ("request_ids", request_ids::CHECKS),
    ("correlation", correlation::CHECKS),
    ("access", access::CHECKS),
    ("logs", logs::CHECKS),
    ("envelope", envelope::CHECKS),
    ("limits", limits::CHECKS),
    ("in_flight", in_flight::CHECKS),
    ("panics", panics::CHECKS),
    ("headers", headers::CHECKS),
    ("cors", cors::CHECKS),
    ("metrics", metrics::CHECKS),
    ("token", token::CHECKS),
    ("otlp", otlp::CHECKS),
    ("layers", layers::CHECKS),
    ("settings", settings::CHECKS),
    ("secrets", secrets::CHECKS),
    ("vault", vault::CHECKS),
    ("vault_later", vault_later::CHECKS),
    ("items", items::CHECKS),
    ("pages", pages::CHECKS),
    ("database", database::CHECKS),
    ("document", document::CHECKS),
    ("conformance", conformance::CHECKS),
    ("docs", docs::CHECKS),
    ("browser", browser::CHECKS),
    ("validation", validation::CHECKS),
    ("coercion", coercion::CHECKS),
    ("bearer", bearer::CHECKS),
    ("drain", drain::CHECKS),
    ("ending", ending::CHECKS),
    ("load", load::CHECKS),
    ("confinement", confinement::CHECKS),
    ("abuse_ids", abuse_ids::CHECKS),
    ("abuse_bodies", abuse_bodies::CHECKS),
    ("abuse_connections", abuse_connections::CHECKS),
    ("abuse_paths", abuse_paths::CHECKS),
];

/// Every check, in the order in which it runs.
pub fn all() -> impl Iterator<Item = &'static Check> {
    THEMES.iter().flat_map(|(_, checks)| checks.iter())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use regex::Regex;

    use super::*;

    /// Files that serve several themes and hold no check.
    const HELPERS: &[&str] = &["mod", "noise", "openmetrics", "promlint", "samples"];

    #[test]
    fn names_are_unique_and_everything_is_said() {
        let mut names = BTreeSet::new();
        for check in all() {
            assert!(
                names.insert(check.name),
                "`{}` names two checks",
                check.name
            );
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                check.name.chars().all(kebab),
                "`{}` is not kebab-case",
                check.name
            );
            assert!(
                !check.title.is_empty() && !check.remedy.is_empty(),
                "{}",
                check.name
            );
        }
    }

    #[test]
    fn every_file_is_a_theme() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract/checks");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let known = HELPERS.contains(&stem) || THEMES.iter().any(|(name, _)| *name == stem);
            assert!(
                known,
                "add `{stem}` to THEMES, or to HELPERS if it holds no check"
            );
        }
    }

    /// A remedy leads somewhere: to files that a template has, and to names that stand in one of them.
    #[test]
    fn remedies_name_what_is_there() {
        let sources = sources();
        for check in all() {
            let lost = astray(check.remedy, &sources);
            assert!(lost.is_none(), "`{}`: {}", check.name, lost.unwrap());
        }
        let remedy = "`drain` in src/platform/nowhere.rs";
        assert_eq!(
            astray(remedy, &sources).as_deref(),
            Some("no template has `src/platform/nowhere.rs`; correct `remedy`")
        );
        let remedy = "`store` in src/items/mod.rs, and `serve` in server.rs";
        assert_eq!(
            astray(remedy, &sources).as_deref(),
            Some("no template has `src/items/server.rs`; correct `remedy`")
        );
        let remedy = "`gone` in src/platform/health.rs";
        assert_eq!(
            astray(remedy, &sources).as_deref(),
            Some("`gone` is in no file that the remedy names; correct `remedy`")
        );
    }

    /// The text of every file of the templates, by its path.
    fn sources() -> Vec<(String, String)> {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        ignore::WalkBuilder::new(pack.join("template-axum"))
            .add(pack.join("template-fastapi-style"))
            .add(pack.join("xtask/src/contract/checks/conformance.rs"))
            .build()
            .filter_map(|entry| {
                let path = entry.unwrap().into_path();
                let text = std::fs::read_to_string(&path).ok()?;
                let name = path.to_str().unwrap();
                Some((name.trim_end_matches(".liquid").to_owned(), text))
            })
            .collect()
    }

    /// Where a remedy leads nowhere. A bare name stands for a file beside the one named before it.
    fn astray(remedy: &str, sources: &[(String, String)]) -> Option<String> {
        let file = Regex::new(r"[\w./-]+\.(rs|toml|ya?ml)\b").unwrap();
        let (mut named, mut folder) = (Vec::new(), "");
        for path in file.find_iter(remedy) {
            let path = path.as_str();
            folder = path.rfind('/').map_or(folder, |at| &path[..at]);
            let path = if path.contains('/') || folder.is_empty() {
                path.to_owned()
            } else {
                format!("{folder}/{path}")
            };
            let end = format!("/{path}");
            let before = named.len();
            named.extend(sources.iter().filter(|(name, _)| name.ends_with(&end)));
            if named.len() == before {
                return Some(format!("no template has `{path}`; correct `remedy`"));
            }
        }
        let quoted = Regex::new("`([^`]+)`").unwrap();
        let word = Regex::new(r"\w+").unwrap();
        let quoted = quoted
            .captures_iter(remedy)
            .map(|found| found.extract::<1>());
        for (_, [quoted]) in quoted.filter(|_| !named.is_empty()) {
            let stands = |text: &str| {
                let mut words = word.find_iter(quoted).map(|word| word.as_str());
                words.all(|it| word.find_iter(text).any(|word| word.as_str() == it))
            };
            if !named.iter().any(|(_, text)| stands(text)) {
                return Some(format!(
                    "`{quoted}` is in no file that the remedy names; correct `remedy`"
                ));
            }
        }
        None
    }
}
