//! Liquid that does not parse, in files and in their names.

use super::Rule;
use super::model::liquid::{Document, is_tag};
use super::model::text::{Problem, did_you_mean};
use super::model::vocabulary::{BLOCKS, FILTERS, TAGS};
use super::model::{Body, ENOUGH, Fate, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-liquid",
    summary: "Liquid that does not parse, an unknown filter or tag, a block or `raw` that is left open",
    why: "cargo-generate leaves a file that does not parse unrendered and fails, after it has made the folder; the next \
          try then finds the folder in its way.",
    example: "name: {{ project-name | snakecase }}",
    remedy: "Mend the expression. Put text that only looks like Liquid between `{% raw %}` and `{% endraw %}`, or list \
             the file under `exclude`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in &template.files {
            if file.fate != Fate::Dropped {
                for problem in file.names.iter().flat_map(problems) {
                    let message = format!("in the file's name: {}", problem.message);
                    report.error_in_file(RULE.id, &file.place, message, problem.help);
                }
            }
            match &file.body {
                Body::Text(source, document) => {
                    for problem in problems(document).into_iter().take(ENOUGH) {
                        report.error(RULE.id, source, problem.span, problem.message, problem.help);
                    }
                }
                Body::Large(size) if file.fate == Fate::Rendered => {
                    let message = format!("{size} bytes are too many to look for Liquid in");
                    let help = format!("add `{}` to `exclude` in cargo-generate.toml", file.target);
                    report.error_in_file(RULE.id, &file.place, message, help);
                }
                _ => {}
            }
        }
    }
}

fn problems(document: &Document) -> Vec<Problem> {
    let mut problems = document.problems.clone();
    if let Some(raw) = &document.open_raw {
        problems.push(Problem {
            span: raw.clone(),
            message: "`raw` is left open".to_owned(),
            help: "add `{% endraw %}` after the text that is to stay as it is".to_owned(),
        });
    }
    for filter in document
        .filters
        .iter()
        .filter(|filter| !FILTERS.contains(&filter.text.as_str()))
    {
        problems.push(Problem {
            span: filter.span.clone(),
            message: format!("there is no filter `{}`", filter.text),
            help: did_you_mean(
                &filter.text,
                FILTERS.iter().copied(),
                "let a hook compute the value with `variable::set`",
            ),
        });
    }
    for tag in document.tags.iter().filter(|tag| !is_tag(&tag.text)) {
        let known = TAGS
            .iter()
            .copied()
            .chain(BLOCKS.iter().flat_map(|(open, end)| [*open, *end]));
        problems.push(Problem {
            span: tag.span.clone(),
            message: format!("there is no tag `{}`", tag.text),
            help: match tag.text.as_str() {
                "include" | "render" => {
                    "cargo-generate has no partials: write the text here".to_owned()
                }
                name => did_you_mean(
                    name,
                    known,
                    "remove it, or put it between `{% raw %}` and `{% endraw %}`",
                ),
            },
        });
    }
    problems
}
