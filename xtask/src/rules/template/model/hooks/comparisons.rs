//! Which texts a script holds an answer against: `variable::get("x") == "text"`, by a variable or in a `switch` too.

use std::collections::BTreeMap;
use std::ops::Range;

use rhai::{AST, ASTNode, Expr, Stmt};

use super::code::Comparison;
use super::place::{place, word_at};
use crate::report::Source;
use crate::rules::template::model::text::Name;

/// The comparisons of `ast`, compiled from `source`, in their order.
pub fn comparisons(source: &Source, ast: &AST) -> Vec<Comparison> {
    let bound = bindings(ast);
    let mut found = Vec::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)))
                if ["==", "!="].contains(&call.name.as_str()) =>
            {
                if let [left, right] = call.args.as_slice() {
                    let pair = |answer: &Expr, text: &Expr| {
                        Some(Comparison {
                            option: option(&bound, answer)?,
                            text: literal(source, text)?,
                        })
                    };
                    found.extend(pair(left, right).or_else(|| pair(right, left)));
                }
            }
            Some(ASTNode::Stmt(Stmt::Switch(switch, at))) => {
                if let Some(option) = option(&bound, &switch.0) {
                    let start = place(source, *at);
                    found.extend(labels(&source.text, start).into_iter().map(|span| {
                        let text = source.text[span.clone()].to_owned();
                        Comparison {
                            option: option.clone(),
                            text: Name { text, span },
                        }
                    }));
                }
            }
            _ => {}
        }
        true
    });
    found
}

/// Variables that hold an answer and nothing else; `None` for those that are set in another way as well.
fn bindings(ast: &AST) -> BTreeMap<String, Option<String>> {
    let mut bound: BTreeMap<String, Option<String>> = BTreeMap::new();
    for function in ast.iter_fn_def() {
        for parameter in &function.params {
            bound.insert(parameter.to_string(), None);
        }
    }
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(var, ..))) => {
                let name = var.0.name.to_string();
                let answer = answer(&var.1);
                let value = bound.get(&name).is_none_or(|old| *old == answer);
                bound.insert(name, answer.filter(|_| value));
            }
            Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                if let Expr::Variable(variable, ..) = &assignment.1.lhs {
                    bound.insert(variable.1.to_string(), None);
                }
            }
            Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                bound.insert(each.0.name.to_string(), None);
            }
            // A method may change what it is called on.
            Some(ASTNode::Expr(Expr::Dot(pair, ..))) => {
                if let Expr::Variable(variable, ..) = &pair.lhs {
                    bound.insert(variable.1.to_string(), None);
                }
            }
            _ => {}
        }
        true
    });
    bound
}

fn option(bound: &BTreeMap<String, Option<String>>, expr: &Expr) -> Option<String> {
    match expr {
        Expr::Variable(variable, ..) => bound.get(variable.1.as_str())?.clone(),
        other => answer(other),
    }
}

/// The placeholder of `variable::get("…")`.
fn answer(expr: &Expr) -> Option<String> {
    let Expr::FnCall(call, _) = expr else {
        return None;
    };
    let is_get = call.is_qualified() && call.namespace.root() == "variable" && call.name == "get";
    match call.args.first() {
        Some(Expr::StringConstant(name, _)) if is_get => Some(name.to_string()),
        _ => None,
    }
}

fn literal(source: &Source, expr: &Expr) -> Option<Name> {
    let Expr::StringConstant(text, at) = expr else {
        return None;
    };
    let start = place(source, *at);
    Some(Name {
        text: text.to_string(),
        span: word_at(&source.text, start, text),
    })
}

/// The quoted labels of the `switch` at `start`, of which the compiler keeps hashes alone.
fn labels(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut quote: Option<usize> = None;
    // Labels stand between the brace, or the comma after a case, and the arrow or its condition.
    let mut is_label = false;
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), b'"') => {
                if is_label && depth == 1 {
                    found.push(open + 1..at);
                }
                quote = None;
            }
            (Some(_), _) => {}
            (None, b'"') => quote = Some(at),
            (None, b'{' | b'(' | b'[') => {
                depth += 1;
                is_label |= depth == 1 && *byte == b'{';
            }
            (None, b'}' | b')' | b']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *byte == b'}' {
                    break;
                }
                // A case that is a block needs no comma after it.
                is_label |= depth == 1 && *byte == b'}';
            }
            (None, b',') if depth == 1 => is_label = true,
            (None, b'=') if bytes.get(at + 1) == Some(&b'>') => is_label &= depth != 1,
            (None, b'i') if depth == 1 && text[at..].starts_with("if ") => is_label = false,
            _ => {}
        }
        at += 1;
    }
    found
}
