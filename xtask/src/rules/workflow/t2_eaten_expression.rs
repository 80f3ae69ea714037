//! GitHub's expressions that Liquid took for its own.

use super::Rule;
use super::model::yaml::{Kind, Node};
use super::model::{File, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "T2-eaten-expression",
    summary: "a value that is only `$`, or a rendered workflow with fewer `${{` than its template",
    why: "Liquid has evaluated `${{ x }}` outside `{% raw %}` and left its `$`: the image, the token or the condition is gone.",
    example: "token: $",
    remedy: "Put the lines with `${{ }}` between `{% raw %}` and `{% endraw %}` in the template.",
    check,
};

const HELP: &str = "put the line between `{% raw %}` and `{% endraw %}` in the template";

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut found = false;
        if let Some(root) = &file.root {
            scalars(root, &mut |node| {
                if node.text().map(str::trim) == Some("$") {
                    found = true;
                    report.error(
                        RULE.id,
                        &file.source,
                        node.span.clone(),
                        "of an expression only its `$` is left",
                        HELP,
                    );
                }
            });
        }
        if !found {
            fewer(file, report);
        }
    }
}

fn fewer(file: &File, report: &mut Report) {
    let Some(rendering) = &file.rendering else {
        return;
    };
    let before = outside_branches(&rendering.text);
    let after = file.source.text.matches("${{").count();
    if after < before {
        let at = remnant(&rendering.text, &file.source.text).unwrap_or(0);
        let message = format!("the template has {before} expressions, and this has {after}");
        report.error(RULE.id, &file.source, at..at + 1, message, HELP);
    }
}

/// The `$` that is left of an expression: what stands before one in the template, with something else behind.
fn remnant(template: &str, rendered: &str) -> Option<usize> {
    let lines = template.lines().filter_map(|line| line.split_once("${{"));
    lines.into_iter().find_map(|(before, _)| {
        let start = format!("\n{before}$");
        let mut places = rendered
            .match_indices(&start)
            .map(|(at, _)| at + start.len());
        let place = places.find(|at| !rendered[*at..].starts_with("{{"))?;
        Some(place - 1)
    })
}

/// How many `${{` stand in a template where no condition can leave them out.
fn outside_branches(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut count = 0;
    let mut rest = text;
    while let Some(at) = rest.find("{%").into_iter().chain(rest.find("${{")).min() {
        if rest[at..].starts_with("${{") {
            count += usize::from(depth == 0);
            rest = &rest[at + 3..];
            continue;
        }
        let tag = rest[at + 2..].trim_start_matches(['-', ' ']);
        let word = tag
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default();
        match word {
            "if" | "unless" | "case" | "for" | "comment" => depth += 1,
            "endif" | "endunless" | "endcase" | "endfor" | "endcomment" => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        rest = &rest[at + 2..];
    }
    count
}

fn scalars<'n>(node: &'n Node, visit: &mut dyn FnMut(&'n Node)) {
    match &node.kind {
        Kind::Scalar(_) => visit(node),
        Kind::List(items) => items.iter().for_each(|item| scalars(item, visit)),
        Kind::Map(entries) => entries
            .iter()
            .for_each(|entry| scalars(&entry.value, visit)),
    }
}
