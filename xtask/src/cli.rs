//! The command line, as data.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use semver::Version;

use crate::bench::Group;
use crate::create::Define;
use crate::lint::external::External;
use crate::pack::{Matrix, releases};
use crate::report::Format;

/// Creates services, validates templates and proves both end to end.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
pub struct Cli {
    /// The pack to work on [default: the repository that holds xtask]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How results are printed
    #[arg(long, global = true, value_enum, default_value = "human")]
    pub format: Format,
    /// Print results only: no progress, no hints
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create something new from a template
    #[command(subcommand)]
    Create(Create),
    /// Make a template
    #[command(subcommand)]
    Template(Template),
    /// List the templates with their options
    ///
    /// Example: cargo xtask list --format json
    List,
    /// Hold every template and hook against the template rules
    ///
    /// Exits 1 on findings. Example: cargo xtask validate --format github
    Validate,
    /// Hold workflows and actions against the workflow rules: the pack's own, and those that its templates render
    ///
    /// Of a repository that is no pack, those in its `.github` alone. Where they are on PATH, actionlint, zizmor and
    /// shellcheck are asked too, hadolint about rendered Dockerfiles and `docker compose config` about rendered compose
    /// files. Exits 1 on errors; warnings are shown.
    /// Example: cargo xtask lint --root ../orders --external require
    Lint(Lint),
    /// Plant faults in copies of the pack, and see that `validate` and `lint` find them
    ///
    /// Exits 1 when one is missed. Example: cargo xtask selftest D6
    Selftest(Selftest),
    /// Say what a rule catches, why, and what to do
    ///
    /// Example: cargo xtask explain D6-deploy-concurrency
    Explain {
        /// The rule's id; of a workflow rule its code will do, such as D6
        rule: String,
    },
    /// Write everything that is derived: stamped facts, lock files, generated docs
    ///
    /// Example: cargo xtask sync --check
    Sync(Sync),
    /// Bring a service to a newer version of what it was made from, with its own changes kept
    ///
    /// Files are merged by whose they are: the platform's replaced, shared ones merged three ways, yours left alone. Refuses
    /// a service with changes that are not committed; commits nothing. Exits 1 when something has to be decided.
    /// Example: cargo xtask upgrade ../orders --branch idp/upgrade
    Upgrade(Upgrade),
    /// Release a version of the pack: stamp it, commit, tag, record
    ///
    /// Gives `## [Unreleased]` in CHANGELOG.md the version, writes it into everything that carries it, commits, tags
    /// `vX.Y.Z` where git allows, and records the commit in releases.toml with a second commit. Refuses a tree that is
    /// not committed or has findings; those exit 1. Run it again to finish what was interrupted. Pushes nothing.
    /// Example: cargo xtask release 1.2.3 --dry-run
    Release(Release),
    /// Make a fork the organisation's own: platform.toml, and everything that is derived from it
    ///
    /// Facts that are not given stay as they are. Commits nothing; adopting twice changes nothing. Changes that are not
    /// committed are refused. docs/forking.md says how to go on, and how to take what upstream has changed since.
    /// Example: cargo xtask adopt --org your-org --repo golden-path --registry registry.example.com --dry-run
    Adopt(Adopt),
    /// Prove everything: self, validate, lint, render, build, boot, image
    ///
    /// What this machine lacks is skipped by name with its reason. Exits 1 when a gate fails.
    /// Example: cargo xtask verify --template axum --stage build --case metrics=none
    Verify(Verify),
    /// Say how far services are from what the pack renders: versions, platform files, answers, references
    ///
    /// Compares each service as it lies in its folder with what its recorded version rendered, and with the newest one.
    /// Writes nothing, and asks nobody on the network. Exits 1 on drift, and 2 when a service could not be looked at;
    /// the others are reported all the same.
    /// Example: cargo xtask drift ../orders ../payments --markdown drift.md
    Drift(Drift),
    /// Measure, beside references taken in the same run
    ///
    /// `service` builds in release and compares with bare axum handlers, and with FastAPI where `--python` is given;
    /// `lint` builds xtask in release and compares with actionlint; `create` times `create service`; `verify` times its
    /// stages. Prints figures and targets; exits 0 whatever they are, unless `--gate` is given.
    /// Example: cargo xtask bench service --only pinned --rounds 3
    Bench(Bench),
}

