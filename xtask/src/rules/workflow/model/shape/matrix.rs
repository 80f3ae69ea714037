//! What a matrix may hold: lists under anybody's names, and maps to include and exclude.

use super::super::yaml::{Fault, Kind, Node, Scalar};
use super::Shape;
use super::places::STRATEGY;

/// `strategy.matrix`.
pub(super) const MATRIX: Shape = Shape::Judged(&Shape::Named(&Shape::Any(&STRATEGY)), matrix);

fn matrix(matrix: &Node, faults: &mut Vec<Fault>) {
    for entry in matrix.entries() {
        let expression = entry.value.scalar().is_some_and(Scalar::has_expression);
        if !matches!(entry.value.kind, Kind::List(_)) && !expression {
            let message = format!(
                "`matrix.{}` should be a list, and is {}",
                entry.key.text,
                entry.value.kind_in_words()
            );
            let help = format!(
                "write `{}: [{}]`",
                entry.key.text,
                entry.value.text().unwrap_or("…")
            );
            faults.push(Fault::new(entry.value.span.clone(), message, help));
        }
        if matches!(entry.key.text.as_str(), "include" | "exclude") {
            for item in entry.value.items() {
                if !matches!(item.kind, Kind::Map(_)) && item.plain().is_some() {
                    let message = format!("an item of `{}` should be a map", entry.key.text);
                    faults.push(Fault::new(
                        item.span.clone(),
                        message,
                        "write `- key: value`",
                    ));
                }
            }
        }
    }
}
