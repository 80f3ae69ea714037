//! The service's routes: axum's router, and beside it the patterns of its paths.
//!
//! The log, metrics and spans name a request by the pattern of its path. axum tells that pattern to a layer on each route,
//! and such a layer costs a request several times what it takes to look for the pattern once more: docs/speed.md of the pack.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::routing::MethodRouter;

use crate::app::AppState;

/// Routes to be served, named by their patterns.
#[derive(Clone, Debug)]
#[must_use = "routes that go nowhere are not served"]
pub struct Routes<S = AppState> {
    router: Router<S>,
    patterns: Vec<String>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new() -> Self {
        Self::of(Router::new(), &[])
    }

    /// A router that was made elsewhere. axum does not tell its patterns: a request that fits none of `patterns` is logged
    /// and counted as `unmatched`. One that is no pattern, or cannot be told from another route's, ends the start.
    pub fn of(router: Router<S>, patterns: &[&str]) -> Self {
        let patterns = patterns.iter().map(ToString::to_string).collect();
        Self { router, patterns }
    }

    /// Answers `path`, such as `/api/v1/items/{id}`, as [`Router::route`] does.
    ///
    /// # Panics
    /// When the path is no pattern, or something else answers it already.
    #[track_caller]
    pub fn route(mut self, path: &str, methods: MethodRouter<S>) -> Self {
        self.router = self.router.route(path, methods);
        self.patterns.push(path.to_owned());
        self
    }

    /// These routes and those.
    ///
    /// # Panics
    /// When both answer a path.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.patterns.extend(other.patterns);
        self
    }

    /// Puts something around all routes so far, such as a layer. It adds no paths: see [`Routes::of`].
    pub fn map(self, change: impl FnOnce(Router<S>) -> Router<S>) -> Self {
        Self {
            router: change(self.router),
            ..self
        }
    }

    /// The routes with the state that their handlers ask for.
    pub fn with_state<T>(self, state: S) -> Routes<T> {
        Routes {
            router: self.router.with_state(state),
            patterns: self.patterns,
        }
    }

    /// The router alone.
    pub fn into_router(self) -> Router<S> {
        self.router
    }

    /// The router, and what its requests are called.
    ///
    /// # Panics
    /// At a pattern of [`Routes::of`] that is none. axum has refused those of its own routes before.
    pub(super) fn into_parts(self) -> (Router<S>, Patterns) {
        let (mut known, mut patterns) = (BTreeSet::new(), matchit::Router::new());
        for pattern in self.patterns {
            // The same path is there once more for another method.
            if known.insert(pattern.clone())
                && let Err(problem) = patterns.insert(pattern.as_str(), pattern.as_str().into())
            {
                panic!(
                    "cannot name requests by `{pattern}`: {problem}; correct what `Routes::of` is given"
                );
            }
        }
        (self.router, Patterns(patterns))
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// The patterns of all routes. What matches them is what axum itself matches paths with.
pub(super) struct Patterns(matchit::Router<Arc<str>>);

impl Patterns {
    /// The one that answers this path.
    pub(super) fn of(&self, path: &str) -> Option<Arc<str>> {
        Some(self.0.at(path).ok()?.value.clone())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::StatusCode;
    use axum::middleware::{Next, from_fn};
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    fn patterns(routes: Routes<()>) -> impl Fn(&str) -> Option<String> {
        let (_, patterns) = routes.into_parts();
        move |path| patterns.of(path).map(|pattern| pattern.to_string())
    }

    #[test]
    fn a_path_is_called_by_its_pattern() {
        let none = || async {};
        let more = Routes::new().route("/orders/latest", get(none));
        let of = patterns(
            Routes::new()
                .route("/orders/{id}", get(none))
                .route("/orders/{id}", post(none))
                .route("/files/{*path}", get(none))
                .merge(more),
        );
        for (path, pattern) in [
            ("/orders/7", Some("/orders/{id}")),
            ("/orders/latest", Some("/orders/latest")),
            ("/files/a/b", Some("/files/{*path}")),
            ("/orders/7/lines", None),
            ("/orders/", None),
            ("", None),
        ] {
            assert_eq!(of(path).as_deref(), pattern, "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_put_around_routes_is_not_put_around_later_ones_and_renames_none() {
        let accepted = from_fn(async |request: Request, next: Next| {
            (StatusCode::ACCEPTED, next.run(request).await)
        });
        let routes = Routes::new()
            .route("/orders/{id}", get(|| async {}))
            .map(|router| router.layer(accepted))
            .route("/version", get(|| async {}));
        let (router, patterns) = routes.into_parts();
        for (path, pattern, status) in [
            ("/orders/7", "/orders/{id}", StatusCode::ACCEPTED),
            ("/version", "/version", StatusCode::OK),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(patterns.of(path).as_deref(), Some(pattern));
        }
    }

    #[test]
    fn a_router_of_another_make_is_named_by_what_is_said_of_it() {
        let made = Router::new().nest("/docs", Router::new().route("/{page}", get(|| async {})));
        let of = patterns(Routes::of(made, &["/docs/{page}"]));
        assert_eq!(of("/docs/a").as_deref(), Some("/docs/{page}"));
        assert_eq!(of("/docs"), None);
    }

    #[test]
    #[should_panic(expected = "cannot name requests by `/{id}`")]
    fn two_routes_have_two_names() {
        let pages = Routes::<()>::of(Router::new().fallback(|| async {}), &["/{*page}"]);
        let _ = pages.route("/{id}", get(|| async {})).into_parts();
    }

    #[test]
    #[should_panic(expected = "Overlapping method route")]
    fn nothing_is_answered_twice() {
        let route = || Routes::<()>::new().route("/orders", get(|| async {}));
        let _ = route().merge(route());
    }
}
