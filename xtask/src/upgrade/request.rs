//! What the user of `upgrade` asked for.

use std::path::PathBuf;

use crate::create::Define;

/// An upgrade of one service.
#[derive(Debug)]
pub struct Request {
    /// The service's folder.
    pub dir: PathBuf,
    /// What it was made from, where its record names what the pack doesn't know.
    pub from: Option<String>,
    /// What it is to become: a release, or anything that names a commit of the pack. The newest release where nothing is
    /// named.
    pub to: Option<String>,
    /// `-d KEY=VALUE`: answers that are not carried over.
    pub defines: Vec<Define>,
}
