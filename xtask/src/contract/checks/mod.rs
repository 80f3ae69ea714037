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
}
