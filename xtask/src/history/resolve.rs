//! From a name (`0.2.0`, `v0.2.0`, a commit, a branch, `.`) to a point of the pack's history.

use std::path::Path;

use anyhow::{Context, Result, bail};
use semver::Version;
use xshell::Shell;

use super::Point;
use crate::pack::{Pack, Platform, Releases};
use crate::process;
use crate::report::Source;
use crate::service::Record;

/// The pack's git history, and which of its commits are releases.
#[derive(Debug)]
pub struct History<'a> {
    pack: &'a Pack,
    releases: Releases,
    shell: Shell,
}

impl<'a> History<'a> {
    pub(super) fn open(pack: &'a Pack) -> Result<Self> {
        let shell = Shell::new()?;
        shell.change_dir(&pack.root);
        let history = Self {
            pack,
            releases: Releases::read(&pack.root)?,
            shell,
        };
        if !pack.root.join(".git").exists() || history.git(&["rev-parse", "HEAD"]).is_err() {
            bail!(
                "{} has no git history, and what a service was made from is looked up there; clone the pack with git",
                pack.root.display()
            );
        }
        Ok(history)
    }

    /// The released versions, oldest first.
    pub fn releases(&self) -> &Releases {
        &self.releases
    }

    /// What an upgrade goes to when nothing is named: the newest release, or what is checked out when its version is
    /// newer than any that releases.toml has.
    ///
    /// # Errors
    /// When nothing has been released.
    pub fn newest(&self) -> Result<Point> {
        let here = Version::parse(&self.pack.version).ok();
        match self.releases.newest() {
            Some(newest) if here.is_none_or(|here| here <= newest.version) => {
                self.at(&newest.version.to_string())
            }
            Some(_) => self.at("HEAD"),
            None => bail!(
                "nothing has been released: releases.toml has no entry; make a release with `cargo xtask release`, or name what to go to with `--to REF`"
            ),
        }
    }

    /// What `reference` names: a released version with or without `v`, a tag, branch or commit of the pack's, or `.` for
    /// the pack as it lies in its folder.
    ///
    /// # Errors
    /// When it names nothing, or a commit that this clone doesn't have.
    pub fn at(&self, reference: &str) -> Result<Point> {
        if reference == "." {
            return Ok(Point {
                version: self.pack.version.clone(),
                commit: self.git(&["rev-parse", "HEAD"])?,
                is_release: false,
                platform: self.pack.platform.clone(),
                work: true,
                root: self.pack.root.clone(),
            });
        }
        let version = reference.strip_prefix('v').unwrap_or(reference);
        let version = Version::parse(version).ok();
        let recorded = version.and_then(|version| self.releases.of(&version));
        if let Some(release) = recorded {
            return self.point(&release.commit, true).with_context(|| {
                format!("cannot look up release {} of the pack", release.version)
            });
        }
        // The tag of a release that releases.toml of this checkout doesn't have yet.
        let commit = self
            .commit(&format!("v{reference}"))
            .or_else(|_| self.commit(reference));
        let Ok(commit) = commit else {
            bail!(
                "the pack has no `{reference}`: it is none of its releases ({}), and no tag, branch or commit of {}",
                self.names(),
                self.pack.root.display()
            );
        };
        let released = self
            .releases
            .all()
            .iter()
            .any(|release| release.commit == commit);
        self.point(&commit, released)
    }

    /// Whether `one` is an earlier commit of the way to `other`.
    pub fn precedes(&self, one: &Point, other: &Point) -> bool {
        let [one, other] = [&one.commit, &other.commit];
        one != other
            && self
                .git(&["merge-base", "--is-ancestor", one, other])
                .is_ok()
    }

    /// What `record` says that its service was made from.
    ///
    /// # Errors
    /// When that is no release, and no commit that the pack has.
    pub fn of_record(&self, record: &Record) -> Result<Point> {
        let named = record.commit.as_deref().unwrap_or(&record.version);
        self.at(named).with_context(|| {
            format!(
                "`{}` was made from {named} of {}; name the commit of this pack that it was made from with `--from REF`",
                record.name(),
                record.pack
            )
        })
    }

    /// The facts that a service was stamped with when it was made from `point`: those that it recorded, or, where it did
    /// not yet, those that the pack had under the recorded name at that version.
    pub fn facts_of_record(&self, record: &Record, point: &Point) -> Result<Platform> {
        if let Some(platform) = &record.platform {
            return Ok(platform.clone());
        }
        let (org, repo) = record.address();
        let fits = |platform: &Platform| platform.org == org && platform.repo == repo;
        if fits(&point.platform) {
            return Ok(point.platform.clone());
        }
        // A fork: its own facts came after the commit that upstream released.
        let commits = self.git(&["log", "--format=%H", "--", "platform.toml"])?;
        for commit in commits.lines() {
            let there = self.point(commit, false);
            if let Ok(there) = there
                && fits(&there.platform)
                && there.version == point.version
            {
                return Ok(there.platform);
            }
        }
        let here = &self.pack.platform;
        if fits(here) && self.pack.version == point.version {
            return Ok(here.clone());
        }
        Ok(Platform {
            org: org.to_owned(),
            repo: repo.to_owned(),
            ..point.platform.clone()
        })
    }

