//! The command line: which of the service's few commands to run, and its exit code.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use service::config::{ConfigProvider, report};
use service::platform::healthcheck;
use service::{StartError, app, version};

const USAGE: &str = "\
without a command: serve, until SIGTERM or SIGINT
  healthcheck     ask the running service whether it is ready; exit 0 or 1
  healthcheck --commit SHA
                  and whether /version says it was built from that commit, of 40 digits
  config          print the effective configuration and where each value comes from
  config --check  validate the configuration of every environment
  --version       print the version
  --help          print this";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] => serve(),
        ["healthcheck"] => ask_health(None),
        ["healthcheck", "--commit", commit] if healthcheck::is_commit(commit) => {
            ask_health(Some(commit))
        }
        ["config"] => print_config(),
        ["config", "--check"] => return check_config(),
        ["--version" | "-V"] => say(&format!("{} {}", version::SERVICE, version::VERSION)),
        ["--help" | "-h"] => say(&format!(
            "{}: {}\n\n{USAGE}",
            version::SERVICE,
            version::DESCRIPTION
        )),
        other => {
            let given = other.join(" ").escape_debug().to_string();
            complain(&format!("`{given}`: unknown argument; see --help"));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if error.unsaid() {
                complain(&error.to_string());
            }
            ExitCode::from(error.exit_code())
        }
    }
}

fn serve() -> Result<(), StartError> {
    let config = ConfigProvider::from_process()?.load()?;
    service::start(config, app::routes())
}

fn ask_health(commit: Option<&str>) -> Result<(), StartError> {
    // Docker knows no other codes of a health check than 0 and 1.
    let config = ConfigProvider::from_process().and_then(|provider| provider.load());
    config
        .map_err(|error| error.to_string())
        .and_then(|config| healthcheck::ask(&config.settings.server, commit))
        .map_err(StartError::Unhealthy)
}

fn print_config() -> Result<(), StartError> {
    let config = ConfigProvider::from_process()?.load()?;
    say(&report::effective(&config))
}

fn check_config() -> ExitCode {
    let findings = match ConfigProvider::from_process() {
        Ok(provider) => report::check(&provider),
        Err(error) => vec![error],
    };
    for finding in &findings {
        complain(&finding.to_string());
    }
    ExitCode::from(findings.first().map_or(0, |_| StartError::CONFIGURATION))
}

/// Prints to stdout; a reader that went away (`config | head`) is no error of ours.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the arm of a match whose other arms can fail"
)]
fn say(text: &str) -> Result<(), StartError> {
    let _ = writeln!(stdout(), "{text}");
    Ok(())
}

fn complain(text: &str) {
    let _ = writeln!(stderr(), "{}: {text}", version::SERVICE);
}
