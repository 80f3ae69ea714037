//! A copy of the pack as the repository of an organisation: its own facts, and one line less for act.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::adopt::rewritten;
use crate::lock::Mode;
use crate::pack::platform::FILE;
use crate::pack::{Pack, tracked};
use crate::sync;

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
    let mut platform = pack.platform.clone();
    for (name, value) in facts {
        platform.set(name, value);
    }
    let path = folder.join(FILE);
    fs::write(&path, rewritten(&crate::pack::read(&path)?, &platform)?)?;
    let copy = Pack::open(Some(folder))?;
    sync::write(&copy, Mode::Keep)?;
    let workflows = folder.join(".github/workflows");
    for file in crate::verify::bench::files(&workflows)? {
        let path = workflows.join(file);
        fs::write(&path, unqueued(&crate::pack::read(&path)?))?;
    }
    Ok(copy)
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
    fn the_queue_s_length_goes_and_its_order_stays() {
        let text = "concurrency:\n  group: a\n  cancel-in-progress: false\n  queue: max\nx: 1\n";
        let expected = "concurrency:\n  group: a\n  cancel-in-progress: false\nx: 1\n";
        assert_eq!(unqueued(text), expected);
    }
}
