//! The module `file`: what scripts do to a service's files.
//!
//! What may be gone is no error: a service's developers may have deleted any file, and what a script did once it may be
//! asked to do again.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Module, NativeCallContext};

use super::path::{checked, guarded};
use super::run::{Outcome, refused};
use super::state::State;
use crate::rules::template::model::rehearsal::TEXT;
use crate::tree::{Entry, Kind};

type Shared = Rc<RefCell<State>>;
type Step<T> = Result<T, String>;

/// The module, over the files of `state`.
pub(super) fn module(state: &Shared) -> Module {
    let mut module = Module::new();
    let own = Rc::clone(state);
    module.set_native_fn(
        "exists",
        move |call: NativeCallContext<'_>, path: &str| -> Outcome<bool> {
            refused(&call, own.borrow().exists(path))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "read",
        move |call: NativeCallContext<'_>, path: &str| -> Outcome<String> {
            refused(&call, own.borrow_mut().read(path))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "write",
        move |call: NativeCallContext<'_>, path: &str, text: &str| -> Outcome<bool> {
            refused(&call, own.borrow_mut().write(path, text))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "rename",
        move |call: NativeCallContext<'_>, from: &str, to: &str| -> Outcome<bool> {
            refused(&call, own.borrow_mut().rename(from, to))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "delete",
        move |call: NativeCallContext<'_>, path: &str| -> Outcome<bool> {
            refused(&call, own.borrow_mut().delete(path))
        },
    );
    let own = Rc::clone(state);
    module.set_native_fn(
        "replace",
        move |call: NativeCallContext<'_>, path: &str, from: &str, to: &str| -> Outcome<i64> {
            refused(&call, own.borrow_mut().replace(path, from, to))
        },
    );
    module
}

impl State {
    fn exists(&self, path: &str) -> Step<bool> {
        checked(path)?;
        Ok(self.tree.contains_key(path) || self.is_folder(path))
    }

    fn read(&mut self, path: &str) -> Step<String> {
        checked(path)?;
        guarded(path)?;
        let Some(text) = self.text(path)? else {
            return Err(format!(
                "the service has no file `{path}`; ask `file::exists(\"{path}\")` first"
            ));
        };
        self.work(text.len())?;
        Ok(text)
    }

    fn write(&mut self, path: &str, text: &str) -> Step<bool> {
        checked(path)?;
        guarded(path)?;
        self.work(text.len())?;
        self.room(path)?;
        let kind = match self.tree.get(path) {
            Some(entry) if entry.kind == Kind::Link => return Err(link(path)),
            Some(entry) if entry.bytes == text.as_bytes() => return Ok(false),
            Some(entry) => entry.kind,
            None => Kind::File,
        };
        let bytes = text.as_bytes().to_vec();
        self.tree.insert(path.to_owned(), Entry { kind, bytes });
        self.did(format!("wrote `{path}`"));
        Ok(true)
    }

    fn rename(&mut self, from: &str, to: &str) -> Step<bool> {
        for path in [from, to] {
            checked(path)?;
            guarded(path)?;
        }
        let paths = self.below(from);
        self.work(paths.iter().map(String::len).sum())?;
        if paths.is_empty() || from == to {
            return Ok(false);
        }
        if to
            .strip_prefix(from)
            .is_some_and(|rest| rest.starts_with('/'))
        {
            return Err(format!(
                "`{to}` is inside `{from}`; move what is in it, one by one"
            ));
        }
        if self.tree.contains_key(to) || self.is_folder(to) {
            return Err(format!(
                "the service has both `{from}` and `{to}`; keep one of them and commit, then upgrade again"
            ));
        }
        self.room(to)?;
        for path in paths {
            let Some(entry) = self.tree.remove(&path) else {
                continue;
            };
            let target = format!("{to}{}", path.strip_prefix(from).unwrap_or_default());
            self.tree.insert(target.clone(), entry);
            self.moved.push((path, target));
        }
        self.did(format!("moved `{from}` to `{to}`"));
        Ok(true)
    }

    fn delete(&mut self, path: &str) -> Step<bool> {
        checked(path)?;
        guarded(path)?;
        let paths = self.below(path);
        self.work(paths.iter().map(String::len).sum())?;
        for path in &paths {
            self.tree.remove(path);
        }
        if paths.is_empty() {
            return Ok(false);
        }
        self.did(format!("deleted `{path}`"));
        Ok(true)
    }

    fn replace(&mut self, path: &str, from: &str, to: &str) -> Step<i64> {
        checked(path)?;
        guarded(path)?;
        if from.is_empty() {
            return Err("the text to replace is empty; name what goes".to_owned());
        }
        if to.contains(from) {
            return Err(
                "the new text has the old one in it, so a second run would replace it again; give the old text so much more \
                 that the new one doesn't hold it"
                    .to_owned(),
            );
        }
        let Some(text) = self.text(path)? else {
            self.work(0)?;
            return Ok(0);
        };
        self.work(text.len())?;
        let count = text.matches(from).count();
        if count == 0 {
            return Ok(0);
        }
        // Before it is built: a letter in a long file may become a long text each time.
        self.work(text.len().saturating_add(count.saturating_mul(to.len())))?;
        let new = text.replace(from, to);
        if let Some(entry) = self.tree.get_mut(path) {
            entry.bytes = new.into_bytes();
        }
        self.did(format!("changed `{path}`"));
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The text of a file; nothing where there is none.
    fn text(&self, path: &str) -> Step<Option<String>> {
        let Some(entry) = self.tree.get(path) else {
            if self.is_folder(path) {
                return Err(format!("`{path}` is a folder; name a file in it"));
            }
            return Ok(None);
        };
        if entry.kind == Kind::Link {
            return Err(link(path));
        }
        if entry.bytes.len() > TEXT {
            return Err(format!(
                "`{path}` is larger than {} KiB; leave it to a person with `note(\"…\")`",
                TEXT / 1024
            ));
        }
        let text = entry.text();
        let text = text.ok_or_else(|| {
            format!("`{path}` is no text; a script can move and delete it, and nothing else")
        })?;
        Ok(Some(text.to_owned()))
    }

    /// Whether something can be put at `path`.
    fn room(&self, path: &str) -> Step<()> {
        if self.is_folder(path) {
            return Err(format!("`{path}` is a folder; name a file in it"));
        }
        let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
        match above.find(|above| self.tree.contains_key(*above)) {
            Some(above) => Err(format!(
                "`{above}` is no folder in the service, so `{path}` can't be in it; choose another place"
            )),
            None => Ok(()),
        }
    }

    fn is_folder(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        let mut below = self.tree.range(inside.clone()..);
        below
            .next()
            .is_some_and(|(first, _)| first.starts_with(&inside))
    }

    /// The file at `path`, or all that are in that folder.
    fn below(&self, path: &str) -> Vec<String> {
        if self.tree.contains_key(path) {
            return vec![path.to_owned()];
        }
        let inside = format!("{path}/");
        let below = self.tree.range(inside.clone()..).map(|(path, _)| path);
        below
            .take_while(|path| path.starts_with(&inside))
            .cloned()
            .collect()
    }
}

fn link(path: &str) -> String {
    format!("`{path}` is a symbolic link; name the file that it points to")
}
