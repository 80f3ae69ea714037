//! Recorded releases against the repository's history: services are upgraded from what these commits hold.

use std::path::Path;

use anyhow::Result;

use crate::pack::{Release, Releases, read, releases, version_in};
use crate::report::Source;
use crate::repository::{self, Repository};
use crate::verify::gate::Verdict;

/// Why the history of the pack at `root` can't be asked, or nothing when it can: a shallow clone, or one that was begun
/// anew, lacks the commits. One that has some of them and lacks others can be asked, and is wrong.
pub(in crate::verify) fn missing(root: &Path) -> Option<String> {
    // A broken file is for the gate to say.
    let releases = Releases::read(root).ok()?;
    let newest = releases.newest()?;
    if !repository::is_top(root) {
        return Some("no git repository here; clone the pack".to_owned());
    }
    let repository = Repository::at(root).ok()?;
    let there = |release: &&Release| repository.commit(&release.commit).is_some();
    let shallow = repository.says(&["rev-parse", "--is-shallow-repository"]);
    let shallow = shallow.as_deref() == Some("true");
    let lacking = releases.all().iter().rev().find(|r| !there(r))?;
    let none = lacking == newest && !releases.all().iter().any(|release| there(&release));
    (shallow || none).then(|| {
        format!(
            "the history here lacks commit {} of release {}; `git fetch --unshallow --tags`",
            short(&lacking.commit),
            lacking.version
        )
    })
}

/// Whether each recorded commit is an ancestor of HEAD, says the recorded version, and has no tag elsewhere.
pub(super) fn releases(root: &Path) -> Result<Verdict> {
    let all = Releases::read(root)?;
    let path = root.join(releases::FILE);
    let text = if path.exists() {
        read(&path)?
    } else {
        String::new()
    };
    let source = Source::new(releases::FILE, text);
    let repository = Repository::at(root)?;
    let mut faults = Vec::new();
    for release in all.all() {
        if let Some(fault) = fault(&repository, release) {
            let at = source.text.find(&release.commit).unwrap_or_default();
            let (line, column) = source.position(at);
            faults.push(format!("{}:{line}:{column}: {fault}", releases::FILE));
        }
    }
    Ok(if faults.is_empty() {
        Verdict::Passed(match all.all().len() {
            0 => "no release yet".to_owned(),
            1 => "1 release".to_owned(),
            many => format!("{many} releases"),
        })
    } else {
        Verdict::Failed(faults.join("\n"))
    })
}

