//! Conditions of the manifest: compiled, and tried with the values that their options can have.
//!
//! cargo-generate takes a condition that fails for one that does not hold. So this tries every combination of the
//! options that a condition names, within bounds, and keeps what failed.

use rhai::{Dynamic, Engine, EvalAltResult, Scope};

use super::place::{lower, place};
use super::{Code, walk};
use crate::report::Source;
use crate::rules::template::model::text::Problem;

/// The longest condition that is read.
const LENGTH: usize = 1000;
/// How many combinations are tried.
const TRIES: usize = 1024;

/// What a variable of a condition can be.
#[derive(Clone, Debug)]
pub struct Values {
    /// Its values, or some of them.
    pub known: Vec<Value>,
    /// Whether these are all.
    pub closed: bool,
}

/// A value as a condition sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// Anything else.
    Text(String),
}

/// Whether a condition tells anything apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds for some values and not for others, or not all values are known.
    Varies,
    /// It holds, or does not, whatever is answered.
    Constant(bool),
}

/// A condition, read.
#[derive(Debug)]
pub struct Condition {
    /// What it reads and calls, with places in its own text.
    pub code: Code,
    /// Whether it tells anything apart.
    pub verdict: Verdict,
    /// What fails, with places in its own text.
    pub failure: Option<Problem>,
}

