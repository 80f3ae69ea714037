//! What files hold in each combination, rendered once for all rules. Keeps texts; judges nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use toml::Table;

use super::liquid::{self, Document, Syntax};
use super::rehearsal::{Run, Setting};
use crate::report::Source;
use crate::rules::workflow::yaml::{self, Node};

/// A file by its path in the pack, and the values of what it reads.
type Key = (String, Vec<Option<Setting>>);

/// Texts that were rendered, and files that were made ready for it.
#[derive(Default)]
pub struct Renders {
    texts: Mutex<BTreeMap<Key, Option<String>>>,
    compiled: Mutex<BTreeMap<String, Option<Arc<::liquid::Template>>>>,
    tables: Mutex<BTreeMap<String, Option<Arc<Table>>>>,
    documents: Mutex<BTreeMap<String, Option<Arc<Node>>>>,
}

impl std::fmt::Debug for Renders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Renders")
    }
}

impl Renders {
    /// What the file holds in the service of `run`; nothing where it can't be rendered.
    pub fn text(
        &self,
        syntax: &Syntax,
        source: &Source,
        document: &Document,
        run: &Run,
    ) -> Option<String> {
        let reads = document.reads.iter();
        let mut names: Vec<&str> = reads.map(|name| name.text.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let values = names.into_iter().map(|name| run.variables.get(name));
        let key = (
            source.file.clone(),
            values.map(Option::<&Setting>::cloned).collect(),
        );
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = texts.get(&key) {
            return text.clone();
        }
        drop(texts);
        let compiled = self.compiled(syntax, source, document);
        let text = compiled.and_then(|compiled| liquid::render(&compiled, &run.variables));
        texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.insert(key, text.clone());
        text
    }

    /// A text as TOML; nothing where it is none.
    pub fn toml(&self, text: &str) -> Option<Arc<Table>> {
        kept(&self.tables, text, || toml::from_str(text).ok())
    }

    /// A text as one YAML document; nothing where it is none.
    pub fn yaml(&self, text: &str) -> Option<Arc<Node>> {
        kept(&self.documents, text, || yaml::parse(text).0)
    }

    fn compiled(
        &self,
        syntax: &Syntax,
        source: &Source,
        document: &Document,
    ) -> Option<Arc<::liquid::Template>> {
        kept(&self.compiled, &source.file, || {
            syntax.compile(&source.text, document)
        })
    }
}

/// What is kept under `key`, or else what `make` makes of it. Two that ask at once may both make it.
fn kept<T>(
    all: &Mutex<BTreeMap<String, Option<Arc<T>>>>,
    key: &str,
    make: impl FnOnce() -> Option<T>,
) -> Option<Arc<T>> {
    let all = || all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all().get(key) {
        return known.clone();
    }
    let value = make().map(Arc::new);
    all().insert(key.to_owned(), value.clone());
    value
}
