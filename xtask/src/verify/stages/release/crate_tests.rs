//! The release driver's own tests: on a registry, an engine and with faults injected, where this machine has them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::Shell;

use super::registry;
use crate::process;
use crate::verify::bench::verdict;
use crate::verify::gate::{Inner, Verdict};
use crate::verify::{Bench, Step, Tool};

/// Runs all but its unit tests, which are the gate `test`'s. One test program after the other: at once, they take each
/// other's free ports.
pub fn run(bench: &mut Bench<'_>, _: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let root = &bench.pack.root;
    let (registry, docker) = (Tool::Registry.missing(), Tool::Docker.missing());
    let required = required(registry.is_none(), docker.is_none());
    let mut variables = vec![("DEPLOY_TESTS_REQUIRE", required)];
    if registry.is_none() {
        variables.push(("DEPLOY_TEST_REGISTRY", registry::address()));
    }
    let built = cargo_test(root, &["--test", "*", "--no-run"], &[])?;
    if let Verdict::Failed(_) = built {
        return Ok(built);
    }
    let tests = |program: &str| cargo_test(root, &["--test", program], &variables);
    let programs = programs(root)?;
    let mut failures = Vec::new();
    for program in &programs {
        if let Verdict::Failed(text) = tests(program)? {
            failures.push(text);
        }
    }
    if !failures.is_empty() {
        return Ok(Verdict::Failed(failures.join("\n")));
    }
    let missing: Vec<String> = registry.into_iter().chain(docker).collect();
    Ok(if missing.is_empty() {
        Verdict::passed()
    } else {
        Verdict::Passed(format!(
            "without the tests that need more: {}",
            missing.join("; ")
        ))
    })
}

/// `cargo test` of the crate, with what injects faults.
fn cargo_test(root: &Path, more: &[&str], variables: &[(&str, String)]) -> Result<Verdict> {
    let shell = Shell::new()?;
    shell.change_dir(root);
    let args = [
        "test",
        "--package",
        "deploy",
        "--features",
        "failpoints",
        "--locked",
        "--quiet",
    ];
    let command = process::cargo(&shell, &[&args[..], more].concat());
    let variables = variables.iter().map(|(name, value)| (name, value));
    verdict(command.envs(variables))
}

/// The crate's test programs, by name: each is a folder of its own.
fn programs(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("deploy/tests");
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut names: Vec<String> = entries
        .iter()
        .filter(|entry| entry.path().join("main.rs").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    anyhow::ensure!(
        !names.is_empty(),
        "there are no tests in {}",
        folder.display()
    );
    names.sort_unstable();
    Ok(names)
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
    fn no_test_program_is_left_out() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert_eq!(
            programs(&root).unwrap(),
            ["compose", "driver", "kubernetes"]
        );
        let error = programs(&root.join("xtask")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read "), "{error}");
    }

    #[test]
    fn what_is_there_may_not_be_skipped() {
        assert_eq!(required(false, false), "failpoints");
        assert_eq!(required(false, true), "failpoints");
        assert_eq!(required(true, false), "failpoints,registry");
        assert_eq!(required(true, true), "failpoints,registry,docker");
    }
}