/// Reads a condition and tries it. `values` says what a variable can be, `None` for one that does not exist.
pub fn read(
    engine: &Engine,
    text: &str,
    values: &dyn Fn(&str) -> Option<Values>,
) -> Result<Condition, Problem> {
    let source = Source::new("", text);
    let refuse = |message: String| Problem {
        span: 0..text.len(),
        message,
        help: "write it as `option == \"value\"`".to_owned(),
    };
    if text.len() > LENGTH {
        let message = format!("the condition is longer than {LENGTH} bytes");
        return Err(refuse(message));
    }
    let ast = engine.compile_expression(text).map_err(|error| Problem {
        span: place(&source, error.position())..text.len(),
        ..refuse(format!(
            "the condition does not parse: {}",
            lower(&error.err_type().to_string())
        ))
    })?;
    let code = walk::script(&source, &ast);
    let mut condition = Condition {
        code,
        verdict: Verdict::Varies,
        failure: None,
    };
    let mut names: Vec<&str> = condition
        .code
        .variables
        .iter()
        .map(|name| name.text.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let Some(options) = names
        .iter()
        .map(|name| Some((*name, values(name)?)))
        .collect::<Option<Vec<_>>>()
    else {
        return Ok(condition);
    };
    let tries = options.iter().try_fold(1_usize, |product, (_, values)| {
        product.checked_mul(values.known.len())
    });
    if tries.is_none_or(|tries| tries > TRIES) {
        return Ok(condition);
    }

    let mut held = Vec::new();
    for number in 0..tries.unwrap_or_default() {
        let (scope, answers) = scope(&options, number);
        match engine.eval_ast_with_scope::<bool>(&mut { scope }, &ast) {
            Ok(holds) => held.push(holds),
            Err(error) => {
                condition.failure = Some(refuse(failure(&answers, &error)));
                return Ok(condition);
            }
        }
    }
    let closed = options.iter().all(|(_, values)| values.closed);
    if let Some(first) = held.first()
        && closed
        && held.iter().all(|holds| holds == first)
    {
        condition.verdict = Verdict::Constant(*first);
    }
    Ok(condition)
}

/// The engine, bounded so that conditions cannot make wait, print, or fill memory.
pub fn bounded(mut engine: Engine) -> Engine {
    engine.set_max_expr_depths(64, 32);
    engine.set_max_operations(10_000);
    engine.set_max_string_size(10_000);
    engine.set_max_array_size(1_000);
    engine.set_max_map_size(1_000);
    engine.register_fn("sleep", |_: i64| {});
    engine.register_fn("sleep", |_: f64| {});
    engine
}

/// The combination of that number.
fn scope<'a>(options: &'a [(&'a str, Values)], mut number: usize) -> (Scope<'a>, String) {
    let mut scope = Scope::new();
    let mut answers = Vec::new();
    for (name, values) in options {
        let value = &values.known[number % values.known.len()];
        number /= values.known.len();
        let (shown, value) = match value {
            Value::Bool(value) => (value.to_string(), Dynamic::from(*value)),
            Value::Text(value) => (format!("\"{value}\""), Dynamic::from(value.clone())),
        };
        answers.push(format!("`{name} = {shown}`"));
        scope.push_dynamic(*name, value);
    }
    (scope, answers.join(", "))
}

fn failure(answers: &str, error: &EvalAltResult) -> String {
    let cause = match error {
        EvalAltResult::ErrorMismatchOutputType(_, found, _) => {
            let found = if found.contains("string") {
                "text"
            } else {
                found
            };
            format!("the condition gives {found} instead of yes or no")
        }
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let (name, takes) = signature.split_once(' ').unwrap_or((signature, ""));
            let takes = takes.replace("bool", "yes or no").replace("string", "text");
            format!("the condition calls `{name}`, which there is not for {takes}")
        }
        other => {
            let text = other.to_string();
            let text = text.split(" (line").next().unwrap_or_default();
            format!("the condition fails: {}", lower(text))
        }
    };
    if answers.is_empty() {
        cause
    } else {
        format!("{cause}, with {answers}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &str) -> Result<Condition, Problem> {
        let values = |name: &str| match name {
            "metrics" => Some(Values {
                known: ["none", "prometheus"]
                    .map(|value| Value::Text(value.into()))
                    .into(),
                closed: true,
            }),
            "yes" => Some(Values {
                known: vec![Value::Bool(true), Value::Bool(false)],
                closed: true,
            }),
            "free" => Some(Values {
                known: vec![Value::Text(String::new())],
                closed: false,
            }),
            _ => None,
        };
        super::super::Rhai::with(|rhai| read(&bounded(rhai.bare()), text, &values)).unwrap()
    }

    #[test]
    fn a_condition_tells_apart_or_does_not() {
        let verdict = |text: &str| condition(text).unwrap().verdict;
        assert_eq!(verdict("metrics == \"none\""), Verdict::Varies);
        assert_eq!(verdict("metrics == \"nome\""), Verdict::Constant(false));
        assert_eq!(verdict("yes || !yes"), Verdict::Constant(true));
        assert_eq!(verdict("true"), Verdict::Constant(true));
        assert_eq!(verdict("free == \"x\""), Verdict::Varies);
        assert_eq!(verdict("unknown"), Verdict::Varies);
    }

    #[test]
    fn failures_are_found() {
        let failure = |text: &str| condition(text).unwrap().failure.unwrap().message;
        assert_eq!(
            failure("metrics"),
            "the condition gives text instead of yes or no, with `metrics = \"none\"`"
        );
        assert!(failure("metrics && yes").contains("metrics = \"none\""));
        assert!(failure("metrics.lenn() == 1").contains("lenn"));
        assert!(
            condition("metrics ==")
                .unwrap_err()
                .message
                .contains("does not parse")
        );
        assert!(condition("").is_err());
    }

    #[test]
    fn nothing_makes_it_panic_or_hang() {
        for text in [
            "sleep(1000000) == ()",
            "\"\".pad(1000000000, \"x\") == ()",
            "blob(1000000000) == ()",
            "range(0, 1000000000).len() == 1",
            "eval(\"while true {}\")",
            "eval(\"import \\\"x\\\" as y;\")",
            "[].pad(100000000, 1) == []",
            "9223372036854775807 + 1 == 0",
            "1 / 0 == 1",
            "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
        ] {
            let _ = condition(text);
        }
    }
}
