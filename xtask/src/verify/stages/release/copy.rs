//! A copy of the pack as the repository of an organisation: its own facts, and one line less for act.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::lock::Mode;
use crate::pack::{Pack, tracked};
use crate::sync;

/// Where the facts are.
const FACTS: &str = "platform.toml";

/// The pack's files, committed or not, in `folder`, with other values for some facts, and all that is derived from them.
pub(super) fn copy(pack: &Pack, folder: &Path, facts: &[(&str, &str)]) -> Result<Pack> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    for file in tracked(&pack.root, ".")? {
        let (from, to) = (pack.root.join(&file), folder.join(&file));
        fs::create_dir_all(to.parent().unwrap_or(folder))?;
        // A fixture is a link to nothing, and stays one.
        let copied = match fs::read_link(&from) {
            Ok(target) => std::os::unix::fs::symlink(target, &to),
            Err(_) => fs::copy(&from, &to).map(drop),
        };
        copied.with_context(|| format!("cannot copy {}", from.display()))?;
    }
    let path = folder.join(FACTS);
    fs::write(&path, with_facts(&crate::pack::read(&path)?, facts))?;
    let copy = Pack::open(Some(folder))?;
    sync::write(&copy, Mode::Keep)?;
    let workflows = folder.join(".github/workflows");
    for file in crate::verify::bench::files(&workflows)? {
        let path = workflows.join(file);
        fs::write(&path, unqueued(&crate::pack::read(&path)?))?;
    }
    Ok(copy)
}

/// `platform.toml` with these values.
fn with_facts(text: &str, facts: &[(&str, &str)]) -> String {
    let line = |line: &str| {
        let key = line.split_once(" = ").map(|(key, _)| key);
        match facts.iter().find(|(name, _)| key == Some(*name)) {
            Some((name, value)) => format!("{name} = \"{value}\""),
            None => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// A workflow without `queue: max`, which act refuses. Nothing waits here: one run follows the other.
fn unqueued(text: &str) -> String {
    let lines = text.lines().filter(|line| line.trim() != "queue: max");
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_replaced_by_name_and_nothing_else_is() {
        let text = "# org = \"x\"\norg = \"example-org\"\nrepo = \"idp-lite\"\n";
        let expected = "# org = \"x\"\norg = \"Acme-Corp\"\nrepo = \"idp-lite\"\n";
        assert_eq!(with_facts(text, &[("org", "Acme-Corp")]), expected);
    }

    #[test]
    fn the_queue_s_length_goes_and_its_order_stays() {
        let text = "concurrency:\n  group: a\n  cancel-in-progress: false\n  queue: max\nx: 1\n";
        let expected = "concurrency:\n  group: a\n  cancel-in-progress: false\nx: 1\n";
        assert_eq!(unqueued(text), expected);
    }
}
