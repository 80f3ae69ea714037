//! What a condition comes to when only some of what it asks is known: true, false, or open.

use super::{Comparison, Expr, Kind};

/// A value, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, as an output that nobody set.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// It depends.
    Open,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It depends on what is not known.
    Open,
}

/// What a path or a call, by its lower-case name, comes to.
pub type Lookup<'l> = &'l dyn Fn(&Expr) -> Value;

/// Whether `expr` holds where `lookup` knows paths and calls.
pub fn truth(expr: &Expr, lookup: Lookup<'_>) -> Truth {
    truthy(&value(expr, lookup))
}

fn truthy(value: &Value) -> Truth {
    let holds = match value {
        Value::Open => return Truth::Open,
        Value::Null => false,
        Value::Bool(holds) => *holds,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
    };
    if holds { Truth::Yes } else { Truth::No }
}

fn value(expr: &Expr, lookup: Lookup<'_>) -> Value {
    match &expr.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(value) => Value::Number(*value),
        Kind::Text(text) => Value::Text(text.clone()),
        Kind::Context(_) | Kind::Property(..) => lookup(expr),
        Kind::Star(_) | Kind::Index(..) => Value::Open,
        Kind::Call(name, arguments) => call(&name.text, arguments, expr, lookup),
        Kind::Not(inner) => match truth(inner, lookup) {
            Truth::Yes => Value::Bool(false),
            Truth::No => Value::Bool(true),
            Truth::Open => Value::Open,
        },
        Kind::Compare(kind, a, b) => compare(*kind, &value(a, lookup), &value(b, lookup)),
        Kind::And(a, b) => {
            let left = value(a, lookup);
            match truthy(&left) {
                Truth::No => left,
                Truth::Yes => value(b, lookup),
                Truth::Open if truth(b, lookup) == Truth::No => Value::Bool(false),
                Truth::Open => Value::Open,
            }
        }
        Kind::Or(a, b) => {
            let left = value(a, lookup);
            match truthy(&left) {
                Truth::Yes => left,
                Truth::No => value(b, lookup),
                Truth::Open if truth(b, lookup) == Truth::Yes => Value::Bool(true),
                Truth::Open => Value::Open,
            }
        }
    }
}

fn compare(kind: Comparison, a: &Value, b: &Value) -> Value {
    if kind == Comparison::Ordered || *a == Value::Open || *b == Value::Open {
        return Value::Open;
    }
    let equal = match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.eq_ignore_ascii_case(b),
        _ => number(a)
            .zip(number(b))
            .is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON),
    };
    Value::Bool(equal == (kind == Comparison::Equal))
}

/// As GitHub turns values of different kinds into numbers.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Number(value) => Some(*value),
        Value::Text(text) if text.trim().is_empty() => Some(0.0),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Open => None,
    }
}

fn call(name: &str, arguments: &[Expr], expr: &Expr, lookup: Lookup<'_>) -> Value {
    if name.eq_ignore_ascii_case("contains")
        && let [list, wanted] = arguments
        && let Some(list) = literal_list(list)
        && let Value::Text(wanted) = value(wanted, lookup)
    {
        return Value::Bool(list.iter().any(|item| item.eq_ignore_ascii_case(&wanted)));
    }
    let values: Vec<Value> = arguments
        .iter()
        .map(|argument| value(argument, lookup))
        .collect();
    let texts: Option<Vec<String>> = values.iter().map(text).collect();
    let name = name.to_ascii_lowercase();
    match (name.as_str(), texts.as_deref()) {
        ("startswith", Some([text, part])) => {
            Value::Bool(text.to_lowercase().starts_with(&part.to_lowercase()))
        }
        ("endswith", Some([text, part])) => {
            Value::Bool(text.to_lowercase().ends_with(&part.to_lowercase()))
        }
        ("contains", Some([text, part])) => {
            Value::Bool(text.to_lowercase().contains(&part.to_lowercase()))
        }
        ("format", Some([pattern, rest @ ..])) => {
            let mut text = pattern.clone();
            for (index, part) in rest.iter().enumerate() {
                text = text.replace(&format!("{{{index}}}"), part);
            }
            Value::Text(text)
        }
        // `fromJSON('true')`, and what a boolean that came as text is turned back with.
        ("fromjson", Some([text])) => match text.trim() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            text => text.parse().map_or(Value::Open, Value::Number),
        },
        // Of `contains(needs.*.result, 'failure')` whoever looks up may know.
        ("success" | "failure" | "cancelled" | "always", _) | ("contains", None) => lookup(expr),
        _ => Value::Open,
    }
}

/// `fromJSON('["failure", "cancelled"]')`
fn literal_list(expr: &Expr) -> Option<Vec<String>> {
    let Kind::Call(name, arguments) = &expr.kind else {
        return None;
    };
    match arguments.as_slice() {
        [only] if name.text.eq_ignore_ascii_case("fromJSON") => match &only.kind {
            Kind::Text(text) => serde_json::from_str(text).ok(),
            _ => None,
        },
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Open => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::yaml::{self, Content};
    use super::super::parse;
    use super::*;

    #[test]
    fn what_is_not_known_stays_open_where_it_matters() {
        for (text, expected) in [
            ("known", Truth::Yes),
            ("open", Truth::Open),
            ("open && false", Truth::No),
            ("open || known", Truth::Yes),
            ("!open", Truth::Open),
            ("known == 'ONE'", Truth::Yes),
            ("known != 'one'", Truth::No),
            ("open == 'one'", Truth::Open),
            ("'' || 0 || null", Truth::No),
            ("null == ''", Truth::Yes),
            ("true == '1'", Truth::Yes),
            ("startsWith(known, 'O')", Truth::Yes),
            ("known == format('o{0}', 'ne')", Truth::Yes),
            ("fromJSON('false')", Truth::No),
            ("contains(open, 'x') && false", Truth::No),
        ] {
            let file = format!("a: {{b: \"{text}\"}}");
            let root = yaml::parse(&file).0.unwrap();
            let content = Content::of(root.at(&["a", "b"]).unwrap(), &file).unwrap();
            let (expr, _) = parse(&content, 0, false).unwrap();
            let lookup = |expr: &Expr| {
                if expr.is_path(&["known"]) {
                    Value::Text("one".into())
                } else {
                    Value::Open
                }
            };
            assert_eq!(truth(&expr, &lookup), expected, "{text}");
        }
    }
}
