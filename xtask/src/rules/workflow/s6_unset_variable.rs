//! Variables of scripts that nothing sets.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::model::expr::{self, Expr};
use super::model::yaml::{Content, Kind, Node};
use super::model::{File, Job, Model, Script, Step, Workflow};
use super::words::did_you_mean;
use super::{ENOUGH, Rule};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "S6-unset-variable",
    summary: "a variable in upper case that a script reads, and that neither an `env:`, nor an earlier step, nor GitHub sets",
    why: "The shell takes it for empty text: an image without a name, a promotion without a digest; or with `set -u` the step \
          stops.",
    example: "run: cargo build --bin \"$SERVICE\"\nenv:\n  SERVIC: ${{ inputs.service }}",
    remedy: "Hand it over under `env:`, or write `${NAME:-}` where it may be unset.",
    check,
};

/// What GitHub, its runners and the shell set themselves.
static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(
            (GITHUB|RUNNER|ACTIONS|ACT|INPUT|STATE|BASH|LC|XDG|JAVA_HOME|ANDROID|GOROOT|CHROME|DOTNET|HOMEBREW|PIPX|LEIN|NVM|GHCUP|EPOCH|COMP|HIST|SUDO|SSH|CARGO|RUSTUP|STATS|JOURNAL|MEMORY_PRESSURE|SYSTEMD)_?\w*
          | CI | HOME | PATH | USER | LOGNAME | SHELL | LANG | LANGUAGE | PWD | OLDPWD | TERM | TMPDIR | TMP | TEMP | HOSTNAME
          | UID | EUID | PPID | RANDOM | SRANDOM | SECONDS | LINENO | FUNCNAME | PIPESTATUS | IFS | OPTARG | OPTIND | OPTERR
          | OSTYPE | MACHTYPE | HOSTTYPE | SHLVL | REPLY | DIRSTACK | GROUPS | MAPFILE | COPROC | SHELLOPTS | COLUMNS | LINES
          | PS[0-4] | MAIL | EDITOR | DISPLAY | INVOCATION_ID | DEBIAN_FRONTEND | ACCEPT_EULA | CONDA | VCPKG_INSTALLATION_ROOT
          | SWIFT_PATH | AGENT_TOOLSDIRECTORY | EDGEWEBDRIVER | GECKOWEBDRIVER | SELENIUM_JAR_PATH | ANT_HOME | GRADLE_HOME
          | M2_REPO | M2 | AZURE_EXTENSION_DIR | POWERSHELL_DISTRIBUTION_CHANNEL | USE_BAZEL_FALLBACK_VERSION | SGX_AESM_ADDR
          | BOOTSTRAP_HASKELL_NONINTERACTIVE | SYSTEM
        )$",
    )
    .ok()
});

/// Actions that set no variables.
const QUIET: &[&str] = &[
    "actions/checkout",
    "actions/cache",
    "actions/upload-artifact",
    "actions/download-artifact",
    "actions/attest",
    "actions/attest-build-provenance",
    "actions/attest-sbom",
    "docker/login-action",
    "docker/setup-buildx-action",
    "docker/setup-qemu-action",
    "docker/build-push-action",
    "Swatinem/rust-cache",
    "sigstore/cosign-installer",
    "taiki-e/install-action",
];

/// A line that tells a later step a variable by its name.
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*echo\s+["']?([A-Za-z_]\w*)=.*>>\s*["']?\$\{?GITHUB_ENV\}?["']?\s*$"#).ok()
});

/// What makes and starts other programs that may set variables for later steps.
static STARTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)(^|[\s;&|(])(\.\.?/|make\b|just\b|npm\b|pnpm\b|yarn\b|python3?\b|node\b|ruby\b|pwsh\b|nix\b|bazel\b)|\.(sh|bash|py|js|mjs|rb|ps1)\b")
        .ok()
});

/// The variables that a step finds.
#[derive(Clone, Default)]
struct Known {
    names: BTreeSet<String>,
    /// Whether there may be any others.
    is_open: bool,
}

