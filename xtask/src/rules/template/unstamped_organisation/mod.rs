//! The organisation's name where nothing stamps it.

mod name;

use std::ops::Range;

use super::Rule;
use super::model::{Body, Fate, Model};
use crate::report::{Report, Source};
use name::Name;

const ID: &str = "unstamped-organisation";

/// The rule.
pub const RULE: Rule = Rule {
    id: ID,
    summary: "the organisation's name in a place that `platform.toml` does not stamp",
    why: "A fork is given its own name by `adopt`, which carries it to where it is stamped. Everywhere else the fork and its \
          services go on naming the former organisation: its registry, its teams, its pages.",
    example: "* @your-org/platform",
    remedy: "Write `{{org}}` in a file that is rendered, `variable::get(\"org\")` in a hook, and in the pack's own workflows \
             end the line with `# platform.toml: org/repo@ref` or the fact's name. In an example of the pack's own, write a \
             made-up name such as `your-org`; in a test, read `platform.toml`.",
    check,
};

/// Where `sync` writes the facts of a template.
const FACTS: &str = "hooks/facts.rhai";
/// How a line of the pack's workflows says that it is stamped.
const STAMP: &str = "# platform.toml: ";

/// What `sync` writes in a page.
const REGION: (&str, &str) = ("<!-- generated: ", "<!-- end -->");
/// Folders with whole repositories of made-up organisations.
const MADE_UP: [&str; 3] = ["fixtures", "good", "corpus"];

fn check(model: &Model, report: &mut Report) {
    let name = &Name::of(&model.platform);
    for template in &model.templates {
        for file in template.files.iter().filter(|file| file.path != FACTS) {
            let is_named = file
                .names
                .iter()
                .any(|_| !name.places(&file.path).is_empty());
            if is_named {
                let message = format!(
                    "the file's name holds the organisation `{}`",
                    model.platform.org
                );
                report.error_in_file(ID, &file.place, message, "write `{{org}}` in the name");
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
            lines(source, name, &[], help, report);
        }
    }
    for source in &model.workflows {
        let help = format!("end the line with `{STAMP}FACT`, or take the name out");
        lines(source, name, &stamped(&source.text), &help, report);
    }
    // Whoever tries the guides to the letter is called as their examples are.
    if name.is_example() {
        return;
    }
    for source in &model.pages {
        let help = "write a made-up name, such as `your-org`; a link to this pack needs no address, or stands between `<!-- generated: NAME -->` and `<!-- end -->`";
        lines(source, name, &regions(&source.text), help, report);
    }
    for source in &model.own {
        let is_made_up = source.file.split('/').any(|part| MADE_UP.contains(&part));
        if is_made_up && name.is_word() {
            continue;
        }
        if !name.places(&source.file).is_empty() {
            let message = format!(
                "the file's name holds the organisation `{}`",
                model.platform.org
            );
            report.error_in_file(ID, &source.file, message, "name it after what it is about");
        }
        let help = "write a made-up name, such as `your-org`, or read platform.toml";
        lines(source, name, &[], help, report);
    }
}

/// Findings on lines that are not among those that `sync` writes, one a line.
fn lines(source: &Source, name: &Name, stamped: &[Range<usize>], help: &str, report: &mut Report) {
    let mut last = 0;
    for span in name.places(&source.text) {
        let is_new = last == 0 || source.text[last..span.start].contains('\n');
        if is_new && !stamped.iter().any(|range| range.contains(&span.start)) {
            last = span.end;
            let message = format!(
                "the organisation `{}` stands here, and nothing stamps it",
                &source.text[span.clone()]
            );
            report.error(ID, source, span, message, help);
        }
    }
}

/// The lines of a workflow that `sync` writes.
fn stamped(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if line.contains(STAMP) {
            all.push(start..end);
        }
        start = end;
    }
    all
}

/// The bytes of a page that `sync` writes.
fn regions(text: &str) -> Vec<Range<usize>> {
    let (begin, end) = REGION;
    let starts = text.match_indices(begin);
    starts
        .map(|(start, _)| {
            let end = text[start..].find(end).map_or(start, |end| start + end);
            start..end
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::name::EXAMPLE;
    use super::*;
    use crate::pack::Pack;

    /// In two parts, so that they do not stand here either.
    const LIKELY: [[&str; 2]; 5] = [
        ["Acme", "Corp"],
        ["my", "-org"],
        ["octo", "-org"],
        ["the", "-company"],
        ["ac", "me"],
    ];

    #[test]
    fn the_name_of_the_guides_examples_is_let_pass_in_pages_and_not_in_templates() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut pack = Pack::open(Some(&root)).unwrap();
        pack.platform.org = EXAMPLE.into();
        let mut model = Model::read(&pack).unwrap();
        let found = |model: &Model| {
            let mut report = Report::default();
            check(model, &mut report);
            report.sorted().len()
        };
        assert!(model.own.len() > 4 && found(&model) == 0);
        let template = &mut model.templates[0];
        let file = template.files.iter_mut().find(|it| it.path == "Dockerfile");
        let Body::Text(source, _) = &mut file.unwrap().body else {
            panic!("a Dockerfile is text");
        };
        *source = Source::new("Dockerfile", format!("# {EXAMPLE}\n"));
        assert_eq!(found(&model), 1);
    }

    #[test]
    fn names_that_forks_are_likely_to_have_stand_nowhere_in_this_pack() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut pack = Pack::open(Some(&root)).unwrap();
        for name in LIKELY {
            pack.platform.org = name.concat();
            let mut report = Report::default();
            check(&Model::read(&pack).unwrap(), &mut report);
            let findings = report.sorted();
            assert!(findings.is_empty(), "{findings:?}");
        }
    }
}
