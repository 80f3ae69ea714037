//! TOML, YAML and JSON that a service gets.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize as _;

use super::Rule;
use super::model::{Body, ENOUGH, File, Model, Origin, Run, Template};
use crate::report::{Report, Source};
use crate::source_map;

/// The rule.
pub const RULE: Rule = Rule {
    id: "broken-render",
    summary: "TOML, YAML or JSON that does not parse with some combination of options, or with an answer that holds quotes",
    why: "A file parses before rendering or after it, with the defaults or with the other option: nobody sees all of them. \
          The service of who picks the wrong one does not build or start, or compose and kubectl refuse its files.",
    example: "{%- if metrics == \"otlp\" -%}\ntelemetry: # stands on the line above, behind `retries: 2`\n{%- endif %}",
    remedy: "Keep the line break that `-%}` takes away, name a key once, and put a quoted form of an answer into the file, which a \
             hook makes.",
    check,
};

/// Folders whose files may be wrong on purpose.
const SAMPLES: [&str; 5] = ["tests", "test", "fixtures", "testdata", "benches"];

/// A language whose parser is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Toml,
    Yaml,
    Json,
}

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut seen = BTreeSet::new();
        let mut told = BTreeSet::new();
        let mut broken = BTreeSet::new();
        for run in template.rehearsal.whole() {
            for (path, number, language) in files(run) {
                let Some((file, source, text)) = rendered(model, template, number, run) else {
                    continue;
                };
                if !seen.insert((number, text.clone())) || is_another_language(&text) {
                    continue;
                }
                let problem = language.problem(&text);
                let glued = || (language == Language::Yaml).then(|| glued(&source.text, &text));
                let Some(problem) = problem.or_else(|| glued().flatten()) else {
                    continue;
                };
                broken.insert(number);
                let span = place(source, file, &text, problem.line);
                if told.len() < ENOUGH && told.insert((number, span.start)) {
                    let combination = when(template, number, run);
                    let message = format!(
                        "`{path}` is no {}{combination}: {}",
                        language.name(),
                        problem.message
                    );
                    report.error(RULE.id, source, span, message, problem.help);
                }
            }
        }
        hostile(model, template, &broken, report);
    }
}

/// What parses with ordinary answers and not with one that needs quoting.
fn hostile(model: &Model, template: &Template, broken: &BTreeSet<usize>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    let mut told = BTreeSet::new();
    for hostile in &template.rehearsal.hostile {
        let Some(ordinary) = template.rehearsal.runs.get(hostile.ordinary) else {
            continue;
        };
        for (path, number, language) in files(&hostile.run) {
            let reads = template
                .files
                .get(number)
                .is_some_and(|file| differs(file, ordinary, &hostile.run));
            if !reads || broken.contains(&number) {
                continue;
            }
            let Some((_, _, usual)) = rendered(model, template, number, ordinary) else {
                continue;
            };
            let Some((file, source, text)) = rendered(model, template, number, &hostile.run) else {
                continue;
            };
            if is_another_language(&usual) || !seen.insert((number, text.clone())) {
                continue;
            }
            let Some(problem) = language.problem(&text) else {
                continue;
            };
            let span = place(source, file, &text, problem.line);
            if told.insert((number, hostile.placeholder.clone())) {
                let name = &hostile.placeholder;
                let answer = hostile.answer;
                let message = format!(
                    "`{path}` is no {} with the answer `{answer}` for `{name}`: {}",
                    language.name(),
                    problem.message
                );
                let help = format!(
                    "let a hook escape `\\` and `\"` in `{name}` and put quotes around it, and write that variable without any"
                );
                report.error(RULE.id, source, span, message, help);
            }
        }
    }
}

/// Files of a service in one of the languages, with their number in the template.
fn files(run: &Run) -> impl Iterator<Item = (&str, usize, Language)> {
    run.files.iter().filter_map(|(path, origin)| {
        let Origin::File(number) = origin else {
            return None;
        };
        Some((path.as_str(), *number, Language::of(path)?))
    })
}

fn rendered<'a>(
    model: &Model,
    template: &'a Template,
    number: usize,
    run: &Run,
) -> Option<(&'a File, &'a Source, String)> {
    let file = template.files.get(number)?;
    let Body::Text(source, _) = &file.body else {
        return None;
    };
    let text = model.text_in(file, run)?.into_owned();
    Some((file, source, text))
}

/// Whether a variable that the file reads differs.
fn differs(file: &File, one: &Run, other: &Run) -> bool {
    let Body::Text(_, document) = &file.body else {
        return false;
    };
    document
        .reads
        .iter()
        .any(|name| one.variables.get(&name.text) != other.variables.get(&name.text))
}

/// Whether what is rendered is a template of something else, such as Helm.
fn is_another_language(text: &str) -> bool {
    let braces = text.match_indices("{{");
    let mut foreign = braces.filter(|(at, _)| !text[..*at].ends_with('$'));
    foreign.next().is_some() || text.contains("{%")
}

