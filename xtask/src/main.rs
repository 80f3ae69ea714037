//! `cargo xtask`: creates services, validates templates and proves both end to end.

mod cli;
mod commands;
mod contract;
mod create;
mod lock;
mod pack;
mod process;
mod render;
mod report;
mod rules;
mod sync;
mod verify;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

/// The tool could not do its work: bad arguments, a missing program, a path that can't be read.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(render::CHILD) {
        return render::run_child();
    }
    let cli = cli::Cli::parse();
    let mut out = io::stdout();
    match commands::run(&cli, &mut out) {
        Ok(code) => code,
        // `cargo xtask list | head -1` is no failure.
        Err(error) if closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

fn closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
