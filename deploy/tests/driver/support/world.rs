//! One test's world: a repository with images A, B, C, a proxy before it, and a place where they run.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::images::Repository;
use super::place::{self, On, Place, Version};
use super::proxy::Proxy;
use super::registry;

/// The images that every world knows, oldest first.
pub const NAMES: [char; 3] = ['A', 'B', 'C'];

/// A world.
pub struct World {
    pub(super) folder: TempDir,
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

    /// What the driver is told the image is called.
    pub fn image(&self) -> String {
        format!("{}/{}", self.proxy.address, self.name)
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
