//! This test program once more, as a process of its own: one that can be killed, or has another environment.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Tells a test that it is to be the other process, and what about.
pub const PART: &str = "DEPLOY_TESTS_PART";

/// What this process is told to be, if it is the other one.
pub fn part() -> Option<String> {
    std::env::var(PART).ok()
}

/// The other process; it is killed at the end.
pub struct Again {
    pub child: Child,
    lines: BufReader<ChildStdout>,
}

impl Again {
    /// The test of that full name, with `part` for it.
    pub fn start(test: &str, part: &str, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture", "--test-threads", "1"])
            .env(PART, part)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// The rest of the first line that begins with `> `, as the other process prints it.
    pub fn says(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.lines.read_line(&mut line).unwrap(),
                0,
                "it said nothing"
            );
            if let Some((_, said)) = line.split_once("> ") {
                return said.trim_end().to_owned();
            }
        }
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(told.unwrap().success());
    }

    /// With the programs that it runs, each of which leads a group.
    pub fn kill_all(mut self) {
        let pid = self.child.id().to_string();
        let children = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &pid])
            .output();
        self.child.kill().unwrap();
        for group in String::from_utf8(children.unwrap().stdout)
            .unwrap()
            .split_whitespace()
        {
            let killed = Command::new("kill")
                .args(["-s", "KILL", "--", &format!("-{group}")])
                .status();
            assert!(killed.unwrap().success());
        }
        self.child.wait().unwrap();
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
