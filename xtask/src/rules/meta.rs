//! Proof of the tables of rules, the same for every family: a rule has its file, row, words and fixture, and says on its
//! fixture, word for word and place for place, what `expected.txt` there holds. What a fixture is a family knows itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{About, docs, explain};
use crate::report::{Finding, Format, print};

/// Set it to write what the tests then compare with.
const UPDATE: &str = "UPDATE_EXPECT";

/// A family of rules, by its folder here.
pub(super) struct Family {
    /// The folder's name.
    pub name: &'static str,
    /// Its rules, in the order of their table.
    pub rules: Vec<About>,
}

impl Family {
    /// Where its rules and fixtures are.
    pub fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/rules")
            .join(self.name)
    }

    /// The names of its fixtures, beside the clean one that all of them start from.
    fn fixtures(&self) -> BTreeSet<String> {
        let mut all = names(&self.folder().join("fixtures"));
        assert!(all.remove("clean"), "{}: fixtures/clean", self.name);
        all
    }

    /// On each fixture its own rule fires, as heavily as its table says, and no other does.
    pub fn fires(&self, judge: impl Fn(&str) -> Vec<Finding>) {
        let mut wrong = Vec::new();
        for name in self.fixtures() {
            let findings = judge(&name);
            let found = shown(&findings);
            let place = format!("rules/{}/fixtures/{name}", self.name);
            assert!(!findings.is_empty(), "{place}: no rule fires");
            let rule = self.rules.iter().find(|rule| rule.id == name);
            let rule = rule.unwrap_or_else(|| panic!("{place}: there is no such rule"));
            for finding in &findings {
                assert_eq!(
                    (finding.rule, finding.severity),
                    (rule.id, rule.severity),
                    "{place}: another rule fires, or it weighs otherwise\n{found}"
                );
            }
            let expected = self.folder().join("fixtures").join(&name);
            let expected = expected.join("expected.txt");
            if std::env::var_os(UPDATE).is_some() {
                fs::write(&expected, &found).unwrap();
            } else if fs::read_to_string(&expected).unwrap_or_default() != found {
                wrong.push(format!("{place}/expected.txt differs from:\n{found}"));
            }
        }
        assert!(
            wrong.is_empty(),
            "{}\n{UPDATE}=1 cargo test -p xtask rules:: writes them",
            wrong.join("\n")
        );
    }

    /// Each rule has one file, or one folder with its parts, one row and one fixture. `others` are no rules.
    pub fn is_whole(&self, others: &[&str]) {
        let files: BTreeSet<String> = names(&self.folder())
            .into_iter()
            .filter(|name| {
                Path::new(&name).extension().is_some_and(|e| e == "rs")
                    || self.folder().join(name).join("mod.rs").exists()
            })
            .map(|name| name.trim_end_matches(".rs").to_owned())
            .filter(|name| name != "mod" && !others.contains(&name.as_str()))
            .collect();
        let module = |id: &str| id.to_ascii_lowercase().replace('-', "_");
        let rows: BTreeSet<String> = self.rules.iter().map(|rule| module(rule.id)).collect();
        assert_eq!(rows.len(), self.rules.len(), "a rule has two rows in RULES");
        let fixtures: BTreeSet<String> = self.fixtures().iter().map(|name| module(name)).collect();
        let family = self.name;
        for name in files.union(&rows).chain(&fixtures) {
            assert!(
                rows.contains(name),
                "add {name}::RULE to RULES in rules/{family}/mod.rs"
            );
            assert!(
                files.contains(name),
                "add rules/{family}/{name}.rs, or take {name} out of RULES"
            );
            assert!(
                fixtures.contains(name),
                "add rules/{family}/fixtures/, with a folder on which {name} fires"
            );
        }
    }

    /// Each rule has words of the right form, and `explain` prints them.
    pub fn explains_itself(&self) {
        for rule in &self.rules {
            let text = explain(rule.id, &[]).unwrap();
            for part in [rule.summary, rule.why, rule.example, rule.remedy] {
                let id = rule.id;
                assert!(!part.is_empty() && part == part.trim(), "{id}: {part:?}");
                assert!(part.lines().all(|line| text.contains(line)), "{id}: {part}");
            }
            assert!(!rule.summary.ends_with('.'), "{}", rule.id);
        }
    }
}

/// Findings as a person sees them.
pub(super) fn shown(findings: &[Finding]) -> String {
    let mut out = Vec::new();
    print(findings, Format::Human, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a folder holds, by name.
pub(super) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_name_that_there_is_not_is_an_error_with_the_nearest() {
    for (written, meant) in [
        ("undefined-variabel", "undefined-variable"),
        ("D6-deploy-concurency", "D6-deploy-concurrency"),
        ("out-of-snyc", "out-of-sync"),
    ] {
        let error = explain(written, &[]).unwrap_err().to_string();
        assert!(
            error.ends_with(&format!("did you mean `{meant}`?")),
            "{error}"
        );
    }
    let error = explain("zzz", &[]).unwrap_err().to_string();
    assert!(error.contains("the rules are"), "{error}");
}

#[test]
fn docs_are_in_sync() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == docs(),
        "docs/rules.md is out of date: run `cargo xtask sync`"
    );
}