/// ", with `a=b`", where it is not so with every combination.
fn when(template: &Template, number: usize, run: &Run) -> String {
    let Some(file) = template.files.get(number) else {
        return String::new();
    };
    let is_fixed = match &file.body {
        Body::Text(_, document) => document.branches.is_empty(),
        _ => true,
    };
    if is_fixed {
        String::new()
    } else {
        format!(" with `{}`", run.case)
    }
}

fn place(source: &Source, file: &File, text: &str, line: usize) -> Range<usize> {
    let lines = || text.split_inclusive('\n');
    let start: usize = lines().take(line).map(str::len).sum();
    let line = lines().nth(line).unwrap_or_default();
    let indentation = line.len() - line.trim_start().len();
    let end = start + line.trim_end().len();
    let span = source_map::place(&source.text, text, &((start + indentation).min(end)..end));
    // Of a line with Liquid in it, that is the likely culprit.
    let Body::Text(_, document) = &file.body else {
        return span;
    };
    let mut reads = document.reads.iter();
    let read = reads.find(|name| span.start <= name.span.start && name.span.end <= span.end);
    read.map_or(span, |name| name.span.clone())
}

/// What a parser says.
struct Problem {
    message: String,
    help: &'static str,
    /// The line, from 0.
    line: usize,
}

impl Language {
    fn of(path: &str) -> Option<Self> {
        let mut folders = path.split('/');
        let name = folders.next_back()?;
        if folders.any(|folder| SAMPLES.contains(&folder)) {
            return None;
        }
        let (stem, extension) = name.rsplit_once('.')?;
        match extension {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            // Those of editors and compilers take comments.
            "json" if !path.starts_with('.') && !stem.contains("config") => Some(Self::Json),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
            Self::Json => "JSON",
        }
    }

    fn problem(self, text: &str) -> Option<Problem> {
        match self {
            Self::Toml => toml_problem(text),
            Self::Yaml => yaml_problem(text),
            Self::Json => {
                let error = serde_json::from_str::<serde_json::Value>(text).err()?;
                Some(Problem {
                    line: error.line().saturating_sub(1),
                    message: in_a_line(&error.to_string()),
                    help: "JSON has commas between entries and none behind the last: put them inside of the condition",
                })
            }
        }
    }
}

fn toml_problem(text: &str) -> Option<Problem> {
    let error = toml::from_str::<toml::Table>(text).err()?;
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..start).unwrap_or_default();
    let message = error.message();
    let help = if message.contains("duplicate") {
        "name the key once, or put each under an option that excludes the other"
    } else {
        "render it with these answers and mend the line"
    };
    Some(Problem {
        line: before.matches('\n').count(),
        message: in_a_line(message),
        help,
    })
}

fn yaml_problem(text: &str) -> Option<Problem> {
    for document in serde_yaml::Deserializer::from_str(text) {
        let Err(error) = serde_yaml::Value::deserialize(document) else {
            continue;
        };
        let line = error.location().map_or(0, |it| it.line().saturating_sub(1));
        let whole = error.to_string();
        let message = whole.split(" at line ").next().unwrap_or(&whole);
        if let Some((_, key)) = message.split_once("duplicate entry with key ") {
            let key = key.trim_matches('"');
            return Some(Problem {
                line: second(text, line, key),
                message: format!("the key `{key}` is there twice"),
                help: "name the key once, or put each under an option that excludes the other",
            });
        }
        let help = if message.contains("unknown anchor") {
            "name an anchor (`&name`) that stands above"
        } else {
            "look at the line breaks that `{%-` and `-%}` take away, at the indentation, and quote what holds `: `"
        };
        return Some(Problem {
            line,
            message: in_a_line(message),
            help,
        });
    }
    None
}

/// A comment that stands right behind a word, because a tag took the line break away: YAML takes it for a part of the word.
fn glued(template: &str, text: &str) -> Option<Problem> {
    let comments = template.lines().map(str::trim);
    let comments: BTreeSet<&str> = comments.filter(|line| line.starts_with('#')).collect();
    let is_glued = |line: &str| {
        line.match_indices('#').any(|(at, _)| {
            let is_word = line[..at].ends_with(|before: char| !before.is_whitespace());
            is_word && comments.contains(line[at..].trim_end())
        })
    };
    let mut lines = text.lines().enumerate();
    let (line, _) =
        lines.find(|(_, line)| !line.trim_start().starts_with('#') && is_glued(line))?;
    Some(Problem {
        line,
        message: "a comment stands right behind a word and becomes a part of it".to_owned(),
        help: "leave out the dash of `-%}`, which takes the line break away",
    })
}

/// The line of the second `key` of the mapping that begins at `line`, which is where the parser points.
fn second(text: &str, line: usize, key: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let own = lines.get(line).map_or(0, |line| indentation(line));
    let is_key = |text: &str| {
        let words = text
            .trim_start_matches([' ', '-'])
            .trim_start_matches(['"', '\'']);
        let rest = words.strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
    };
    let numbered = lines.iter().enumerate().skip(line);
    let mut keys = numbered.filter(|(_, text)| indentation(text) == own && is_key(text));
    keys.nth(1).map_or(line, |(number, _)| number)
}

fn in_a_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
