//! The command line, as data.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::create::Define;
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
    /// Say what a rule catches, why, and what to do
    ///
    /// Example: cargo xtask explain undefined-variable
    Explain {
        /// The rule's id
        rule: String,
    },
    /// Write everything that is derived: stamped facts, lock files, generated docs
    ///
    /// Example: cargo xtask sync --check
    Sync(Sync),
    /// Prove everything: self, validate, render, build, boot, image
    ///
    /// What this machine lacks is skipped by name with its reason. Exits 1 when a gate fails.
    /// Example: cargo xtask verify --template axum --stage build --case metrics=none
    Verify(Verify),
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
