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
