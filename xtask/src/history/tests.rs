//! A pack with a template and a fork's history.

use super::History;
use crate::pack::{Answers, Pack};
use crate::repository::Repository;
use crate::service::Record;

/// A pack with a template, of which `0.1.0` was released, then adopted by `Your-Corp`, then `0.2.0`.
fn pack() -> (tempfile::TempDir, Pack, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let repository = Repository::begun(&root);
    let mut commits = Vec::new();
    for (version, org) in [
        ("0.1.0", "upstream"),
        ("0.1.0", "Your-Corp"),
        ("0.2.0", "Your-Corp"),
    ] {
        for (path, text) in [
            ("Cargo.toml", format!("[workspace.package]\nversion = \"{version}\"\n")),
            ("cargo-generate.toml", "[template]\nsub_templates = [\"template-x\"]\n".into()),
            ("platform.toml", format!("org = \"{org}\"\nrepo = \"r\"\nregistry = \"ghcr.io\"\nref = \"v{version}\"\nrunner = \"u\"\n")),
            ("template-x/cargo-generate.toml", "[template]\nfmt = false\n[placeholders.team]\ntype = \"string\"\nprompt = \"?\"\ndefault = \"a\"\n[hooks]\npre = [\"hooks/facts.rhai\"]\npost = [\"hooks/end.rhai\"]\n".into()),
            ("template-x/hooks/facts.rhai", format!("variable::set(\"org\", \"{org}\");\nvariable::set(\"ref\", \"v{version}\");\nvariable::set(\"pack_version\", \"{version}\");\n")),
            ("template-x/hooks/end.rhai", "file::delete(\"hooks\");\n".into()),
            ("template-x/of", "{{ org }} {{ ref }} {{ pack_version }} {{ team }}\n".into()),
        ] {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        commits.push(repository.committed(version));
    }
    let entry = |version: &str, commit: &str| {
        format!(
            "[[release]]\nversion = \"{version}\"\ncommit = \"{commit}\"\ndate = \"2026-01-01\"\n"
        )
    };
    let releases = [entry("0.1.0", &commits[0]), entry("0.2.0", &commits[2])].concat();
    std::fs::write(root.join("releases.toml"), releases).unwrap();
    let pack = Pack::open(Some(&root)).unwrap();
    (dir, pack, commits)
}

fn record(text: &str) -> Record {
    Record::parse(&format!("[template]\nname = \"template-x\"\n{text}\n[values]\nproject-name = \"orders\"\nteam = \"b\"\n")).unwrap()
}

#[test]
fn a_name_is_a_release_a_commit_or_the_folder() {
    let (_dir, pack, commits) = pack();
    let history = History::open(&pack).unwrap();
    for (name, commit, called) in [
        ("0.1.0", 0, "0.1.0"),
        ("v0.2.0", 2, "0.2.0"),
        (&commits[1][..], 1, "0.1.0 at "),
        ("main", 2, "0.2.0"),
        (".", 2, ", as it lies in its folder"),
    ] {
        let point = history.at(name).unwrap();
        assert_eq!(point.commit, commits[commit], "{name}");
        assert!(point.name().contains(called), "{}", point.name());
    }
    assert_eq!(history.newest().unwrap().commit, commits[2]);
    let error = format!("{:#}", history.at("0.3.0").unwrap_err());
    assert!(
        error.contains("no `0.3.0`") && error.contains("0.1.0, 0.2.0"),
        "{error}"
    );
}

#[test]
fn a_fork_s_service_has_the_fork_s_facts() {
    let (_dir, pack, _) = pack();
    let history = History::open(&pack).unwrap();
    for (recorded, org, reference) in [
        (
            "version = \"0.1.0\"\npack = \"upstream/r\"",
            "upstream",
            "v0.1.0",
        ),
        (
            "version = \"0.1.0\"\npack = \"Your-Corp/r\"",
            "Your-Corp",
            "v0.1.0",
        ),
        ("version = \"0.1.0\"\npack = \"Other/r\"", "Other", "v0.1.0"),
        (
            "version = \"0.2.0\"\npack = \"A/r\"\n[platform]\norg = \"A\"\nrepo = \"r\"\nregistry = \"x\"\nref = \"v9.0.0\"\nrunner = \"u\"",
            "A",
            "v9.0.0",
        ),
    ] {
        let record = record(recorded);
        let point = history.of_record(&record).unwrap();
        let facts = history.facts_of_record(&record, &point).unwrap();
        assert_eq!((&*facts.org, &*facts.reference), (org, reference));
    }
}

#[test]
fn a_template_is_taken_out_of_its_commit_and_answers_are_its_own() {
    let (_dir, pack, _) = pack();
    let history = History::open(&pack).unwrap();
    let past = history.at("0.1.0").unwrap().template("template-x").unwrap();
    let files = [
        "cargo-generate.toml",
        "hooks/end.rhai",
        "hooks/facts.rhai",
        "of",
    ];
    assert_eq!(past.template.files, files);
    let facts = std::fs::read_to_string(past.template.dir.join("hooks/facts.rhai")).unwrap();
    assert!(facts.contains("\"upstream\""), "{facts}");
    let recorded = Answers::from([("team".into(), "b".into()), ("gone".into(), "c".into())]);
    assert_eq!(
        past.answers(&recorded).unwrap(),
        Answers::from([("team".into(), "b".into())])
    );
    assert_eq!(past.answers(&Answers::new()).unwrap()["team"], "a");
}

#[test]
fn what_the_pack_does_not_have_is_said_with_the_remedy() {
    let (_dir, pack, _) = pack();
    let history = History::open(&pack).unwrap();
    let unknown = record("version = \"0.0.9\"\npack = \"upstream/r\"");
    let error = format!("{:#}", history.of_record(&unknown).unwrap_err());
    assert!(
        error.contains("`orders` was made from 0.0.9") && error.contains("`--from REF`"),
        "{error}"
    );
    let error = format!(
        "{:#}",
        history
            .at("0.1.0")
            .unwrap()
            .template("template-y")
            .unwrap_err()
    );
    assert!(
        error.starts_with("the pack has no template `template-y` in 0.1.0"),
        "{error}"
    );
}
