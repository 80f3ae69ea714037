//! What runs inside the child: one call of cargo-generate.

use std::process::ExitCode;

use cargo_generate::{GenerateArgs, TemplatePath, Vcs};

use super::Job;

/// Marks the line of the child's output from which on the reason of a failure stands.
const REASON: &str = "\u{1e}reason:";

/// Reads a [`Job`] from standard input and renders it.
#[must_use]
pub fn run() -> ExitCode {
    match render() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{REASON}{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn render() -> anyhow::Result<()> {
    let job: Job = serde_json::from_reader(std::io::stdin())?;
    let args = GenerateArgs {
        template_path: TemplatePath {
            path: Some(job.template.to_string_lossy().into_owned()),
            ..TemplatePath::default()
        },
        name: Some(job.name),
        destination: Some(job.destination),
        template_values_file: Some(job.values.to_string_lossy().into_owned()),
        silent: true,
        vcs: Some(Vcs::None),
        no_workspace: true,
        no_fmt: true,
        // The library's default is a library crate; the released tool's is a binary.
        lib: false,
        ..GenerateArgs::default()
    };
    cargo_generate::generate(args).map(drop)
}

/// The reason of a failure from what the child printed, in one line without colours.
pub(super) fn reason(stderr: &str) -> String {
    let reason = stderr
        .rsplit_once(REASON)
        .map_or(stderr, |(_, reason)| reason);
    // A hook that aborts comes as `Failed executing script: PATH: Runtime error: TEXT (line 9, position 5)` and a trace.
    let reason = match reason.split_once("Runtime error: ") {
        Some((script, text)) => {
            // What a function of cargo-generate's refuses has its place on a later line, if at all.
            let place = text.split_once(" (line ").map(|(_, place)| place);
            let line = place.and_then(|place| place.split([',', ')']).next());
            let text = text.lines().next().unwrap_or_default();
            let text = text.split(" (line ").next().unwrap_or_default();
            let hook = script
                .split_once("hooks/")
                .map(|(_, hook)| format!("hooks/{}", hook.trim_end().trim_end_matches(':')));
            match (hook, line) {
                (Some(hook), Some(line)) => format!("{text} ({hook}, line {line})"),
                (Some(hook), None) => format!("{text} ({hook})"),
                (None, _) => text.to_owned(),
            }
        }
        None => reason.to_owned(),
    };
    reason.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_s_refusal_is_its_text_alone() {
        let stderr = format!(
            "Destination: x\n{REASON}⛔ Failed executing script: /t/hooks/naming.rhai: Runtime error: \
             the name `fn` is reserved (line 9, position 5)\nin call to function refuse\n"
        );
        assert_eq!(
            reason(&stderr),
            "the name `fn` is reserved (hooks/naming.rhai, line 9)"
        );
    }

    #[test]
    fn a_refusal_of_cargo_generate_s_own_keeps_its_place() {
        let script = "Failed executing script: /t/hooks/wiring.rhai: Runtime error: ";
        let with = format!(
            "{REASON}{script}Path must be inside template dir: ../x\n (line 7, position 3)"
        );
        assert_eq!(
            reason(&with),
            "Path must be inside template dir: ../x (hooks/wiring.rhai, line 7)"
        );
        let without = format!("{REASON}{script}No such file or directory (os error 2)");
        assert_eq!(
            reason(&without),
            "No such file or directory (os error 2) (hooks/wiring.rhai)"
        );
    }

    #[test]
    fn what_is_no_refusal_is_kept_whole() {
        assert_eq!(reason("thread panicked\nat x"), "thread panicked at x");
    }
}
