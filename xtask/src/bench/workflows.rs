//! Workflows to be checked: different from each other, without a mistake, some calling others.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The forms that take turns; each makes something else of its number.
const FORMS: &[fn(usize, usize) -> String] = &[callee, caller, matrix, chain, by_hand];

/// Writes `count` workflows into the repository `root`.
pub fn write(root: &Path, count: usize) -> Result<()> {
    let folder = root.join(".github/workflows");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for index in 0..count {
        let path = folder.join(file(index));
        fs::write(&path, text(index, count))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn file(index: usize) -> String {
    format!("workflow-{index:04}.yml")
}

/// The workflow of this number among so many.
fn text(index: usize, count: usize) -> String {
    FORMS[index % FORMS.len()](index, count)
}

/// One of some words, so that files differ in more than a number.
fn word(index: usize) -> &'static str {
    const WORDS: &[&str] = &[
        "orders", "stock", "prices", "billing", "search", "mail", "users",
    ];
    WORDS[index / FORMS.len() % WORDS.len()]
}

fn callee(index: usize, _: usize) -> String {
    let word = word(index);
    format!(
        "name: build {word} {index}
on:
  workflow_call:
    inputs:
      service: {{type: string, required: true}}
      debug: {{type: boolean, default: false}}
    outputs:
      image: {{value: \"${{{{ jobs.build.outputs.image }}}}\"}}
permissions: {{}}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: {}
    outputs: {{image: \"${{{{ steps.name.outputs.image }}}}\"}}
    steps:
      - id: name
        if: ${{{{ !inputs.debug || github.ref == 'refs/heads/main' }}}}
        env:
          SERVICE: ${{{{ inputs.service }}}}
        run: echo \"image=registry/{word}/$SERVICE\" >>\"$GITHUB_OUTPUT\"
",
        5 + index % 40
    )
}

fn caller(index: usize, count: usize) -> String {
    // One of those that are there, and not always the nearest.
    let callees = count.div_ceil(FORMS.len());
    let callee = index * 7 % callees * FORMS.len();
    format!(
        "name: use {} {index}
on:
  push:
    branches: [main]
    paths: [\"services/{}/**\"]
permissions: {{}}
jobs:
  build:
    uses: ./.github/workflows/{}
    with:
      service: {}-{index}
      debug: {}
  tell:
    needs: build
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - env: {{IMAGE: \"${{{{ needs.build.outputs.image }}}}\"}}
        run: echo \"$IMAGE\"
",
        word(index),
        word(index),
        file(callee),
        word(index),
        index.is_multiple_of(2),
    )
}

fn matrix(index: usize, _: usize) -> String {
    let word = word(index);
    format!(
        "name: test {word} {index}
on: [push, pull_request]
permissions: {{}}
concurrency: {{group: \"test-{index}-${{{{ github.ref }}}}\", cancel-in-progress: true}}
jobs:
  test:
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-24.04, macos-15]
        version: [{index}, {}]
    runs-on: ${{{{ matrix.os }}}}
    timeout-minutes: 30
    permissions: {{contents: read}}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with: {{persist-credentials: false}}
      - name: Test {word}
        env: {{VERSION: \"${{{{ matrix.version }}}}\"}}
        run: make test VERSION=\"$VERSION\"
",
        index + 1
    )
}

fn chain(index: usize, _: usize) -> String {
    let word = word(index);
    format!(
        "name: nightly {word} {index}
on:
  schedule:
    - cron: \"{} {} * * *\"
permissions: {{}}
jobs:
  find:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    outputs: {{found: \"${{{{ steps.find.outputs.found }}}}\"}}
    steps:
      - id: find
        run: |
          ls {word}-{index} >found.txt
          echo \"found=$(wc -l <found.txt)\" >>\"$GITHUB_OUTPUT\"
  report:
    needs: find
    if: ${{{{ always() && needs.find.result == 'success' && needs.find.outputs.found != '0' }}}}
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo {word}
",
        index % 60,
        index % 24
    )
}

fn by_hand(index: usize, _: usize) -> String {
    let word = word(index);
    format!(
        "name: clean {word} {index}
on:
  workflow_dispatch:
    inputs:
      what: {{description: What, type: choice, options: [{word}, all], required: true}}
      days: {{description: Days, type: number, default: {}}}
permissions: {{}}
env:
  FOLDER: {word}/{index}
jobs:
  clean:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - name: Clean
        shell: bash
        env:
          WHAT: ${{{{ inputs.what }}}}
          DAYS: ${{{{ inputs.days }}}}
          SAFE: ${{{{ contains(fromJSON('[\"{word}\", \"all\"]'), inputs.what) }}}}
        run: ./clean \"$FOLDER\" \"$WHAT\" \"$DAYS\" \"$SAFE\"
",
        index % 90 + 1
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lint;
    use crate::lint::external::External;

    #[test]
    fn they_have_twenty_lines_on_average_differ_and_are_without_a_mistake() {
        let texts: Vec<String> = (0..1_000).map(|index| text(index, 1_000)).collect();
        let lines: usize = texts.iter().map(|text| text.lines().count()).sum();
        assert!((19_500..=20_500).contains(&lines), "{lines}");
        let different: BTreeSet<&String> = texts.iter().collect();
        assert_eq!(different.len(), texts.len());

        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 70).unwrap();
        let outcome = lint::check(Some(folder.path()), External::Off).unwrap();
        assert_eq!(outcome.report.sorted(), []);
        // Callers do call: with a callee gone there is a finding.
        let callee = folder.path().join(".github/workflows").join(file(0));
        fs::remove_file(callee).unwrap();
        let outcome = lint::check(Some(folder.path()), External::Off).unwrap();
        assert!(outcome.report.has_errors());
    }
}
