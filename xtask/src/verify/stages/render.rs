//! `render`: every combination of options gives a service, the same one each time, whoever renders it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::pack::{Answers, tracked};
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
        name: "actionlint",
        scope: Scope::Case,
        needs: &[Tool::Actionlint],
        run: |bench, step, _| {
            let service = bench.service(step)?;
            let workflows = service.path.join(".github/workflows");
            let mut paths = Vec::new();
            for file in files(&workflows)? {
                paths.push(workflows.join(file));
            }
            let shell = service.shell()?;
            verdict(cmd!(shell, "actionlint {paths...}"))
        },
    },
    Gate {
        name: "zizmor",
        scope: Scope::Case,
        needs: &[Tool::Zizmor],
        run: |bench, step, _| {
            let shell = bench.service(step)?.shell()?;
            verdict(cmd!(
                shell,
                "zizmor --offline --no-progress --config .github/zizmor.yml .github"
            ))
        },
    },
    Gate {
        name: "cli",
        scope: Scope::Case,
        needs: &[Tool::CargoGenerate],
        run: released_tool,
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

fn whole(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let files = files(&service.path)?;
    for file in &files {
        let bytes = fs::read(service.path.join(file))?;
        let text = String::from_utf8_lossy(&bytes);
        // Liquid's own tags never belong to a rendered file; `{{` may, as in `${{ … }}` of a workflow.
        if let Some(line) = text.lines().position(|line| line.contains("{%")) {
            let line = line + 1;
            return Ok(Verdict::Failed(format!(
                "{file}:{line} holds a Liquid tag after rendering; the file was left as it is, or `raw` is misplaced"
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

/// `cargo generate --git` with the released tool gives the same bytes.
fn released_tool(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let template = bench.template(step)?;
    let scratch = tempfile::tempdir()?;
    // The released tool clones, so the tree goes into a repository of its own as it stands, committed or not.
    let repository = scratch.path().join("pack");
    for folder in [".", &template.name] {
        let base = repository.join(folder);
        let listed = if folder == "." {
            vec!["cargo-generate.toml".to_owned()]
        } else {
            tracked(&bench.pack.root, folder)?
        };
        for file in listed {
            let (from, to) = (bench.pack.root.join(folder).join(&file), base.join(&file));
            fs::create_dir_all(to.parent().unwrap_or(&base))?;
            fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    let shell = Shell::new()?;
    shell.change_dir(&repository);
    // Neither the user's git nor the user's cargo-generate configuration may show in the result.
    let home = scratch.path().join("home");
    fs::create_dir_all(&home)?;
    for (name, value) in [("HOME", home.as_path()), ("CARGO_HOME", &home)] {
        shell.set_var(name, value);
    }
    shell.set_var("USER", "xtask");
    shell.set_var("GIT_CONFIG_NOSYSTEM", "1");
    let identity = ["-c", "user.name=xtask", "-c", "user.email=xtask@localhost"];
    cmd!(shell, "git init --quiet").quiet().run()?;
    cmd!(shell, "git add --all --force").quiet().run()?;
    cmd!(shell, "git {identity...} commit --quiet --message pack")
        .quiet()
        .run()?;

    let out = scratch.path().join("out");
    fs::create_dir_all(&out)?;
    shell.change_dir(&out);
    let (name, template) = (&service.name, &template.name);
    let mut command = cmd!(
        shell,
        "cargo-generate generate --git {repository} {template} --name {name} --silent --no-workspace"
    );
    for (key, value) in answers(bench.template(step)?, step) {
        command = command.arg("--define").arg(format!("{key}={value}"));
    }
    if let Verdict::Failed(text) = verdict(process::scrubbed(command))? {
        return Ok(Verdict::Failed(text));
    }
    compare(
        &service.path,
        &out.join(name),
        "the released cargo-generate",
    )
}

/// Whether two folders hold the same files; says which one differs first.
fn compare(ours: &Path, theirs: &Path, who: &str) -> Result<Verdict> {
    let read = |folder: &Path| -> Result<BTreeMap<String, (Vec<u8>, bool)>> {
        files(folder)?
            .into_iter()
            .map(|file| {
                use std::os::unix::fs::PermissionsExt;
                let path = folder.join(&file);
                let executable = path.metadata()?.permissions().mode() & 0o111 != 0;
                Ok((file, (fs::read(path)?, executable)))
            })
            .collect()
    };
    let (ours, theirs) = (read(ours)?, read(theirs)?);
    let names = ours.keys().chain(theirs.keys());
    let differing: Vec<&String> = names.filter(|n| ours.get(*n) != theirs.get(*n)).collect();
    Ok(match differing.first() {
        None => Verdict::Passed(format!("{} files alike", ours.len())),
        Some(file) => Verdict::Failed(format!(
            "`{file}` differs between `create` and {who} ({} files do)",
            differing.len()
        )),
    })
}
