//! Comparisons that can never hold.

use crate::rules::workflow::model::expr::{Expr, Kind};
use crate::rules::workflow::model::yaml::Fault;
use crate::rules::workflow::model::{File, Input};
use crate::rules::workflow::words::did_you_mean;

/// A result that there is not, or a choice that nobody can make.
pub fn judge(file: &File, path: &Expr, value: &Expr, faults: &mut Vec<Fault>) {
    let (Some(names), Kind::Text(text)) = (path.path(), &value.kind) else {
        return;
    };
    let words: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
    let choices;
    let known: &[&str] = match words.as_slice() {
        ["needs" | "jobs", _, "result"] | ["steps", _, "outcome" | "conclusion"] => {
            &["cancelled", "failure", "skipped", "success"]
        }
        ["job", "status"] => &["cancelled", "failure", "success"],
        ["github", "ref_type"] => &["branch", "tag"],
        ["runner", "os"] => &["Linux", "macOS", "Windows"],
        ["inputs", name] => {
            choices = file
                .workflow()
                .map_or(Vec::new(), |workflow| offered(&workflow.all_inputs(), name));
            &choices
        }
        _ => return,
    };
    let possible = known.is_empty()
        || text.is_empty()
        || known.iter().any(|known| known.eq_ignore_ascii_case(text));
    if !possible {
        let message = format!("`{}` is never `{text}`", words.join("."));
        let help = did_you_mean(
            text,
            known.iter().copied(),
            format!("it is one of {}", known.join(", ")),
        );
        faults.push(Fault::new(value.span.clone(), message, help));
    }
}

/// The options of a choice that nobody can go around.
fn offered<'f>(inputs: &[Input<'f>], name: &str) -> Vec<&'f str> {
    let named: Vec<_> = inputs
        .iter()
        .filter(|input| input.name.text == name)
        .collect();
    let [input] = named.as_slice() else {
        return Vec::new();
    };
    let options = input
        .node
        .get("options")
        .map_or(&[][..], |options| options.items());
    options.iter().filter_map(|option| option.text()).collect()
}
