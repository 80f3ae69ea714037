//! Several lock files in, one Liquid file out.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::{Block, Lock};
use crate::pack::Case;

/// Writes the template that renders to each of `locks` for its case, for a service of any name.
pub fn compose(locks: &[(Case, Lock)]) -> String {
    let options = deciding_options(locks);
    let key = |case: &Case| -> String {
        let values: Vec<&str> = options.iter().map(|o| case.answers[o].as_str()).collect();
        values.join(" ")
    };
    let all: BTreeSet<String> = locks.iter().map(|(case, _)| key(case)).collect();

    let mut roots: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut blocks: BTreeMap<Block, BTreeSet<String>> = BTreeMap::new();
    for (case, lock) in locks {
        let own = own_entry(lock);
        roots.entry(own).or_default().insert(key(case));
        for block in &lock.dependencies {
            blocks.entry(block.clone()).or_default().insert(key(case));
        }
    }

    let mut out = String::new();
    if !options.is_empty() {
        let values: Vec<String> = options
            .iter()
            .map(|option| format!("append: {option}"))
            .collect();
        let joined = values.join(" | append: \" \" | ");
        out += &format!("{{% assign lock = \"\" | {joined} %}}");
    }
    out += "{% capture own %}";
    for (entry, keys) in &roots {
        out += &when(&format!("\n{entry}"), keys, &all);
    }
    out += "{% endcapture %}";
    if let Some((_, lock)) = locks.first() {
        out += &lock.header;
    }
    let mut previous: Option<&str> = None;
    for (block, keys) in &blocks {
        if previous != Some(&block.name) {
            out += &own_between(previous, Some(&block.name));
        }
        out += &when(&format!("\n{}", block.text), keys, &all);
        previous = Some(&block.name);
    }
    out += &own_between(previous, None);
    out
}

/// The service's entry, under the name that it will have.
fn own_entry(lock: &Lock) -> String {
    let named = format!("name = \"{}\"", lock.root.name);
    lock.root
        .text
        .replacen(&named, "name = \"{{project-name}}\"", 1)
}

/// The options that change the lock file, in a fixed order.
fn deciding_options(locks: &[(Case, Lock)]) -> Vec<String> {
    let names = locks.first().map(|(case, _)| case.answers.keys());
    names
        .into_iter()
        .flatten()
        .filter(|option| {
            // It decides when two combinations that differ in nothing else have different lock files.
            locks.iter().any(|(a, lock_a)| {
                locks.iter().any(|(b, lock_b)| {
                    lock_a != lock_b
                        && a.answers
                            .iter()
                            .all(|(name, value)| (name == *option) != (b.answers[name] == *value))
                })
            })
        })
        .cloned()
        .collect()
}

fn when(text: &str, keys: &BTreeSet<String>, all: &BTreeSet<String>) -> String {
    if keys == all {
        return text.to_owned();
    }
    let terms: Vec<String> = keys
        .iter()
        .map(|key| format!("lock == \"{key}\""))
        .collect();
    format!("{{% if {} %}}{text}{{% endif %}}", terms.join(" or "))
}

/// The service's entry, if its name sorts between two others. Liquid compares strings by bytes, as cargo does.
fn own_between(before: Option<&str>, after: Option<&str>) -> String {
    let mut terms = Vec::new();
    if let Some(before) = before {
        terms.push(format!("project-name > \"{before}\""));
    }
    if let Some(after) = after {
        terms.push(format!("project-name < \"{after}\""));
    }
    if terms.is_empty() {
        return "{{own}}".into();
    }
    format!("{{% if {} %}}{{{{own}}}}{{% endif %}}", terms.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, rest: &str) -> String {
        format!("\n[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n{rest}")
    }

    const REGISTRY: &str = "source = \"registry\"\n";

    fn lock(root_dependencies: &str, crates: &[&str]) -> String {
        let mut entries: Vec<(&str, String)> = crates
            .iter()
            .map(|name| (*name, package(name, REGISTRY)))
            .collect();
        let rest = format!("dependencies = [\n{root_dependencies}]\n");
        entries.push(("probe", package("probe", &rest)));
        entries.sort();
        let body: String = entries.into_iter().map(|(_, text)| text).collect();
        format!("# generated\nversion = 4\n{body}")
    }

    fn case(metrics: &str, deploy: &str) -> Case {
        let pairs = [("metrics", metrics), ("deploy", deploy)];
        let answers = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        Case { answers }
    }

    fn rendered(template: &str, name: &str, metrics: &str) -> String {
        let parser = liquid::ParserBuilder::with_stdlib().build().unwrap();
        let values = liquid::object!({"project-name": name, "metrics": metrics});
        parser.parse(template).unwrap().render(&values).unwrap()
    }

    #[test]
    fn every_combination_and_name_renders_to_what_cargo_wrote() {
        let none = lock(" \"axum\",\n", &["axum", "zeroize"]);
        let metrics = lock(
            " \"axum\",\n \"metrics\",\n",
            &["axum", "metrics", "zeroize"],
        );
        let mut locks = Vec::new();
        for deploy in ["compose", "kubernetes"] {
            locks.push((case("none", deploy), Lock::parse(&none, "probe").unwrap()));
            locks.push((
                case("prometheus", deploy),
                Lock::parse(&metrics, "probe").unwrap(),
            ));
        }
        let template = compose(&locks);
        assert!(
            !template.contains("deploy"),
            "it does not decide: {template}"
        );
        assert_eq!(rendered(&template, "probe", "none"), none);
        assert_eq!(rendered(&template, "probe", "prometheus"), metrics);
        for name in ["aardvark", "b", "orders", "zz-last"] {
            for metrics in ["none", "prometheus"] {
                let text = rendered(&template, name, metrics);
                let names: Vec<&str> = text
                    .lines()
                    .filter_map(|line| line.strip_prefix("name = "))
                    .collect();
                assert!(names.is_sorted(), "{name}: {names:?}");
                assert!(names.contains(&format!("\"{name}\"").as_str()), "{names:?}");
            }
        }
    }
}
