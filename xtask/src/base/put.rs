//! The last step: files of the pack's copy reach the pack, all or none of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Files;
use crate::interrupt::{self, Folder};
use crate::pack::{Pack, REGISTRY, tracked};
use crate::selftest::{Copy, Entry};

/// What the copy holds before it is edited.
pub(super) fn read(pack: &Pack, copy: &Path) -> Result<Files> {
    let mut files = Files::new();
    for file in tracked(&pack.root, ".")? {
        let path = copy.join(&file);
        if path.is_file() {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(file, bytes);
        }
    }
    Ok(files)
}

/// Files of the copy that are new or not as they were.
pub(super) fn changed(copy: &Copy, before: &Files) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for file in tracked(copy.root(), ".")? {
        if let Entry::File { bytes, .. } = copy.get(&file)?
            && before.get(&file) != Some(&bytes)
        {
            changed.push(file);
        }
    }
    Ok(changed)
}

/// A file that is replaced.
struct Swap {
    /// Where it lies.
    target: PathBuf,
    /// What it will hold.
    new: PathBuf,
    /// What it holds, if it is there.
    old: Option<PathBuf>,
}

/// Puts the folder `name` and the files `written` where they belong. Ctrl-C waits for it.
pub(super) fn put(
    pack: &Pack,
    copy: &Path,
    name: &str,
    inside: &[String],
    written: &[String],
    before: &Files,
) -> Result<()> {
    // Beside the targets, so that each step is one rename.
    let stage = Folder::new(".template-new-", &pack.root)?;
    let stage = stage.path();
    for file in inside {
        let target = stage.join(file);
        let attempt = || {
            fs::create_dir_all(target.parent().unwrap_or(stage))?;
            fs::copy(copy.join(file), &target)
        };
        attempt().with_context(|| format!("cannot write {}", target.display()))?;
    }
    let mut swaps = Vec::new();
    // The registry last: what it names is there then.
    let (registry, others): (Vec<_>, Vec<_>) = written.iter().partition(|file| *file == REGISTRY);
    for (index, file) in others.into_iter().chain(registry).enumerate() {
        let target = pack.root.join(file);
        let now = fs::read(&target).ok();
        if now.as_ref() != before.get(file) {
            bail!("{file} was changed while the template was made; run the command again");
        }
        let attempt = || {
            let new = stage.join(format!("new-{index}"));
            fs::copy(copy.join(file), &new)?;
            let old = stage.join(format!("old-{index}"));
            let old = now.is_some().then_some(old);
            if let Some(old) = &old {
                fs::copy(&target, old)?;
            }
            fs::create_dir_all(target.parent().unwrap_or(stage))?;
            Ok::<_, std::io::Error>(Swap {
                target: target.clone(),
                new,
                old,
            })
        };
        swaps.push(attempt().with_context(|| format!("cannot write {}", target.display()))?);
    }
    let (from, to) = (stage.join(name), pack.root.join(name));
    interrupt::held(|| {
        if to.symlink_metadata().is_ok() {
            bail!(
                "{} has come to be while the template was made; move it",
                to.display()
            );
        }
        fs::rename(&from, &to).with_context(|| format!("cannot create {}", to.display()))?;
        if let Err(error) = swap(&swaps) {
            // It came from there; what is left of it goes with the stage.
            let _ = fs::rename(&to, &from);
            return Err(error);
        }
        Ok(())
    })
}

/// Replaces all files; those that it has replaced are put back when one can't be.
fn swap(swaps: &[Swap]) -> Result<()> {
    for (done, one) in swaps.iter().enumerate() {
        if let Err(error) = fs::rename(&one.new, &one.target) {
            for back in swaps.iter().take(done) {
                let _ = match &back.old {
                    Some(old) => fs::rename(old, &back.target),
                    None => fs::remove_file(&back.target),
                };
            }
            return Err(error).with_context(|| format!("cannot write {}", one.target.display()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_replaced_is_put_back_when_a_later_one_fails() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        for (name, text) in [
            ("a", "old"),
            ("new-a", "new"),
            ("old-a", "old"),
            ("new-b", "new"),
        ] {
            fs::write(path(name), text).unwrap();
        }
        // A folder that is not empty can't be replaced by a file.
        fs::create_dir_all(path("c/full")).unwrap();
        fs::write(path("new-c"), "new").unwrap();
        let one = |target: &str, old: Option<&str>| Swap {
            target: path(target),
            new: path(&format!("new-{target}")),
            old: old.map(path),
        };
        let swaps = [one("a", Some("old-a")), one("b", None), one("c", None)];
        let error = swap(&swaps).unwrap_err().to_string();
        assert!(error.contains("cannot write"), "{error}");
        assert_eq!(fs::read_to_string(path("a")).unwrap(), "old");
        assert!(!path("b").exists());
        assert!(path("c/full").is_dir());
    }
}