/// What can be created.
#[derive(Debug, Subcommand)]
pub enum Create {
    /// Create a service
    ///
    /// Asks for what is missing on a terminal, and never asks without one.
    /// Example: cargo xtask create service orders --template axum -d metrics=none
    Service(CreateService),
}

/// Arguments of `create service`.
#[derive(Debug, Args)]
pub struct CreateService {
    /// The service's name: a-z, 0-9 and single dashes, at most 50 characters
    pub name: String,
    /// The template: `axum` or `template-axum`
    #[arg(long, short, value_name = "T", default_value = "axum")]
    pub template: String,
    /// The folder that gets the service's folder [default: here, or beside the pack when here is inside it]
    #[arg(long, value_name = "PARENT")]
    pub dir: Option<PathBuf>,
    /// Answer a question of the template's; `cargo xtask list` names them
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub define: Vec<Define>,
    /// Take the defaults for what is not given, and don't ask
    #[arg(long)]
    pub defaults: bool,
    /// Don't initialise git
    #[arg(long)]
    pub no_git: bool,
}

/// What can be done with templates.
#[derive(Debug, Subcommand)]
pub enum Template {
    /// Make a template from the pack's first one: registered, in sync, validated and verified
    ///
    /// Its services keep the whole contract before a line of it is edited. Exits 1 when `validate` or a gate of `verify` finds
    /// something; when the template can't be made nothing is written.
    /// Example: cargo xtask template new worker --description "a consumer of a queue"
    New(TemplateNew),
}

/// Arguments of `template new`.
#[derive(Debug, Args)]
pub struct TemplateNew {
    /// The template's name, such as `worker` or `template-worker`: a-z, 0-9 and single dashes, at most 40 characters
    pub name: String,
    /// What its services are, in a line
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Don't render, build and boot it
    #[arg(long)]
    pub no_verify: bool,
}

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Which other tools are asked
    #[arg(long, value_enum, default_value = "auto")]
    pub external: External,
}

/// Arguments of `sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// Write nothing; exit 1 and name what differs
    #[arg(long, conflicts_with = "update_locks")]
    pub check: bool,
    /// Move the versions in the templates' lock files to the newest that fit
    #[arg(long)]
    pub update_locks: bool,
}

/// Arguments of `release`.
#[derive(Debug, Args)]
pub struct Release {
    /// The version, greater than every one before
    #[arg(value_name = "X.Y.Z", value_parser = release_version)]
    pub version: Version,
    /// Commit nothing; print what would change
    #[arg(long)]
    pub dry_run: bool,
    /// Make no tag
    #[arg(long)]
    pub no_tag: bool,
}

/// Arguments of `drift`.
#[derive(Debug, Args)]
pub struct Drift {
    /// The services' folders
    #[arg(required = true, value_name = "DIR")]
    pub dirs: Vec<PathBuf>,
    /// What to compare with: a version, or a tag, branch or commit of the pack, or `.` for the pack as it lies in its
    /// folder [default: the newest release]
    #[arg(long, value_name = "REF")]
    pub to: Option<String>,
    /// Also write what was found as a Markdown page; `-` prints the page and nothing else
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
}

/// Arguments of `adopt`.
#[derive(Debug, Args)]
pub struct Adopt {
    /// The organisation or user that owns the fork, spelt as its host spells it
    #[arg(long, value_name = "ORG")]
    pub org: Option<String>,
    /// The fork's name
    #[arg(long, value_name = "REPO")]
    pub repo: Option<String>,
    /// Where images are pushed, such as ghcr.io or registry.example.com:5000/platform
    #[arg(long, value_name = "HOST")]
    pub registry: Option<String>,
    /// The version (vX.Y.Z) or commit (40 hex digits) of the fork whose workflows services call
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,
    /// The label of the runner that jobs ask for
    #[arg(long, value_name = "LABEL")]
    pub runner: Option<String>,
    /// Take the facts that are not given from the platform.toml of this commit
    #[arg(long, value_name = "COMMIT")]
    pub facts_of: Option<String>,
    /// Print what would change as a unified diff, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Go on where there are changes that are not committed
    #[arg(long)]
    pub allow_dirty: bool,
}

