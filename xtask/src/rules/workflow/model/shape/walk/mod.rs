//! Holds a tree against a table, and gathers its expressions on the way.

mod faults;
mod gather;

use super::super::expr::Expr;
use super::super::yaml::{Fault, Kind, Literal, Node, Scalar};
use super::places::Place;
use super::{Key, Shape};
use crate::rules::workflow::words::did_you_mean;
use faults::in_words;

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Site {
    /// The expression.
    pub expr: Expr,
    /// What it may ask.
    pub place: &'static Place,
    /// The job it belongs to.
    pub job: Option<String>,
    /// The step it belongs to, counted from 0.
    pub step: Option<usize>,
    /// The keys on the way to it.
    pub path: Vec<String>,
}

/// What a walk has found.
#[derive(Debug, Default)]
pub struct Walked {
    /// Keys and values that don't fit.
    pub shapes: Vec<Fault>,
    /// Expressions that can't be parsed, or stand where none may.
    pub broken: Vec<Fault>,
    /// All others.
    pub sites: Vec<Site>,
}

/// Holds `node` against `shape`; `text` is the file's.
pub fn walk(node: &Node, shape: &'static Shape, text: &str) -> Walked {
    let mut walker = Walker {
        text,
        path: Vec::new(),
        found: Walked::default(),
    };
    walker.visit(node, shape);
    walker.found
}

struct Walker<'t> {
    text: &'t str,
    path: Vec<String>,
    found: Walked,
}

impl Walker<'_> {
    fn visit(&mut self, node: &Node, shape: &'static Shape) {
        match shape {
            Shape::Any(place) => self.anything(node, place),
            Shape::Text(place) | Shape::Filled(place) => self.text(node, shape, place),
            Shape::Flag(place) => self.typed(node, place, Literal::Bool, "`true` or `false`"),
            Shape::Number(place) => self.typed(node, place, Literal::Number, "a number"),
            Shape::Word(words) => self.word(node, words),
            Shape::Condition(place) => match node.scalar() {
                Some(scalar) => self.condition(node, scalar, place),
                None => self.wrong(node, "a condition"),
            },
            Shape::Null => {
                if !node.is_null() {
                    self.wrong(node, "nothing");
                }
            }
            Shape::Map(keys) => self.map(node, keys, false),
            Shape::Partly(keys) => self.map(node, keys, true),
            Shape::Named(inner) => match &node.kind {
                Kind::Map(entries) => {
                    for entry in entries {
                        self.under(&entry.key.text, &entry.value, inner);
                    }
                }
                _ => self.wrong(node, "a map"),
            },
            Shape::List(inner) => match &node.kind {
                Kind::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.under(&index.to_string(), item, inner);
                    }
                }
                _ => self.wrong(node, "a list"),
            },
            Shape::Either(shapes) => {
                if let Some(shape) = shapes.iter().find(|shape| takes(shape, node)) {
                    self.visit(node, shape);
                } else {
                    let expected: Vec<&str> = shapes.iter().map(in_words).collect();
                    self.wrong(node, &expected.join(" or "));
                }
            }
            Shape::Or(place, inner) => match node.scalar() {
                Some(scalar) if scalar.has_expression() => self.template(node, place),
                _ => self.visit(node, inner),
            },
            Shape::Judged(inner, judge) => {
                judge(node, &mut self.found.shapes);
                self.visit(node, inner);
            }
            Shape::Chosen(choose) => self.visit(node, choose(node)),
        }
    }

    fn under(&mut self, key: &str, node: &Node, shape: &'static Shape) {
        self.path.push(key.to_owned());
        self.visit(node, shape);
        self.path.pop();
    }

    fn map(&mut self, node: &Node, keys: &'static [Key], open: bool) {
        let Kind::Map(entries) = &node.kind else {
            self.wrong(node, "a map");
            return;
        };
        for entry in entries {
            match keys.iter().find(|key| key.name == entry.key.text) {
                Some(key) => self.under(key.name, &entry.value, &key.shape),
                None if open => {}
                None => self.unknown(entry, entries, keys),
            }
        }
        for key in keys.iter().filter(|key| key.required) {
            if !entries.iter().any(|entry| entry.key.text == key.name) {
                let first = entries
                    .first()
                    .map_or(node.span.clone(), |first| first.key.span.clone());
                let message = format!("`{}` is missing{}", key.name, self.inside());
                let help = format!("add `{}:`", key.name);
                self.found.shapes.push(Fault::new(first, message, help));
            }
        }
    }

    fn anything(&mut self, node: &Node, place: &'static Place) {
        match &node.kind {
            Kind::Scalar(_) => self.template(node, place),
            Kind::List(items) => items.iter().for_each(|item| self.anything(item, place)),
            Kind::Map(entries) => entries
                .iter()
                .for_each(|entry| self.anything(&entry.value, place)),
        }
    }

    fn text(&mut self, node: &Node, shape: &Shape, place: &'static Place) {
        let Some(scalar) = node.scalar() else {
            self.wrong(node, "text");
            return;
        };
        if matches!(shape, Shape::Filled(_)) && scalar.text.trim().is_empty() {
            self.wrong(node, "text");
            return;
        }
        self.template(node, place);
    }

    fn typed(&mut self, node: &Node, place: &'static Place, literal: Literal, expected: &str) {
        match node.scalar() {
            Some(scalar) if scalar.has_expression() => self.template(node, place),
            Some(scalar) if scalar.literal() == literal => {}
            _ => self.wrong(node, expected),
        }
    }

    fn word(&mut self, node: &Node, words: &[&str]) {
        let Some(text) = node.text() else {
            self.wrong(node, &format!("one of {}", words.join(", ")));
            return;
        };
        if !words.contains(&text) {
            let key = self.path.last().map_or("the value", String::as_str);
            let message = format!("`{key}` can't be `{text}`");
            let help = did_you_mean(
                text,
                words.iter().copied(),
                format!("write one of {}", words.join(", ")),
            );
            self.found
                .shapes
                .push(Fault::new(node.span.clone(), message, help));
        }
    }
}

/// Whether `node` is of the kind that `shape` takes.
fn takes(shape: &Shape, node: &Node) -> bool {
    match shape {
        Shape::Any(_) | Shape::Chosen(_) => true,
        Shape::Null => node.is_null(),
        Shape::Text(_)
        | Shape::Filled(_)
        | Shape::Flag(_)
        | Shape::Number(_)
        | Shape::Word(_)
        | Shape::Condition(_) => node.scalar().is_some() && !node.is_null(),
        Shape::Map(_) | Shape::Partly(_) | Shape::Named(_) => matches!(node.kind, Kind::Map(_)),
        Shape::List(_) => matches!(node.kind, Kind::List(_)),
        Shape::Either(shapes) => shapes.iter().any(|shape| takes(shape, node)),
        Shape::Or(_, inner) => {
            node.scalar().is_some_and(Scalar::has_expression) || takes(inner, node)
        }
        Shape::Judged(inner, _) => takes(inner, node),
    }
}
