//! Outputs of a step that its script never writes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::model::shape::Site;
use super::model::yaml::{Name, Node};
use super::model::{File, Model, Script, Step};
use super::words::{did_you_mean, listed};
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R12-unwritten-output",
    summary: "an output that is read of a step whose script writes others to `GITHUB_OUTPUT`, and never this one",
    why: "GitHub gives empty text for it: an image without a name, a label without a date, a step that never runs.",
    example: "- id: facts\n  run: echo \"built_at=$(date -u +%FT%TZ)\" >>\"$GITHUB_OUTPUT\"\n- run: echo \"$WHEN\"\n  env:\n    WHEN: ${{ steps.facts.outputs.built-at }}",
    remedy: "Read what the script writes, or write it: `echo \"NAME=…\" >>\"$GITHUB_OUTPUT\"`.",
    check,
};

/// What `echo` or `printf` says first.
static SAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[\s;&|({])(?:echo|printf)\s+(?:-[enE]+\s+|--\s+)*["']?(?P<name>[A-Za-z_][\w-]*)(?:=|<<)"#)
        .ok()
});

/// Another script, which may write as well.
static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)(^|[\s;&|(])\.\.?/[\w.]|\.(sh|bash|py|js|mjs|cjs|rb|pl|ps1)\b|\b(python3?|node|ruby|perl|pwsh|make|just|npm|npx|pnpm|yarn|deno|bun)\b").ok()
});

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut found = Vec::new();
        for site in &file.walked.sites {
            site.expr.walk(&mut |expr| {
                let Some(path) = expr.path() else { return };
                let [root, id, outputs, output, ..] = path.as_slice() else {
                    return;
                };
                if root.text != "steps" || outputs.text != "outputs" {
                    return;
                }
                let Some(written) = written(model, file, site, id) else {
                    return;
                };
                // GitHub looks them up in any case.
                if !written
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(&output.text))
                {
                    let message =
                        format!("the step `{}` writes no output `{}`", id.text, output.text);
                    let names = || written.iter().map(String::as_str);
                    let help =
                        did_you_mean(&output.text, names(), listed("outputs it writes", names()));
                    found.push((output.span.clone(), message, help));
                }
            });
        }
        for (span, message, help) in found.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}

/// What the script of the step `id` writes, where all of it can be told.
fn written(model: &Model, file: &File, site: &Site, id: &Name) -> Option<BTreeSet<String>> {
    let steps = file.steps();
    let step = steps.iter().find(|step| {
        step.job.map(|job| job.text.as_str()) == site.job.as_deref()
            && step
                .id()
                .and_then(Node::text)
                .is_some_and(|text| text.eq_ignore_ascii_case(&id.text))
    })?;
    written_by(model, file, step)
}

/// What the script of a step writes, where all of it can be told.
pub(super) fn written_by(model: &Model, file: &File, step: &Step<'_>) -> Option<BTreeSet<String>> {
    let run = step.run()?.text()?;
    if !file.runs_in_shell(step) {
        return None;
    }
    let mut names = BTreeSet::new();
    let scripts = model.scripts(file, step);
    let mut rest = run.to_owned();
    for (start, text) in &scripts {
        let name = start.path.rsplit('/').next().unwrap_or(&start.path);
        rest = rest.replace(name, "");
        of_script((*text)?, &mut names)?;
    }
    // Nothing but what was found is started.
    let mut words = rest.replace("\"$GITHUB_ACTION_PATH/\"", "");
    if !scripts.is_empty() {
        words = words.replace("./", "");
    }
    of_script(&words, &mut names)?;
    (!names.is_empty()).then_some(names)
}

/// Adds what a script writes; nothing where it writes what its text does not say.
fn of_script(text: &str, names: &mut BTreeSet<String>) -> Option<()> {
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    let text = code.join("\n");
    if Script::of(&text).is_open || OTHERS.as_ref()?.is_match(&text) {
        return None;
    }
    let writes: Vec<&&str> = code
        .iter()
        .filter(|line| line.contains("GITHUB_OUTPUT"))
        .collect();
    let says = SAYS.as_ref()?;
    let mut block = false;
    for line in &writes {
        if says.is_match(line) {
            continue;
        }
        // The end of a block of such lines.
        let end = line.trim_start().trim_start_matches(['}', ')']);
        let ends = end.len() < line.trim_start().len() && end.trim_start().starts_with('>');
        if !ends {
            return None;
        }
        block = true;
    }
    if block {
        // All that is said may be meant, so all of it has to be told.
        let computed = code.iter().any(|line| {
            let line = line.trim_start();
            let command = ["echo ", "printf "]
                .iter()
                .find_map(|word| line.strip_prefix(word));
            command.is_some_and(|said| said.trim_start_matches(['"', '\'']).starts_with(['$', '%']))
        });
        let others = text.contains("cat ") || text.contains("jq ") || text.contains("tee ");
        if computed || others {
            return None;
        }
    }
    if !writes.is_empty() {
        for line in &code {
            let found = says
                .captures_iter(line)
                .filter_map(|found| found.name("name"));
            names.extend(found.map(|name| name.as_str().to_owned()));
        }
    }
    Some(())
}
