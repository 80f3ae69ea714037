//! The same resource in FastAPI, where there is a Python that has it: one worker of uvicorn, its access log in a file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use super::rig::Rig;
use super::server::Program;

/// The twin, and the module that uvicorn is told of.
const SOURCE: &str = include_str!("twin.py");
const FILE: &str = "twin.py";
/// What a Python has to have, and what makes uvicorn faster where it is there.
const ASK: &str = "import fastapi, platform, uvicorn
from importlib import metadata
said = ['Python ' + platform.python_version()]
for name in ('fastapi', 'uvicorn', 'uvloop', 'httptools'):
    try:
        said.append(name + ' ' + metadata.version(name))
    except metadata.PackageNotFoundError:
        said.append('no ' + name)
print(', '.join(said))";

/// A Python with FastAPI.
#[derive(Debug)]
pub struct Python {
    path: PathBuf,
    /// Its version, and those of what answers.
    pub said: String,
}

impl Python {
    /// The one that was named; or why there is none.
    pub fn find(named: Option<&Path>) -> Result<Self, String> {
        let named = named.ok_or(
            "no Python was named; give `--python PATH` or set `IDP_BENCH_PYTHON`, as docs/speed.md says",
        )?;
        // The twin runs in a folder of its own. A bare name is looked up on PATH.
        let path = match named.parent() {
            Some(parent) if parent != Path::new("") => std::path::absolute(named),
            _ => Ok(named.to_owned()),
        };
        let shown = named.display();
        let path = path.map_err(|error| format!("cannot find `{shown}`: {error}"))?;
        let asked = Shell::new().and_then(|shell| {
            cmd!(shell, "{path} -c {ASK}")
                .quiet()
                .ignore_stderr()
                .read()
        });
        match asked {
            Ok(said) => Ok(Self { path, said }),
            Err(_) => Err(format!(
                "`{shown}` is no Python with fastapi and uvicorn; make one as docs/speed.md says"
            )),
        }
    }

    /// The twin, as a program beside the service.
    pub fn twin(self, rig: &Rig) -> Result<Program> {
        let folder = rig.folder.join("twin");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let file = folder.join(FILE);
        fs::write(&file, SOURCE).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Program {
            name: "FastAPI twin",
            binary: self.path,
            args: |port| {
                let port = port.to_string();
                let words = [
                    "-m",
                    "uvicorn",
                    "twin:app",
                    "--workers",
                    "1",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    &port,
                ];
                words.map(str::to_owned).to_vec()
            },
            log: rig.folder.join("twin.log"),
            folder,
            env: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_there_is_no_twin_is_told() {
        let reason = Python::find(None).unwrap_err();
        assert!(reason.contains("--python PATH"), "{reason}");
        for path in ["/nowhere/python", "no-such-python", "/bin/false"] {
            let reason = Python::find(Some(Path::new(path))).unwrap_err();
            assert!(
                reason.starts_with(&format!("`{path}` is no Python with")),
                "{reason}"
            );
        }
    }

    #[test]
    fn what_python_says_of_itself_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let python = folder.path().join("python");
        let script = "#!/bin/sh\n[ \"$1\" = -c ] && echo Python 3.13\n";
        crate::process::executable(&python, script);
        assert_eq!(Python::find(Some(&python)).unwrap().said, "Python 3.13");
    }
}
