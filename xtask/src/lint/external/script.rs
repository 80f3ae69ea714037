//! `run:` blocks as scripts: expressions replaced by a word of the same length, each character with its place in the file.

use std::ops::Range;

use crate::report::Source;
use crate::rules::workflow::yaml::{Content, Node, Style};
use crate::rules::workflow::{File, Job, Step};

/// A shell that shellcheck knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// bash
    Bash,
    /// sh
    Sh,
}

/// A script that a step runs.
#[derive(Debug)]
pub struct Script {
    /// What it is for.
    pub shell: Shell,
    /// Its text, after a line with what the runner sets.
    pub text: Source,
    /// For each byte of the text the byte of the file.
    places: Vec<usize>,
    /// What stands for expressions.
    holes: Vec<Range<usize>>,
}

impl Script {
    /// The scripts of a workflow or an action.
    pub fn all(file: &File) -> Vec<Self> {
        let mut scripts = Vec::new();
        let mut read = |job: Option<&Job<'_>>, steps: Vec<Step<'_>>| {
            for step in steps {
                let run = step.run();
                scripts.extend(run.and_then(|run| Self::of(file, job, &step, run)));
            }
        };
        match file.workflow() {
            Some(workflow) => {
                for job in workflow.jobs() {
                    read(Some(&job), job.steps());
                }
            }
            None => read(None, file.steps()),
        }
        scripts
    }

    fn of(file: &File, job: Option<&Job<'_>>, step: &Step<'_>, run: &Node) -> Option<Self> {
        let (shell, options) = shell(file, job, step)?;
        let prelude = format!("set {options}\n");
        let (body, from) = body(run, &file.source.text)?;
        let mut script = Self {
            shell,
            places: vec![run.span.start; prelude.len()],
            text: Source::new("", prelude),
            holes: Vec::new(),
        };
        let mut rest = 0;
        while let Some(hole) = expression(&body, rest) {
            script.push(&body[rest..hole.start], &from[rest..hole.start]);
            let start = script.text.text.len();
            script.fill(&body[hole.clone()], &from[hole.clone()]);
            script.holes.push(start..script.text.text.len());
            rest = hole.end;
        }
        script.push(&body[rest..], &from[rest..]);
        Some(script)
    }

    /// The bytes of the file at these places, both from 1, of the script; and whether an expression is among them.
    pub fn span(&self, from: (usize, usize), to: (usize, usize)) -> (Range<usize>, bool) {
        let begin = self.text.offset(from.0, from.1);
        let end = self.text.offset(to.0, to.1).max(begin);
        let place = |at: usize| {
            let last = self.places.last().map_or(0, |last| last + 1);
            self.places.get(at).copied().unwrap_or(last)
        };
        let start = place(begin);
        // The end is behind a character, and not where the next begins.
        let stop = if end > begin {
            place(end - 1) + 1
        } else {
            start
        };
        let touches = |hole: &Range<usize>| hole.start < end.max(begin + 1) && begin < hole.end;
        (start..stop.max(start), self.holes.iter().any(touches))
    }

    fn push(&mut self, text: &str, places: &[usize]) {
        self.text.text.push_str(text);
        self.places.extend_from_slice(places);
    }

    /// A word in the place of an expression, which goes on behind the end of a line.
    fn fill(&mut self, expression: &str, places: &[usize]) {
        let mut letters = expression.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let goes_on = letters.peek().is_some_and(|(_, next)| *next == '\n');
            let shown = match letter {
                '\n' => '\n',
                _ if goes_on => '\\',
                _ => '_',
            };
            self.text.text.push(shown);
            self.places.extend(places.get(at).copied());
        }
    }
}

