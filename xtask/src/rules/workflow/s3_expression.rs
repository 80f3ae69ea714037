//! Expressions that can't be evaluated where they stand.

use super::model::Model;
use super::model::expr::{Expr, FUNCTIONS, Kind};
use super::model::shape::{CONTEXTS, Site};
use super::model::yaml::Fault;
use super::words::did_you_mean;
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S3-expression",
    summary: "an expression of bad form, an unknown function or context, or one that is not there at this key",
    why: "GitHub refuses the whole file; or, with text around the `${{ }}` of an `if`, takes the condition to hold always.",
    example: "if: github.ref = 'refs/heads/main'",
    remedy: "Compare with `==`, quote text with single quotes, and use only what GitHub's table \"Context availability\" \
             lists for the key.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut faults = file.walked.broken.clone();
        for site in &file.walked.sites {
            site.expr.walk(&mut |expr| judge(site, expr, &mut faults));
        }
        for fault in faults.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, fault.span, fault.message, fault.help);
        }
    }
}

fn judge(site: &Site, expr: &Expr, faults: &mut Vec<Fault>) {
    if let Kind::Call(name, arguments) = &expr.kind {
        let known = FUNCTIONS
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(&name.text));
        let Some(function) = known else {
            let names = FUNCTIONS.iter().map(|function| function.name);
            let help = did_you_mean(
                &name.text,
                names.clone(),
                format!("the functions are {}", names.collect::<Vec<_>>().join(", ")),
            );
            faults.push(Fault::new(
                name.span.clone(),
                format!("there is no function `{}`", name.text),
                help,
            ));
            return;
        };
        let allowed = function.everywhere || site.place.functions.contains(&function.name);
        if !allowed {
            let message = format!(
                "`{}` can't be called in `{}`",
                function.name, site.place.key
            );
            let help = match function.name {
                "hashFiles" => "call it in a step, which runs where the files are",
                _ => "conditions call it: the `if` of a job or step",
            };
            faults.push(Fault::new(name.span.clone(), message, help));
        } else if !(function.least..=function.most).contains(&arguments.len()) {
            let message = format!(
                "`{}` takes {}, and gets {}",
                function.name,
                count(function.least, function.most),
                arguments.len()
            );
            faults.push(Fault::new(name.span.clone(), message, usage(function.name)));
        } else if function.name == "format" {
            format_arguments(arguments, faults);
        }
    }
    let root = match &expr.kind {
        Kind::Context(name) => Some(name),
        _ => expr.path().and_then(|path| path.first().copied()),
    };
    let Some(root) = root else { return };
    let known = CONTEXTS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&root.text));
    match known {
        None => {
            let message = format!("there is no context `{}`", root.text);
            let help = did_you_mean(
                &root.text,
                CONTEXTS.iter().copied(),
                format!(
                    "quote text, as in `'{}'`; the contexts are {}",
                    root.text,
                    CONTEXTS.join(", ")
                ),
            );
            faults.push(Fault::new(root.span.clone(), message, help));
        }
        Some(known) if !site.place.contexts.contains(known) => {
            let message = format!("`{known}` is not there in `{}`", site.place.key);
            let help = match *known {
                "secrets" if site.path.last().is_some_and(|key| key == "if") => {
                    "put it into the job's `env:` and test that in a step, or hand over an input"
                        .to_owned()
                }
                _ => format!("this key sees {}", site.place.contexts.join(", ")),
            };
            faults.push(Fault::new(root.span.clone(), message, help));
        }
        Some(_) => {}
    }
}

fn count(least: usize, most: usize) -> String {
    match (least, most) {
        (0, 0) => "no arguments".into(),
        (1, 1) => "one argument".into(),
        (least, 255) => format!("at least {least} arguments"),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

fn usage(function: &str) -> &'static str {
    match function {
        "contains" => "write `contains(where, what)`",
        "startsWith" => "write `startsWith(text, start)`",
        "endsWith" => "write `endsWith(text, end)`",
        "format" => "write `format('{0}', value)`",
        "join" => "write `join(list, ', ')`",
        "hashFiles" => "write `hashFiles('**/Cargo.lock')`",
        "fromJSON" | "toJSON" => "hand over one value",
        "case" => "write `case(condition, value, otherwise)`",
        _ => "write it with `()` and nothing between",
    }
}

/// The numbers in braces have to have an argument each.
fn format_arguments(arguments: &[Expr], faults: &mut Vec<Fault>) {
    let Some((Kind::Text(pattern), rest)) = arguments
        .split_first()
        .map(|(first, rest)| (&first.kind, rest))
    else {
        return;
    };
    let plain = pattern.replace("{{", "").replace("}}", "");
    for part in plain.split('{').skip(1) {
        let Some((number, _)) = part.split_once('}') else {
            continue;
        };
        if let Ok(number) = number.parse::<usize>()
            && number >= rest.len()
        {
            let message = format!(
                "`{{{number}}}` has no argument: `format` gets {} behind its text",
                rest.len()
            );
            let help = "count from `{0}`, one for each argument";
            faults.push(Fault::new(arguments[0].span.clone(), message, help));
        }
    }
}
