//! `cargo xtask`: creates services, validates templates and proves both end to end.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use xtask::{RENDER_CHILD, cli, commands, let_ctrl_c_clean_up, run_render_child};

/// The tool could not do its work: bad arguments, a missing program, a path that can't be read.
const FAILED: u8 = 2;

/// What a shell reports for a program that SIGPIPE ended: it must not pass for a run that came to its end.
const CLOSED_PIPE: u8 = 141;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|arg| arg == RENDER_CHILD)
    {
        return run_render_child();
    }
    let cli = cli::Cli::parse();
    let_ctrl_c_clean_up();
    let mut out = io::stdout();
    match commands::run(&cli, &mut out) {
        Ok(code) => code,
        // `cargo xtask list | head -1`: nothing to say, and nobody to say it to.
        Err(error) if closed_pipe(&error) => ExitCode::from(CLOSED_PIPE),
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
