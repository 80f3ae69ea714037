//! `release`: a version of the pack, as a commit that says it everywhere and a second one that records where it is.
//!
//! Everything is judged before anything is written, and written in a work tree of its own: the user's branch moves
//! twice, each time by a complete commit. A run that ends between the two is finished by the same command. Pushes nothing.

mod changelog;
mod repository;
mod scratch;
mod stamp;

use anyhow::{Context, Result, bail};
use semver::Version;

use crate::lint::{self, external::External};
use crate::lock::Mode;
use crate::pack::{Pack, Release, Releases, read, releases};
use crate::report::{Report, few};
use crate::repository::Repository;
use crate::{sync, validate};

use changelog::Changelog;
use repository::{has_root, remote, subject, today};
use scratch::Scratch;

/// What the user asked for.
#[derive(Debug)]
pub struct Request {
    /// The version.
    pub version: Version,
    /// Whether nothing is committed.
    pub dry_run: bool,
    /// Whether a tag is made.
    pub tag: bool,
}

/// How it ended.
#[derive(Debug)]
pub enum Outcome {
    /// The tree has findings: nothing was written.
    Found(Report),
    /// What would have been written.
    Planned(Planned),
    /// The version is there.
    Released(Released),
}

/// What a release would write.
#[derive(Debug)]
pub struct Planned {
    /// The files that the first commit changes; none where that commit is there already.
    pub files: Vec<String>,
    /// The section of the changelog.
    pub section: String,
}

/// What a release has written.
#[derive(Debug)]
pub struct Released {
    /// The commit that is the version.
    pub commit: String,
    /// The commit that records it.
    pub record: String,
    /// What became of the tag.
    pub tag: Tag,
    /// The command that brings it to others.
    pub push: String,
}

/// What became of the tag.
#[derive(Debug, PartialEq, Eq)]
pub enum Tag {
    /// `--no-tag`.
    NotAsked,
    /// It is at the commit that is the version.
    There,
    /// git refused; its reason.
    Refused(String),
}

/// Releases a version.
///
/// # Errors
/// When the version, the repository or the changelog is refused: nothing is written then. When git refuses one of the
/// two commits: the message says which of them stands.
pub fn release(pack: &Pack, request: &Request) -> Result<Outcome> {
    let version = &request.version;
    let repository = Repository::at(&pack.root)?;
    let branch = branch(pack, &repository)?;
    let date = today(&repository)?;
    let known = Releases::read(&pack.root)?;
    judge(pack, &known, version)?;
    let head = repository
        .commit("HEAD")
        .context("the branch has no commit; make one")?;
    let message = format!("Release {version}");
    // What an interrupted run has left: its first commit, and no record of it.
    let stands = pack.version == version.to_string() && subject(&repository, &head)? == message;
    let tagged = tag_stands(&repository, version, stands.then_some(&head))?;
    let changelog = if stands {
        None
    } else {
        let path = pack.root.join(changelog::FILE);
        if !path.exists() {
            bail!(
                "there is no {}; write one with a section `## [Unreleased]`",
                changelog::FILE
            );
        }
        Some(Changelog::parse(read(&path)?, version, &since(&known))?)
    };
    if changelog.is_some() {
        let report = findings(pack)?;
        if report.has_errors() {
            return Ok(Outcome::Found(report));
        }
    }

    let scratch = Scratch::new(&repository)?;
    if let Some(changelog) = &changelog {
        write(&scratch, version, &changelog.released(version, &date))
            .context("cannot write the release; your tree is as it was")?;
    }
    if request.dry_run {
        return Ok(Outcome::Planned(Planned {
            files: scratch.staged()?,
            section: changelog.map_or_else(String::new, |c| c.section(version, &date)),
        }));
    }
    let commit = match changelog {
        None => head,
        Some(_) => scratch.land(&message).with_context(|| {
            format!("cannot commit `{message}` on `{branch}`; your tree is as it was")
        })?,
    };
    let tag = if tagged {
        Tag::There
    } else if request.tag {
        let name = format!("v{version}");
        let args = ["tag", "--annotate", "--message", &message, &name, &commit];
        match repository.git(&args) {
            Ok(_) => Tag::There,
            Err(reason) => Tag::Refused(reason.to_string()),
        }
    } else {
        Tag::NotAsked
    };
    let record = record(&scratch, version, &commit, &date).with_context(|| {
        format!("`{message}` stands on `{branch}` and is not recorded; run `cargo xtask release {version}` again to finish")
    })?;
    let remote = remote(&repository, &branch);
    Ok(Outcome::Released(Released {
        commit,
        record,
        tag,
        push: format!("git push --follow-tags {remote} {branch}"),
    }))
}