/// What is wrong with a release, and what to do.
fn fault(repository: &Repository, release: &Release) -> Option<String> {
    let Release {
        version, commit, ..
    } = release;
    let name = short(commit);
    if !repository.is_ancestor(commit, "HEAD") {
        return Some(format!(
            "commit {name} of release {version} is not in the history of HEAD; record the commit `Release {version}` of this branch, or merge the branch that has it"
        ));
    }
    let manifest = repository.text(commit, "Cargo.toml");
    let says = manifest.as_deref().and_then(version_in);
    if says.as_deref() != Some(&version.to_string()) {
        return Some(format!(
            "Cargo.toml of commit {name} says version {}, and {version} is recorded; record the commit `Release {version}`",
            says.as_deref().unwrap_or("nothing")
        ));
    }
    let tagged = repository.commit(&format!("refs/tags/v{version}"));
    let tagged = tagged.filter(|tagged| tagged != commit)?;
    Some(format!(
        "the tag `v{version}` is at {}, and release {version} at {name}; services trust the tag: find out which is right, and never move a tag that others have",
        short(&tagged)
    ))
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use semver::Version;

    use super::*;

    struct Made(tempfile::TempDir);

    impl Made {
        /// With a commit for each of `versions`.
        fn new(versions: &[&str]) -> (Self, Vec<String>) {
            let made = Self(tempfile::tempdir().unwrap());
            let repository = Repository::begun(made.root());
            let commit = |version: &&str| {
                let text = format!("[workspace.package]\nversion = \"{version}\"\n");
                fs::write(made.root().join("Cargo.toml"), text).unwrap();
                repository.committed(version)
            };
            let commits = versions.iter().map(commit).collect();
            (made, commits)
        }

        fn root(&self) -> &Path {
            self.0.path()
        }

        fn git(&self, args: &[&str]) {
            Repository::at(self.root()).unwrap().done(args);
        }

        fn record(&self, entries: &[(&str, &str)]) {
            let mut text = String::new();
            for (version, commit) in entries {
                let release = Release {
                    version: Version::parse(version).unwrap(),
                    commit: (*commit).to_owned(),
                    date: "2026-11-27".to_owned(),
                };
                text = releases::appended(&text, &release).unwrap();
            }
            fs::write(self.root().join(releases::FILE), text).unwrap();
        }

        fn says(&self) -> String {
            match releases(self.root()).unwrap() {
                Verdict::Passed(text) | Verdict::Failed(text) => text,
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_record_that_leads_elsewhere_is_found_at_its_place() {
        let (repository, commits) = Made::new(&["0.1.0", "0.2.0", "0.2.0"]);
        assert_eq!(repository.says(), "no release yet");
        let (first, second) = (commits[0].as_str(), commits[1].as_str());
        repository.record(&[("0.1.0", first), ("0.2.0", second)]);
        assert_eq!(missing(repository.root()), None);
        assert_eq!(repository.says(), "2 releases");
        repository.git(&["tag", "v0.2.0", second]);
        assert_eq!(repository.says(), "2 releases");

        repository.git(&["tag", "--force", "v0.2.0", &commits[2]]);
        let expected = format!(
            "releases.toml:10:11: the tag `v0.2.0` is at {}",
            short(&commits[2])
        );
        assert!(
            repository.says().starts_with(&expected),
            "{}",
            repository.says()
        );

        repository.record(&[("0.1.0", first), ("0.3.0", second)]);
        let expected = "releases.toml:10:11: Cargo.toml of commit";
        assert!(
            repository.says().starts_with(expected),
            "{}",
            repository.says()
        );
        assert!(repository.says().contains("says version 0.2.0, and 0.3.0"));

        repository.record(&[("0.1.0", first), ("0.2.0", &"b".repeat(40))]);
        assert_eq!(missing(repository.root()), None, "only some are lacking");
        assert!(repository.says().contains("is not in the history of HEAD"));

        repository.record(&[("0.1.0", first), ("0.2.0", second)]);
        repository.git(&["checkout", "--quiet", first]);
        assert!(repository.says().contains("is not in the history of HEAD"));
    }

    #[test]
    fn a_history_without_the_commits_is_said_to_lack_them() {
        let (repository, commits) = Made::new(&["0.1.0", "0.1.1"]);
        repository.record(&[("0.1.0", &commits[0])]);
        let shallow = tempfile::tempdir().unwrap();
        let url = format!("file://{}", repository.root().display());
        let path = shallow.path().join("clone");
        let args = [
            "clone",
            "--quiet",
            "--depth=1",
            &url,
            path.to_str().unwrap(),
        ];
        repository.git(&args);
        let copy = |to: &Path| {
            fs::copy(
                repository.root().join(releases::FILE),
                to.join(releases::FILE),
            )
        };
        copy(&path).unwrap();
        let reason = missing(&path).unwrap();
        let expected = format!("lacks commit {} of release 0.1.0; ", short(&commits[0]));
        assert!(
            reason.contains(&expected) && reason.contains("--unshallow"),
            "{reason}"
        );

        let (anew, _) = Made::new(&["0.1.1"]);
        assert_eq!(missing(anew.root()), None, "nothing is recorded");
        copy(anew.root()).unwrap();
        assert!(missing(anew.root()).unwrap().contains(&expected));

        let archive = tempfile::tempdir().unwrap();
        copy(archive.path()).unwrap();
        assert!(
            missing(archive.path())
                .unwrap()
                .contains("no git repository")
        );
    }
}
