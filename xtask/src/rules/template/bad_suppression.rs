//! Suppressions that suppress nothing, or don't say why.

use super::model::Model;
use super::{RULES, Rule};
use crate::report::Report;
use crate::report::Source;
use crate::rules::suppression::{self, Comment, HASH, Names, Suppression};
use crate::rules::workflow;

/// The rule.
pub const RULE: Rule = Rule {
    id: "bad-suppression",
    summary: "a `lint: allow(RULE)` without a reason, with a rule that there is not, or on a line where that rule finds nothing",
    why: "A suppression that outlives what it was for hides the next fault at its place; one without a reason nobody dares to \
          take away.",
    example: "token: 0123456789abcdef # lint: allow(secret-in-config)",
    remedy: "Write `lint: allow(RULE) why this is right here` in a comment on the line, and remove it when nothing is found \
             there. `{% comment %} … {% endcomment %}` keeps it out of the service.",
    check,
};

/// The template rules, as suppressions name them.
pub(super) const NAMES: Names = Names {
    own: RULE.id,
    named: |name| {
        RULES
            .iter()
            .find(|rule| rule.id == name)
            .map(|rule| rule.id)
    },
    elsewhere: |name| workflow::named(name).is_some(),
    ids: || RULES.iter().map(|rule| rule.id).collect(),
};

fn check(model: &Model, report: &mut Report) {
    for (source, suppressions) in asking(model) {
        // In workflows and actions `lint` says it, as one of its own.
        if !source.file.contains(".github/") {
            suppression::check((source, &suppressions), NAMES, report);
        }
    }
}

/// Every text that a finding may be in, and what it asks for, if anything.
pub(super) fn asking(model: &Model) -> Vec<(&Source, Vec<Suppression>)> {
    let mut found: Vec<(&Source, Vec<Suppression>)> = Vec::new();
    for (source, is_rendered) in model.sources() {
        let comments = comments(&source.file);
        let comments = if is_rendered {
            &comments[..]
        } else {
            &comments[..1]
        };
        let suppressions = suppression::find(&source.text, comments);
        let is_new = !found.iter().any(|(other, _)| other.file == source.file);
        if !suppressions.is_empty() && is_new {
            found.push((source, suppressions));
        }
    }
    found
}

/// How comments are written in a file of that name, and those of Liquid, which count where a file is rendered.
fn comments(path: &str) -> [Comment; 2] {
    let path = path.strip_suffix(".liquid").unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let own = match ending {
        "rs" | "rhai" | "js" | "ts" | "json" | "json5" | "proto" => ("//", ""),
        "md" | "html" | "svg" | "xml" => ("<!--", "-->"),
        "sql" => ("--", ""),
        _ => HASH,
    };
    [own, ("{% comment %}", "{% endcomment %}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_comments() {
        for (path, line) in [
            ("a/Cargo.toml.liquid", "x = 1 # lint: allow(symlink) why"),
            ("a/Dockerfile", "X # lint: allow(symlink) why"),
            ("src/a.rs", "x(); // lint: allow(symlink) why"),
            ("a.md", "x <!-- lint: allow(symlink) why -->"),
            ("a.sql", "x; -- lint: allow(symlink) why"),
            (
                "a.yaml",
                "x {% comment %} lint: allow(symlink) why {% endcomment %} y",
            ),
        ] {
            let found = suppression::find(line, &comments(path));
            let one = found.first().unwrap();
            assert_eq!(
                (one.rule.0.as_str(), one.reason.as_str()),
                ("symlink", "why"),
                "{path}"
            );
            assert_eq!(&line[one.rule.1.clone()], "symlink", "{path}");
        }
        assert!(suppression::find("# lint: x", &comments("a.md")).is_empty());
    }
}
