//! Forms, with files: fields are checked as those of a body in JSON are, and files are handed on as they came.
//!
//! A form is held in memory, up to `server.body_limit`. What is larger than memory is no [`Upload`].

use std::cell::RefCell;

use axum::body::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

use super::asked::Asked;
use super::check::Part;
use super::document::Described;
use super::input::{Input, Model, Reads};
use super::parts::Sent;
use super::plans;
use super::problem::{Loc, Problem, Step};
use crate::error::ApiError;

/// A form as a struct, whose fields are texts, numbers and the like, and [`Upload`]s.
pub struct Form<T>(pub T);

/// A file in a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What its sender calls it: a text like any other, and no path to write to.
    pub filename: String,
    /// What its sender says that it is.
    pub content_type: Option<String>,
    /// All of it.
    pub bytes: Bytes,
}

thread_local! {
    /// The files of the form that is being deserialised, whose values are indices into this.
    static FILES: RefCell<Vec<Upload>> = RefCell::default();
}

impl<T: Model> Input for Form<T> {
    const READS: Reads = Reads::Form;

    fn describe(described: &mut Described<'_>) {
        described.form::<T>();
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        let form = plans::of_form::<T>();
        let form = form.as_ref();
        let form =
            form.map_err(|unsupported| ApiError::Internal(unsupported.to_string().into()))?;
        let Sent { texts, files } = asked.form();
        let indices: Vec<_> = (0..files.len()).map(|index| index.to_string()).collect();
        let mut problems = Vec::new();
        let mut pairs = Vec::new();
        for (name, text) in &texts {
            // A field that a browser's user has left empty.
            if text.is_empty() {
                continue;
            }
            if form.files.contains(name) {
                let place = Loc::BODY.key(name);
                let error = "Expected UploadFile, received: <class 'str'>";
                problems.push(Problem::value_error(&place, error, text.as_str().into()));
            }
            pairs.push((name.as_str(), text.as_str()));
        }
        for ((name, file), index) in files.iter().zip(&indices) {
            if !form.files.contains(name) && form.fields.contains(name) {
                let place = Loc::BODY.key(name);
                let error = "Expected a text, received a file";
                problems.push(Problem::value_error(
                    &place,
                    error,
                    file.filename.as_str().into(),
                ));
            }
            pairs.push((name.as_str(), index.as_str()));
        }
        let flat = form
            .plan
            .check_flat(Part::Form, pairs.as_slice(), &mut problems);
        let place = |problem: &Problem| match problem.loc.get(1) {
            Some(Step::Key(name)) => form.fields.iter().position(|field| field == name),
            _ => None,
        };
        problems.sort_by_key(place);
        let flat = flat.filter(|_| problems.is_empty());
        asked.problems.append(&mut problems);
        FILES.set(files.into_iter().map(|(_, file)| file).collect());
        let made = asked.made_flat("body", flat);
        FILES.take();
        Ok(made.map(Form))
    }
}

impl<'de> Deserialize<'de> for Upload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let index = String::deserialize(deserializer)?.parse();
        let file = index.map(|index: usize| FILES.with_borrow(|files| files.get(index).cloned()));
        let file = file.ok().flatten();
        file.ok_or_else(|| D::Error::custom("a file comes in a form and nowhere else"))
    }
}

impl JsonSchema for Upload {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Upload".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "contentMediaType": plans::FILE })
    }
}
