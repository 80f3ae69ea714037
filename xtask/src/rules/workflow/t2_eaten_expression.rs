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
        let text = &file.source.text;
        // A `$` that no name, brace or bracket follows is what is left of one.
        let at = text.char_indices().find(|(at, letter)| {
            let next = text[at + letter.len_utf8()..].chars().next();
            *letter == '$'
                && next.is_none_or(|next| next.is_whitespace() || "\"'/-:.".contains(next))
        });
        let at = at.map_or(0, |(at, _)| at);
        let message = format!("the template has {before} expressions, and this has {after}");
        report.error(RULE.id, &file.source, at..at + 1, message, HELP);
    }
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
