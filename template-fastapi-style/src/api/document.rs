//! The OpenAPI document: what routes say about themselves, collected.

use std::fmt::Display;

use aide::openapi::{
    Components, HeaderStyle, Info, OpenApi, Operation, Parameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, QueryStyle, ReferenceOr, RequestBody, Response,
    SchemaObject, SecurityScheme, StatusCode as Status,
};
use axum::http::StatusCode;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

use super::check::{Plan, Unsupported};
use super::input::Model;
use super::{errors, plans, refs};

/// Where a request holds parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A part of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// The document, and what is wrong with the declarations.
pub struct Document {
    /// What `/openapi.json` answers.
    pub json: Value,
    /// Types whose schema says what cannot be checked: their routes answer 500, and a test of the service names them.
    pub faults: Vec<String>,
}

/// What the routes of one document share while they are described.
pub(super) struct Draft {
    /// Types as they are read, and as they are written: they differ where a field has a default, for one.
    read: SchemaGenerator,
    written: SchemaGenerator,
    inline: SchemaGenerator,
    api: OpenApi,
    faults: Vec<String>,
}

/// One route while it is described.
pub struct Described<'a> {
    draft: &'a mut Draft,
    /// The route itself, for what has no method here.
    pub operation: Operation,
    path: &'a str,
}

impl Draft {
    pub(super) fn new(info: Info) -> Self {
        let generator = |adjust: fn(&mut SchemaSettings)| {
            SchemaSettings::draft2020_12().with(adjust).into_generator()
        };
        Self {
            read: generator(|settings| settings.definitions_path = refs::READ.into()),
            written: generator(|settings| {
                settings.definitions_path = refs::WRITTEN.into();
                settings.contract = schemars::generate::Contract::Serialize;
            }),
            inline: generator(|settings| settings.inline_subschemas = true),
            api: OpenApi {
                info,
                ..OpenApi::default()
            },
            faults: Vec::new(),
        }
    }

    /// Adds a route: `describe` tells about its arguments and answer.
    pub(super) fn add(
        &mut self,
        path: &str,
        method: &str,
        operation: Operation,
        describe: impl FnOnce(&mut Described<'_>),
    ) {
        let mut described = Described {
            draft: self,
            operation,
            path,
        };
        describe(&mut described);
        let operation = errors::documented(described.operation);
        let paths = self.api.paths.get_or_insert_default();
        let item = paths
            .paths
            .entry(path.to_owned())
            .or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item {
            let slot = match method {
                "get" => &mut item.get,
                "put" => &mut item.put,
                "post" => &mut item.post,
                "delete" => &mut item.delete,
                _ => &mut item.patch,
            };
            *slot = Some(operation);
        }
    }

    pub(super) fn finish(mut self) -> Document {
        let (read, written) = (
            self.read.take_definitions(true),
            self.written.take_definitions(true),
        );
        let mut json = serde_json::to_value(&self.api).unwrap_or_default();
        refs::settle(&mut json, read, written, errors::schemas());
        Document {
            json,
            faults: self.faults,
        }
    }
}

impl Described<'_> {
    /// A body in JSON.
    pub fn body<T: Model>(&mut self) {
        self.check::<T>();
        let absent = |plan: &Plan| plan.absent(&mut Vec::new()).is_some();
        let optional = plans::of::<T>().as_ref().is_ok_and(absent);
        self.request_body::<T>("application/json", !optional);
    }

    /// A form.
    pub fn form<T: Model>(&mut self) {
        self.told::<T>(plans::of_form::<T>().as_ref().err());
        self.request_body::<T>("multipart/form-data", true);
    }

    fn request_body<T: Model>(&mut self, kind: &str, required: bool) {
        let schema = self.draft.read.subschema_for::<T>();
        self.operation.request_body = Some(ReferenceOr::Item(RequestBody {
            content: content(kind, schema),
            required,
            ..RequestBody::default()
        }));
    }

