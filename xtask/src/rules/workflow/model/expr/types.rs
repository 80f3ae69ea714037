//! What type an expression gives, as far as its form says.

use super::{Expr, Kind};

/// A type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A boolean.
    Bool,
    /// A number.
    Number,
    /// Not known, or more than one.
    Any,
}

impl Type {
    /// The type that an input's `type:` declares.
    pub fn declared(word: &str) -> Self {
        match word {
            "boolean" => Self::Bool,
            "number" => Self::Number,
            "string" | "choice" | "environment" => Self::Text,
            _ => Self::Any,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Any => "anything",
        }
    }
}

/// The type of `expr`, where `input` knows that of inputs.
pub fn type_of(expr: &Expr, input: &dyn Fn(&str) -> Type) -> Type {
    match &expr.kind {
        Kind::Bool(_) | Kind::Not(_) | Kind::Compare(..) => Type::Bool,
        Kind::Number(_) => Type::Number,
        Kind::Text(_) => Type::Text,
        Kind::Null | Kind::Context(_) | Kind::Star(_) | Kind::Index(..) => Type::Any,
        Kind::Property(..) => property(expr, input),
        Kind::Call(name, _) => match name.text.to_ascii_lowercase().as_str() {
            "format" | "join" | "tojson" | "hashfiles" => Type::Text,
            "contains" | "startswith" | "endswith" | "success" | "failure" | "always"
            | "cancelled" => Type::Bool,
            _ => Type::Any,
        },
        Kind::And(a, b) | Kind::Or(a, b) => {
            let (a, b) = (type_of(a, input), type_of(b, input));
            if a == b { a } else { Type::Any }
        }
    }
}

fn property(expr: &Expr, input: &dyn Fn(&str) -> Type) -> Type {
    let Some(path) = expr.path() else {
        return Type::Any;
    };
    let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
    match words.as_slice() {
        ["inputs", name] => input(name),
        // Outputs, secrets and variables are text, whatever it says.
        ["needs" | "steps", _, "outputs", _]
        | ["secrets" | "vars", _]
        | [
            "github",
            "ref" | "sha" | "ref_name" | "actor" | "repository" | "event_name",
        ] => Type::Text,
        _ => Type::Any,
    }
}
