//! `act`: a service's own workflow files, run on this machine with the copy of the pack in GitHub's place.
//!
//! It knows how act is called and when to end it; what a run has to show is not its affair.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use regex::Regex;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use xshell::Shell;

use super::log::Log;
use crate::interrupt::Killed;
use crate::pack::Platform;
use crate::process;

/// How long one run may take: on two busy cores a first one compiles for a quarter of an hour.
const LIMIT: Duration = Duration::from_mins(30);

/// Where stand-ins for actions of others are in the pack.
const STAND_INS: &str = "xtask/src/verify/stages/release/stand-ins";

/// What an act needs to know.
#[derive(Debug)]
pub(super) struct Act<'a> {
    /// The facts of the copy.
    pub platform: &'a Platform,
    /// The copy of the pack.
    pub pack: &'a Path,
    /// What a run can reach of it.
    pub reached: &'a Path,
    /// The service's repository.
    pub service: &'a Path,
    /// What GitHub keeps between runs.
    pub home: &'a Path,
    /// Where output goes.
    pub logs: &'a Path,
    /// Variables of the jobs.
    pub variables: &'a [(String, String)],
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ran {
    /// What it wrote.
    pub log: Log,
    /// Whether every job succeeded.
    pub succeeded: bool,
    /// How long it took.
    pub seconds: f64,
    /// Where the output is, and what to run to see it again.
    again: String,
}

impl Ran {
    /// A fault, with the end of the output and the command that runs it again.
    pub(super) fn fault(&self, what: &str) -> anyhow::Error {
        anyhow::anyhow!("{what}\n{}\n{}", self.log.tail(40), self.again)
    }
}

impl Act<'_> {
    /// Runs the workflow file `workflow` for `event`; `name` is that of the output's file.
    pub(super) fn run(
        &self,
        name: &str,
        event: &str,
        workflow: &str,
        payload: &Value,
    ) -> Result<Ran> {
        let event_file = self.logs.join(format!("{name}.json"));
        write(&event_file, &payload.to_string())?;
        let docker = self.home.join("docker");
        fs::create_dir_all(&docker)?;
        let stand_ins = stand_ins(self.pack)?;
        let args = arguments(self, event, workflow, &event_file, &stand_ins);
        let output = self.logs.join(format!("{name}.log"));
        let file =
            File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;

        let shell = Shell::new()?;
        shell.change_dir(self.service);
        let command = process::scrubbed(xshell::cmd!(shell, "act {args...}"))
            .env_remove("CARGO_TARGET_DIR")
            .env("DOCKER_CONFIG", &docker)
            .env("NO_COLOR", "1");
        let again = format!(
            "its output: {}\nagain, by hand: cd '{}' && DOCKER_CONFIG='{}' {command}",
            output.display(),
            self.service.display(),
            docker.display()
        );
        let start = Instant::now();
        let mut child = Command::from(command)
            .stdin(Stdio::null())
            .stderr(file.try_clone()?)
            .stdout(file)
            // So that all it started can be ended with it.
            .process_group(0)
            .spawn()
            .context("cannot start act")?;
        let ended = wait(&mut child)?;
        let text = fs::read(&output)?;
        let mut log = Log::new(&String::from_utf8_lossy(&text));
        if ended.is_none() {
            log.note(&format!("act did not end within {LIMIT:?}, and was killed"));
        }
        Ok(Ran {
            log,
            succeeded: ended == Some(true),
            seconds: start.elapsed().as_secs_f64(),
            again,
        })
    }
}

