//! Where a run works, and what it has made so far.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Cmd, Shell};

use super::{Plan, Step, Verdict};
use crate::pack::{Matrix, Pack, Template, cases};
use crate::process;
use crate::render;

/// Folders, and services that were rendered in this run.
#[derive(Debug)]
pub struct Bench<'a> {
    /// The pack under test.
    pub pack: &'a Pack,
    plan: &'a Plan,
    folder: PathBuf,
    services: BTreeMap<String, Service>,
    /// Held as long as this run works in its folder.
    _lock: File,
}

/// A rendered service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// The target folder that all cases share: they build the same dependencies.
    pub target: PathBuf,
    /// Its files as they were rendered.
    files: BTreeMap<String, Vec<u8>>,
}

impl Service {
    /// A shell in the service's folder.
    pub fn shell(&self) -> Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(&self.path);
        Ok(shell)
    }

    /// A copy of its files beside it, to be changed.
    pub fn copy(&self, suffix: &str) -> Result<Self> {
        let path = self.path.with_file_name(format!("{}-{suffix}", self.name));
        if path.exists() {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
        }
        for (file, bytes) in &self.files {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap_or(&path))?;
            fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(Self {
            path,
            ..self.clone()
        })
    }

    /// The files that were changed, added or removed since the service was rendered.
    pub fn changes(&self) -> Result<Vec<String>> {
        let now = contents(&self.path)?;
        let names = self.files.keys().chain(now.keys());
        let changed = names.filter(|name| self.files.get(*name) != now.get(*name));
        let changed: std::collections::BTreeSet<String> = changed.cloned().collect();
        Ok(changed.into_iter().collect())
    }

    /// The binary that a build in the dev profile leaves behind.
    pub fn binary(&self) -> PathBuf {
        self.target.join("debug").join(&self.name)
    }

    /// Where the service with fault routes is kept.
    pub fn probe(&self) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{}.probe", self.name))
    }

    /// The version in its manifest.
    pub fn version(&self) -> Result<String> {
        let manifest: toml::Table =
            toml::from_str(&crate::pack::read(&self.path.join("Cargo.toml"))?)?;
        let version = manifest
            .get("package")
            .and_then(|p| p.get("version")?.as_str());
        version
            .map(str::to_owned)
            .context("the service's manifest has no version")
    }

    /// `cargo ARGS` in the service's folder, as its user would run it but for the shared target folder.
    pub fn cargo(&self, args: &[&str]) -> Result<Verdict> {
        self.cargo_with(args, &[])
    }

    /// As [`Self::cargo`], with variables.
    pub fn cargo_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Result<Verdict> {
        let shell = self.shell()?;
        let command = process::cargo(&shell, args)
            .envs(variables.iter().copied())
            .env("CARGO_TARGET_DIR", &self.target)
            // It would put the binaries elsewhere.
            .env_remove("CARGO_BUILD_TARGET");
        verdict(command)
    }
}

impl<'a> Bench<'a> {
    /// A bench under the pack's target folder.
    pub(super) fn new(pack: &'a Pack, plan: &'a Plan) -> Result<Self> {
        let folder = pack.root.join("target/verify");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let lock = folder.join(".lock");
        let lock =
            File::create(&lock).with_context(|| format!("cannot write {}", lock.display()))?;
        if lock.try_lock().is_err() {
            eprintln!("waiting for another `verify` of this pack to end");
            lock.lock().context("cannot wait for another `verify`")?;
        }
        Ok(Self {
            _lock: lock,
            pack,
            plan,
            folder,
            services: BTreeMap::new(),
        })
    }

    /// The checks of the service contract that were picked; all when empty.
    pub fn checks(&self) -> &'a [String] {
        &self.plan.checks
    }

    /// The template that `step` is about.
    pub fn template(&self, step: &Step) -> Result<&'a Template> {
        let templates = self.plan.templates.iter();
        let mut named = templates.filter(|template| step.template.as_ref() == Some(&template.name));
        named.next().context("this gate is not about a template")
    }

    /// The service of `step`'s template and case, rendered now if it was not yet in this run.
    pub fn service(&mut self, step: &Step) -> Result<Service> {
        let template = self.template(step)?;
        let case = step.case.as_ref();
        let key = format!("{} {}", template.name, case.context(NO_CASE)?);
        if let Some(service) = self.services.get(&key) {
            return Ok(service.clone());
        }
        let mut service = self.place(step, "")?;
        let answers = answers(template, step);
        render::render(template, &service.name, &answers)?.move_to(&service.path)?;
        service.files = contents(&service.path)?;
        self.services.insert(key, service.clone());
        Ok(service)
    }

    /// The place for a service of `step`'s template and case, of which nothing is there yet.
    pub fn place(&self, step: &Step, suffix: &str) -> Result<Service> {
        let template = self.template(step)?;
        let case = step.case.as_ref().context(NO_CASE)?;
        // The name goes with the case, since all of them leave their binaries in one folder.
        let all = cases(&template.manifest, Matrix::All);
        let number = all
            .iter()
            .position(|known| known == case)
            .unwrap_or_default();
        let name = format!("orders-{}-{number}{suffix}", template.short_name());
        let path = self.folder.join(&name);
        if path.exists() {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(Service {
            name,
            files: BTreeMap::new(),
            path,
            target: self.folder.join("build"),
        })
    }
}

/// Why there is no service.
const NO_CASE: &str = "this gate is not about a case";

/// The answers of a step's case, and the defaults for what is no option.
pub fn answers(template: &Template, step: &Step) -> crate::pack::Answers {
    let defaults = template.manifest.placeholders.iter().filter_map(|p| {
        let default = p.default.as_ref()?;
        Some((p.name.clone(), default.value.clone()))
    });
    let mut answers: crate::pack::Answers = defaults.collect();
    answers.extend(step.case.iter().flat_map(|case| case.answers.clone()));
    answers
}

/// Runs a command; what it printed is kept for the case that it fails.
pub(super) fn verdict(command: Cmd<'_>) -> Result<Verdict> {
    let shown = command.to_string();
    let output = command
        // What is captured is printed indented, in logs and in JSON: no colours.
        .env("CARGO_TERM_COLOR", "never")
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .quiet()
        .ignore_status()
        .output()
        .with_context(|| format!("cannot run `{shown}`"))?;
    if output.status.success() {
        return Ok(Verdict::passed());
    }
    let text = [&output.stdout[..], &output.stderr[..]]
        .map(String::from_utf8_lossy)
        .join("");
    Ok(Verdict::Failed(format!("$ {shown}\n{}", text.trim_end())))
}

fn contents(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    files(folder)?
        .into_iter()
        .map(|file| {
            let bytes = fs::read(folder.join(&file))?;
            Ok((file, bytes))
        })
        .collect()
}

/// Every file under `folder`, relative to it, with `/`, sorted; without `.git`.
pub(super) fn files(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        bail!("{} is not there", folder.display());
    }
    let mut files = Vec::new();
    let walk = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            let path = entry.path().strip_prefix(folder)?;
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            files.push(parts.join("/"));
        }
    }
    files.sort();
    Ok(files)
}
