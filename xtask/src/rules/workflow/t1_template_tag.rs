//! Liquid that rendering has left behind.

use std::sync::LazyLock;

use regex::Regex;

use super::model::Model;
use super::{ENOUGH, Rule};
use crate::report::Report;
use crate::rules::template::built_in;

/// The rule.
pub const RULE: Rule = Rule {
    id: "T1-template-tag",
    summary: "a tag or a variable of the template's in a workflow",
    why: "The file was not rendered: `exclude` covers it, or it is not valid Liquid, which cargo-generate passes over in silence. \
          Its `uses:` names no repository.",
    example: "uses: {{org}}/{{repo}}/.github/workflows/service-ci.yml@{{ref}}",
    remedy: "Let the manifest render workflows, and keep GitHub's own `${{ }}` between `{% raw %}` and `{% endraw %}`.",
    check,
};

static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\{%-?\s*(?:(?:end)?(?:if|for|case|unless|raw|comment|capture|tablerow)|else|elsif|when|assign|include|render|cycle|increment|decrement|break|continue)\b[^%\n]*(?:%\}|\n|$)").ok()
});
static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^$])(\{\{-?\s*([A-Za-z_][\w-]*)\s*(?:\|[^}\n]*)?-?\}\})").ok()
});

/// Of the same form, and other tools': `docker/metadata-action` replaces these.
const OTHERS: &[&str] = &[
    "base_ref",
    "branch",
    "commit_date",
    "date",
    "is_default_branch",
    "major",
    "minor",
    "patch",
    "raw",
    "sha",
    "tag",
    "version",
];

fn check(model: &Model, report: &mut Report) {
    let (Some(tag), Some(variable)) = (TAG.as_ref(), VARIABLE.as_ref()) else {
        return;
    };
    for file in &model.files {
        let text = &file.source.text;
        if !text.contains("{%") && !text.contains("{{") {
            continue;
        }
        let mut at = 0;
        let mut found_here = 0;
        for line in text.split_inclusive('\n') {
            if found_here > ENOUGH {
                break;
            }
            for found in tag.find_iter(line).take(ENOUGH) {
                found_here += 1;
                let span = at + found.start()..at + found.end();
                let help = "let it be rendered: take the file out of `exclude`, and keep `${{ }}` between `{% raw %}` and `{% endraw %}`";
                report.error(
                    RULE.id,
                    &file.source,
                    span,
                    format!(
                        "`{}` is the template's, and was not rendered",
                        found.as_str().trim()
                    ),
                    help,
                );
            }
            for captures in variable.captures_iter(line).take(ENOUGH) {
                let (Some(whole), Some(name)) = (captures.get(1), captures.get(2)) else {
                    continue;
                };
                let known = built_in().any(|known| known == name.as_str())
                    || model
                        .placeholders
                        .iter()
                        .any(|known| known == name.as_str());
                if known && !OTHERS.contains(&name.as_str()) {
                    found_here += 1;
                    let span = at + whole.start()..at + whole.end();
                    let message = format!(
                        "`{}` is the template's, and was not rendered",
                        whole.as_str()
                    );
                    let help = "take the file out of `exclude` in cargo-generate.toml, or the line out of `{% raw %}`";
                    report.error(RULE.id, &file.source, span, message, help);
                }
            }
            at += line.len();
        }
    }
}
