//! What one launch is given: environment variables, and changes to the files it reads.

use std::fmt;

/// A change to a file in the service's working directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The whole content.
    Text(String),
    /// One key of a YAML file, dotted, set to a YAML value.
    Key(String, String),
    /// One key of a YAML file, dotted, taken out.
    NoKey(String),
    /// No file.
    NoFile,
    /// No file, but a folder of that name, which nobody can read as a file.
    Folder,
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "holding `{}`", text.escape_debug()),
            Self::Key(key, value) => write!(f, "with `{key}: {value}`"),
            Self::NoKey(key) => write!(f, "without `{key}`"),
            Self::NoFile => f.write_str("taken away"),
            Self::Folder => f.write_str("as a folder"),
        }
    }
}

/// Environment variables and file changes. Two launches with equal setups are the same launch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Environment variables; nothing else is in the environment.
    pub env: Vec<(String, String)>,
    /// Changes, by path in the working directory, in order.
    pub files: Vec<(String, Edit)>,
    /// How often the engine asks for its health, such as `1s`; as the image says when nothing is said here.
    pub health_interval: Option<&'static str>,
    /// Whether the service stands on a database server of its own, which may be stopped.
    pub alone: bool,
}

impl Setup {
    /// On a database server of its own.
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// Sets an environment variable.
    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Takes an environment variable out.
    pub fn unset(mut self, name: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self
    }

    /// The value of an environment variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.env.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Has the engine ask for its health this often.
    pub fn asked_for_health_every(mut self, interval: &'static str) -> Self {
        self.health_interval = Some(interval);
        self
    }

    /// Writes a file.
    pub fn file(self, path: &str, text: impl Into<String>) -> Self {
        self.edit(path, Edit::Text(text.into()))
    }

    /// Changes a file.
    pub fn edit(mut self, path: &str, edit: Edit) -> Self {
        self.files.push((path.to_owned(), edit));
        self
    }
}