    /// A parameter for each field of `T`; or one of type `T`, named as in the path.
    pub fn parameters<T: Model>(&mut self, place: Place) {
        self.check::<T>();
        let whole = self.draft.inline.root_schema_for::<T>();
        let empty = Map::new();
        let whole = whole.as_object().unwrap_or(&empty);
        let Some(fields) = whole.get("properties").and_then(Value::as_object) else {
            let plan = plans::of::<T>().as_ref();
            if place != Place::Path {
                if plan.is_ok_and(|plan| !plan.has_fields()) {
                    let fault = "a query and headers are declared as a struct of named fields";
                    self.fault::<T>(&fault);
                }
            } else if let Some((name, _)) = between_braces(self.path) {
                let mut schema = whole.clone();
                schema.remove("$schema");
                schema.remove("title");
                let name = name.to_owned();
                self.parameter(place, name, Value::Object(schema), true);
            }
            return;
        };
        let required = whole.get("required").and_then(Value::as_array);
        for (name, schema) in fields {
            let required =
                required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)));
            let name = match place {
                Place::Header => name.replace('_', "-"),
                Place::Path | Place::Query => name.clone(),
            };
            self.parameter(place, name, schema.clone(), required);
        }
    }

    fn parameter(&mut self, place: Place, name: String, schema: Value, required: bool) {
        let Ok(json_schema) = Schema::try_from(schema) else {
            return;
        };
        let text = |key| {
            json_schema
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let parameter_data = ParameterData {
            name,
            description: text("description"),
            required,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(object(json_schema)),
            example: None,
            examples: [].into_iter().collect(),
            explode: None,
            extensions: [].into_iter().collect(),
        };
        self.operation
            .parameters
            .push(ReferenceOr::Item(match place {
                Place::Path => Parameter::Path {
                    parameter_data,
                    style: PathStyle::Simple,
                },
                Place::Query => Parameter::Query {
                    parameter_data,
                    allow_reserved: false,
                    style: QueryStyle::Form,
                    allow_empty_value: None,
                },
                Place::Header => Parameter::Header {
                    parameter_data,
                    style: HeaderStyle::Simple,
                },
            }));
    }

    /// A response of JSON.
    pub fn json<T: JsonSchema>(&mut self, description: &str) -> Response {
        let schema = self.draft.written.subschema_for::<T>();
        Response {
            description: description.to_owned(),
            content: content("application/json", schema),
            ..Response::default()
        }
    }

    /// A response of plain text.
    pub fn text(&mut self, description: &str) -> Response {
        let schema = self.draft.inline.subschema_for::<String>();
        Response {
            description: description.to_owned(),
            content: content("text/plain", schema),
            ..Response::default()
        }
    }

    /// An answer of this status.
    pub fn answers(&mut self, status: StatusCode, response: Response) {
        let responses = self.operation.responses.get_or_insert_default();
        responses
            .responses
            .insert(Status::Code(status.as_u16()), ReferenceOr::Item(response));
    }

    /// An error that the route answers with, beside those that every route has.
    pub fn fails(&mut self, status: StatusCode) {
        self.answers(status, errors::named(status));
    }

    /// A security scheme that the route asks for.
    pub fn security(&mut self, name: &str, scheme: SecurityScheme) {
        let components = self
            .draft
            .api
            .components
            .get_or_insert_with(Components::default);
        components
            .security_schemes
            .insert(name.to_owned(), ReferenceOr::Item(scheme));
        let requirement = [(name.to_owned(), Vec::new())].into_iter().collect();
        self.operation.security.push(requirement);
    }

    /// Whether what is declared can be checked.
    fn check<T: Model>(&mut self) {
        self.told::<T>(plans::of::<T>().as_ref().err());
    }

    fn told<T>(&mut self, unsupported: Option<&Unsupported>) {
        if let Some(unsupported) = unsupported {
            self.fault::<T>(unsupported);
        }
    }

    fn fault<T>(&mut self, fault: &dyn Display) {
        let fault = format!("{}: {fault}", std::any::type_name::<T>());
        self.draft.faults.push(fault);
    }
}

/// The first parameter of a path, and what follows it.
fn between_braces(path: &str) -> Option<(&str, &str)> {
    path.split_once('{')?.1.split_once('}')
}

fn object(json_schema: Schema) -> SchemaObject {
    SchemaObject {
        json_schema,
        external_docs: None,
        example: None,
    }
}

fn content<C: FromIterator<(String, aide::openapi::MediaType)>>(kind: &str, schema: Schema) -> C {
    let media = aide::openapi::MediaType {
        schema: Some(object(schema)),
        ..Default::default()
    };
    [(kind.to_owned(), media)].into_iter().collect()
}