impl Known {
    fn env(&mut self, node: Option<&Node>) {
        let Some(node) = node else { return };
        let names = node.entries().iter().map(|entry| entry.key.text.clone());
        self.names.extend(names);
        self.is_open |= !matches!(node.kind, Kind::Map(_));
    }

    fn merge(&mut self, other: Self) {
        self.names.extend(other.names);
        self.is_open |= other.is_open;
    }

    /// What a step leaves to those behind it.
    fn after(&mut self, model: &Model, file: &File, step: &Step<'_>) {
        if let Some(text) = step.run().and_then(Node::text) {
            let scripts = model.scripts(file, step);
            self.told(text);
            for (_, script) in &scripts {
                self.told(script.unwrap_or("GITHUB_ENV"));
            }
            let starts = STARTS.as_ref().is_none_or(|found| found.is_match(text));
            self.is_open |= starts && scripts.is_empty();
        } else if let Some(action) = model.action(file, step) {
            self.is_open |= action.steps().is_empty();
            for inner in action.steps() {
                let is_action = inner.uses().is_some();
                // One that uses another of this tree is not followed further.
                self.is_open |= is_action && model.action(action, &inner).is_some();
                if !self.is_open {
                    self.after(model, action, &inner);
                }
            }
        } else if step.uses().is_some() {
            self.is_open |= !QUIET.iter().any(|name| step.uses_action(name));
        } else {
            // A step that waits for others.
            self.is_open |= step.node.get("run").is_some();
        }
    }

    fn told(&mut self, text: &str) {
        for line in text.lines().filter(|line| line.contains("GITHUB_ENV")) {
            let told = TOLD.as_ref().and_then(|told| told.captures(line));
            match told.as_ref().and_then(|told| told.get(1)) {
                Some(name) => drop(self.names.insert(name.as_str().to_owned())),
                None => self.is_open |= !line.trim_start().starts_with('#'),
            }
        }
    }
}

fn check(model: &Model, report: &mut Report) {
    for file in &model.files {
        let mut found = Vec::new();
        if let Some(workflow) = file.workflow() {
            for job in workflow.jobs() {
                let known = of_job(&workflow, &job);
                in_steps(model, file, &job.steps(), known, &mut found);
            }
        } else {
            let steps = file.steps();
            if let Some(known) = of_users(model, file).filter(|_| !steps.is_empty()) {
                in_steps(model, file, &steps, known, &mut found);
            }
        }
        for (span, message, help) in found.into_iter().take(ENOUGH) {
            report.error(RULE.id, &file.source, span, message, help);
        }
    }
}

/// What the steps of a job find before the first of them.
fn of_job(workflow: &Workflow<'_>, job: &Job<'_>) -> Known {
    let mut known = Known::default();
    known.env(workflow.root.get("env"));
    known.env(job.node.get("env"));
    // An image has an environment of its own, and so has a runner of one's own.
    known.is_open |= job.node.get("container").is_some() || !job.is_hosted();
    known
}

/// What an action finds, whichever job uses it; nothing where none is known to.
fn of_users(model: &Model, action: &File) -> Option<Known> {
    let mut found: Option<Known> = None;
    for user in &model.files {
        let uses = |step: &Step<'_>| {
            let used = model.action(user, step);
            used.is_some_and(|used| std::ptr::eq(used, action))
        };
        let Some(workflow) = user.workflow() else {
            if user.steps().iter().any(uses) {
                return None;
            }
            continue;
        };
        for job in workflow.jobs() {
            let mut known = of_job(&workflow, &job);
            for step in job.steps() {
                if uses(&step) {
                    let all = found.get_or_insert_default();
                    all.merge(known.clone());
                    all.env(step.node.get("env"));
                }
                known.after(model, user, &step);
            }
        }
    }
    found
}

type Found = (std::ops::Range<usize>, String, String);

