//! The tags in the registry: reads them all, writes one at a time, and never another digest under a name that stands.

use super::history::History;
use super::tag::Record;
use crate::names::{Commit, Digest};
use crate::registry::{Client, Manifest, Note, RegistryError};

/// One service's tags.
pub struct Ledger<'a> {
    client: &'a Client,
}

impl<'a> Ledger<'a> {
    /// Over this repository.
    pub fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// What stands there now.
    pub fn read(&self) -> Result<History, RegistryError> {
        Ok(History::of(&self.client.tags()?))
    }

    /// Writes a tag that never changes. Whether it was written: it may stand there already, with the same digest.
    pub fn write_once(&self, tag: &str, manifest: &Manifest) -> Result<bool, RegistryError> {
        match self.client.digest(tag)? {
            Some(digest) if digest == manifest.digest => Ok(false),
            Some(digest) => Err(RegistryError::Mismatch(format!(
                "`{tag}` names {digest} and is never moved: {} is refused",
                manifest.digest
            ))),
            None => self.client.tag(tag, manifest).map(|()| true),
        }
    }

    /// Moves a tag that may move. Whether it had to be.
    pub fn move_to(&self, tag: &str, manifest: &Manifest) -> Result<bool, RegistryError> {
        if self.client.digest(tag)?.as_ref() == Some(&manifest.digest) {
            return Ok(false);
        }
        self.client.tag(tag, manifest).map(|()| true)
    }

    /// Keeps a note under a tag that stands from then on; what stands there already stays.
    ///
    /// A registry that takes no artifacts gets the tag on the image instead: the tag's name is what counts, and the reason is
    /// lost. Whether it could be kept is what is returned.
    pub fn note_once(
        &self,
        tag: &str,
        note: &Note,
        instead: &Manifest,
    ) -> Result<bool, RegistryError> {
        if self.client.digest(tag)?.is_some() {
            return Ok(true);
        }
        match self.client.write_note(tag, note) {
            Ok(()) => Ok(true),
            Err(RegistryError::Refused { .. }) => self.client.tag(tag, instead).map(|()| false),
            Err(error) => Err(error),
        }
    }

    /// The commit that a record stands for: by the tag of the commit, or by what the image says of itself.
    pub fn commit_of(
        &self,
        history: &History,
        record: &Record,
        manifest: &Manifest,
    ) -> Result<Option<Commit>, RegistryError> {
        if let Some(commit) = history.commit(&record.short) {
            return Ok(Some(commit.clone()));
        }
        let said = self.client.labels(manifest)?.revision();
        Ok(said.filter(|commit| commit.short() == record.short))
    }

    /// The digest that a tag names, if it stands.
    pub fn digest(&self, tag: &str) -> Result<Option<Digest>, RegistryError> {
        self.client.digest(tag)
    }
}
