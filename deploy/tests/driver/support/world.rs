//! One test's world: a repository with images A, B, C, a proxy before it, a back end with its state in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::images::Repository;
use super::proxy::Proxy;
use super::{registry, tokens};

/// The images that every world knows, oldest first.
pub const NAMES: [char; 3] = ['A', 'B', 'C'];

/// A world.
pub struct World {
    folder: TempDir,
    /// The registry itself.
    pub repository: Repository,
    /// What the driver talks to.
    pub proxy: Proxy,
    name: String,
    digests: BTreeMap<char, String>,
}

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
    /// With all images pushed and none published; none where there is no registry.
    pub fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let address = registry::address()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tests/orders-{}-{count}", std::process::id());
        let repository = Repository::new(address, &name);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("state")).unwrap();
        let program = folder.path().join("backend");
        fs::write(&program, include_str!("backend.sh")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut world = Self {
            folder,
            repository,
            proxy: Proxy::new(address),
            name,
            digests: BTreeMap::new(),
        };
        for name in NAMES {
            let digest = world.repository.push(&labels(name));
            world.state(&format!("says-{digest}"), &sha(name));
            world.digests.insert(name, digest);
        }
        Some(world)
    }

    /// The digest of an image.
    pub fn digest(&self, name: char) -> &str {
        &self.digests[&name]
    }

    /// The image that a digest belongs to, for people.
    pub fn named(&self, digest: Option<&str>) -> String {
        let Some(digest) = digest else {
            return "nothing".to_owned();
        };
        let found = self.digests.iter().find(|(_, known)| *known == digest);
        found.map_or("another".to_owned(), |(name, _)| name.to_string())
    }

    /// Tells the back end something.
    pub fn state(&self, file: &str, text: &str) {
        fs::write(self.path("state").join(file), text).unwrap();
    }

    /// Tells the back end that something is over.
    pub fn forget(&self, file: &str) {
        fs::remove_file(self.path("state").join(file)).unwrap();
    }

    /// What the back end keeps.
    pub fn kept(&self, file: &str) -> Option<String> {
        let text = fs::read_to_string(self.path("state").join(file)).ok();
        text.map(|text| text.trim().to_owned())
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

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

    /// What the driver is told the image is called.
    pub fn image(&self) -> String {
        format!("{}/{}", self.proxy.address, self.name)
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
            .env("IDP_BACKEND", "command")
            .env("IDP_BACKEND_COMMAND", self.path("backend"))
            .env("IDP_BACKEND_LOCKS", self.path("locks"))
            .env("IDP_BACKEND_TIMEOUT", "20s")
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

/// The commit of an image.
pub fn sha(name: char) -> String {
    name.to_ascii_lowercase().to_string().repeat(40)
}

/// The first digits of it.
pub fn short(name: char) -> String {
    sha(name)[..12].to_owned()
}

/// What an image says of itself; each was built a day after the one before.
pub fn labels(name: char) -> Value {
    let day = 1 + NAMES
        .iter()
        .position(|known| *known == name)
        .unwrap_or_default();
    json!({
        "org.opencontainers.image.revision": sha(name),
        "org.opencontainers.image.created": format!("2026-01-{day:02}T12:00:00Z"),
    })
}
