//! The release driver's own tests: on a registry, an engine and with faults injected, where this machine has them.

use anyhow::Result;
use xshell::Shell;

use super::registry;
use crate::process;
use crate::verify::bench::verdict;
use crate::verify::gate::{Inner, Verdict};
use crate::verify::{Bench, Step, Tool};

/// Runs all but its unit tests, which are the stage `self`'s.
pub(super) fn run(bench: &mut Bench<'_>, _: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let shell = Shell::new()?;
    shell.change_dir(&bench.pack.root);
    let (registry, docker) = (Tool::Registry.missing(), Tool::Docker.missing());
    let args = [
        "test",
        "--package",
        "deploy",
        "--features",
        "failpoints",
        "--locked",
        "--quiet",
        "--test",
        "*",
    ];
    let mut command = process::cargo(&shell, &args).env(
        "DEPLOY_TESTS_REQUIRE",
        required(registry.is_none(), docker.is_none()),
    );
    if registry.is_none() {
        command = command.env("DEPLOY_TEST_REGISTRY", registry::address());
    }
    let missing: Vec<String> = registry.into_iter().chain(docker).collect();
    Ok(match verdict(command)? {
        Verdict::Passed(_) if !missing.is_empty() => Verdict::Passed(format!(
            "without the tests that need more: {}",
            missing.join("; ")
        )),
        verdict => verdict,
    })
}

/// What must not be skipped: where it is there, a test that does without it fails.
fn required(registry: bool, docker: bool) -> String {
    let mut names = vec!["failpoints"];
    if registry {
        names.push("registry");
        // Its tests push to the registry, too.
        if docker {
            names.push("docker");
        }
    }
    names.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_may_not_be_skipped() {
        assert_eq!(required(false, false), "failpoints");
        assert_eq!(required(false, true), "failpoints");
        assert_eq!(required(true, false), "failpoints,registry");
        assert_eq!(required(true, true), "failpoints,registry,docker");
    }
}
