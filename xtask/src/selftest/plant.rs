//! Makes a fault in a copy of the pack. The table speaks of this organisation's facts by their names, so that it fits a
//! fork as well.

use anyhow::{Result, bail};

use super::copy::{Copy, Entry};
use super::edit::Edit;
use super::fault::Fault;
use crate::pack::{Pack, Platform, tracked};

/// What a file holds that nobody may execute.
const PLAIN: u32 = 0o644;

/// Makes all edits of `fault`.
///
/// # Errors
/// When one does not fit the tree, which names the fault, the file and the remedy.
pub(super) fn plant(copy: &mut Copy, fault: &Fault, platform: &Platform) -> Result<()> {
    for edit in fault.edits {
        for path in paths(copy, edit)? {
            if let Err(reason) = make(copy, edit, &path, platform)? {
                bail!(
                    "the fault \"{}\" does not fit {path}: {reason}; change its edits in xtask/src/selftest/table/",
                    fault.name
                );
            }
        }
    }
    Ok(())
}

/// Where an edit is made.
fn paths(copy: &Copy, edit: &Edit) -> Result<Vec<String>> {
    let path = edit.path();
    if !matches!(edit, Edit::Each(..)) {
        return Ok(vec![path.to_owned()]);
    }
    let templates = Pack::open(Some(copy.root()))?.templates()?;
    let paths = templates.iter().map(|it| format!("{}/{path}", it.name));
    Ok(paths.collect())
}

/// Makes an edit; the inner error says why it does not fit.
fn make(
    copy: &mut Copy,
    edit: &Edit,
    path: &str,
    platform: &Platform,
) -> Result<Result<(), String>> {
    let old = copy.get(path).unwrap_or(Entry::Nothing);
    let (new, at) = match (*edit, &old) {
        (Edit::Swap(_, wanted, new) | Edit::Each(_, wanted, new), Entry::File { bytes, mode }) => {
            let text = String::from_utf8_lossy(bytes);
            let (wanted, new) = (stamped(wanted, platform), stamped(new, platform));
            if !text.contains(&wanted) {
                return Ok(Err(format!("it holds no `{}`", wanted.escape_debug())));
            }
            if wanted == new {
                return Ok(Err(format!("`{}` stays as it is", wanted.escape_debug())));
            }
            (
                file(text.replacen(&wanted, &new, 1).as_bytes(), *mode),
                path,
            )
        }
        (Edit::Append(_, text), Entry::File { bytes, mode }) => {
            let text = stamped(text, platform);
            (file(&[bytes, text.as_bytes()].concat(), *mode), path)
        }
        (Edit::Executable(_), Entry::File { bytes, mode }) => (file(bytes, mode | 0o111), path),
        (Edit::Move(_, to), Entry::File { .. }) => {
            copy.set(path, &Entry::Nothing)?;
            (old.clone(), to)
        }
        (Edit::Remove(_), Entry::File { .. }) => (Entry::Nothing, path),
        (Edit::Write(_, bytes), _) => (file(bytes, PLAIN), path),
        (Edit::Link(_, target), Entry::Nothing) => (Entry::Link(target.into()), path),
        (Edit::Twin(_, to), _) => return twin(copy, path, to),
        (Edit::Link(..), _) => return Ok(Err("it is there already".into())),
        _ => return Ok(Err("there is no such file".into())),
    };
    if new == old && at == path {
        return Ok(Err("it stays as it is".into()));
    }
    copy.set(at, &new)?;
    Ok(Ok(()))
}

fn twin(copy: &mut Copy, from: &str, to: &str) -> Result<Result<(), String>> {
    let files = tracked(copy.root(), from)?;
    if files.is_empty() {
        return Ok(Err("there is no such folder".into()));
    }
    for name in files {
        let entry = copy.get(&format!("{from}/{name}"))?;
        copy.set(&format!("{to}/{name}"), &entry)?;
    }
    Ok(Ok(()))
}

fn file(bytes: &[u8], mode: u32) -> Entry {
    Entry::File {
        bytes: bytes.to_vec(),
        mode,
    }
}

/// `ORG/REPO@REF` and the like, in capitals between angle brackets, as `platform.toml` has them.
fn stamped(text: &str, platform: &Platform) -> String {
    let mut text = text.to_owned();
    for (name, value) in platform.facts() {
        text = text.replace(&format!("<{}>", name.to_uppercase()), value);
    }
    text
}
