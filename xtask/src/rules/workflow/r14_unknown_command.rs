//! Commands and options of the pack's own programs that these do not have: in what a step runs, in the scripts that it
//! starts, and where a comment names one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use clap::{Arg, CommandFactory};
use regex::Regex;

use super::model::yaml::Content;
use super::model::{File, Model};
use super::words::{did_you_mean, listed};
use super::{ENOUGH, Rule};
use crate::cli::Cli;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "R14-unknown-command",
    summary: "a command or an option of `idp-deploy` or `cargo xtask` that the program does not have",
    why: "The program says so and ends, in the middle of a deployment: what is built is not promoted, what failed is not put \
          back.",
    example: "run: idp-deploy reconcile --image \"$IMAGE\" --to prod",
    remedy: "Write what `idp-deploy COMMAND --help` or `cargo xtask COMMAND --help` lists.",
    check,
};

/// What the release driver takes, one command a line; its own tests keep the file true.
const DRIVER: &str = include_str!("../../../../deploy/commands.txt");

/// A command line of one of the programs, to its end.
static CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)(?:^|&&|\|\||[;|({!\n]|\b(?:if|elif|while|until|then|do|else)\b)[\ \t]*
        (?:(?:[A-Za-z_]\w*=(?:"[^"\n]*"|'[^'\n]*'|[^\s"';&|])*|time|sudo|exec|command|env|nice)[\ \t]+)*
        (?P<program>idp-deploy|cargo(?:[\ \t]+\+[\w.-]+)?[\ \t]+xtask)[\ \t]+
        (?P<rest>(?:\\\r?\n|[^\n;&|<>()])*)"#,
    )
    .ok()
});

/// A command that a comment names.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"`(?P<program>idp-deploy|cargo xtask) (?P<rest>[a-z][^`\n]*)`").ok()
});

/// A command by its words, and its options.
#[derive(Debug, Default)]
struct Takes {
    words: Vec<String>,
    options: BTreeSet<String>,
    /// The words that an option may have behind it, of those that have no others.
    values: BTreeMap<String, Vec<String>>,
    /// Whether a word behind it is another command, and no value.
    has_commands: bool,
}

static IDP_DEPLOY: LazyLock<Vec<Takes>> = LazyLock::new(|| {
    let commands = DRIVER.lines().filter_map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some(Takes {
            words: vec![words.next()?],
            options: words.collect(),
            ..Takes::default()
        })
    });
    let root = Takes {
        has_commands: true,
        ..Takes::default()
    };
    std::iter::once(root).chain(commands).collect()
});

static XTASK: LazyLock<Vec<Takes>> = LazyLock::new(|| {
    let mut root = Cli::command();
    root.build();
    let mut all = Vec::new();
    let mut open = vec![(Vec::new(), &root)];
    while let Some((words, command)) = open.pop() {
        let arguments = || command.get_arguments();
        let option = |argument: &Arg| Some(format!("--{}", argument.get_long()?));
        let values = arguments().filter(|argument| argument.get_action().takes_values());
        let values = values.filter_map(|argument| {
            let words = argument.get_possible_values().into_iter();
            let words = words.map(|word| word.get_name().to_owned());
            Some((option(argument)?, words.collect()))
        });
        for inner in command.get_subcommands() {
            let mut words: Vec<String> = words.clone();
            words.push(inner.get_name().to_owned());
            open.push((words, inner));
        }
        all.push(Takes {
            options: arguments().filter_map(option).collect(),
            values: values.collect(),
            has_commands: command.has_subcommands(),
            words,
        });
    }
    all
});

type Found = (Range<usize>, String, String);

