//! The driver as it is typed, in a world: arguments, variables, and what it did.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use super::tokens;
use super::world::{World, sha};

/// What the driver did.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; none where it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// What it wrote for a workflow.
    pub outputs: BTreeMap<String, String>,
    /// What it wrote for people.
    pub summary: String,
}

impl World {
    /// `promote B staging` as it is typed: image, commit and digest are filled in.
    pub fn arguments(&self, words: &str) -> Vec<String> {
        let mut words = words.split(' ');
        let command = words.next().unwrap();
        let mut arguments = vec![command.to_owned(), "--image".to_owned(), self.image()];
        let mut add = |flag: &str, value: &str| {
            arguments.extend([flag.to_owned(), value.to_owned()]);
        };
        let named = |word: &str| word.chars().next().unwrap();
        match command {
            "publish" => {
                let name = named(words.next().unwrap());
                add("--sha", &sha(name));
                add("--digest", self.digest(name));
            }
            "promote" => {
                let name = named(words.next().unwrap());
                let to = words.next().unwrap();
                add("--sha", &sha(name));
                add("--to", to);
                if to == "dev" {
                    add("--digest", self.digest(name));
                }
            }
            "rollback" => {
                add("--env", words.next().unwrap());
                add("--reason", "orders are lost");
                if let Some(to) = words.next() {
                    add("--to", &sha(named(to)));
                }
            }
            "lift" => {
                add("--env", words.next().unwrap());
                add("--sha", &sha(named(words.next().unwrap())));
                add("--reason", "it was the database");
            }
            "reconcile" => add("--env", words.next().unwrap()),
            _ => {}
        }
        arguments.extend(words.map(str::to_owned));
        arguments
    }

    /// Runs the driver.
    pub fn run(&self, words: &str) -> Ran {
        self.run_with(words, &[])
    }

    /// Runs it with more variables.
    pub fn run_with(&self, words: &str, variables: &[(&str, &str)]) -> Ran {
        let arguments = self.arguments(words);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.run_raw(&arguments, variables)
    }

    /// Runs it with these very arguments.
    pub fn run_raw(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command();
        command.args(arguments).envs(variables.iter().copied());
        self.ran(command.output().unwrap())
    }

    /// Starts it, to be met again by [`World::finish`].
    pub fn start(&self, words: &str, variables: &[(&str, &str)]) -> Child {
        let mut command = self.command();
        command.args(self.arguments(words));
        command.envs(variables.iter().copied());
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Waits for what was started.
    pub fn finish(&self, child: Child) -> Ran {
        self.ran(child.wait_with_output().unwrap())
    }

    /// Runs it and insists on success: part of a story, and not what the test is about.
    pub fn must(&self, words: &str) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words}: {ran:#?}");
        ran
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idp-deploy"));
        let _ = fs::remove_file(self.path("output"));
        let _ = fs::remove_file(self.path("summary"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("USER", "tester")
            .envs(self.place.variables())
            .current_dir(self.folder.path())
            .env("IDP_REGISTRY_TIMEOUT", "1s")
            .env("IDP_REGISTRY_DEADLINE", "4s")
            .env("REGISTRY_USERNAME", tokens::USER)
            .env("REGISTRY_PASSWORD", tokens::PASSWORD)
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .stdin(Stdio::null());
        command
    }

    fn ran(&self, output: Output) -> Ran {
        let outputs = fs::read_to_string(self.path("output")).unwrap_or_default();
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            outputs: outputs.lines().map(pair).collect(),
            summary: fs::read_to_string(self.path("summary")).unwrap_or_default(),
        }
    }
}

impl Ran {
    /// The last line of JSON.
    pub fn last_object(&self) -> Value {
        serde_json::from_str(self.out.lines().last().unwrap()).unwrap()
    }
}
