//! Paths that a compose file names, seen from the folder that it is in: the service's root.

use super::Fault;
use crate::rules::template::model::text::{joined, near_path};
use crate::rules::template::model::{Run, literal};
use crate::rules::workflow::yaml::Node;

/// The files of a service.
pub struct Paths<'r>(pub &'r Run);

impl Paths<'_> {
    /// The path in the service that `text` means; nothing where it is elsewhere or a variable's.
    pub fn local(text: &str) -> Option<String> {
        if text.is_empty() || text.starts_with(['/', '~']) || text.contains(['$', ':', '*', '\\']) {
            return None;
        }
        joined("", text)
    }

    /// Whether the service has a file or folder there.
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.0.files.keys().any(|file| literal(path, file))
    }

    /// Whether the service has a file there.
    pub fn has_file(&self, path: &str) -> bool {
        self.0.files.contains_key(path)
    }

    /// What is there under nearly the same name.
    pub fn near(&self, path: &str) -> Option<&str> {
        let files = self.0.files.keys().map(String::as_str);
        let folders = self.0.files.keys().flat_map(|file| {
            file.match_indices('/')
                .map(|(at, _)| &file[..at])
                .collect::<Vec<_>>()
        });
        crate::report::nearest(path, files.clone().chain(folders))
            .or_else(|| near_path(path, files))
    }

    /// Wants a file or folder at the path that `node` names.
    pub fn need(&self, node: &Node, what: &str, found: &mut Vec<Fault>) {
        let Some(text) = node.text() else { return };
        let Some(path) = Self::local(text) else {
            return;
        };
        if !self.has(&path) {
            found.push(self.missing(node, text, &path, what));
        }
    }

    /// What to say of a path that is not there.
    pub fn missing(&self, node: &Node, text: &str, path: &str, what: &str) -> Fault {
        let help = match self.near(path) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a path that is there, or put the line under the option that brings it"
                .to_owned(),
        };
        Fault {
            span: node.span.clone(),
            message: format!("{what} `{text}`"),
            help,
        }
    }
}
