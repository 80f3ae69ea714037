//! The released cargo-generate, from a clone, has to give the bytes that `create` gives.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use crate::pack::tracked;
use crate::process;
use crate::verify::bench::{answers, files, verdict};
use crate::verify::gate::{Inner, Verdict};
use crate::verify::{Bench, Step};

/// `cargo generate --git` with the released tool gives the same bytes.
pub(super) fn same_bytes(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
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
    let commit = [
        "-c",
        "user.name=xtask",
        "-c",
        "user.email=xtask@localhost",
        "commit",
        "--quiet",
        "--message",
        "pack",
    ];
    for args in [
        &["init", "--quiet"][..],
        &["add", "--all", "--force"],
        &commit,
    ] {
        process::git(&shell, args).quiet().run()?;
    }

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
pub(super) fn compare(ours: &Path, theirs: &Path, who: &str) -> Result<Verdict> {
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
