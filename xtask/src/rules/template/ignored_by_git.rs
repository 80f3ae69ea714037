//! Files of a service that its own `.gitignore` hides.

use std::collections::BTreeSet;

use ignore::Match;
use ignore::gitignore::GitignoreBuilder;

use super::Rule;
use super::model::{Body, ENOUGH, Model, Origin};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "ignored-by-git",
    summary: "a file of the service that the service's own `.gitignore` matches",
    why: "The first commit leaves the file out, without a word: the developer's folder works, and what the pipeline checks out \
          does not.",
    example: "*.lock # in .gitignore, beside Cargo.lock.liquid",
    remedy: "Narrow the pattern, or take the file back behind it: `!Cargo.lock`.",
    check,
};

const FILE: &str = ".gitignore";

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let ignores = run.files.iter().filter_map(|(path, origin)| {
                let folder = path.strip_suffix(FILE)?;
                let is_own = folder.is_empty() || folder.ends_with('/');
                match origin {
                    Origin::File(number) if is_own => Some((folder, template.files.get(*number)?)),
                    _ => None,
                }
            });
            for (folder, file) in ignores {
                let (Body::Text(source, _), Some(text)) = (&file.body, model.text_in(file, run))
                else {
                    continue;
                };
                let mut builder = GitignoreBuilder::new("");
                // A line that does not parse matches nothing, in git too.
                for line in text.lines() {
                    drop(builder.add_line(None, line));
                }
                let Ok(matcher) = builder.build() else {
                    continue;
                };
                let below = run
                    .files
                    .keys()
                    .filter_map(|path| path.strip_prefix(folder));
                for path in below {
                    let Match::Ignore(glob) = matcher.matched_path_or_any_parents(path, false)
                    else {
                        continue;
                    };
                    let pattern = glob.original();
                    if told.len() >= ENOUGH
                        || !told.insert((file.place.clone(), pattern.to_owned()))
                    {
                        continue;
                    }
                    let mut start = 0;
                    let lines = source.text.split_inclusive('\n');
                    let line = lines.map(|line| {
                        start += line.len();
                        (start - line.len(), line.trim())
                    });
                    let at = line.filter(|(_, line)| *line == pattern).last();
                    let span = at.map_or(0..0, |(at, line)| at..at + line.len());
                    let message =
                        format!("git leaves out `{folder}{path}`, which the template ships");
                    let help = format!("write `!{path}` below, or narrow the pattern");
                    report.error(RULE.id, source, span, message, help);
                }
            }
        }
    }
}
