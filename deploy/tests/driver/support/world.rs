//! One test's world: a repository with images A, B, C, a proxy before it, and a place where they run.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::images::Repository;
use super::place::{self, On, Place, Version};
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
    /// Where they run.
    pub place: Box<dyn Place>,
    /// Where a story was told that costs more in `place`.
    told: Option<place::Command>,
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
    /// With all images pushed and none published, behind the back end `command`; none where there is no registry.
    pub fn new() -> Option<Self> {
        Self::on(On::Command)
    }

    /// The same, with another back end.
    pub fn on(on: On) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let address = registry::address()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tests/orders-{}-{count}", std::process::id());
        let repository = Repository::new(address, &name);
        let folder = tempfile::tempdir().unwrap();
        let proxy = Proxy::new(address);
        let command = place::Command::new(folder.path());
        let mut told = None;
        let (place, digests): (Box<dyn Place>, Vec<String>) = match on {
            On::Command => {
                let digests = NAMES.map(|name| repository.push(&labels(name)));
                (Box::new(command), digests.into())
            }
            On::Compose => {
                let image = format!("{}/{name}", proxy.address);
                let (place, digests) =
                    place::Compose::new(folder.path(), &image, address, &repository);
                told = Some(command);
                (Box::new(place), digests)
            }
        };
        let world = Self {
            folder,
            repository,
            proxy,
            place,
            told,
            name,
            digests: NAMES.into_iter().zip(digests).collect(),
        };
        for name in NAMES {
            world.says(world.digest(name), &sha(name));
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

    /// The same, for the place.
    pub fn version(&self, name: char) -> Version<'_> {
        let digest = self.digest(name);
        Version { name, digest }
    }

    /// From now on this goes wrong: `down`, or `unready-B`.
    pub fn wrong(&self, what: &str) {
        match what.rsplit_once('-') {
            Some((what, name)) if name.len() == 1 => {
                let name = name.chars().next().unwrap();
                self.place.wrong(what, Some(self.version(name)));
            }
            _ => self.place.wrong(what, None),
        }
    }

    /// What an image says of itself when it runs behind `command`.
    pub fn says(&self, digest: &str, commit: &str) {
        let file = format!("state/says-{digest}");
        fs::write(self.path(&file), commit).unwrap();
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

    /// Brings about what a story says, for `environment`: records are written by the driver, and what runs in the end is
    /// started where it is to run. On an engine, each step of a story would cost a deployment.
    pub fn tell(&self, story: &[&str], environment: Option<&str>) {
        let place = self
            .told
            .as_ref()
            .map_or(&*self.place, |told| told as &dyn Place);
        let variables = place.variables();
        let variables = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let variables: Vec<_> = variables.collect();
        for command in story {
            if let Some(by_hand) = command.strip_prefix("hand ") {
                let (name, environment) = by_hand.split_once(' ').unwrap();
                place.start_by_hand(environment, self.digest(name.chars().next().unwrap()));
                continue;
            }
            let ran = self.run_with(command, &variables);
            assert_eq!(ran.code, Some(0), "{command}: {ran:#?}");
        }
        if let (Some(told), Some(environment)) = (&self.told, environment)
            && let Some(digest) = told.runs(environment)
        {
            self.place.start_by_hand(environment, &digest);
        }
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
