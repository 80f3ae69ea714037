//! Commands that write to GitHub, or ask it who they are.

use super::super::model::shell::{Command, Script, Word};
use super::token::{is_own, variable};
use super::{At, Grant, Need};

/// What `gh` does, and one of the grants that it takes.
const GH: &[(&str, &[&str], &[Grant])] = &[
    (
        "release",
        &["create", "upload", "edit", "delete", "delete-asset"],
        &[("contents", "write")],
    ),
    (
        "pr",
        &["create", "review", "ready", "close", "reopen", "merge"],
        &[("pull-requests", "write")],
    ),
    (
        "pr",
        &["comment", "edit"],
        &[("pull-requests", "write"), ("issues", "write")],
    ),
    (
        "issue",
        &["create", "close", "reopen", "delete", "transfer", "pin"],
        &[("issues", "write")],
    ),
    (
        "issue",
        &["comment", "edit"],
        &[("issues", "write"), ("pull-requests", "write")],
    ),
    ("workflow", &["run"], &[("actions", "write")]),
    (
        "run",
        &["cancel", "rerun", "delete"],
        &[("actions", "write")],
    ),
    ("cache", &["delete"], &[("actions", "write")]),
];

/// Signs with who the job is.
const SIGNS: [&str; 4] = ["attest", "attest-blob", "sign", "sign-blob"];

/// What makes `cosign` sign as somebody else.
const SIGNERS: [&str; 6] = [
    "--key",
    "-key",
    "--sk",
    "--identity-token",
    "--certificate",
    "--help",
];

/// What the commands of a step need.
pub fn needs(at: At<'_>) -> Vec<Need> {
    let Some(run) = at.step.run() else {
        return Vec::new();
    };
    let text = run.text().unwrap_or_default();
    // To read a script costs more than this.
    if !text.contains("gh ") && !text.contains("cosign ") {
        return Vec::new();
    }
    let Some(script) = Script::of(run, &at.file.source.text) else {
        return Vec::new();
    };
    // A token that the script gets itself may be anybody's.
    let is_told = ["GH_TOKEN=", "GITHUB_TOKEN=", "gh auth", "SIGSTORE_ID_TOKEN"];
    if is_told.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let read = |command: &Command| match command.name() {
        "gh" => of_gh(at, command),
        "cosign" => of_cosign(at, command),
        _ => None,
    };
    script.commands.iter().filter_map(read).collect()
}

fn of_gh(at: At<'_>, command: &Command) -> Option<Need> {
    let words = command.call();
    let (noun, verb) = (&words.get(1)?.text, &words.get(2)?.text);
    let (.., any) = GH
        .iter()
        .find(|(known, verbs, _)| known == noun && verbs.contains(&verb.as_str()))?;
    let token = variable(at, "GH_TOKEN").or_else(|| variable(at, "GITHUB_TOKEN"))?;
    let elsewhere = ["GH_HOST", "GH_ENTERPRISE_TOKEN"];
    if !is_own(at, token)
        || elsewhere.iter().any(|name| variable(at, name).is_some())
        || words.iter().any(is_harmless)
        || !is_here(at, words)
    {
        return None;
    }
    Some(Need {
        by: format!("`gh {noun} {verb}`"),
        any: any.to_vec(),
    })
}

fn is_harmless(word: &Word) -> bool {
    matches!(word.text.as_str(), "--dry-run" | "--help" | "-h" | "--web")
}

/// Whether the repository that is meant is the workflow's own.
fn is_here(at: At<'_>, words: &[Word]) -> bool {
    let own = |text: &str| {
        let text: String = text.split_whitespace().collect();
        [
            "$GITHUB_REPOSITORY",
            "${GITHUB_REPOSITORY}",
            "${{github.repository}}",
        ]
        .contains(&text.as_str())
    };
    if let Some(node) = variable(at, "GH_REPO")
        && !node.text().is_some_and(own)
    {
        return false;
    }
    let mut rest = words.iter().map(|word| word.text.as_str());
    while let Some(word) = rest.next() {
        let named = match word {
            "-R" | "--repo" => rest.next(),
            _ => word.strip_prefix("--repo="),
        };
        if named.is_some_and(|named| !own(named)) {
            return false;
        }
    }
    true
}

fn of_cosign(at: At<'_>, command: &Command) -> Option<Need> {
    let words = command.call();
    let verb = words.get(1)?.text.as_str();
    let by_key = words.iter().any(|word| {
        let name = word.text.split('=').next().unwrap_or_default();
        SIGNERS.contains(&name)
    });
    // A word that holds more than one may hold any option.
    let is_open = words.iter().skip(2).any(|word| {
        let text = word.text.as_str();
        text.starts_with('$') && !text.contains(['/', '@', ':'])
    });
    let hosted = at.job.is_none_or(|(_, job)| job.is_hosted());
    (SIGNS.contains(&verb)
        && !by_key
        && !is_open
        && hosted
        && variable(at, "COSIGN_KEY").is_none()
        && variable(at, "SIGSTORE_ID_TOKEN").is_none())
    .then(|| Need {
        by: format!("`cosign {verb}` without a key"),
        any: vec![("id-token", "write")],
    })
}
