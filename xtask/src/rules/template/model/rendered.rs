//! Files as a service has them, parsed as YAML, and the way back from a place in them to the template's file.
//!
//! Whoever wants to know what a document refers to reads it rendered; whoever mends it opens the template. What cannot
//! be rendered or parsed is not here: other rules say so.

use std::ops::Range;
use std::sync::Arc;

use super::{Body, File, Model, Origin, Run, Template};
use crate::report::Source;
use crate::rules::workflow::yaml::Node;
use crate::source_map;

/// A file of the service of some run.
#[derive(Debug)]
pub struct Rendered<'a> {
    /// The template's file.
    pub source: &'a Source,
    /// Its text in the service.
    pub text: String,
}

/// A YAML document of a service. Its places are bytes of [`Rendered::text`].
#[derive(Debug)]
pub struct Document<'a> {
    /// The file.
    pub file: Rendered<'a>,
    /// What it holds.
    pub root: Arc<Node>,
}

impl Model {
    /// The file at `path` in the service of `run`, where the template holds it as text.
    pub fn rendered<'a>(
        &self,
        template: &'a Template,
        run: &Run,
        path: &str,
    ) -> Option<Rendered<'a>> {
        let Origin::File(number) = run.files.get(path)? else {
            return None;
        };
        let file: &File = template.files.get(*number)?;
        let Body::Text(source, _) = &file.body else {
            return None;
        };
        Some(Rendered {
            source,
            text: self.text_in(file, run)?.into_owned(),
        })
    }

    /// The same as one YAML document.
    pub fn document<'a>(
        &self,
        template: &'a Template,
        run: &Run,
        path: &str,
    ) -> Option<Document<'a>> {
        let file = self.rendered(template, run, path)?;
        let root = self.renders.yaml(&file.text)?;
        Some(Document { file, root })
    }
}

impl Rendered<'_> {
    /// Where in the template's file the bytes `span` of the rendered text were written.
    pub fn place(&self, span: &Range<usize>) -> Range<usize> {
        source_map::place(&self.source.text, &self.text, span)
    }
}