/// Whether it succeeded, or nothing when it had to be killed with all that it started.
fn wait(child: &mut Child) -> Result<Option<bool>> {
    let _killed = Killed::group(child);
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if Instant::now() > deadline {
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// What act is given. Nothing is fetched: the pack and the actions of others are folders of this machine.
fn arguments(
    act: &Act<'_>,
    event: &str,
    workflow: &str,
    event_file: &Path,
    stand_ins: &[(String, PathBuf)],
) -> Vec<String> {
    let Platform {
        org,
        repo,
        reference,
        runner,
        ..
    } = act.platform;
    let shown = |path: &Path| path.display().to_string();
    let cache = shown(&act.home.join("act"));
    let workflow = format!(".github/workflows/{workflow}");
    let event_file = shown(event_file);
    let platform = format!("{runner}=-self-hosted");
    let mut args: Vec<String> = [
        event,
        "--workflows",
        &workflow,
        "--eventpath",
        &event_file,
        "--platform",
        &platform,
        "--action-offline-mode",
        "--action-cache-path",
        &cache,
        "--no-cache-server",
        "--actor",
        "somebody",
        "--secret",
        "GITHUB_TOKEN=no-token",
        // Its database is on GitHub.
        "--var",
        "IDP_ADVISORIES=off",
    ]
    .map(str::to_owned)
    .into();
    let pack = (format!("{org}/{repo}@{reference}"), act.reached.to_owned());
    for (uses, folder) in std::iter::once(&pack).chain(stand_ins) {
        args.push("--local-repository".into());
        args.push(format!("{uses}={}", folder.display()));
    }
    let home = shown(act.home);
    let docker = shown(&act.home.join("docker"));
    let own = [
        ("STAND_IN_HOME", home.as_str()),
        ("DOCKER_CONFIG", &docker),
        ("DOCKER_BUILDKIT", "1"),
        ("BUILDKIT_PROGRESS", "plain"),
        // The driver's speed is that of the network.
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (name, value) in own.iter().chain(act.variables) {
        args.push("--env".into());
        args.push(format!("{name}={value}"));
    }
    if let Ok(host) = std::env::var("DOCKER_HOST") {
        args.extend(["--var".into(), format!("DOCKER_HOST={host}")]);
    }
    args
}

/// Every action of others that the workflows name and that has a stand-in, as `OWNER/NAME@COMMIT` and its folder.
fn stand_ins(pack: &Path) -> Result<Vec<(String, PathBuf)>> {
    let pattern = Regex::new(r"uses: ([A-Za-z0-9-]+/[A-Za-z0-9_.-]+)@([0-9a-f]{40})")?;
    let mut used = BTreeSet::new();
    for file in crate::verify::bench::files(&pack.join(".github"))? {
        let text = fs::read_to_string(pack.join(".github").join(file))?;
        for found in pattern.captures_iter(&text) {
            used.insert((found[1].to_owned(), found[2].to_owned()));
        }
    }
    let folder = |action: &str| pack.join(STAND_INS).join(action);
    let used = used
        .into_iter()
        .filter(|(action, _)| folder(action).is_dir())
        .map(|(action, commit)| (format!("{action}@{commit}"), folder(&action)));
    Ok(used.collect())
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_and_the_stand_ins_are_folders_here() {
        let platform = Platform {
            org: "Your-Corp".into(),
            repo: "golden".into(),
            registry: "localhost:5000/x".into(),
            reference: "v1.2.3".into(),
            runner: "big-box".into(),
        };
        let variables = [("PROD_PORT".to_owned(), "4711".to_owned())];
        let path = Path::new("/p");
        let act = Act {
            platform: &platform,
            pack: path,
            reached: path,
            service: path,
            home: Path::new("/h"),
            logs: path,
            variables: &variables,
        };
        let stand_ins = [("actions/cache@0".to_owned(), PathBuf::from("/s"))];
        let args = arguments(&act, "push", "deploy.yml", Path::new("/e"), &stand_ins);
        let text = args.join(" ");
        assert_eq!(args[0], "push");
        for expected in [
            "--workflows .github/workflows/deploy.yml",
            "--platform big-box=-self-hosted",
            "--local-repository Your-Corp/golden@v1.2.3=/p",
            "--local-repository actions/cache@0=/s",
            "--env STAND_IN_HOME=/h",
            "--env PROD_PORT=4711",
            "--action-offline-mode",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    fn every_action_of_the_shared_workflows_has_a_stand_in() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let found = stand_ins(&pack).unwrap();
        for action in [
            "actions/cache",
            "docker/login-action",
            "docker/build-push-action",
        ] {
            let named = |(uses, _): &&(String, PathBuf)| uses.starts_with(&format!("{action}@"));
            assert_eq!(found.iter().filter(named).count(), 1, "{action}");
        }
    }
}
