//! GitHub's expressions as trees with places.
//!
//! Written here, since what there is (`github-actions-expressions`) says of a bad expression neither the word nor what was
//! meant by it, and recurses as deep as its input does.

mod eval;
mod functions;
mod lex;
mod parse;
mod types;

use std::ops::Range;

pub use eval::{Truth, Value, truth};
pub use functions::FUNCTIONS;
pub use parse::parse;
pub use types::{Type, type_of};

use super::yaml::Name;

/// An expression and the bytes of the file that it stands in.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// `1`
    Number(f64),
    /// `'text'`
    Text(String),
    /// `github`
    Context(Name),
    /// `x.name`, or `x['name']`
    Property(Box<Expr>, Name),
    /// `x.*`
    Star(Box<Expr>),
    /// `x[y]`
    Index(Box<Expr>, Box<Expr>),
    /// `name(x, y)`
    Call(Name, Vec<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `x == y`
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `x && y`
    And(Box<Expr>, Box<Expr>),
    /// `x || y`
    Or(Box<Expr>, Box<Expr>),
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, `<=`, `>` or `>=`
    Ordered,
}

impl Expr {
    /// `needs.a.outputs.b` as its context and the names behind it, as far as they are known: `*` and an index that is
    /// computed end them.
    pub fn path(&self) -> Option<Vec<&Name>> {
        match &self.kind {
            Kind::Context(name) => Some(vec![name]),
            Kind::Property(of, name) => {
                let mut path = of.path()?;
                path.push(name);
                Some(path)
            }
            _ => None,
        }
    }

    /// Whether its path is this one; letters of either case are the same.
    pub fn is_path(&self, names: &[&str]) -> bool {
        self.path().is_some_and(|path| {
            path.len() == names.len()
                && path
                    .iter()
                    .zip(names)
                    .all(|(a, b)| a.text.eq_ignore_ascii_case(b))
        })
    }

    /// Calls `visit` with this expression and all inside it. Of `a.b.c` only the whole path is visited.
    pub fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        visit(self);
        if self.path().is_none() {
            for part in self.parts() {
                part.walk(visit);
            }
        }
    }

    /// The expressions that it is made of.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Context(_) => {
                Vec::new()
            }
            Kind::Property(of, _) | Kind::Star(of) | Kind::Not(of) => vec![of],
            Kind::Index(a, b) | Kind::Compare(_, a, b) | Kind::And(a, b) | Kind::Or(a, b) => {
                vec![a, b]
            }
            Kind::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Whether one of these functions is called in it.
    pub fn calls(&self, names: &[&str]) -> bool {
        let mut found = false;
        self.walk(&mut |expr| {
            if let Kind::Call(name, _) = &expr.kind {
                found |= names
                    .iter()
                    .any(|known| name.text.eq_ignore_ascii_case(known));
            }
        });
        found
    }

    /// Whether it asks how things went itself; GitHub puts `success() &&` before any condition that doesn't.
    pub fn asks_status(&self) -> bool {
        self.calls(&["success", "failure", "cancelled", "always"])
    }
}
