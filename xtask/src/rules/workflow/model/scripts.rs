//! What runs a step's commands: the shell, and scripts of the same tree that they start.

use super::Model;
use super::file::File;
use super::starts::Start;
use super::views::{Job, Step};
use super::yaml::Node;

impl Model {
    /// The scripts of this tree that a step starts, with their text where it is known.
    pub fn scripts<'a>(&'a self, file: &File, step: &Step<'_>) -> Vec<(Start, Option<&'a str>)> {
        let Some(run) = step.run().filter(|_| file.tree == 0) else {
            return Vec::new();
        };
        // To look for them costs more than this.
        let ends = [".sh", ".bash", ".py", "js", ".rb", ".pl", ".ps1"];
        let text = run.text().unwrap_or_default();
        if !ends.iter().any(|end| text.contains(end)) {
            return Vec::new();
        }
        let inside =
            |start: &Start| run.span.contains(&start.span.start) && start.span.end <= run.span.end;
        let starts = self.starts(file).into_iter().filter(inside);
        let text = |path: &str| self.paths.as_ref()?.texts.get(path).map(String::as_str);
        starts
            .map(|start| {
                let text = text(&start.path);
                (start, text)
            })
            .collect()
    }
}

impl File {
    /// Whether a step's commands are known to be those of `bash` or `sh`.
    pub fn runs_in_shell(&self, step: &Step<'_>) -> bool {
        let job = step.job.and_then(|id| self.workflow()?.job(&id.text));
        let of = |node: Option<&Node>| -> Option<String> {
            let shell = node?.at(&["defaults", "run", "shell"])?;
            Some(shell.text().unwrap_or_default().to_owned())
        };
        let shell = step
            .node
            .get("shell")
            .map(|shell| shell.text().unwrap_or_default().to_owned())
            .or_else(|| of(job.map(|job| job.node)))
            .or_else(|| of(self.root.as_ref()));
        match shell {
            Some(shell) => matches!(shell.split_whitespace().next(), Some("bash" | "sh")),
            None => job.is_some_and(|job| {
                job.is_hosted()
                    && job
                        .runner()
                        .is_some_and(|label| !label.starts_with("windows"))
            }),
        }
    }
}

impl Job<'_> {
    /// The one label that it runs on, where it is written down.
    pub fn runner(&self) -> Option<&str> {
        match self.node.get("runs-on")?.one_or_many() {
            [label] => label.plain(),
            _ => None,
        }
    }

    /// Whether it runs on a machine of GitHub's.
    pub fn is_hosted(&self) -> bool {
        let hosted = ["ubuntu-", "macos-", "windows-"];
        self.runner()
            .is_some_and(|label| hosted.iter().any(|begin| label.starts_with(begin)))
    }
}
