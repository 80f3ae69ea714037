//! Proof of the rules: every rule fires on its fixture, and no rule on the clean tree or on good workflows.
//!
//! `fixtures/clean` is a small pack: its own `.github`, a template's before (`template/`) and after rendering
//! (`rendered/`). `fixtures/RULE` holds the files that differ from it, and `expected.txt` the output as a person sees it.
//! `good/` holds repositories in the styles of projects that many know.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::super::about::workflows;
use super::super::explain;
use super::super::meta::{Family, names, shown};
use super::{File, FileKind, Model, Paths, RULES, Rendering, check};
use crate::pack::Platform;
use crate::report::{Finding, Source};

fn family() -> Family {
    Family {
        name: "workflow",
        rules: workflows(),
    }
}

/// Every file under a folder, by its path there.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                all.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

fn model(files: &BTreeMap<String, String>) -> Model {
    let facts = files.get("platform.toml");
    let platform =
        facts.map(|text| Platform::parse(&Source::new("platform.toml", text.clone())).unwrap());
    let mut parsed = Vec::new();
    for (name, text) in files {
        let (tree, path) = match name.strip_prefix("rendered/") {
            Some(path) => (1, path),
            None => (0, name.as_str()),
        };
        let action = path.ends_with("action.yml");
        if !path.starts_with(".github/") || !(action || path.starts_with(".github/workflows/")) {
            continue;
        }
        let kind = if action {
            FileKind::Action
        } else {
            FileKind::Workflow
        };
        let template = format!("template/{path}");
        let rendering = (tree == 1).then(|| Rendering {
            file: template.clone(),
            text: files.get(&template).cloned().unwrap_or_default(),
        });
        let source = Source::new(name.clone(), text.clone());
        parsed.push(File::new(tree, path, kind, source, rendering));
    }
    let placeholders = ["org", "repo", "ref"].map(str::to_owned).to_vec();
    let mut model = Model::new(platform, placeholders, parsed);
    let own = files.keys().filter(|name| !name.starts_with("rendered/"));
    model.paths = Some(Paths {
        texts: files.clone(),
        files: own.cloned().collect(),
        // A fixture has no exec bits that git would not keep.
        plain: files
            .keys()
            .filter(|name| name.ends_with(".plain.sh"))
            .cloned()
            .collect(),
    });
    model
}

fn judged(files: &BTreeMap<String, String>) -> Vec<Finding> {
    let verdict = check(&model(files));
    let mut findings = verdict.findings;
    findings.extend(verdict.unused);
    findings.sort();
    findings
}

fn clean() -> BTreeMap<String, String> {
    files(&family().folder().join("fixtures/clean"))
}

/// The clean tree with the changes of a fixture.
fn changed(fixture: &str) -> BTreeMap<String, String> {
    let mut all = clean();
    all.extend(files(&family().folder().join("fixtures").join(fixture)));
    all
}

#[test]
fn no_rule_fires_on_the_clean_tree() {
    let findings = judged(&clean());
    assert!(findings.is_empty(), "{}", shown(&findings));
}

#[test]
fn no_rule_fires_on_good_workflows() {
    let good = family().folder().join("good");
    let all = names(&good);
    assert!(all.len() >= 5, "{all:?}");
    for name in all {
        let findings = judged(&files(&good.join(&name)));
        assert!(findings.is_empty(), "good/{name}\n{}", shown(&findings));
    }
}

#[test]
fn every_rule_fires_on_its_fixture_and_no_other_does() {
    family().fires(|fixture| judged(&changed(fixture)));
}

#[test]
fn every_rule_has_its_file_row_and_fixture() {
    family().is_whole(&["judge", "model", "pin", "tests", "words"]);
    let code = |id: &str| {
        let (code, slug) = id.split_once('-').unwrap();
        assert!(!slug.is_empty());
        let letter = "SRPHDTL".find(&code[..1]).unwrap();
        (letter, code[1..].parse::<u32>().unwrap())
    };
    assert!(
        RULES.is_sorted_by_key(|rule| code(rule.id)),
        "RULES is sorted by code"
    );
}

#[test]
fn every_rule_explains_itself_by_name_and_by_code() {
    family().explains_itself();
    for rule in RULES {
        let code = rule.id.split('-').next().unwrap();
        assert_eq!(explain(code, &[]).unwrap(), explain(rule.id, &[]).unwrap());
    }
}

