//! The command line, as data.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};

use crate::bench::Group;
use crate::create::Define;
use crate::lint::external::External;
use crate::pack::Matrix;
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
    /// Prove everything: self, validate, lint, render, build, boot, image
    ///
    /// What this machine lacks is skipped by name with its reason. Exits 1 when a gate fails.
    /// Example: cargo xtask verify --template axum --stage build --case metrics=none
    Verify(Verify),
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
