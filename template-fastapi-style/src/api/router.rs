//! The router: a path, a method and a handler, and with that its checks and its page in the document.

use aide::openapi::{Info, Operation};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::{MethodFilter, on};

use super::document::{Described, Document, Draft};
use super::handler::Handler;
use super::pages;
use crate::AppState;
use crate::platform::routes::Routes;

/// Routes that are documented, because there is no other way in.
#[derive(Default)]
#[must_use = "routes that go nowhere are not served"]
pub struct Api {
    served: Routes,
    routes: Vec<Route>,
}

/// What is known of a route before it is described.
struct Route {
    path: String,
    method: &'static str,
    operation: Operation,
    fails: Vec<StatusCode>,
    describe: fn(&mut Described<'_>),
}

impl Api {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// `GET`: the handler's name is the operation's.
    pub fn get<H: Handler<A>, A: 'static>(self, path: &str, handler: H) -> Self {
        self.route(MethodFilter::GET, "get", path, handler)
    }

    /// `POST`.
    pub fn post<H: Handler<A>, A: 'static>(self, path: &str, handler: H) -> Self {
        self.route(MethodFilter::POST, "post", path, handler)
    }

    /// `PUT`.
    pub fn put<H: Handler<A>, A: 'static>(self, path: &str, handler: H) -> Self {
        self.route(MethodFilter::PUT, "put", path, handler)
    }

    /// `PATCH`.
    pub fn patch<H: Handler<A>, A: 'static>(self, path: &str, handler: H) -> Self {
        self.route(MethodFilter::PATCH, "patch", path, handler)
    }

    /// `DELETE`.
    pub fn delete<H: Handler<A>, A: 'static>(self, path: &str, handler: H) -> Self {
        self.route(MethodFilter::DELETE, "delete", path, handler)
    }

    fn route<H: Handler<A>, A: 'static>(
        mut self,
        filter: MethodFilter,
        method: &'static str,
        path: &str,
        handler: H,
    ) -> Self {
        let serve = move |State(state): State<AppState>, request: Request| {
            handler.clone().serve(request, state)
        };
        self.served = self.served.route(path, on(filter, serve));
        let name = name_of::<H>();
        self.routes.push(Route {
            path: path.to_owned(),
            method,
            operation: Operation {
                summary: Some(title(name)),
                operation_id: Some(id(name, path, method)),
                ..Operation::default()
            },
            fails: Vec::new(),
            describe: H::describe,
        });
        self
    }

    /// Says more about the last route, in Markdown.
    pub fn about(self, description: &str) -> Self {
        self.last(|route| route.operation.description = Some(description.to_owned()))
    }

    /// Names the errors that the last route answers with, beside those that every route has.
    pub fn fails(self, with: &[StatusCode]) -> Self {
        self.last(|route| route.fails.extend_from_slice(with))
    }

    /// Changes what the document says about the last route, where nothing else does.
    pub fn documented(self, change: impl FnOnce(&mut Operation)) -> Self {
        self.last(|route| change(&mut route.operation))
    }

    fn last(mut self, change: impl FnOnce(&mut Route)) -> Self {
        if let Some(route) = self.routes.last_mut() {
            change(route);
        }
        self
    }

    /// Groups all routes so far under a heading.
    pub fn tag(mut self, tag: &str) -> Self {
        for route in &mut self.routes {
            route.operation.tags.push(tag.to_owned());
        }
        self
    }

    /// These routes and those.
    pub fn merge(mut self, other: Self) -> Self {
        self.served = self.served.merge(other.served);
        self.routes.extend(other.routes);
        self
    }

    /// The routes alone: for tests, which have no use for a document.
    pub fn unpublished(self) -> Routes {
        self.served
    }

    /// The document of these routes.
    pub fn document(&self, info: Info) -> Document {
        document(&self.routes, info)
    }

    /// The routes themselves, with `/openapi.json`, `/docs` and `/redoc`.
    pub fn published(self, info: Info) -> Routes {
        let Self { served, routes } = self;
        let title = info.title.clone();
        let json = move || document(&routes, info).json.to_string();
        served.merge(pages::routes(&title, json))
    }
}

fn document(routes: &[Route], info: Info) -> Document {
    let mut draft = Draft::new(info);
    for route in routes {
        draft.add(
            &route.path,
            route.method,
            route.operation.clone(),
            |described| {
                (route.describe)(described);
                for &status in &route.fails {
                    described.fails(status);
                }
            },
        );
    }
    draft.finish()
}

/// The handler's name, without its modules.
fn name_of<H>() -> &'static str {
    let path = std::any::type_name::<H>();
    let path = path.split('<').next().unwrap_or(path);
    path.rsplit("::")
        .find(|part| *part != "{{closure}}")
        .unwrap_or(path)
}

/// `create_item` as a heading: `Create Item`.
fn title(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    let words = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// As FastAPI makes it, so that generated clients keep their names: `create_item_api_v1_items_post`.
fn id(name: &str, path: &str, method: &str) -> String {
    let id = format!("{name}{path}_{method}");
    let letter = |letter: char| match letter {
        letter if letter.is_alphanumeric() => letter,
        _ => '_',
    };
    id.chars().map(letter).collect()
}