    /// The facts to stamp a service with that goes to `point`: the organisation's of today, and the ref that belongs to
    /// the version.
    pub fn facts_for(&self, point: &Point) -> Platform {
        let here = &self.pack.platform;
        let reference = if point.version == self.pack.version {
            &here.reference
        } else {
            &point.platform.reference
        };
        Platform {
            reference: reference.clone(),
            ..here.clone()
        }
    }

    fn names(&self) -> String {
        let names: Vec<_> = self
            .releases
            .all()
            .iter()
            .map(|release| release.version.to_string())
            .collect();
        if names.is_empty() {
            "none yet".to_owned()
        } else {
            names.join(", ")
        }
    }

    fn point(&self, commit: &str, is_release: bool) -> Result<Point> {
        let file = |name: &str| {
            self.git(&["show", &format!("{commit}:{name}")]).with_context(|| {
                format!(
                    "commit {commit} is not in the history of {}; where it is a part of the history only, fetch the rest with `git fetch --unshallow --tags`",
                    self.pack.root.display()
                )
            })
        };
        let manifest: toml::Table = toml::from_str(&file("Cargo.toml")?)
            .with_context(|| format!("cannot parse Cargo.toml of {commit}"))?;
        let platform = Source::new("platform.toml", file("platform.toml")?);
        let platform = Platform::parse(&platform)
            .map_err(|finding| anyhow::anyhow!("platform.toml of {commit}: {}", finding.message))?;
        Ok(Point {
            version: crate::pack::version(&manifest)
                .map_err(|fault| anyhow::anyhow!("Cargo.toml of {commit}: {fault}"))?,
            commit: commit.to_owned(),
            is_release,
            platform,
            work: false,
            root: self.pack.root.clone(),
        })
    }

    fn commit(&self, reference: &str) -> Result<String> {
        self.git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{reference}^{{commit}}"),
        ])
    }

    fn git(&self, args: &[&str]) -> Result<String> {
        git(&self.shell, &self.pack.root, args)
    }
}

