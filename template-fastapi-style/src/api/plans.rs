//! What each declared type accepts, compiled once from the schema that documents it.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use super::check::{Plan, Unsupported};

type Compiled<T> = Result<T, Unsupported>;
type Map<T> = RefCell<HashMap<TypeId, &'static Compiled<T>, BuildHasherDefault<Same>>>;

/// A type's id is a hash, and needs no other.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What a form's type accepts.
pub(super) struct FormPlan {
    /// Its rules, with nothing said about files.
    pub(super) plan: Plan,
    /// All fields, in the order of their declaration.
    pub(super) fields: Vec<String>,
    /// Those that are files.
    pub(super) files: Vec<String>,
}

/// The `contentMediaType` of a file.
pub(super) const FILE: &str = "application/octet-stream";

thread_local! {
    /// One map a thread: reading it takes no lock.
    static PLANS: Map<Plan> = RefCell::default();
    static FORMS: Map<FormPlan> = RefCell::default();
}

/// The plan of `T`. There are as many as types in handlers, and each lives as long as the process.
pub(super) fn of<T: JsonSchema + 'static>() -> &'static Compiled<Plan> {
    PLANS.with_borrow_mut(|plans| {
        *plans
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Box::leak(Box::new(Plan::of(&schema::<T>()))))
    })
}

/// The plan of `T` as a form.
pub(super) fn of_form<T: JsonSchema + 'static>() -> &'static Compiled<FormPlan> {
    FORMS.with_borrow_mut(|plans| {
        *plans
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Box::leak(Box::new(form(schema::<T>()))))
    })
}

/// The whole schema of `T` as it is read, with all that it refers to.
fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
}

fn form(mut schema: Schema) -> Compiled<FormPlan> {
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    let properties = schema.ensure_object().get_mut("properties");
    if let Some(Value::Object(properties)) = properties {
        for (name, schema) in properties {
            fields.push(name.clone());
            if free(schema) {
                files.push(name.clone());
            }
        }
    }
    let plan = Plan::of(&schema)?;
    Ok(FormPlan {
        plan,
        fields,
        files,
    })
}

/// Asks nothing more of a file, or of a list's files: the form's reader has judged them. Whether there is one.
fn free(schema: &mut Value) -> bool {
    if schema
        .get("contentMediaType")
        .is_some_and(|kind| kind == FILE)
    {
        *schema = Value::Bool(true);
        return true;
    }
    schema.get_mut("items").is_some_and(free)
}
