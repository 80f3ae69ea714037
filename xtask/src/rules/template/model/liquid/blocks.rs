//! Whether the tags that open and end blocks match.

use super::pieces::{self, Piece};
use crate::rules::template::model::text::Problem;
use crate::rules::template::model::vocabulary::BLOCKS;

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

/// Comments with a block in them that nothing ends there: Liquid reads the tags in a comment, and looks for the end
/// of such a block behind it.
pub fn torn_comments(text: &str, blocks: &[&Piece]) -> Vec<Problem> {
    let is = |piece: &Piece, name: &str| pieces::word(&text[piece.inner.clone()]) == name;
    let comments = blocks
        .windows(2)
        .filter(|pair| is(pair[0], "comment") && is(pair[1], "endcomment"));
    comments
        .filter(|pair| leaves_open(&text[pair[0].span.end..pair[1].span.start]))
        .map(|pair| Problem {
            span: pair[0].span.clone(),
            message: "the comment holds a block that is not ended in it".to_owned(),
            help: "end it inside the comment, or take its braces away".to_owned(),
        })
        .collect()
}

fn leaves_open(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for piece in pieces::cut(text) {
        let name = pieces::word(&text[piece.inner.clone()]);
        if let Some((_, end)) = BLOCKS.iter().find(|(start, _)| *start == name) {
            open.push(end);
        } else if open.last() == Some(&name) {
            open.pop();
        } else if !open.is_empty() && BLOCKS.iter().any(|(_, end)| *end == name) {
            return true;
        }
    }
    !open.is_empty()
}
