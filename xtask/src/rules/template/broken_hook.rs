//! Hooks that are missing, do not compile, or call what there is not.

use super::Rule;
use super::model::hooks::{Call, Code};
use super::model::text::{Problem, did_you_mean, near_path};
use super::model::vocabulary::{ENV, HOOKS, KEYWORDS, Offered};
use super::model::{ENOUGH, Model, Script, Template, is_script};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-hook",
    summary: "a hook that is missing, listed twice, does not compile, or calls a function or module that there is not",
    why: "Rhai looks for a function when it calls it. A misspelt one in a rarely taken branch fails in front of the \
          first developer who picks that option, and leaves a half-made folder behind.",
    example: "if variable::get(\"metrics\") == \"none\" {\n    file::remove(\"src/metrics\");\n}",
    remedy: "Call what both ends of the supported range have: `variable` get, is_set, set, prompt; `file` exists, rename, \
             delete, write, listdir; `env` working_directory, destination_directory; the functions of Rhai; abort and \
             the to_…_case functions.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for (index, script) in template.scripts.iter().enumerate() {
            let manifest = &template.manifest.source;
            if let Some((message, help)) = listed(template, script, index) {
                report.error(RULE.id, manifest, script.listed.clone(), message, help);
            }
            let problems = match &script.code {
                Some(Ok(code)) => problems(template, code),
                Some(Err(problem)) => vec![problem.clone()],
                None => Vec::new(),
            };
            for problem in problems.into_iter().take(ENOUGH) {
                let (source, span) = match &script.source {
                    Some(source) => (source, problem.span),
                    None => (manifest, script.listed.clone()),
                };
                report.error(RULE.id, source, span, problem.message, problem.help);
            }
        }
    }
}

/// What is wrong with the entry in the manifest.
fn listed(template: &Template, script: &Script, index: usize) -> Option<(String, String)> {
    let path = &script.path;
    let mut earlier = template.scripts.iter().take(index);
    if earlier.any(|other| other.path == *path) {
        let message = format!("hook `{path}` is listed twice, so it runs twice");
        return Some((message, "list it once".to_owned()));
    }
    if script.code.is_some() {
        return None;
    }
    let files = template.files.iter().map(|file| file.path.as_str());
    let help = match near_path(path, files.filter(|file| is_script(file))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "run `git add {}/{path}`, or remove it from the list",
            template.name
        ),
    };
    Some((format!("the template has no file `{path}`"), help))
}

/// Whether the hook calls what there is not.
pub fn is_broken(template: &Template, code: &Code) -> bool {
    !problems(template, code).is_empty()
}

fn problems(template: &Template, code: &Code) -> Vec<Problem> {
    let calls = code
        .calls
        .iter()
        .filter_map(|call| misses(template, code, call, &HOOKS));
    let constants = code
        .constants
        .iter()
        .filter(|(module, name)| module == "env" && !ENV.contains(&name.text.as_str()));
    let constants = constants.map(|(_, name)| Problem {
        span: name.span.clone(),
        message: format!("there is no `env::{}`", name.text),
        help: did_you_mean(
            &name.text,
            ENV.iter().copied(),
            &format!("`env` has {}", ENV.join(" and ")),
        ),
    });
    let imports = code.imports.iter().filter_map(|(path, _)| {
        let path = path.as_ref()?;
        let file = format!("{}.rhai", path.text);
        if template.files.iter().any(|known| known.path == file) {
            return None;
        }
        let scripts = template
            .files
            .iter()
            .filter_map(|file| file.path.strip_suffix(".rhai"));
        Some(Problem {
            span: path.span.clone(),
            message: format!("there is no `{file}` to import"),
            help: match near_path(&path.text, scripts) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "run `git add {}/{file}`, or remove the import",
                    template.name
                ),
            },
        })
    });
    calls.chain(constants).chain(imports).collect()
}

/// What is wrong with a call, if anything is, of a script that can call what is `offered`.
pub(super) fn misses(
    template: &Template,
    code: &Code,
    call: &Call,
    offered: &Offered,
) -> Option<Problem> {
    let known = known(template, code, call, offered)?;
    let name = &call.name.text;
    let written = match &call.module {
        Some(module) => format!("{module}::{name}"),
        None => name.clone(),
    };
    let mut takes: Vec<usize> = known
        .iter()
        .filter(|(known, _)| known == name)
        .map(|(_, takes)| *takes)
        .collect();
    takes.sort_unstable();
    takes.dedup();
    // A function of the hook itself is called on a value without counting it, a function of Rhai counts it.
    let count = call.arguments.len();
    let given = count + usize::from(call.is_method);
    let (message, help) = if takes.is_empty() {
        let names = known.iter().map(|(name, _)| *name);
        let help = did_you_mean(name, names, &otherwise(call, &known));
        (format!("there is no function `{written}`"), help)
    } else if takes.contains(&given) || takes.contains(&count) && call.is_method {
        return None;
    } else {
        let takes: Vec<_> = takes.iter().map(ToString::to_string).collect();
        let plural = if given == 1 { "" } else { "s" };
        let message = format!("`{written}` does not take {given} argument{plural}");
        (message, format!("it takes {}", takes.join(" or ")))
    };
    Some(Problem {
        span: call.name.span.clone(),
        message,
        help,
    })
}

fn otherwise(call: &Call, known: &[(&str, usize)]) -> String {
    let Some(module) = &call.module else {
        return format!("define it with `fn {}(…) {{ … }}`", call.name.text);
    };
    let mut names: Vec<_> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return format!("`{module}` has no functions");
    }
    format!("`{module}` has {}", names.join(", "))
}

/// What a call can mean, with the numbers of arguments; `None` where that cannot be known.
fn known<'a>(
    template: &'a Template,
    code: &'a Code,
    call: &Call,
    offered: &Offered,
) -> Option<Vec<(&'a str, usize)>> {
    if let Some(module) = &call.module {
        // An import's functions are not looked into.
        let (_, functions) = offered.modules.iter().find(|(name, _)| name == module)?;
        let each = functions
            .iter()
            .flat_map(|(name, takes)| takes.iter().map(move |takes| (*name, *takes)));
        return Some(each.collect());
    }
    let name = call.name.text.as_str();
    if KEYWORDS.contains(&name) || code.names.iter().any(|known| known == name) {
        return None;
    }
    let own = template.functions.iter().chain(&code.functions);
    let own = own.map(|(name, takes)| (name.as_str(), *takes));
    Some(
        own.chain(offered.functions.iter().map(|name| (*name, 1)))
            .collect(),
    )
}
