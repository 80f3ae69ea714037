//! The organisation's facts in the pack's own workflows and actions, where `uses:`, `runs-on:` and defaults take no
//! expression.
//!
//! A line says itself what it is stamped with: `key: value # platform.toml: FACT` or `- value # platform.toml: FACT`, or
//! `uses: ORG/REPO/path@REF # platform.toml: org/repo@ref`, or, in `CODEOWNERS`, `PATTERN @ORG/TEAM # platform.toml: org`.
//! A line that names the pack and doesn't say so is refused: it would stay behind in a fork.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Artifact;
use crate::pack::{Pack, Platform, read};

const FOLDER: &str = ".github";
const OWNERS: &str = "CODEOWNERS";
const STAMP: &str = "# platform.toml: ";
/// Stamps that stand for the pack's address, and whether its ref belongs to it.
const ADDRESSES: [(&str, bool); 2] = [("org/repo@ref", true), ("org/repo", false)];

/// The workflows and actions as they have to be.
pub(super) fn artifacts(pack: &Pack) -> Result<Vec<Artifact>> {
    let mut all = Vec::new();
    for file in crate::pack::tracked(&pack.root, FOLDER)? {
        let ending = Path::new(&file).extension();
        let is_yaml = ending.is_some_and(|ending| ending == "yml" || ending == "yaml");
        if !is_yaml && file != OWNERS {
            continue;
        }
        let file = format!("{FOLDER}/{file}");
        let text = read(&pack.root.join(&file))?;
        let content = stamped(&pack.platform, &file, &text)?;
        all.push(Artifact { file, content });
    }
    Ok(all)
}

fn stamped(platform: &Platform, file: &str, text: &str) -> Result<String> {
    let mut out = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let line = stamp(platform, line).with_context(|| format!("{file}:{}", index + 1))?;
        out += &line;
    }
    Ok(out)
}

fn stamp(platform: &Platform, line: &str) -> Result<String> {
    let Some((statement, fact)) = line.split_once(STAMP) else {
        let pack = format!("{}/{}/", platform.org, platform.repo);
        if line.contains(&pack) {
            bail!(
                "`{}` names this pack and would not follow it into a fork; end the line with `{STAMP}{}`",
                line.trim(),
                ADDRESSES[usize::from(!line.contains('@'))].0
            );
        }
        return Ok(line.to_owned());
    };
    let (statement, fact) = (statement.trim_end(), fact.trim_end());
    let statement = match ADDRESSES.iter().find(|(name, _)| *name == fact) {
        Some((_, with_ref)) => address(platform, statement, *with_ref)?,
        None if fact == "org" && statement.contains(" @") => owners(platform, statement),
        None => value(platform, statement, fact)?,
    };
    Ok(format!("{statement} {STAMP}{fact}\n"))
}

/// A pattern and the teams that own what it covers, as teams of this organisation. Persons stay.
fn owners(platform: &Platform, statement: &str) -> String {
    let owner = |word: &str| match word.strip_prefix('@').and_then(|team| team.split_once('/')) {
        Some((_, team)) => format!("@{}/{team}", platform.org),
        None => word.to_owned(),
    };
    statement
        .split(' ')
        .map(owner)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `key: value`, or an item `- value`, with the fact as its value.
fn value(platform: &Platform, statement: &str, fact: &str) -> Result<String> {
    let facts = platform.facts();
    let value = facts
        .iter()
        .find_map(|(name, value)| (*name == fact).then_some(value))
        .with_context(|| format!("platform.toml has no fact `{fact}`"))?;
    if let Some((key, _)) = statement.split_once(": ") {
        return Ok(format!("{key}: {value}"));
    }
    let item = statement
        .find("- ")
        .filter(|at| statement[..*at].trim().is_empty());
    let at = item.with_context(|| {
        format!(
            "`{}` is neither `key: value` nor `- value`",
            statement.trim()
        )
    })?;
    Ok(format!("{}- {value}", &statement[..at]))
}

/// `ORG/REPO/path`, and `@REF` behind it, with this pack as ORG, REPO and REF.
fn address(platform: &Platform, statement: &str, with_ref: bool) -> Result<String> {
    let Platform {
        org,
        repo,
        reference,
        ..
    } = platform;
    let parts = || {
        let (before, path) = statement.split_once('/')?;
        let (_, path) = path.split_once('/')?;
        // What stands before ORG: the indentation, and `- uses: ` where it is a step.
        let key = before.rfind(' ').map_or(0, |space| space + 1);
        let path = if with_ref {
            path.rsplit_once('@')?.0
        } else {
            path
        };
        Some((before.get(..key)?, path))
    };
    let form = if with_ref {
        "ORG/REPO/path@REF"
    } else {
        "ORG/REPO/path"
    };
    let (key, path) = parts().with_context(|| format!("`{}` has no `{form}`", statement.trim()))?;
    let reference = if with_ref {
        format!("@{reference}")
    } else {
        String::new()
    };
    Ok(format!("{key}{org}/{repo}/{path}{reference}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fork() -> Platform {
        Platform {
            org: "Your-Org".into(),
            repo: "golden-path".into(),
            registry: "registry.example.com".into(),
            reference: "v2.0.0".into(),
            runner: "acme-large".into(),
        }
    }

    #[test]
    fn a_line_gets_the_facts_it_names_and_others_stay() {
        for (line, expected) in [
            (
                "    runs-on: a # platform.toml: runner\n",
                "    runs-on: acme-large # platform.toml: runner\n",
            ),
            (
                "    - a # platform.toml: runner\n",
                "    - acme-large # platform.toml: runner\n",
            ),
            (
                "default: ghcr.io # platform.toml: registry\n",
                "default: registry.example.com # platform.toml: registry\n",
            ),
            (
                "      - uses: a/b/.github/actions/x@v1 # platform.toml: org/repo@ref\n",
                "      - uses: Your-Org/golden-path/.github/actions/x@v2.0.0 # platform.toml: org/repo@ref\n",
            ),
            (
                "  a/b/*: ref-pin # platform.toml: org/repo\n",
                "  Your-Org/golden-path/*: ref-pin # platform.toml: org/repo\n",
            ),
            (
                "* @a/platform @ada  @b/docs # platform.toml: org\n",
                "* @Your-Org/platform @ada  @Your-Org/docs # platform.toml: org\n",
            ),
            (
                "  - uses: actions/checkout@0 # v7\n",
                "  - uses: actions/checkout@0 # v7\n",
            ),
        ] {
            assert_eq!(stamp(&fork(), line).unwrap(), expected);
            assert_eq!(stamp(&fork(), expected).unwrap(), expected, "a second time");
        }
    }

    #[test]
    fn what_would_stay_behind_in_a_fork_is_refused_with_its_place() {
        for (line, message) in [
            (
                "uses: Your-Org/golden-path/.github/workflows/x.yml@v2.0.0\n",
                "org/repo@ref",
            ),
            (
                "Your-Org/golden-path/*: ref-pin\n",
                "# platform.toml: org/repo`",
            ),
            ("runs-on: a # platform.toml: label\n", "no fact `label`"),
            ("ubuntu # platform.toml: runner\n", "neither `key: value`"),
            (
                "uses: a/b/c # platform.toml: org/repo@ref\n",
                "no `ORG/REPO/path@REF`",
            ),
        ] {
            let text = format!("name: x\n{line}");
            let error = stamped(&fork(), "x.yml", &text).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.starts_with("x.yml:2: "), "{error}");
            assert!(error.contains(message), "{error}");
        }
    }
}
