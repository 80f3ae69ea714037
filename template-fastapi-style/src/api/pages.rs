//! `/openapi.json`, and the pages that show it: `/docs` (Swagger UI) and `/redoc`. All they need is in the binary.
//!
//! Their scripts are files of their own, so that the pages need no script that stands in a page.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use aide::redoc::Redoc;
use aide::swagger::Swagger;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::AppState;
use crate::error::ApiError;
use crate::platform::routes::Routes;

/// The section `docs` of the configuration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a section of keys")]
pub struct DocsSettings {
    /// Whether the document and its pages are served.
    pub enabled: bool,
}

/// What a page may do: run and load what comes from here. Swagger UI and Redoc write styles and pictures into the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// No icon, so that browsers do not ask for one.
const HEAD: &str = "<head><link rel=\"icon\" href=\"data:,\">";
/// What Redoc would fetch from elsewhere.
const LOGO: &str = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const NO_LOGO: &str = "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E";
const DOCUMENT: &str = "/openapi.json";
const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Made when it is asked for: the pages are megabytes, and a service starts far more often than somebody looks at one.
type Asked<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

fn asked<T>(make: impl FnOnce() -> T + Send + 'static) -> Arc<Asked<T>> {
    Arc::new(LazyLock::new(Box::new(make)))
}

/// A page, and the scripts that were taken out of it.
struct Page {
    html: Bytes,
    scripts: Vec<Bytes>,
}

/// The routes of the document `json`. They are none of the document's own, as in FastAPI.
pub(super) fn routes(title: &str, json: impl FnOnce() -> String + Send + 'static) -> Routes {
    let document = asked(|| Bytes::from(json()));
    let document = get(async move |State(state): State<AppState>| {
        let json = "application/json";
        allowed(&state, || {
            ([(CONTENT_TYPE, json)], Bytes::clone(&document)).into_response()
        })
    });
    let mut routes = Routes::new().route(DOCUMENT, document);
    let swagger = Swagger::new(DOCUMENT).with_title(title);
    let redoc = Redoc::new(DOCUMENT).with_title(title);
    let swagger = asked(move || Page::of("/docs", &swagger.html()));
    let redoc = asked(move || Page::of("/redoc", &redoc.html()));
    for (path, page) in [("/docs", swagger), ("/redoc", redoc)] {
        let script = page.clone();
        routes = routes
            .route(
                path,
                get(async move |State(state): State<AppState>| {
                    allowed(&state, || of_kind(HTML, page.html.clone()))
                }),
            )
            .route(
                &format!("{path}/{{number}}"),
                get(
                    async move |State(state): State<AppState>, Path(name): Path<String>| {
                        allowed(&state, || script.script(&name))
                    },
                ),
            );
    }
    routes
}

/// Nothing is there where the configuration says so.
fn allowed(state: &AppState, answer: impl FnOnce() -> Response) -> Response {
    if state.config.settings.docs.enabled {
        answer()
    } else {
        not_found()
    }
}

fn not_found() -> Response {
    ApiError::http(StatusCode::NOT_FOUND, "Not Found").into_response()
}

fn of_kind(kind: &'static str, bytes: Bytes) -> Response {
    let headers: [(HeaderName, &str); 3] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        // A new version of the service may bring a new page.
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, bytes).into_response()
}

impl Page {
    /// Takes the scripts out of `html`, to be asked for as `PATH/0.js` and so on.
    fn of(path: &str, html: &str) -> Self {
        let (mut page, mut scripts) = (String::new(), Vec::new());
        let html = html.replacen("<head>", HEAD, 1).replace(LOGO, NO_LOGO);
        let mut rest = html.as_str();
        while let Some((before, after)) = rest.split_once("<script>") {
            // What a script says cannot hold the end of one: a browser would take it for that.
            let (script, after) = after.split_once("</script>").unwrap_or((after, ""));
            page += before;
            let _ = write!(
                page,
                "<script src=\"{path}/{}.js\"></script>",
                scripts.len()
            );
            scripts.push(Bytes::from(script.to_owned()));
            rest = after;
        }
        page += rest;
        Self {
            html: page.into(),
            scripts,
        }
    }

    fn script(&self, name: &str) -> Response {
        let number = name.strip_suffix(".js").and_then(|name| name.parse().ok());
        match number.and_then(|number: usize| self.scripts.get(number)) {
            Some(script) => of_kind(SCRIPT, script.clone()),
            None => not_found(),
        }
    }
}
