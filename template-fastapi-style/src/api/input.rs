//! What a handler may ask for: each argument documents itself, and is taken from the request.
//!
//! A dependency of your own implements [`Input`]: see `src/auth/mod.rs`.

use std::any::TypeId;

use axum::Json;
use axum::extract::{FromRef, FromRequestParts, Path, Query, RawPathParams, State};
use axum::http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::asked::Asked;
use super::check::{Flat, Pairs, Part, Plan};
use super::document::{Described, Place};
use super::plans;
use super::problem::{Loc, Problem};
use crate::AppState;
use crate::error::ApiError;

/// An argument of a handler.
pub trait Input: Sized + Send {
    /// What the body has to be read as, before any argument is asked for.
    const READS: Reads = Reads::Nothing;

    /// Tells the document about it.
    fn describe(_described: &mut Described<'_>) {}

    /// Takes it from the request. Nothing, where `asked.problems` says why; the other arguments are asked for all the same.
    /// An error ends the request at once.
    fn take(asked: &mut Asked) -> impl Future<Output = Result<Option<Self>, ApiError>> + Send;
}

/// What a body is read as.
#[derive(Clone, Copy, Debug)]
pub enum Reads {
    /// No argument asks for it: it is left alone.
    Nothing,
    /// A value in JSON.
    Json,
    /// The same, but that no value is built of what a type takes as it stands.
    JsonFor(Takes),
    /// The fields and files of a form.
    Form,
}

/// Tells the type that takes a body as it stands, if there is one: its own `Deserialize` reads it.
pub type Takes = fn(&[u8]) -> Option<TypeId>;

impl Reads {
    /// This, unless it is nothing.
    pub(super) const fn or(self, other: Self) -> Self {
        match self {
            Self::Nothing => other,
            _ => self,
        }
    }
}

/// Request headers as a struct: its field `if_match` is the header `if-match`.
pub struct Headers<T>(pub T);

/// What a body, a query and the like can be declared as.
pub trait Model: DeserializeOwned + JsonSchema + Send + 'static {}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Model for T {}

impl<T: Model> Input for Json<T> {
    const READS: Reads = Reads::JsonFor(|body| {
        let plan = plan::<T>().ok()?;
        plan.fits(body).then(TypeId::of::<T>)
    });

    fn describe(described: &mut Described<'_>) {
        described.body::<T>();
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        if let Some(made) = asked.fitting() {
            return Ok(Some(Self(made)));
        }
        let plan = plan::<T>()?;
        let value = match asked.body() {
            Some(value) => plan.check(value, &Loc::BODY, &mut asked.problems),
            None => plan.absent(&mut asked.problems),
        };
        Ok(asked.made("body", value.as_ref()).map(Json))
    }
}

impl<T: Model> Input for Query<T> {
    fn describe(described: &mut Described<'_>) {
        described.parameters::<T>(Place::Query);
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        let query = asked.parts.uri.query().unwrap_or_default();
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let flat = flat::<T, _>(Part::Query, pairs.as_slice(), &mut asked.problems)?;
        Ok(asked.made_flat("query", flat).map(Query))
    }
}

/// The parts of the path, as a struct, or bare where there is one.
impl<T: Model> Input for Path<T> {
    fn describe(described: &mut Described<'_>) {
        described.parameters::<T>(Place::Path);
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        // It has no rule but that of its parser, which axum asks at once. A type of yours that is told as one may read anything.
        if TypeId::of::<T>() == TypeId::of::<Uuid>()
            && let Ok(made) = Self::from_request_parts(&mut asked.parts, &()).await
        {
            return Ok(Some(made));
        }
        let parts = RawPathParams::from_request_parts(&mut asked.parts, &()).await;
        // Only a path that is no UTF-8 has none: nothing can be there.
        let Ok(parts) = parts else {
            return Err(ApiError::http(StatusCode::NOT_FOUND, "Not Found"));
        };
        let plan = plan::<T>()?;
        let pairs: Vec<_> = parts.iter().collect();
        let made = match pairs.as_slice() {
            &[(name, text)] if !plan.has_fields() => {
                let place = Loc::PATH.key(name);
                let value = plan.check(text.into(), &place, &mut asked.problems);
                asked.made("path", value.as_ref())
            }
            pairs => {
                let flat = flat::<T, _>(Part::Path, pairs, &mut asked.problems)?;
                asked.made_flat("path", flat)
            }
        };
        Ok(made.map(Path))
    }
}

impl<T: Model> Input for Headers<T> {
    fn describe(described: &mut Described<'_>) {
        described.parameters::<T>(Place::Header);
    }

    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        let headers = &asked.parts.headers;
        let flat = flat::<T, _>(Part::Header, headers, &mut asked.problems)?;
        Ok(asked.made_flat("header", flat).map(Headers))
    }
}

/// What the service shares, or a part of it.
impl<T: FromRef<AppState> + Send> Input for State<T> {
    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        Ok(Some(Self(T::from_ref(&asked.state))))
    }
}

/// The headers as they came, for what no declaration can say.
impl Input for HeaderMap {
    async fn take(asked: &mut Asked) -> Result<Option<Self>, ApiError> {
        Ok(Some(asked.parts.headers.clone()))
    }
}

fn plan<T: Model>() -> Result<&'static Plan, ApiError> {
    let plan = plans::of::<T>().as_ref();
    plan.map_err(|unsupported| ApiError::Internal(unsupported.to_string().into()))
}

/// Checks one part of the request that is pairs of texts.
fn flat<T: Model, P: Pairs + ?Sized>(
    part: Part,
    pairs: &P,
    problems: &mut Vec<Problem>,
) -> Result<Option<Flat<'static>>, ApiError> {
    Ok(plan::<T>()?.check_flat(part, pairs, problems))
}