/// What runs a step, and what the runner sets in it; nothing if it is no shell that is known.
fn shell(file: &File, job: Option<&Job<'_>>, step: &Step<'_>) -> Option<(Shell, String)> {
    let default = |node: &Node| Some(node.at(&["defaults", "run", "shell"])?.text()?.to_owned());
    let own = step.node.get("shell").map(|shell| shell.text());
    let named = match own {
        Some(shell) => Some(shell?.to_owned()),
        None => job
            .and_then(|job| default(job.node))
            .or_else(|| file.root.as_ref().and_then(default)),
    };
    let Some(named) = named else {
        let job = job?;
        if on_windows(job, &file.source.text) {
            return None;
        }
        // In a container there is nothing but `sh` to count on.
        let shell = match job.node.get("container") {
            Some(_) => Shell::Sh,
            None => Shell::Bash,
        };
        return Some((shell, "-e".into()));
    };
    let mut words = named.split_whitespace();
    let program = words.next()?;
    let shell = match program.rsplit('/').next()? {
        "bash" => Shell::Bash,
        "sh" => Shell::Sh,
        _ => return None,
    };
    if named == "bash" {
        return Some((shell, "-eo pipefail".into()));
    }
    if named == "sh" {
        return Some((shell, "-e".into()));
    }
    let strict = words.any(|word| {
        let flags = word.strip_prefix('-').unwrap_or_default();
        !flags.starts_with('-') && flags.contains('e')
    });
    // `+x` says nothing: it is so from the beginning.
    Some((shell, if strict { "-e" } else { "+x" }.into()))
}

fn on_windows(job: &Job<'_>, text: &str) -> bool {
    let within = |node: Option<&Node>| {
        let text = node.and_then(|node| text.get(node.span.clone()));
        text.is_some_and(|text| text.to_ascii_lowercase().contains("windows"))
    };
    let label = job.node.get("runs-on");
    let computed = label
        .and_then(|label| text.get(label.span.clone()))
        .is_some_and(|label| label.contains("${{"));
    within(label) || computed && within(job.matrix())
}

/// The text of a scalar, and for each byte of it the byte of the file.
fn body(run: &Node, text: &str) -> Option<(String, Vec<usize>)> {
    let scalar = run.scalar()?;
    let content = Content::of(run, text)?;
    let body = scalar.text.clone();
    let place = |at: usize| content.span(at..at).start;
    if content.text == body || scalar.style == Style::Quoted {
        let places = (0..body.len()).map(place).collect();
        return Some((body, places));
    }
    // Of a block, or of lines that are folded, all but blanks stands in the file letter by letter.
    let mut places = Vec::with_capacity(body.len());
    let mut raw = content.text.char_indices().peekable();
    for letter in body.chars() {
        let blank = letter.is_whitespace();
        while !blank && raw.next_if(|(_, found)| found.is_whitespace()).is_some() {}
        // The end of a line stands for itself, whatever indentation is before it.
        if letter == '\n' {
            while raw.next_if(|(_, found)| *found == ' ').is_some() {}
        }
        let here = raw.peek().map_or(content.text.len(), |(at, _)| *at);
        let _ = raw.next_if(|(_, found)| *found == letter || blank && found.is_whitespace());
        places.extend(std::iter::repeat_n(place(here), letter.len_utf8()));
    }
    Some((body, places))
}

