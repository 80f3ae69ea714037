//! Commands and options of the pack's own programs that these do not have.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use clap::CommandFactory;
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
    Regex::new(r"(?:^|&&|\|\||[;|(!\n]|\b(?:if|then|do|else))[ \t]*(?P<program>idp-deploy|cargo xtask)[ \t]+(?P<rest>(?:\\\r?\n|[^\n;&|<>()])*)").ok()
});

/// A command by its words, and its options.
#[derive(Debug, Default)]
struct Takes {
    words: Vec<String>,
    options: BTreeSet<String>,
    /// Whether a word behind it is another command, and no value.
    has_commands: bool,
}

static IDP_DEPLOY: LazyLock<Vec<Takes>> = LazyLock::new(|| {
    let commands = DRIVER.lines().filter_map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some(Takes {
            words: vec![words.next()?],
            options: words.collect(),
            has_commands: false,
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
        let options = command
            .get_arguments()
            .filter_map(|argument| argument.get_long());
        for inner in command.get_subcommands() {
            let mut words: Vec<String> = words.clone();
            words.push(inner.get_name().to_owned());
            open.push((words, inner));
        }
        all.push(Takes {
            options: options.map(|name| format!("--{name}")).collect(),
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
            if let Some(content) = step
                .run()
                .and_then(|run| Content::of(run, &file.source.text))
            {
                in_step(&content, is_own, &mut found);
            }
        }
        tell(file, found, report);
    }
}

fn tell(file: &File, found: Vec<Found>, report: &mut Report) {
    for (span, message, help) in found.into_iter().take(ENOUGH) {
        report.error(RULE.id, &file.source, span, message, help);
    }
}

fn in_step(content: &Content<'_>, is_own: bool, found: &mut Vec<Found>) {
    let calls = CALL
        .iter()
        .flat_map(|call| call.captures_iter(&content.text));
    for call in calls {
        let (Some(program), Some(rest)) = (call.name("program"), call.name("rest")) else {
            continue;
        };
        let commands = match program.as_str() {
            "idp-deploy" => &IDP_DEPLOY,
            _ if is_own => &XTASK,
            _ => continue,
        };
        let words = words(rest.as_str());
        if let Some((range, message, help)) = judge(program.as_str(), commands, &words) {
            let at = rest.start() + range.start..rest.start() + range.end;
            found.push((content.span(at), message, help));
        }
    }
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
    for (range, word) in rest {
        if *word == "--" {
            return None;
        }
        let name = word.split('=').next().unwrap_or(word);
        let is_option = name.len() > 2
            && name.starts_with("--")
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_option || matches!(name, "--help" | "--version") || command.options.contains(name) {
            continue;
        }
        let known = || command.options.iter().map(String::as_str);
        let message = format!("`{program} {}` has no option `{name}`", named.join(" "));
        let help = did_you_mean(name, known(), listed("options", known()));
        return Some((range.start..range.start + name.len(), message, help));
    }
    None
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
