//! Handlers: their arguments are asked for together, so that one answer tells all that is wrong with a request.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};

use super::asked::Asked;
use super::document::Described;
use super::input::{Input, Reads};
use super::output::Output;
use crate::AppState;
use crate::error::ApiError;

/// An async function of up to eight [`Input`]s with an [`Output`].
pub trait Handler<Arguments>: Clone + Send + Sync + 'static {
    /// Tells the document about its arguments and its answer.
    fn describe(described: &mut Described<'_>);

    /// Takes the arguments from the request, and calls it.
    fn serve(self, request: Request, state: AppState) -> impl Future<Output = Response> + Send;
}

/// What stands in for an argument in tests: a layer of `Extension(Override::with(|| …))` around the service.
pub struct Override<T>(Arc<dyn Fn() -> T + Send + Sync>);

impl<T> Override<T> {
    /// Calls `make` wherever a handler asks for a `T`.
    pub fn with(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }
}

impl<T> Clone for Override<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Takes one argument, or what stands in for it.
async fn take<T: Input + 'static>(asked: &mut Asked) -> Result<Option<T>, ApiError> {
    match asked.parts.extensions.get::<Override<T>>() {
        Some(instead) => Ok(Some((instead.0)())),
        None => T::take(asked).await,
    }
}

impl<F, Answering, Answered> Handler<()> for F
where
    F: Fn() -> Answering + Clone + Send + Sync + 'static,
    Answering: Future<Output = Answered> + Send,
    Answered: Output,
{
    fn describe(described: &mut Described<'_>) {
        Answered::describe(described);
    }

    async fn serve(self, _: Request, _: AppState) -> Response {
        self().await.respond()
    }
}

macro_rules! handlers {
    ($($argument:ident)*) => {
        impl<F, Answering, Answered, $($argument,)*> Handler<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Answering + Clone + Send + Sync + 'static,
            Answering: Future<Output = Answered> + Send,
            Answered: Output,
            $($argument: Input + 'static,)*
        {
            fn describe(described: &mut Described<'_>) {
                $($argument::describe(described);)*
                Answered::describe(described);
            }

            #[expect(non_snake_case, reason = "named after their types")]
            async fn serve(self, request: Request, state: AppState) -> Response {
                let (parts, body) = request.into_parts();
                let mut asked = Asked::new(parts, state);
                let reads = Reads::Nothing$(.or($argument::READS))*;
                if let Err(refusal) = asked.read(reads, body).await {
                    return refusal.into_response();
                }
                $(
                    let $argument = match take::<$argument>(&mut asked).await {
                        Ok(argument) => argument,
                        Err(refusal) => return refusal.into_response(),
                    };
                )*
                match ($($argument,)*) {
                    ($(Some($argument),)*) if asked.problems.is_empty() => {
                        self($($argument),*).await.respond()
                    }
                    _ => ApiError::Invalid(asked.in_order()).into_response(),
                }
            }
        }
    };
}

handlers!(A);
handlers!(A B);
handlers!(A B C);
handlers!(A B C D);
handlers!(A B C D E);
handlers!(A B C D E G);
handlers!(A B C D E G H);
handlers!(A B C D E G H I);
