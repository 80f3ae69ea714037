//! The command line of the release driver: parse, connect, drive, exit code.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use deploy::registry::{Client, Pace};
use deploy::report::{self, Report};
use deploy::{backend, driver};

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    backend::interrupt::install();
    let report = Report::new(cli.json);
    let pace = Pace {
        timeout: cli.registry_timeout,
        deadline: cli.registry_deadline,
    };
    let (image, order) = cli.command.order();
    let client = Client::new(&image, pace, Box::new(report::wait));
    let open = || backend::open(&cli.backend, &image);
    let code = driver::drive(&order, &image, &client, &report, &open, cli.lock_wait);
    ExitCode::from(code)
}