/// The branch of a repository that can take commits.
fn branch(pack: &Pack, repository: &Repository) -> Result<String> {
    if !has_root(repository, &pack.root) {
        bail!(
            "`{}` is not the root of a git repository; release in a clone of the pack",
            pack.root.display()
        );
    }
    let Some(branch) = repository.branch() else {
        bail!("HEAD is on no branch; check out the one that is released from: `git switch main`");
    };
    let changes = repository.uncommitted()?;
    if !changes.is_empty() {
        bail!(
            "the tree has changes that are not committed, in {}; commit or stash them",
            few(&changes)
        );
    }
    Ok(branch)
}

/// Whether `version` comes after all others.
fn judge(pack: &Pack, known: &Releases, version: &Version) -> Result<()> {
    if let Some(release) = known.of(version) {
        bail!(
            "{version} is released: commit {} of {}; take a greater version",
            release.commit,
            release.date
        );
    }
    if let Some(newest) = known.newest().filter(|newest| newest.version > *version) {
        bail!(
            "{version} comes before {}, which is released; take a greater version",
            newest.version
        );
    }
    let current = Version::parse(&pack.version).with_context(|| {
        format!(
            "the workspace's version `{}` in Cargo.toml is none; write it as in `1.2.3`",
            pack.version
        )
    })?;
    if current > *version {
        bail!("{version} comes before the workspace's version {current}; take a greater version");
    }
    Ok(())
}

/// Whether the tag of `version` stands at `commit`. It is never moved: services trust it by name.
fn tag_stands(repository: &Repository, version: &Version, commit: Option<&String>) -> Result<bool> {
    let Some(tagged) = repository.commit(&format!("refs/tags/v{version}")) else {
        return Ok(false);
    };
    if Some(&tagged) != commit {
        bail!(
            "there is a tag `v{version}` at another commit, {tagged}; take a greater version, or `git tag --delete v{version}` if nobody has it"
        );
    }
    Ok(true)
}

/// The commits since the last release, as `git log` takes them.
fn since(known: &Releases) -> String {
    let newest = known.newest().and_then(|newest| newest.commit.get(..12));
    newest.map_or_else(|| "HEAD".to_owned(), |commit| format!("{commit}.."))
}

/// What keeps the tree from being released.
fn findings(pack: &Pack) -> Result<Report> {
    let root = Some(pack.root.as_path());
    let mut report = validate::check(root)?;
    if !report.has_errors() {
        report.extend(lint::check(root, External::Off)?.report);
        report.extend(sync::check(pack)?);
    }
    Ok(report)
}

/// Writes all that the first commit holds.
fn write(scratch: &Scratch<'_>, version: &Version, changelog: &str) -> Result<()> {
    let root = scratch.root();
    stamp::stamp(root, version)?;
    sync::write(&Pack::open(Some(root))?, Mode::Keep)?;
    std::fs::write(root.join(changelog::FILE), changelog)
        .with_context(|| format!("cannot write {}", changelog::FILE))
}

/// Makes the second commit.
fn record(scratch: &Scratch<'_>, version: &Version, commit: &str, date: &str) -> Result<String> {
    let path = scratch.root().join(releases::FILE);
    let text = if path.exists() {
        read(&path)?
    } else {
        String::new()
    };
    let release = Release {
        version: version.clone(),
        commit: commit.to_owned(),
        date: date.to_owned(),
    };
    std::fs::write(&path, releases::appended(&text, &release)?)
        .with_context(|| format!("cannot write {}", releases::FILE))?;
    scratch.land(&format!("Record {version} in {}", releases::FILE))
}
