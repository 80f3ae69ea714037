//! Judges a JSON value by a schema, as pydantic 2 judges it in lax mode.
//!
//! A [`Plan`] is compiled once from what schemars says of a type. Checking reads the value and finds every problem; only
//! where something has to be coerced, a second walk writes it, so that a value that fits is neither cloned nor written to.
//! Of a body that fits as it stands no value is built at all: [`Plan::fits`].
//! What pydantic does to a value without asking is done here too: `"12"` becomes 12 for an integer. It never guesses at a
//! schema: a keyword that it does not know is an error when the plan is made.

mod bounds;
mod choice;
mod collection;
mod compile;
mod decimal;
mod digits;
mod fit;
mod flat;
mod leaf;
mod model;
mod moment;
mod number;
mod python;
mod text;
mod union;

pub use compile::Unsupported;
pub use flat::{Flat, Pairs, Part, Sent};

use serde_json::Value;

use self::collection::{Dict, List};
use self::leaf::Leaf;
use self::model::Model;
use self::union::Union;
use crate::api::problem::{Fault, Loc, Problem};

/// A compiled schema.
#[derive(Debug)]
pub struct Plan {
    /// The root, then what lies in `$defs`. Types refer to each other, and to themselves, by index.
    nodes: Vec<Node>,
}

/// What one part of a schema asks for.
#[derive(Debug)]
enum Node {
    /// Whatever it is.
    Any,
    Leaf(Leaf),
    List(List),
    Dict(Dict),
    Model(Model),
    Union(Union),
    /// This, or null.
    Nullable(Box<Node>),
    /// Another node of the plan.
    Ref(usize),
}

/// What a walk over a value has found so far.
struct Findings<'p> {
    plan: &'p Plan,
    problems: &'p mut Vec<Problem>,
    /// Something is of another type than the one asked for, and can be coerced to it.
    coerces: bool,
}

impl Plan {
    /// Compiles the schema of a type, as `schemars::schema_for!` makes it.
    pub fn of(schema: &schemars::Schema) -> Result<Self, Unsupported> {
        compile::compile(schema).map(|nodes| Self { nodes })
    }

    /// Judges a value that stands at `loc`. Returns it, coerced to what the type's `Deserialize` takes, unless there is a
    /// problem; then all of them are in `problems`.
    pub fn check(
        &self,
        mut value: Value,
        loc: &Loc<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Value> {
        let before = problems.len();
        let mut findings = self.findings(problems);
        self.root().judge(&value, loc, &mut findings);
        let coerces = findings.coerces;
        if problems.len() > before {
            return None;
        }
        if coerces {
            self.root().coerce(&mut value, self);
        }
        Some(value)
    }

    /// What stands for a body that was not sent: null, where the type takes it.
    pub fn absent(&self, problems: &mut Vec<Problem>) -> Option<Value> {
        if matches!(self.root(), Node::Nullable(_)) {
            return Some(Value::Null);
        }
        problems.push(Problem::missing(&Loc::BODY, Value::Null));
        None
    }

    fn findings<'p>(&'p self, problems: &'p mut Vec<Problem>) -> Findings<'p> {
        Findings {
            plan: self,
            problems,
            coerces: false,
        }
    }

    fn root(&self) -> &Node {
        self.node(0)
    }

    fn node(&self, index: usize) -> &Node {
        self.nodes.get(index).unwrap_or(&Node::Any)
    }
}

impl Findings<'_> {
    fn push(&mut self, fault: Fault, loc: &Loc<'_>, input: &Value) {
        self.problems.push(fault.at(loc, input.clone()));
    }
}

impl Node {
    /// Reads a value and says all that is wrong with it.
    fn judge(&self, value: &Value, loc: &Loc<'_>, findings: &mut Findings<'_>) {
        match self {
            Self::Any => {}
            Self::Leaf(leaf) => match leaf.read(value) {
                Ok(coerced) => findings.coerces |= coerced.is_some(),
                Err(fault) => findings.push(fault, loc, value),
            },
            Self::List(list) => list.judge(value, loc, findings),
            Self::Dict(dict) => dict.judge(value, loc, findings),
            Self::Model(model) => model.judge(value, loc, findings),
            Self::Union(union) => union.judge(value, loc, findings),
            Self::Nullable(_) if value.is_null() => {}
            Self::Nullable(node) => node.judge(value, loc, findings),
            Self::Ref(index) => findings.plan.node(*index).judge(value, loc, findings),
        }
    }

    /// Writes what a leaf is coerced to, over what was sent. Only for a value without a problem.
    fn coerce(&self, value: &mut Value, plan: &Plan) {
        match self {
            Self::Any => {}
            Self::Leaf(leaf) => {
                if let Ok(Some(coerced)) = leaf.read(value) {
                    *value = coerced;
                }
            }
            Self::List(list) => list.coerce(value, plan),
            Self::Dict(dict) => dict.coerce(value, plan),
            Self::Model(model) => model.coerce(value, plan),
            Self::Union(union) => union.coerce(value, plan),
            Self::Nullable(_) if value.is_null() => {}
            Self::Nullable(node) => node.coerce(value, plan),
            Self::Ref(index) => plan.node(*index).coerce(value, plan),
        }
    }
}