/// The next `${{ … }}` from `start` on.
fn expression(text: &str, start: usize) -> Option<Range<usize>> {
    let begin = start + text.get(start..)?.find("${{")?;
    let mut quoted = false;
    let bytes = text.as_bytes();
    let mut at = begin + 3;
    while at + 1 < bytes.len() {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes[at + 1] == b'}' => return Some(begin..at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::workflow::FileKind;

    fn scripts(text: &str) -> Vec<Script> {
        let kind = if text.contains("jobs:") {
            FileKind::Workflow
        } else {
            FileKind::Action
        };
        Script::all(&File::new(
            0,
            "x.yml",
            kind,
            Source::new("x.yml", text),
            None,
        ))
    }

    /// The line and column of a word in the script lead to the word in the file.
    fn leads_back(text: &str, word: &str) {
        let scripts = scripts(text);
        let script = &scripts[0];
        let at = script
            .text
            .text
            .find(word)
            .unwrap_or_else(|| panic!("{script:?}"));
        let from = script.text.position(at);
        let to = script.text.position(at + word.len());
        let (span, _) = script.span(from, to);
        assert_eq!(&text[span], word, "{text}");
    }

    #[test]
    fn words_are_found_again_in_every_style() {
        let job = "jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n";
        for step in [
            "      - run: echo ü $WORD",
            "      - run: 'echo ''ü'' $WORD'",
            "      - run: \"echo \\\"ü\\\" $WORD\"",
            "      - run: |\n          if x; then\n            echo ü $WORD\n          fi\n",
            "      - run: |-\n\n          a\n\n            b\n          $WORD\n",
            "      - run: >\n          echo\n          $WORD\n\n          more\n",
            "      - run: echo\n          a\n          $WORD\n",
            "      - run: |2\n          ü ${{ x['ß'] }} $WORD\n",
        ] {
            leads_back(&format!("{job}{step}"), "$WORD");
        }
        leads_back(
            "x: &run |\n  echo $WORD\njobs: {}\nruns:\n  steps: [{shell: sh, run: 'x $WORD'}]\n"
                .replace("jobs: {}\n", "")
                .as_str(),
            "$WORD",
        );
    }

    #[test]
    fn an_expression_is_a_word_of_its_length() {
        let text = "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          echo \"${{ '}}' }}\" ${{ a\n            || b }} c\n";
        let scripts = scripts(text);
        let script = &scripts[0];
        assert_eq!(
            script.text.text,
            "set -e\necho \"___________\" ____\\\n_________ c\n"
        );
        let (_, touches) = script.span((2, 1), (2, 5));
        assert!(!touches);
        let (_, touches) = script.span((2, 6), (2, 9));
        assert!(touches);
        let (_, touches) = script.span((2, 1), (3, 3));
        assert!(touches);
    }

    #[test]
    fn the_shell_is_the_step_s_the_job_s_or_the_runner_s() {
        let shells = |text: &str| -> Vec<(Shell, String)> {
            let set = |script: &Script| script.text.text.lines().next().unwrap()[4..].to_owned();
            scripts(text).iter().map(|s| (s.shell, set(s))).collect()
        };
        let text = "defaults: {run: {shell: sh}}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: a\n      - {run: a, shell: bash}\n      - {run: a, shell: 'bash -x {0}'}\n      - {run: a, shell: '/bin/bash -eu {0}'}\n      - {run: a, shell: pwsh}\n      - {run: a, shell: '${{ x }}'}\n";
        assert_eq!(
            shells(text),
            [
                (Shell::Sh, "-e".to_owned()),
                (Shell::Bash, "-eo pipefail".to_owned()),
                (Shell::Bash, "+x".to_owned()),
                (Shell::Bash, "-e".to_owned()),
            ]
        );
        for (job, expected) in [
            ("runs-on: ubuntu-24.04", Some(Shell::Bash)),
            ("runs-on: windows-2025", None),
            ("{runs-on: x, container: 'debian:13'", Some(Shell::Sh)),
            (
                "{runs-on: '${{ matrix.os }}', strategy: {matrix: {os: [windows-2025]}}",
                None,
            ),
            (
                "{runs-on: '${{ matrix.os }}', strategy: {matrix: {os: [macos-15]}}",
                Some(Shell::Bash),
            ),
        ] {
            let text = match job.strip_prefix('{') {
                Some(flow) => format!("jobs:\n  a: {{{flow}, steps: [{{run: a}}]}}\n"),
                None => format!("jobs:\n  a:\n    {job}\n    steps: [{{run: a}}]\n"),
            };
            let found = shells(&text).first().map(|(shell, _)| *shell);
            assert_eq!(found, expected, "{text}");
        }
    }
}
