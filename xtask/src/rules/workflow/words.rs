//! Help lines that several rules give.

use crate::report::nearest;

/// "Did you mean `x`?", or `otherwise` where nothing is near.
pub fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl Into<String>,
) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.into(),
    }
}

/// "the SUBJECT are `a`, `b`", or that there are none.
pub fn listed<'a>(subject: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => format!("there are no {subject}"),
        names => format!("the {subject} are {}", names.join(", ")),
    }
}

/// What to do about an id of a job or a step that expressions can't name.
pub fn bad_id(id: &str) -> Option<&'static str> {
    let good = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (!good).then_some("start with a letter or `_`, and go on with letters, digits, `-` and `_`")
}