fn check(model: &Model, report: &mut Report) {
    // Elsewhere, programs of these names may be anybody's.
    if model.platform.is_none() {
        return;
    }
    for file in &model.files {
        let here = file.tree == 0 && file.workflow().is_some();
        // What a service calls works in the service's checkout.
        let is_own = here && (!file.is_called() || !model.is_used_from_outside(file));
        let mut found = Vec::new();
        for step in file.steps() {
            let run = step.run();
            let Some(content) = run.and_then(|run| Content::of(run, &file.source.text)) else {
                continue;
            };
            for (span, message, help) in in_text(CALL.as_ref(), &content.text, is_own) {
                found.push((content.span(span), message, help));
            }
            for (start, text) in model.scripts(file, &step) {
                for (_, message, help) in in_text(CALL.as_ref(), text.unwrap_or(""), is_own) {
                    let message = format!("{message}, which `{}` runs", start.path);
                    found.push((start.span.clone(), message, help));
                }
            }
        }
        in_comments(file, &mut found);
        for (span, message, help) in found.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}

/// A comment that names a command sends its reader there.
fn in_comments(file: &File, found: &mut Vec<Found>) {
    let mut start = 0;
    for line in file.source.text.split_inclusive('\n') {
        let is_comment = |at: &usize| {
            line[..*at]
                .chars()
                .next_back()
                .is_none_or(char::is_whitespace)
        };
        let mut signs = line.match_indices('#').map(|(at, _)| at);
        if let Some(at) = signs.find(is_comment) {
            for (span, message, help) in in_text(NAMED.as_ref(), &line[at..], true) {
                found.push((
                    start + at + span.start..start + at + span.end,
                    message,
                    help,
                ));
            }
        }
        start += line.len();
    }
}

/// What is wrong with the commands that `pattern` finds.
fn in_text(pattern: Option<&Regex>, text: &str, is_own: bool) -> Vec<Found> {
    let mut found = Vec::new();
    let calls = pattern
        .into_iter()
        .flat_map(|call| call.captures_iter(text));
    for call in calls {
        let (Some(program), Some(rest)) = (call.name("program"), call.name("rest")) else {
            continue;
        };
        let (program, commands) = match program.as_str() {
            "idp-deploy" => ("idp-deploy", &IDP_DEPLOY),
            _ if is_own => ("cargo xtask", &XTASK),
            _ => continue,
        };
        let words = words(rest.as_str());
        if let Some((range, message, help)) = judge(program, commands, &words) {
            let at = rest.start() + range.start..rest.start() + range.end;
            found.push((at, message, help));
        }
    }
    found
}

/// The first thing that is wrong with the words behind a program's name.
fn judge(program: &str, commands: &[Takes], words: &[(Range<usize>, &str)]) -> Option<Found> {
    let mut named: Vec<String> = Vec::new();
    let mut rest = words.iter();
    let mut command = commands.iter().find(|takes| takes.words.is_empty())?;
    while command.has_commands {
        let (range, word) = rest.next()?;
        // An option before it may have a value, and a variable may be any.
        let is_word = word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_word || word.starts_with('-') || *word == "help" {
            return None;
        }
        named.push((*word).to_owned());
        let Some(next) = commands.iter().find(|takes| takes.words == named) else {
            let depth = command.words.len();
            let inner = commands.iter().filter(|takes| {
                takes.words.len() == depth + 1 && takes.words.starts_with(&command.words)
            });
            let there: Vec<&str> = inner
                .filter_map(|takes| takes.words.last())
                .map(String::as_str)
                .filter(|name| *name != "help")
                .collect();
            let message = format!("`{program}` has no command `{}`", named.join(" "));
            let help = did_you_mean(
                word,
                there.iter().copied(),
                listed("commands", there.iter().copied()),
            );
            return Some((range.clone(), message, help));
        };
        command = next;
    }
    let rest = rest.as_slice();
    for (index, (range, word)) in rest.iter().enumerate() {
        if *word == "--" {
            return None;
        }
        let name = word.split('=').next().unwrap_or(word);
        let is_option = name.len() > 2
            && name.starts_with("--")
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if command.options.contains(name) {
            let next = rest.get(index + 1);
            let value = match word.split_once('=') {
                Some((_, value)) => Some((range.end - value.len()..range.end, value)),
                None => next.map(|(range, value)| (range.clone(), *value)),
            };
            let of = format!("`{name}` of `{program} {}`", named.join(" "));
            let found =
                value.and_then(|value| unknown_value(&of, command.values.get(name)?, value));
            if found.is_some() {
                return found;
            }
            continue;
        }
        if !is_option || matches!(name, "--help" | "--version") {
            continue;
        }
        let known = || command.options.iter().map(String::as_str);
        let message = format!("`{program} {}` has no option `{name}`", named.join(" "));
        let help = did_you_mean(name, known(), listed("options", known()));
        return Some((range.start..range.start + name.len(), message, help));
    }
    None
}

/// A value that an option does not take, where it takes some words alone.
fn unknown_value(of: &str, known: &[String], (at, value): (Range<usize>, &str)) -> Option<Found> {
    let is_word = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_word || known.is_empty() || known.iter().any(|known| known == value) {
        return None;
    }
    let names = || known.iter().map(String::as_str);
    let help = did_you_mean(value, names(), listed("values", names()));
    Some((at, format!("{of} can't be `{value}`"), help))
}

/// The words of a command line, with quotes around what they are around.
fn words(text: &str) -> Vec<(Range<usize>, &str)> {
    let (mut all, mut start, mut quote) = (Vec::new(), None, None);
    for (at, sign) in text.char_indices() {
        let ends = quote.is_none() && (sign.is_whitespace() || sign == '\\');
        match (start, ends) {
            (Some(begin), true) => {
                all.push((begin..at, &text[begin..at]));
                start = None;
            }
            (None, false) => start = Some(at),
            _ => {}
        }
        match (quote, sign) {
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), sign) if open == sign => quote = None,
            _ => {}
        }
    }
    if let Some(begin) = start {
        all.push((begin..text.len(), &text[begin..]));
    }
    all
}
