//! Proof of the rules: every rule fires on its fixture, and no rule on the clean template.
//!
//! `fixtures/clean` is a whole pack. `fixtures/RULE` holds the files that differ from it, `removed.txt` the paths that
//! are taken away, and `expected.txt` the output as a person sees it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::{docs, explain};
use super::{RULES, check};
use crate::pack::{Pack, Platform};
use crate::report::{Format, print};

/// Set it to write what the tests then compare with.
const UPDATE: &str = "UPDATE_EXPECT";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules/template")
}

fn fixtures() -> BTreeSet<String> {
    let entries = fs::read_dir(folder().join("fixtures")).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "clean")
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (
            entry.as_ref().unwrap().path(),
            to.join(entry.unwrap().file_name()),
        );
        let kind = from.symlink_metadata().unwrap().file_type();
        if kind.is_dir() {
            copy(&from, &to);
        } else if kind.is_symlink() {
            symlink(&fs::read_link(&from).unwrap(), &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) {
    std::os::unix::fs::symlink(target, link).unwrap();
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) {
    std::os::windows::fs::symlink_file(target, link).unwrap();
}

/// The clean pack with the changes of the fixture `name`.
fn pack(name: &str) -> (tempfile::TempDir, Pack) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_owned();
    let fixture = folder().join("fixtures").join(name);
    copy(&folder().join("fixtures/clean"), &root);
    for path in fs::read_to_string(fixture.join("removed.txt"))
        .unwrap_or_default()
        .lines()
    {
        fs::remove_file(root.join(path)).unwrap();
    }
    copy(&fixture, &root);
    let pack = Pack {
        platform: Platform::read(&root).unwrap(),
        version: "1.2.3".into(),
        root,
        foreign: true,
    };
    (dir, pack)
}

#[test]
fn no_rule_fires_on_the_clean_template() {
    let (_dir, pack) = pack("clean");
    assert_eq!(check(&pack).unwrap().sorted(), []);
}

#[test]
fn every_rule_fires_on_its_fixture_and_no_other_does() {
    let mut wrong = Vec::new();
    for name in fixtures() {
        let (_dir, pack) = pack(&name);
        let findings = check(&pack).unwrap().sorted();
        let mut out = Vec::new();
        print(&findings, Format::Human, &mut out).unwrap();
        let found = String::from_utf8(out).unwrap();
        assert!(!findings.is_empty(), "fixtures/{name}: no rule fires");
        for finding in &findings {
            assert_eq!(
                finding.rule, name,
                "fixtures/{name}: another rule fires\n{found}"
            );
        }
        let path = folder().join("fixtures").join(&name).join("expected.txt");
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, &found).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            wrong.push(format!(
                "fixtures/{name}/expected.txt differs from:\n{found}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{UPDATE}=1 cargo test -p xtask rules writes them",
        wrong.join("\n")
    );
}

#[test]
fn every_rule_has_its_file_row_and_fixture() {
    let kept = ["mod.rs", "docs.rs", "tests.rs"];
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !kept.contains(&name.as_str()))
        .filter_map(|name| Some(name.strip_suffix(".rs")?.replace('_', "-")))
        .collect();
    let rows: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(rows.len(), RULES.len(), "a rule has two rows in RULES");
    let fixtures = fixtures();
    for id in files.union(&rows).chain(&fixtures) {
        let module = id.replace('-', "_");
        assert!(
            rows.contains(id),
            "add {module}::RULE to RULES in rules/template/mod.rs"
        );
        assert!(
            files.contains(id),
            "add rules/template/{module}.rs, or take {id} out of RULES"
        );
        assert!(
            fixtures.contains(id),
            "add rules/template/fixtures/{id}/, on which {id} fires"
        );
    }
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted(), "RULES is sorted by id");
}

#[test]
fn every_rule_explains_itself() {
    for rule in RULES {
        for text in [rule.summary, rule.why, rule.example, rule.remedy] {
            assert!(
                !text.trim().is_empty() && text == text.trim(),
                "{}: {text:?}",
                rule.id
            );
        }
        assert!(!rule.summary.ends_with('.'), "{}", rule.id);
        assert!(
            rule.explanation()
                .contains(rule.remedy.lines().next().unwrap())
        );
    }
    assert!(
        explain("undefined-variabel")
            .err()
            .unwrap()
            .to_string()
            .ends_with("did you mean `undefined-variable`?")
    );
    assert!(
        explain("zzz")
            .err()
            .unwrap()
            .to_string()
            .contains("the rules are")
    );
}

#[test]
fn docs_are_in_sync() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    if std::env::var_os(UPDATE).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, docs()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == docs(),
        "docs/rules.md is out of date: run `cargo xtask sync`"
    );
}

/// Whatever stands in a manifest, a hook, a file or a file's name: findings or none, but never a panic or a wait.
#[test]
fn nothing_in_a_template_makes_it_panic_or_hang() {
    let long = |text: &str| text.repeat(100_000 / text.len());
    let numbers = 0..30;
    let option = |n| format!("[placeholders.p{n}]\nchoices=['a','b']\n");
    let options: String = numbers.clone().map(option).collect();
    let all: Vec<_> = numbers.map(|n| format!("p{n} == \"a\"")).collect();
    let manifests = [
        String::new(),
        "\u{feff}[template]".to_owned(),
        long("["),
        format!("a = {}", long("[")),
        format!("a = {}", long("{a=")),
        format!("{}a = 1", long("a.")),
        long("[a]\n"),
        "[conditional.'']\nignore = ['']\n[conditional.\"\\\"ü\\\" == x\"]\nexclude = ['', '!', '/', '..', '[', '\u{0}']".to_owned(),
        "[hooks]\npre = ['', '..', '/', '../../x', 'fmt', 'hooks', 'hooks/wiring.rhai/']\n[template]\ninclude = ['**']".to_owned(),
        "[placeholders]\na = {prompt='', default='', regex='((a{1000}){1000}){1000}'}\nb = {choices=[]}\nc={choices=[''], default=1}"
            .to_owned(),
        [options, format!("[conditional.'{}']\n", all.join(" && "))].concat(),
    ];
    for text in manifests {
        let (_dir, pack) = pack("clean");
        fs::write(pack.root.join("template-demo/cargo-generate.toml"), &text).unwrap();
        check(&pack).unwrap().sorted();
        fs::write(pack.root.join("cargo-generate.toml"), &text).unwrap();
        check(&pack).unwrap().sorted();
    }
    for bytes in [&b""[..], b"\xff\xfe", b"\0", "ü\u{2028}\"`${".as_bytes()] {
        let (_dir, pack) = pack("clean");
        for file in [
            "hooks/wiring.rhai",
            "hooks/answers.rhai",
            "README.md",
            ".genignore",
            "{{",
            "{% raw %}ü",
            "a{b[c",
        ] {
            fs::write(pack.root.join("template-demo").join(file), bytes).unwrap();
        }
        check(&pack).unwrap().sorted();
        fs::write(pack.root.join("cargo-generate.toml"), bytes).unwrap();
        check(&pack).unwrap().sorted();
    }
}