fn git(shell: &Shell, root: &Path, args: &[&str]) -> Result<String> {
    let output = process::git(shell, args)
        .quiet()
        .ignore_status()
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`git {}` failed in {}: {}",
            args.join(" "),
            root.display(),
            said.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .trim_end_matches('\n')
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Answers;

    /// A pack with a template, of which `0.1.0` was released, then adopted by `AcmeCorp`, then `0.2.0`.
    fn pack() -> (tempfile::TempDir, Pack, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let shell = Shell::new().unwrap();
        shell.change_dir(&root);
        process::git(&shell, &["init", "-q", "-b", "main"])
            .run()
            .unwrap();
        let mut commits = Vec::new();
        for (version, org) in [
            ("0.1.0", "upstream"),
            ("0.1.0", "AcmeCorp"),
            ("0.2.0", "AcmeCorp"),
        ] {
            for (path, text) in [
                ("Cargo.toml", format!("[workspace.package]\nversion = \"{version}\"\n")),
                ("cargo-generate.toml", "[template]\nsub_templates = [\"template-x\"]\n".into()),
                ("platform.toml", format!("org = \"{org}\"\nrepo = \"r\"\nregistry = \"ghcr.io\"\nref = \"v{version}\"\nrunner = \"u\"\n")),
                ("template-x/cargo-generate.toml", "[template]\nfmt = false\n[placeholders.team]\ntype = \"string\"\nprompt = \"?\"\ndefault = \"a\"\n[hooks]\npre = [\"hooks/facts.rhai\"]\npost = [\"hooks/end.rhai\"]\n".into()),
                ("template-x/hooks/facts.rhai", format!("variable::set(\"org\", \"{org}\");\nvariable::set(\"ref\", \"v{version}\");\nvariable::set(\"pack_version\", \"{version}\");\n")),
                ("template-x/hooks/end.rhai", "file::delete(\"hooks\");\n".into()),
                ("template-x/of", "{{ org }} {{ ref }} {{ pack_version }} {{ team }}\n".into()),
            ] {
                let path = root.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            for args in [
                &["add", "-A"][..],
                &[
                    "-c",
                    "user.name=x",
                    "-c",
                    "user.email=x@x",
                    "commit",
                    "-q",
                    "-m",
                    "x",
                ],
            ] {
                process::git(&shell, args).run().unwrap();
            }
            commits.push(process::git(&shell, &["rev-parse", "HEAD"]).read().unwrap());
        }
        let entry = |version: &str, commit: &str| {
            format!(
                "[[release]]\nversion = \"{version}\"\ncommit = \"{commit}\"\ndate = \"2026-01-01\"\n"
            )
        };
        let releases = [entry("0.1.0", &commits[0]), entry("0.2.0", &commits[2])].concat();
        std::fs::write(root.join("releases.toml"), releases).unwrap();
        let pack = Pack::open(Some(&root)).unwrap();
        (dir, pack, commits)
    }

    fn record(text: &str) -> Record {
        Record::parse(&format!("[template]\nname = \"template-x\"\n{text}\n[values]\nproject-name = \"orders\"\nteam = \"b\"\n")).unwrap()
    }

    #[test]
    fn a_name_is_a_release_a_commit_or_the_folder() {
        let (_dir, pack, commits) = pack();
        let history = History::open(&pack).unwrap();
        for (name, commit, called) in [
            ("0.1.0", 0, "0.1.0"),
            ("v0.2.0", 2, "0.2.0"),
            (&commits[1][..], 1, "0.1.0 at "),
            ("main", 2, "0.2.0"),
            (".", 2, ", as it lies in its folder"),
        ] {
            let point = history.at(name).unwrap();
            assert_eq!(point.commit, commits[commit], "{name}");
            assert!(point.name().contains(called), "{}", point.name());
        }
        assert_eq!(history.newest().unwrap().commit, commits[2]);
        let error = format!("{:#}", history.at("0.3.0").unwrap_err());
        assert!(
            error.contains("no `0.3.0`") && error.contains("0.1.0, 0.2.0"),
            "{error}"
        );
    }

    #[test]
    fn a_fork_s_service_has_the_fork_s_facts() {
        let (_dir, pack, _) = pack();
        let history = History::open(&pack).unwrap();
        for (recorded, org, reference) in [
            (
                "version = \"0.1.0\"\npack = \"upstream/r\"",
                "upstream",
                "v0.1.0",
            ),
            (
                "version = \"0.1.0\"\npack = \"AcmeCorp/r\"",
                "AcmeCorp",
                "v0.1.0",
            ),
            ("version = \"0.1.0\"\npack = \"Other/r\"", "Other", "v0.1.0"),
            (
                "version = \"0.2.0\"\npack = \"A/r\"\n[platform]\norg = \"A\"\nrepo = \"r\"\nregistry = \"x\"\nref = \"v9.0.0\"\nrunner = \"u\"",
                "A",
                "v9.0.0",
            ),
        ] {
            let record = record(recorded);
            let point = history.of_record(&record).unwrap();
            let facts = history.facts_of_record(&record, &point).unwrap();
            assert_eq!((&*facts.org, &*facts.reference), (org, reference));
        }
    }

    #[test]
    fn a_template_is_taken_out_of_its_commit_and_answers_are_its_own() {
        let (_dir, pack, _) = pack();
        let history = History::open(&pack).unwrap();
        let past = history.at("0.1.0").unwrap().template("template-x").unwrap();
        let files = [
            "cargo-generate.toml",
            "hooks/end.rhai",
            "hooks/facts.rhai",
            "of",
        ];
        assert_eq!(past.template.files, files);
        let facts = std::fs::read_to_string(past.template.dir.join("hooks/facts.rhai")).unwrap();
        assert!(facts.contains("\"upstream\""), "{facts}");
        let recorded = Answers::from([("team".into(), "b".into()), ("gone".into(), "c".into())]);
        assert_eq!(
            past.answers(&recorded).unwrap(),
            Answers::from([("team".into(), "b".into())])
        );
        assert_eq!(past.answers(&Answers::new()).unwrap()["team"], "a");
    }

    #[test]
    fn what_the_pack_does_not_have_is_said_with_the_remedy() {
        let (_dir, pack, _) = pack();
        let history = History::open(&pack).unwrap();
        let unknown = record("version = \"0.0.9\"\npack = \"upstream/r\"");
        let error = format!("{:#}", history.of_record(&unknown).unwrap_err());
        assert!(
            error.contains("`orders` was made from 0.0.9") && error.contains("`--from REF`"),
            "{error}"
        );
        let error = format!(
            "{:#}",
            history
                .at("0.1.0")
                .unwrap()
                .template("template-y")
                .unwrap_err()
        );
        assert!(
            error.starts_with("the pack has no template `template-y` in 0.1.0"),
            "{error}"
        );
    }
}
