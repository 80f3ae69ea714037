//! A folder to run xtask in, with a scrubbed environment.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in what helps it"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What a run printed and returned.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The pack that is under test.
pub fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A temporary folder, and a git configuration of its own beside it.
pub struct Sandbox {
    work: TempDir,
    home: TempDir,
}

impl Sandbox {
    pub fn new() -> Self {
        let sandbox = Self::without_identity();
        let config = "[user]\nname = Ada\nemail = ada@example.com\n";
        fs::write(sandbox.home.path().join(".gitconfig"), config).unwrap();
        sandbox
    }

    /// git knows nobody here, and may not guess.
    pub fn without_identity() -> Self {
        let sandbox = Self {
            work: tempfile::tempdir().unwrap(),
            home: tempfile::tempdir().unwrap(),
        };
        let config = "[user]\nuseConfigOnly = true\n";
        fs::write(sandbox.home.path().join(".gitconfig"), config).unwrap();
        sandbox
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        let base = self.work.path().canonicalize().unwrap();
        if relative == "." {
            base
        } else {
            base.join(relative)
        }
    }

    /// The names in the folder, sorted.
    pub fn entries(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path("."))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// `xtask create service ARGS`, in the folder.
    pub fn create(&self, args: &[&str]) -> Run {
        self.run_with(&[&["create", "service"], args].concat(), |_| {})
    }

    /// `xtask create service ARGS --dir PARENT`.
    pub fn create_in(&self, parent: &Path, args: &[&str]) -> Run {
        self.run_with(&[&["create", "service"], args].concat(), |command| {
            command.arg("--dir").arg(parent);
        })
    }

    pub fn run_with(&self, args: &[&str], adjust: impl FnOnce(&mut Command)) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(args);
        self.prepare(&mut command);
        adjust(&mut command);
        let output = command.output().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub fn git(&self, folder: &str, args: &[&str]) -> String {
        let mut command = Command::new("git");
        self.prepare(&mut command);
        let output = command
            .current_dir(self.path(folder))
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn prepare(&self, command: &mut Command) {
        command
            .current_dir(self.path("."))
            .env_clear()
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("PATH", std::env::var_os("PATH").unwrap());
    }
}

/// The sandbox's own home would have cargo fetch its index again, and rustup find no toolchain.
pub fn real_home(command: &mut Command) {
    for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
}

/// Copies the files that git tracks, or would track, without `.git`.
pub fn copy_tracked(from: &Path, to: &Path) {
    if !from.join(".git").exists() {
        // An unpacked archive holds nothing else, but for what was built in it.
        for (file, bytes) in contents(from) {
            if !file.starts_with("target") {
                let target = to.join(file);
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::write(target, bytes).unwrap();
            }
        }
        return;
    }
    let output = Command::new("git")
        .current_dir(from)
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()
        .unwrap();
    for file in String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
    {
        if from.join(file).is_file() {
            let target = to.join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(from.join(file), target).unwrap();
        }
    }
}

/// Every file under a folder with its bytes.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                all.insert(name, fs::read(path).unwrap());
            }
        }
    }
    all
}
