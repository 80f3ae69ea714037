//! `render`: every combination of options gives a service, the same one each time, whoever renders it.

use std::fs;

use anyhow::Result;
use regex::Regex;
use xshell::Shell;

use super::kubernetes;
use super::papers;
use super::released::{self, compare};
use crate::pack::Answers;
use crate::process;
use crate::render::render;
use crate::verify::bench::{answers, files, verdict};
use crate::verify::gate::{Gate, Inner, Scope, Verdict};
use crate::verify::{Bench, Step, Tool};

/// The gates of this stage.
pub(super) const GATES: &[Gate] = &[
    Gate {
        name: "render",
        scope: Scope::Case,
        needs: &[],
        run: whole,
    },
    Gate {
        name: "papers",
        scope: Scope::Case,
        needs: &[],
        run: papers::complete,
    },
    Gate {
        name: "answers",
        scope: Scope::Case,
        needs: &[],
        run: replay,
    },
    Gate {
        name: "lock",
        scope: Scope::Case,
        needs: &[],
        run: lock,
    },
    Gate {
        name: "manifests",
        scope: kubernetes::CASES,
        needs: &[Tool::Kubectl],
        run: kubernetes::manifests,
    },
    Gate {
        name: "manifest-schemas",
        scope: kubernetes::CASES,
        needs: &[Tool::Kubectl, Tool::KubernetesValidate],
        run: kubernetes::schemas,
    },
    Gate {
        name: "cli",
        scope: Scope::Case,
        needs: &[Tool::CargoGenerate],
        run: released::same_bytes,
    },
];

/// Names whose places in the lock file differ: first, last, and between crates that any service has.
const NAMES: &[&str] = &[
    "a",
    "axum-orders",
    "serde-json-orders",
    "tokio-0",
    "zz-last",
];

/// No file of the service's may still hold Liquid: neither a tag nor the name of an answer or fact in braces.
fn whole(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let asked = bench.template(step)?.manifest.placeholders.iter();
    let mut names: Vec<&str> = asked.map(|p| p.name.as_str()).collect();
    names.extend(bench.pack.platform.facts().map(|(name, _)| name));
    names.extend([
        "project-name",
        "crate_name",
        "pack_version",
        "image",
        "codeowner",
        "team_label",
    ]);
    // `{{` alone may belong to a rendered file, as in `${{ … }}` of a workflow.
    let pattern = format!(r"\{{%|\{{\{{-?\s*({})\s*(\||-?\}}\}})", names.join("|"));
    let liquid = Regex::new(&pattern)?;
    let files = files(&service.path)?;
    for file in &files {
        let bytes = fs::read(service.path.join(file))?;
        let text = String::from_utf8_lossy(&bytes);
        if let Some(line) = text.lines().position(|line| liquid.is_match(line)) {
            let line = line + 1;
            return Ok(Verdict::Failed(format!(
                "{file}:{line} holds Liquid after rendering: `exclude` in cargo-generate.toml covers it, or `raw` is misplaced"
            )));
        }
    }
    Ok(Verdict::Passed(format!("{} files", files.len())))
}

/// The recorded answers have to give the same service again.
fn replay(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    #[derive(serde::Deserialize)]
    struct Recorded {
        values: Answers,
    }
    let service = bench.service(step)?;
    let template = bench.template(step)?;
    let path = service.path.join(".idp/answers.toml");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(Verdict::Failed(
            "the service has no .idp/answers.toml; list hooks/answers.rhai under `post` in cargo-generate.toml".into(),
        ));
    };
    let mut values = match toml::from_str::<Recorded>(&text) {
        Ok(recorded) => recorded.values,
        Err(error) => {
            return Ok(Verdict::Failed(format!(
                ".idp/answers.toml can't be read back: {error}mend hooks/answers.rhai"
            )));
        }
    };
    let missing: Vec<&str> = template
        .manifest
        .placeholders
        .iter()
        .map(|p| p.name.as_str())
        .filter(|name| !values.contains_key(*name))
        .collect();
    if !missing.is_empty() {
        return Ok(Verdict::Failed(format!(
            ".idp/answers.toml does not record {}; add it to the list in hooks/answers.rhai",
            missing.join(", ")
        )));
    }
    let name = values.remove("project-name").unwrap_or_default();
    if name != service.name {
        return Ok(Verdict::Failed(format!(
            ".idp/answers.toml records the name `{name}` instead of `{}`; mend hooks/answers.rhai",
            service.name
        )));
    }
    let again = render(template, &name, &values)?;
    compare(&service.path, &again.path(), "rendering its answers again")
}

/// `--locked` works at once, whatever the service is called, and cargo has nothing to rewrite.
fn lock(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let template = bench.template(step)?;
    for name in NAMES {
        let rendered = render(template, name, &answers(template, step))?;
        let path = rendered.path().join("Cargo.lock");
        let Ok(before) = fs::read(&path) else {
            return Ok(Verdict::Failed(
                "the service has no Cargo.lock; cargo xtask sync".into(),
            ));
        };
        let shell = Shell::new()?;
        shell.change_dir(rendered.path());
        let args = ["tree", "--locked", "--quiet", "--depth", "0"];
        if let Verdict::Failed(text) = verdict(process::cargo(&shell, &args))? {
            return Ok(Verdict::Failed(format!(
                "as `{name}`: {text}\ncargo xtask sync"
            )));
        }
        let plain = ["update", "--workspace", "--offline", "--quiet"];
        if let Verdict::Failed(text) = verdict(process::cargo(&shell, &plain))? {
            return Ok(Verdict::Failed(format!("as `{name}`: {text}")));
        }
        if fs::read(&path)? != before {
            return Ok(Verdict::Failed(format!(
                "cargo rewrites the Cargo.lock of a service called `{name}`; cargo xtask sync"
            )));
        }
    }
    Ok(Verdict::Passed(format!("as {}", NAMES.join(", "))))
}
