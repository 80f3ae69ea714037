//! Proof of the rules: every rule fires on its fixture, and no rule on the clean template.
//!
//! `fixtures/clean` is a whole pack. `fixtures/RULE` holds the files that differ from it, `removed.txt` the paths that
//! are taken away, and `expected.txt` the output as a person sees it.

use std::fs;
use std::path::Path;

use super::super::about::templates;
use super::super::meta::{Family, names, shown};
use super::{RULES, check};
use crate::pack::{Pack, Platform};

fn family() -> Family {
    Family {
        name: "template",
        rules: templates(),
    }
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
    overlaid(&family().folder().join("fixtures").join(name))
}

/// The clean pack with the changes of a folder.
fn overlaid(fixture: &Path) -> (tempfile::TempDir, Pack) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_owned();
    copy(&family().folder().join("fixtures/clean"), &root);
    for path in fs::read_to_string(fixture.join("removed.txt"))
        .unwrap_or_default()
        .lines()
    {
        fs::remove_file(root.join(path)).unwrap();
    }
    copy(fixture, &root);
    // What tells of the fixture is no part of it.
    for note in ["expected.txt", "removed.txt"] {
        let _ = fs::remove_file(root.join(note));
    }
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

/// `good/` holds what differs from the clean pack in templates in the styles of projects that many know.
#[test]
fn no_rule_fires_on_good_templates() {
    let good = family().folder().join("good");
    for name in names(&good) {
        let (_dir, pack) = overlaid(&good.join(&name));
        let findings = check(&pack).unwrap().sorted();
        assert!(findings.is_empty(), "good/{name}\n{}", shown(&findings));
    }
}

#[test]
fn every_rule_fires_on_its_fixture_and_no_other_does() {
    family().fires(|fixture| {
        let (_dir, pack) = pack(fixture);
        check(&pack).unwrap().sorted()
    });
}

#[test]
fn every_rule_has_its_file_row_and_fixture() {
    family().is_whole(&["model", "tests"]);
    assert!(
        RULES.is_sorted_by_key(|rule| rule.id),
        "RULES is sorted by id"
    );
}

#[test]
fn every_rule_explains_itself() {
    family().explains_itself();
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
