//! One declaration for each route: a handler's arguments and answer say how it is routed, what is checked and what
//! `/openapi.json` tells about it.
//!
//! [`Api`] takes handlers with a path, and nothing that describes itself otherwise: what is routed is documented. What a
//! request holds is checked by the very schema that documents it.

mod asked;
pub mod check;
mod document;
mod errors;
mod form;
mod handler;
mod input;
pub mod json;
mod output;
#[expect(
    clippy::disallowed_types,
    reason = "pages about the document, which are not in it"
)]
mod pages;
mod parts;
mod plans;
pub mod problem;
mod refs;
#[expect(clippy::disallowed_types, reason = "the one door")]
mod router;

pub use asked::Asked;
pub use document::{Described, Document};
pub use form::{Form, Upload};
pub use handler::{Handler, Override};
pub use input::{Headers, Input, Model, Reads, Takes};
pub use output::{Created, NoContent, Output, Status};
pub use pages::DocsSettings;
pub use problem::{Loc, Problem, Step};
pub use router::Api;
