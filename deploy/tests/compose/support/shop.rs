//! Images of the test service, one a commit and behaviour, pushed so that they have a digest.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use deploy::names::{Commit, Pinned};

use super::docker::{docker, registry};

/// What is wrong with a version, see fixtures/server.rs.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    Good,
    NeverReady,
    Lies,
    /// So many milliseconds after its start.
    Dies(u32),
}

/// A version: its image, and the commit that it was built from.
#[derive(Clone, Debug)]
pub struct Shop {
    pub image: Pinned,
    pub commit: Commit,
}

/// The version of a commit, which is `digit` forty times.
pub fn shop(digit: char, behaviour: Behaviour) -> Shop {
    let commit = digit.to_string().repeat(40);
    let behaviour = match behaviour {
        Behaviour::Good => "good".to_owned(),
        Behaviour::NeverReady => "never-ready".to_owned(),
        Behaviour::Lies => "lies".to_owned(),
        Behaviour::Dies(after) => format!("dies:{after}"),
    };
    let name = format!("{}/deploy-tests/shop", registry());
    let tag = format!("{name}:{digit}-{}", behaviour.replace(':', "-"));
    let folder = binary();
    docker(&[
        "build",
        "--quiet",
        "--tag",
        &tag,
        "--build-arg",
        &format!("COMMIT={commit}"),
        "--build-arg",
        &format!("BEHAVIOUR={behaviour}"),
        folder.to_str().unwrap(),
    ]);
    docker(&["push", "--quiet", &tag]);
    let digests = docker(&[
        "image",
        "inspect",
        "--format",
        "{{json .RepoDigests}}",
        &tag,
    ]);
    let digests: Vec<String> = serde_json::from_str(&digests).unwrap();
    let own = digests
        .iter()
        .find(|digest| digest.starts_with(&name))
        .unwrap();
    let (_, digest) = own.split_once('@').unwrap();
    Shop {
        image: Pinned {
            image: name.parse().unwrap(),
            digest: digest.parse().unwrap(),
        },
        commit: commit.parse().unwrap(),
    }
}

/// A folder with the compiled service and its Dockerfile. Linked statically: which libc the base has is no matter here.
fn binary() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compose/fixtures");
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shop");
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::copy(format!("{fixtures}/Dockerfile"), folder.join("Dockerfile")).unwrap();
            let compiled = Command::new("rustc")
                .args([
                    "--edition",
                    "2024",
                    "-O",
                    "-C",
                    "target-feature=+crt-static",
                    "-o",
                ])
                .arg(folder.join("shop"))
                .arg(format!("{fixtures}/server.rs"))
                .status();
            assert!(compiled.unwrap().success());
            folder
        })
        .clone()
}
