//! GitHub's `${{ … }}`, of which Liquid takes the braces.

use super::Rule;
use super::model::{Body, ENOUGH, Fate, Model};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "eaten-expression",
    summary: "`${{` outside `{% raw %}` in a file that is rendered",
    why: "Liquid reads the braces as its own. `${{ x }}` becomes `$`, `${{ github.ref }}` leaves the whole file unrendered \
          without a word, and `${{ a == b }}` fails after the folder has been made.",
    example: "token: ${{ secrets.GITHUB_TOKEN }}",
    remedy: "Write `{% raw %}${{ secrets.GITHUB_TOKEN }}{% endraw %}`, or put the whole block between the two.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in &template.files {
            if file.fate != Fate::Dropped && file.names.iter().any(|name| !name.eaten.is_empty()) {
                let message = "Liquid takes the braces of `${{` in the file's name";
                report.error_in_file(
                    RULE.id,
                    &file.place,
                    message,
                    "take the `$` out of the name",
                );
            }
            let Body::Text(source, document) = &file.body else {
                continue;
            };
            for span in document.eaten.iter().take(ENOUGH) {
                let message = "Liquid takes the braces of `${{`";
                let help = "write `{% raw %}` before it and `{% endraw %}` after it";
                report.error(RULE.id, source, span.clone(), message, help);
            }
        }
    }
}
