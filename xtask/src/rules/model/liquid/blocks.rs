//! Whether the tags that open and end blocks match.

use super::pieces::{self, Piece};
use crate::rules::model::text::Problem;
use crate::rules::model::vocabulary::BLOCKS;

/// How deep blocks may nest.
const DEPTH: usize = 32;

/// Blocks that do not match.
pub fn structure(text: &str, blocks: &[&Piece]) -> Vec<Problem> {
    let mut open: Vec<(&str, &Piece)> = Vec::new();
    let mut problems = Vec::new();
    for piece in blocks {
        let name = pieces::word(&text[piece.inner.clone()]);
        if let Some((_, end)) = BLOCKS.iter().find(|(start, _)| *start == name) {
            open.push((end, piece));
            if open.len() > DEPTH {
                problems.push(Problem {
                    span: piece.span.clone(),
                    message: format!("blocks nest deeper than {DEPTH}"),
                    help: "flatten them".to_owned(),
                });
                return problems;
            }
            continue;
        }
        if !BLOCKS.iter().any(|(_, end)| *end == name) {
            continue;
        }
        match open.last() {
            Some((end, _)) if *end == name => {
                open.pop();
            }
            Some((end, _)) => {
                problems.push(Problem {
                    span: piece.span.clone(),
                    message: format!("`{name}` where `{end}` is due"),
                    help: format!("write `{{% {end} %}}` here"),
                });
                return problems;
            }
            None => problems.push(Problem {
                span: piece.span.clone(),
                message: format!("`{name}` ends nothing"),
                help: "remove it, or open the block that it ends".to_owned(),
            }),
        }
    }
    problems.extend(open.into_iter().map(|(end, piece)| Problem {
        span: piece.span.clone(),
        message: format!("`{}` is never ended", end.trim_start_matches("end")),
        help: format!("add `{{% {end} %}}`"),
    }));
    problems
}
