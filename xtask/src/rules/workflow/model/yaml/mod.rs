//! YAML with the place of every key and scalar, bounded in size, depth and aliases. Says what can't be read, and never
//! what a key means.

mod build;
mod content;

use std::ops::Range;

pub use build::parse;
pub use content::Content;

/// Something wrong at a place of a file, which a rule turns into a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Fault {
    /// A fault at `span`.
    pub fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: help.into(),
        }
    }
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// A value of any kind.
#[derive(Clone, Debug)]
pub struct Node {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A single value.
    Scalar(Scalar),
    /// Keys and values, as they stand. A key that stands twice is here once, the first.
    Map(Vec<Entry>),
    /// A list.
    List(Vec<Node>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Node,
}

/// A single value as text, and how it is written.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// Without quotes and escapes.
    pub text: String,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style that can be a number, a boolean or nothing.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block after `|` or `>`.
    Block,
}

/// What a plain scalar stands for in YAML 1.2's core schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Anything else.
    Text,
}

impl Scalar {
    /// What it stands for.
    pub fn literal(&self) -> Literal {
        if self.style != Style::Plain {
            return Literal::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Literal::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Literal::Bool,
            text if is_number(text) => Literal::Number,
            _ => Literal::Text,
        }
    }

    /// Whether an expression stands in it.
    pub fn has_expression(&self) -> bool {
        self.text.contains("${{")
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let hexadecimal = digits.strip_prefix("0x");
    hexadecimal.is_some_and(|hex| !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()))
        || digits.strip_prefix("0o").is_some_and(|octal| {
            !octal.is_empty() && octal.bytes().all(|b| (b'0'..b'8').contains(&b))
        })
        || (digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && text.parse::<f64>().is_ok())
}

impl Node {
    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The scalar's text, if it is one.
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }

    /// Text that holds no expression.
    pub fn plain(&self) -> Option<&str> {
        let scalar = self.scalar()?;
        (!scalar.has_expression()).then_some(scalar.text.as_str())
    }

    /// Whether it is nothing at all.
    pub fn is_null(&self) -> bool {
        self.scalar()
            .is_some_and(|scalar| scalar.literal() == Literal::Null)
    }

    /// Whether it is the literal `true`.
    pub fn is_true(&self) -> bool {
        self.scalar().is_some_and(|scalar| {
            scalar.literal() == Literal::Bool && scalar.text.eq_ignore_ascii_case("true")
        })
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the one scalar that may stand in its place.
    pub fn one_or_many(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Scalar(scalar) if scalar.literal() != Literal::Null => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// The entry called `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.text == key)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Its text as a name.
    pub fn name(&self) -> Option<Name> {
        Some(Name {
            text: self.text()?.to_owned(),
            span: self.span.clone(),
        })
    }

    /// What it is, in words.
    pub fn kind_in_words(&self) -> &'static str {
        match &self.kind {
            Kind::Map(_) => "a map",
            Kind::List(_) => "a list",
            Kind::Scalar(scalar) => match scalar.literal() {
                Literal::Null => "nothing",
                Literal::Bool => "a boolean",
                Literal::Number => "a number",
                Literal::Text => "text",
            },
        }
    }
}
