//! Scripts and the way back to their files.

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
