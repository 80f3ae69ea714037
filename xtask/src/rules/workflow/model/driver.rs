//! What steps do with the release driver, `idp-deploy`, and whether a failure of it reaches the job.

use std::ops::Range;

use super::shell::{End, Script, Word};
use super::views::{Job, Step, Workflow};

/// The driver's program.
pub const DRIVER: &str = "idp-deploy";

/// What it does to an environment.
const VERBS: [&str; 4] = ["promote", "reconcile", "rollback", "lift"];

/// A call of the driver that changes an environment.
#[derive(Debug)]
pub struct Act<'a> {
    /// The step.
    pub step: Step<'a>,
    /// What the step runs.
    pub script: Script<'a>,
    /// Which of the script's commands it is.
    command: usize,
    /// Which of the command's words, without what stands before its program, is the verb.
    verb: usize,
}

/// Everything that a job has the driver do.
pub fn acts<'a>(workflow: Workflow<'a>, job: &Job<'a>) -> Vec<Act<'a>> {
    let mut all = Vec::new();
    for step in job.steps() {
        let Some(run) = step
            .run()
            .filter(|run| run.text().is_some_and(|text| text.contains(DRIVER)))
        else {
            continue;
        };
        let read = || Script::of(run, &workflow.file.source.text);
        let Some(script) = read() else { continue };
        let found: Vec<(usize, usize)> = script
            .commands
            .iter()
            .enumerate()
            .filter(|(_, command)| !command.talks())
            .filter_map(|(index, command)| {
                let words = command.call();
                let at = words.iter().position(is_driver)? + 1;
                let verb = words.get(at)?;
                VERBS.contains(&verb.text.as_str()).then_some((index, at))
            })
            .collect();
        for (command, verb) in found {
            all.extend(read().map(|script| Act {
                step,
                script,
                command,
                verb,
            }));
        }
    }
    all
}

fn is_driver(word: &Word) -> bool {
    word.text.rsplit('/').next() == Some(DRIVER)
}

impl Act<'_> {
    fn words(&self) -> &[Word] {
        &self.script.commands[self.command].call()[self.verb..]
    }

    /// What it has the driver do.
    pub fn verb(&self) -> &str {
        &self.words()[0].text
    }

    /// Where the driver's name and the verb stand.
    pub fn span(&self) -> Range<usize> {
        let words = self.script.commands[self.command].call();
        let span = words[self.verb - 1].span.start..words[self.verb].span.end;
        self.script.span(span)
    }

    /// The environment that it is told, as it is written, and where.
    pub fn environment(&self) -> Option<(&str, Range<usize>)> {
        let option = if self.verb() == "promote" {
            "--to"
        } else {
            "--env"
        };
        let words = self.words();
        let at = words.iter().position(|word| {
            let rest = word.text.strip_prefix(option);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })?;
        let word = &words[at];
        if let Some(value) = word.text[option.len()..].strip_prefix('=') {
            let start = word
                .span
                .end
                .saturating_sub(value.len())
                .max(word.span.start);
            return Some((value, self.script.span(start..word.span.end)));
        }
        let value = words.get(at + 1)?;
        Some((&value.text, self.script.span(value.span.clone())))
    }

    /// How its failure is kept from the job, if it is.
    pub fn hidden(&self, workflow: Workflow<'_>, job: &Job<'_>) -> Option<&'static str> {
        let commands = &self.script.commands;
        let command = &commands[self.command];
        let first = |index: usize| {
            commands[index]
                .words
                .first()
                .map_or("", |w| w.text.as_str())
        };
        let blocks = [
            "if", "elif", "while", "until", "!", "for", "case", "{", "function", "trap",
        ];
        let is_flat = (0..commands.len())
            .all(|index| !blocks.contains(&first(index)) && !commands[index].is_grouped);
        if !is_flat {
            return None;
        }
        let next = commands.get(self.command + 1);
        let shell = shell(workflow, job, &self.step);
        let stops = self.stops(shell);
        match command.end {
            End::Background => {
                let waits = commands.iter().any(|command| command.name() == "wait");
                (!waits).then_some("nothing waits for what runs behind `&`")
            }
            End::Or => self
                .script
                .forgives(self.command)
                .then_some("what follows `||` always passes"),
            End::Pipe => {
                let asked =
                    shell.is_some_and(|shell| shell == "bash" || shell.contains("pipefail"));
                let is_known = shell.is_none_or(|shell| shell.contains("sh"));
                (is_known && !asked && !self.script.done.contains("pipefail")
                    && !self.script.done.contains("PIPESTATUS"))
                .then_some("of a pipe only the last command counts; write `shell: bash`, which sets pipefail")
            }
            End::Line if !stops && next.is_some() => {
                let asks = self.script.done.contains("$?")
                    || commands.iter().any(|command| command.name() == "exit");
                (!asks).then_some("the shell goes on after a failure, since it has no `-e`")
            }
            _ => None,
        }
    }

    /// Whether the shell stops at a command that fails.
    fn stops(&self, shell: Option<&str>) -> bool {
        let mut stops = match shell {
            Some(shell) if shell.contains("{0}") => {
                let program = shell.split_whitespace().next().unwrap_or_default();
                let is_shell = matches!(program.rsplit('/').next(), Some("bash" | "sh" | "dash"));
                let mut options = shell.split_whitespace().skip(1);
                !is_shell || options.any(|option| sets(option, '-'))
            }
            _ => true,
        };
        for command in &self.script.commands[..self.command] {
            if command.name() != "set" {
                continue;
            }
            for option in command.call().iter().skip(1) {
                if sets(&option.text, '-') {
                    stops = true;
                } else if sets(&option.text, '+') {
                    stops = false;
                }
            }
        }
        stops
    }
}

/// Whether an option of a shell is about `errexit`; behind `-o` the name alone says so.
fn sets(option: &str, sign: char) -> bool {
    match option.strip_prefix(sign) {
        Some(letters) => !letters.starts_with('-') && letters.contains('e'),
        None => sign == '-' && option == "errexit",
    }
}

/// The shell that a step names, itself or by default.
fn shell<'a>(workflow: Workflow<'a>, job: &Job<'a>, step: &Step<'a>) -> Option<&'a str> {
    let default = ["defaults", "run", "shell"];
    let own = step.node.get("shell");
    own.or_else(|| job.node.at(&default))
        .or_else(|| workflow.root.at(&default))?
        .text()
}
