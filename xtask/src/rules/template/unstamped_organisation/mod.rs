//! The organisation's name where nothing stamps it.

use super::Rule;
use super::model::{Body, Fate, Model};
use crate::report::{Report, Source};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unstamped-organisation",
    summary: "the organisation's name in a place that `platform.toml` does not stamp",
    why: "A fork writes its own name into `platform.toml`, and `sync` carries it to where it is stamped. Everywhere else the \
          services of the fork go on naming the upstream organisation: its registry, its teams, its pages.",
    example: "* @example-org/platform",
    remedy: "Write `{{org}}` in a file that is rendered, `variable::get(\"org\")` in a hook, and in the pack's own workflows \
             end the line with `# platform.toml: org/repo@ref` or the fact's name.",
    check,
};

/// Where `sync` writes the facts of a template.
const FACTS: &str = "hooks/facts.rhai";
/// How a line of the pack's workflows says that it is stamped.
const STAMP: &str = "# platform.toml: ";

fn check(model: &Model, report: &mut Report) {
    let org = model.platform.org.as_str();
    for template in &model.templates {
        for file in template.files.iter().filter(|file| file.path != FACTS) {
            if file.names.iter().any(|_| word(&file.path, org).is_some()) {
                let message = format!("the file's name holds the organisation `{org}`");
                report.error_in_file(RULE.id, &file.place, message, "write `{{org}}` in the name");
            }
            let Body::Text(source, _) = &file.body else {
                continue;
            };
            let is_hook = template
                .scripts
                .iter()
                .any(|script| script.path == file.path);
            let help = if is_hook {
                "read it with `variable::get(\"org\")`"
            } else if file.fate == Fate::Copied {
                "take it out, or write `{{org}}` and render the file: `exclude` in cargo-generate.toml copies it"
            } else {
                "write `{{org}}`, which hooks/facts.rhai sets from platform.toml"
            };
            lines(source, org, |_| false, help, report);
        }
    }
    for source in &model.workflows {
        let help = format!("end the line with `{STAMP}FACT`, or take the name out");
        lines(source, org, |line| line.contains(STAMP), &help, report);
    }
    // Prose may take the organisation for an example, but its links to this very pack go stale in a fork.
    let pack = format!("{org}/{}", model.platform.repo);
    for source in &model.pages {
        let stamped = regions(&source.text);
        let mut from = 0;
        while let Some(at) = word(&source.text[from..], &pack).map(|at| from + at) {
            from = at + pack.len();
            if !stamped.iter().any(|region| region.contains(&at)) {
                let message = format!("`{pack}` stands outside of a generated region");
                let help = "put it between `<!-- generated: NAME -->` and `<!-- end -->`, or link without the address";
                report.error(RULE.id, source, at..from, message, help);
            }
        }
    }
}

fn lines(
    source: &Source,
    org: &str,
    is_stamped: impl Fn(&str) -> bool,
    help: &str,
    report: &mut Report,
) {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some(at) = word(line, org).filter(|_| !is_stamped(line)) {
            let message = format!(
                "the organisation `{}` stands here, and nothing stamps it",
                &line[at..at + org.len()]
            );
            report.error(
                RULE.id,
                source,
                start + at..start + at + org.len(),
                message,
                help,
            );
        }
        start += line.len();
    }
}

/// Where `name` stands as a word of its own, in any case.
fn word(text: &str, name: &str) -> Option<usize> {
    if name.is_empty() {
        return None;
    }
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    // An organisation is ASCII, so that bytes of one case stand where those of the other do.
    let lower = text.to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    lower.match_indices(&name).map(|(at, _)| at).find(|at| {
        !is_part(lower[..*at].chars().next_back())
            && !is_part(lower[at + name.len()..].chars().next())
    })
}

/// The bytes of a page that `sync` writes.
fn regions(text: &str) -> Vec<std::ops::Range<usize>> {
    let starts = text.match_indices("<!-- generated: ");
    starts
        .map(|(start, _)| {
            let end = text[start..]
                .find("<!-- end -->")
                .map_or(start, |end| start + end);
            start..end
        })
        .collect()
}