fn in_steps(
    model: &Model,
    file: &File,
    steps: &[Step<'_>],
    mut known: Known,
    found: &mut Vec<Found>,
) {
    for step in steps {
        if known.is_open {
            return;
        }
        let mut here = known.clone();
        here.env(step.node.get("env"));
        if !here.is_open {
            in_expressions(file, step, &here, found);
        }
        if let Some(run) = step.run().filter(|_| file.runs_in_shell(step)) {
            let mut here = known.clone();
            here.env(step.node.get("env"));
            if !here.is_open {
                in_step(model, file, step, run, &here, found);
            }
        }
        known.after(model, file, step);
    }
}

/// `env.NAME` in a step, which is what `env:` and earlier steps set.
fn in_expressions(file: &File, step: &Step<'_>, known: &Known, found: &mut Vec<Found>) {
    let of_step = file.walked.sites.iter().filter(|site| {
        site.step == Some(step.index)
            && site.job.as_deref() == step.job.map(|job| job.text.as_str())
    });
    for site in of_step {
        let asked = asked(&site.expr);
        site.expr.walk(&mut |expr| {
            if asked.iter().any(|asked| std::ptr::eq(*asked, expr)) {
                return;
            }
            let path = expr.path().unwrap_or_default();
            let [root, name] = path.as_slice() else {
                return;
            };
            let is_known = known
                .names
                .iter()
                .any(|set| set.eq_ignore_ascii_case(&name.text))
                || GIVEN
                    .as_ref()
                    .is_none_or(|given| given.is_match(&name.text));
            if root.text == "env" && !is_known {
                let message = format!("nothing sets `env.{}`", name.text);
                let names = known.names.iter().map(String::as_str);
                let otherwise = format!("add `{}: …` to the `env:` of the job", name.text);
                let help = did_you_mean(&name.text, names, otherwise);
                found.push((name.span.clone(), message, help));
            }
        });
    }
}

/// What is asked whether it is there at all: `!x`, `x == ''`, `x || y` and `x && y || z`.
fn asked(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    expr.walk(&mut |expr| match &expr.kind {
        expr::Kind::Not(one) | expr::Kind::Or(one, _) | expr::Kind::And(one, _) => {
            found.push(one.as_ref());
        }
        expr::Kind::Compare(_, one, other) => {
            let is_nothing = |expr: &Expr| match &expr.kind {
                expr::Kind::Text(text) => text.is_empty(),
                expr::Kind::Null => true,
                _ => false,
            };
            found.extend(is_nothing(other).then_some(one.as_ref()));
            found.extend(is_nothing(one).then_some(other.as_ref()));
        }
        _ => {}
    });
    found
}

fn in_step(
    model: &Model,
    file: &File,
    step: &Step<'_>,
    run: &Node,
    known: &Known,
    found: &mut Vec<Found>,
) {
    let Some(content) = Content::of(run, &file.source.text) else {
        return;
    };
    let script = Script::of(&content.text);
    let mut said = BTreeSet::new();
    for (name, range) in unset(&script, known) {
        if said.insert(name.clone()) {
            let message = format!("nothing sets `${name}`");
            found.push((content.span(range.clone()), message, help(name, known)));
        }
    }
    for (start, text) in model.scripts(file, step) {
        let is_shell = [".sh", ".bash"].iter().any(|end| start.path.ends_with(end));
        let Some(text) = text.filter(|_| is_shell && !script.is_open) else {
            continue;
        };
        let inner = Script::of(text);
        for (name, _) in unset(&inner, known) {
            if !script.sets.contains(name) && said.insert(name.clone()) {
                let message = format!("nothing sets `${name}`, which `{}` reads", start.path);
                found.push((start.span.clone(), message, help(name, known)));
            }
        }
    }
}

fn unset<'s>(
    script: &'s Script,
    known: &Known,
) -> impl Iterator<Item = &'s (String, std::ops::Range<usize>)> {
    script.reads.iter().filter(|(name, _)| {
        !script.is_open
            && !known.names.contains(name)
            && !script.sets.contains(name)
            && GIVEN.as_ref().is_some_and(|given| !given.is_match(name))
    })
}

fn help(name: &str, known: &Known) -> String {
    let names = known.names.iter().map(String::as_str);
    let otherwise = format!(
        "add `{name}: …` to the step's `env:`, or write `${{{name}:-}}` where it may be unset"
    );
    did_you_mean(name, names, otherwise)
}