#[test]
fn a_suppression_lets_pass_what_it_names_and_nothing_else() {
    let file = ".github/workflows/service-ci.yml";
    let with = |comment: &str| {
        let mut all = clean();
        let text = all[file].replace(
            "        run: cargo test --locked",
            &format!("        run: echo ${{{{ github.sha }}}} {comment}"),
        );
        all.insert(file.to_owned(), text);
        let mut rules: Vec<_> = judged(&all).iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules
    };
    assert_eq!(with(""), ["P6-injection"]);
    assert_eq!(with("# lint: allow(P6) a commit holds no shell"), [""; 0]);
    assert_eq!(
        with("# lint: allow(P6-injection) a commit holds no shell"),
        [""; 0]
    );
    assert_eq!(
        with("# lint: allow(P6)"),
        ["L1-suppression", "P6-injection"]
    );
    assert_eq!(
        with("# lint: allow(P5) another"),
        ["L1-suppression", "P6-injection"]
    );
    assert_eq!(
        with("# lint: allow(P66) unknown"),
        ["L1-suppression", "P6-injection"]
    );
    assert_eq!(
        with("# lint: ignore P6"),
        ["L1-suppression", "P6-injection"]
    );
}

/// Whatever stands in a workflow or action: findings or none, but never a panic or a wait.
#[test]
fn nothing_in_a_file_makes_it_panic_or_hang() {
    let start = std::time::Instant::now();
    let long = |text: &str| text.repeat(300_000 / text.len());
    let mut jobs = String::from("  j0: {runs-on: x, steps: [{run: x}]}\n");
    for n in 1..250 {
        let before = n - 1;
        jobs += &format!("  j{n}: {{needs: j{before}, runs-on: x, steps: [{{run: x}}]}}\n");
    }
    jobs += "  dev: {needs: j249, if: \"always() && failure()\"}\n  prod: {needs: [dev], if: always()}\n";
    let mut texts = vec![
        String::new(),
        "\u{feff}on: push".into(),
        "on: \u{0}".into(),
        "- 1".into(),
        "x".into(),
        "{}".into(),
        long("["),
        long("{a: "),
        long("- "),
        long("? "),
        long("a: b\n"),
        long("&a "),
        long("*a "),
        long("!!x "),
        long("'"),
        long("\"\\x"),
        long("|\n "),
        long("# lint: allow("),
        format!("on: push\njobs:\n{jobs}"),
        format!("on: push\njobs:\n  dev: {{needs: prod}}\n  prod: {{needs: dev, if: \"{}\"}}\n", long("a || ")),
        "jobs: {dev: {environment: [], needs: {}}, prod: {steps: 1, if: [], concurrency: []}, staging: x}".into(),
        "jobs: [dev, prod]\non: {push: {branches: {}}, workflow_call: {inputs: [], outputs: x, secrets: {a: 1}}}".into(),
        "jobs:\n  a: {uses: '@', with: x, secrets: []}\n  b: {uses: './', steps: {}}\n  c: {uses: './.github/workflows/x.yml'}".into(),
        "runs: {using: composite, steps: [{uses: './.github/actions/setup'}, {}, x, [], {id: [], run: {}}]}".into(),
    ];
    let clean = clean();
    // Any file cut off anywhere, and with a sign too much.
    for text in clean.values() {
        for at in (0..text.len())
            .step_by(211)
            .filter(|at| text.is_char_boundary(*at))
        {
            texts.push(text[..at].to_owned());
            for sign in ["'", "${{", ": ", "\u{e4}", "&a *a", "{"] {
                texts.push(format!("{}{sign}{}", &text[..at], &text[at..]));
            }
        }
    }
    for text in texts {
        let began = std::time::Instant::now();
        for file in [
            ".github/workflows/deploy.yml",
            ".github/actions/setup/action.yml",
            "rendered/.github/workflows/deploy.yml",
        ] {
            let mut all = clean.clone();
            all.insert(file.to_owned(), text.clone());
            let findings = judged(&all);
            let lines = text.lines().count() + 1;
            for finding in findings.iter().filter(|finding| finding.file == file) {
                assert!(finding.line <= lines.max(1), "{finding:?}");
            }
        }
        let took = began.elapsed();
        let shown: String = text.chars().take(60).collect();
        assert!(took.as_secs() < 10, "{took:?} for {shown}");
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}
