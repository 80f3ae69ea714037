//! Holds a tree against a table, and gathers its expressions on the way.

use super::super::expr::{self, Expr};
use super::super::yaml::{Content, Entry, Fault, Kind, Literal, Name, Node, Scalar, Style};
use super::places::Place;
use super::{Key, Shape};
use crate::report::nearest;

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

    fn unknown(&mut self, entry: &Entry, entries: &[Entry], keys: &'static [Key]) {
        let Name { text, span } = &entry.key;
        let message = format!("there is no key `{text}`{}", self.inside());
        let free = || {
            let there = |key: &&Key| entries.iter().any(|entry| entry.key.text == key.name);
            keys.iter()
                .filter(move |key| !there(key))
                .map(|key| key.name)
        };
        let lower = text.to_ascii_lowercase().replace('_', "-");
        let help = match nearest(&lower, free()).or_else(|| nearest(text, free())) {
            Some(near) => format!("did you mean `{near}`?"),
            None if text == "<<" => "GitHub merges no maps; write the keys out".to_owned(),
            None => {
                let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
                format!("the keys here are {}", known.join(", "))
            }
        };
        self.found
            .shapes
            .push(Fault::new(span.clone(), message, help));
    }

    /// Where this is, as the end of a sentence.
    fn inside(&self) -> String {
        match self.path.as_slice() {
            [] => String::new(),
            [.., list, index] if index.bytes().all(|b| b.is_ascii_digit()) => {
                format!(" in an item of `{list}`")
            }
            [.., key] => format!(" in `{key}`"),
        }
    }

    fn wrong(&mut self, node: &Node, expected: &str) {
        let key = match self.path.as_slice() {
            [.., list, index] if index.bytes().all(|b| b.is_ascii_digit()) => {
                format!("an item of `{list}`")
            }
            [.., key] => format!("`{key}`"),
            [] => "the file".into(),
        };
        let found = node.kind_in_words();
        let message = format!("{key} should be {expected}, and is {found}");
        let help = match expected {
            "a map" => "put `key: value` under it, indented".to_owned(),
            "a list" => "put `- item` under it, or `[item]` behind it".to_owned(),
            _ => format!("write {expected}"),
        };
        // Of a map or a list the first line says enough.
        self.found
            .shapes
            .push(Fault::new(node.span.clone(), message, help));
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
            let help = match nearest(text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", words.join(", ")),
            };
            self.found
                .shapes
                .push(Fault::new(node.span.clone(), message, help));
        }
    }

    /// Expressions in `${{ }}`.
    fn template(&mut self, node: &Node, place: &'static Place) {
        if !node.scalar().is_some_and(Scalar::has_expression) {
            return;
        }
        let Some(content) = Content::of(node, self.text) else {
            return;
        };
        let mut at = 0;
        while let Some(start) = content.text[at..].find("${{") {
            let start = at + start;
            if place.contexts.is_empty() {
                let help =
                    "write what it stands for: GitHub reads this key before it evaluates anything";
                let span = content.span(start..start + 3);
                let message = "no expression can stand here";
                self.found.broken.push(Fault::new(span, message, help));
                return;
            }
            at = match expr::parse(&content, start + 3, true) {
                Ok((expr, end)) => {
                    self.site(expr, place);
                    end
                }
                Err((fault, end)) => {
                    self.found.broken.push(fault);
                    end
                }
            };
        }
    }

    fn condition(&mut self, node: &Node, scalar: &Scalar, place: &'static Place) {
        if scalar.literal() == Literal::Bool {
            return;
        }
        if !scalar.has_expression() {
            let Some(content) = Content::of(node, self.text) else {
                return;
            };
            match expr::parse(&content, 0, false) {
                Ok((expr, _)) => self.site(expr, place),
                Err((fault, _)) => self.found.broken.push(fault),
            }
            return;
        }
        // Text around an expression makes the whole a text, and that is true.
        let text = scalar.text.as_str();
        let inner = text
            .strip_prefix("${{")
            .and_then(|rest| rest.strip_suffix("}}"));
        let whole = inner.is_some_and(|inner| !inner.contains("${{"));
        if !whole {
            let blank = text.trim().len() < text.len() && scalar.style == Style::Block;
            let help = if blank && text.trim().starts_with("${{") && text.trim().ends_with("}}") {
                "write `>-` or `|-`, so that no line end stands behind the expression"
            } else {
                "put the whole condition into one `${{ }}`, or leave the braces away"
            };
            let message =
                "this condition always holds: what stands around the `${{ }}` makes it text";
            self.found
                .broken
                .push(Fault::new(node.span.clone(), message, help));
        }
        self.template(node, place);
    }

    fn site(&mut self, expr: Expr, place: &'static Place) {
        let job = match self.path.as_slice() {
            [jobs, job, ..] if jobs == "jobs" => Some(job.clone()),
            _ => None,
        };
        let steps = self.path.iter().position(|key| key == "steps");
        let in_steps =
            steps.filter(|at| *at == 2 && job.is_some() || *at == 1 && self.path[0] == "runs");
        let step = in_steps.and_then(|at| self.path.get(at + 1)?.parse().ok());
        self.found.sites.push(Site {
            expr,
            place,
            job,
            step,
            path: self.path.clone(),
        });
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

fn in_words(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "nothing",
        Shape::Flag(_) => "a boolean",
        Shape::Number(_) => "a number",
        Shape::Map(_) | Shape::Partly(_) | Shape::Named(_) => "a map",
        Shape::List(_) => "a list",
        Shape::Or(_, inner) | Shape::Judged(inner, _) => in_words(inner),
        Shape::Any(_) | Shape::Either(_) | Shape::Chosen(_) => "something else",
        Shape::Text(_) | Shape::Filled(_) | Shape::Word(_) | Shape::Condition(_) => "text",
    }
}