/// Arguments of `selftest`.
#[derive(Debug, Args)]
pub struct Selftest {
    /// Only faults with this in their name or rule; of a workflow rule its code will do, such as D6
    #[arg(value_name = "FAULT")]
    pub wanted: Option<String>,
    /// Print the faults and plant none
    #[arg(long)]
    pub list: bool,
}

/// Arguments of `upgrade`.
#[derive(Debug, Args)]
pub struct Upgrade {
    /// The service's folder
    pub dir: PathBuf,
    /// A release, tag, branch or commit of the pack, or `.` for the pack as it lies in its folder [default: the newest release]
    #[arg(long, value_name = "REF")]
    pub to: Option<String>,
    /// What the service was made from, where its record names what this pack doesn't know
    #[arg(long, value_name = "REF")]
    pub from: Option<String>,
    /// Answer a question anew
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub define: Vec<Define>,
    /// Write on a new branch of this name
    #[arg(long, value_name = "NAME")]
    pub branch: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also write the report as Markdown, as the body of a pull request; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Only this template; may be given again
    #[arg(long, value_name = "T")]
    pub template: Vec<String>,
    /// Only this combination of options, such as metrics=none; may be given again
    #[arg(long, value_name = "C")]
    pub case: Vec<String>,
    /// Only this stage; may be given again
    #[arg(long, value_name = "S")]
    pub stage: Vec<String>,
    /// Of the service contract only this check or number, such as S7; may be given again
    #[arg(long, value_name = "CHECK")]
    pub check: Vec<String>,
    /// Which combinations of options
    #[arg(long, value_enum, default_value = "default")]
    pub matrix: Matrix,
    /// Fail instead of skipping when these are missing, such as docker,act
    #[arg(long, value_name = "TOOL", value_delimiter = ',')]
    pub require: Vec<String>,
    /// Print the plan and run nothing
    #[arg(long)]
    pub list: bool,
    /// Go on after a gate has failed
    #[arg(long)]
    pub keep_going: bool,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BenchOf {
    /// A rendered service
    Service,
    /// `lint`, beside actionlint
    Lint,
    /// `create service`
    Create,
    /// The stages of `verify`
    Verify,
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct Bench {
    /// What to measure
    #[arg(value_enum, default_value = "service")]
    pub what: BenchOf,
    /// The template: `axum` or `template-axum`
    #[arg(long, value_name = "T", default_value = "axum")]
    pub template: String,
    /// A combination of options, such as metrics=none [default: the defaults]; database=postgres starts a PostgreSQL of
    /// its own, and metrics=otlp a collector
    #[arg(long, value_name = "C")]
    pub case: Option<String>,
    /// Only these figures of a service; may be given again
    #[arg(long, value_enum)]
    pub only: Vec<Group>,
    /// Rounds, each with a reading of what is measured and one of its reference
    #[arg(long, value_name = "N", default_value = "5", value_parser = value_parser!(u32).range(1..=100))]
    pub rounds: u32,
    /// Seconds of one reading under load
    #[arg(long, value_name = "N", default_value = "4", value_parser = value_parser!(u32).range(1..=60))]
    pub seconds: u32,
    /// Requests a second where the rate is fixed
    #[arg(long, value_name = "N", default_value = "20000", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub rate: u32,
    /// Also load a service by half of what it takes for so long, such as 10m, and watch its memory; its log is emptied
    /// whenever it reaches 64 MiB, and removed at the end
    #[arg(long, value_name = "TIME", value_parser = bench_time)]
    pub soak: Option<Duration>,
    /// A Python with fastapi and uvicorn, for the group `twin` [default: the variable `IDP_BENCH_PYTHON`]
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// Exit 1 when a figure misses its floor: for a machine that does nothing else
    #[arg(long)]
    pub gate: bool,
}

/// `1.2.3`.
fn release_version(text: &str) -> Result<Version, String> {
    releases::plain(text)
        .ok_or_else(|| "write three numbers, as in 1.2.3; the tag gets its `v` by itself".into())
}

/// `90s` or `10m`.
fn bench_time(text: &str) -> Result<Duration, String> {
    let (number, unit) = match (text.strip_suffix('s'), text.strip_suffix('m')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 60),
        _ => ("", 0),
    };
    let seconds = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(unit));
    match seconds {
        Some(seconds @ 10..=3600) => Ok(Duration::from_secs(seconds)),
        Some(_) => Err("give 10s to 60m".into()),
        None => Err("write it as 90s or 10m".into()),
    }
}
