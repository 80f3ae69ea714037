//! The types that config/default.yaml is read into: structs that serde derives, as far as their text says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::{DEFAULT, Fault, Place};
use crate::report::nearest;
use crate::rules::template::model::{Body, Document, Fate, Model, Origin, Run, Template};
use crate::rules::workflow::yaml::{Kind, Node};

/// The struct of the whole configuration.
const ROOT: &str = "Settings";
/// As deep as keys go.
const DEPTH: usize = 8;

static STRUCT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^(?P<attributes>(?:#\[[^\n]*\]\n)+)pub struct (?P<name>\w+) \{(?P<fields>[^{}]*)\}",
    )
    .ok()
});
static ALIAS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^pub type (?P<name>\w+) = (?P<of>[\w<>]+);").ok());
static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?P<attributes>(?:#\[[^\n]*\]\s*)*)(?:pub(?:\([a-z]+\))? )?(?P<name>\w+): (?P<of>[^,\n]+),").ok()
});

/// A type of the service's own.
#[derive(Clone, Debug)]
enum Definition {
    /// Another name of a type.
    Alias(String),
    /// A struct that takes these keys and no others.
    Struct(Vec<Field>),
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    of: String,
    has_default: bool,
}

/// The types of one template's services, read once a file.
pub(super) struct Types<'m> {
    model: &'m Model,
    template: &'m Template,
    read: BTreeMap<usize, Vec<(String, Definition)>>,
}

impl<'m> Types<'m> {
    pub(super) fn new(model: &'m Model, template: &'m Template) -> Self {
        Self {
            model,
            template,
            read: BTreeMap::new(),
        }
    }

    pub(super) fn faults(&mut self, run: &Run, default: &Document<'_>) -> Vec<Fault> {
        let mut found = Vec::new();
        let types = self.of(run);
        if let Some(Definition::Struct(fields)) = types.get(ROOT) {
            judge(
                &types,
                (ROOT, fields),
                &default.root,
                &mut Vec::new(),
                &mut found,
            );
        }
        found
    }

    /// Types by their names; those of which there are two are nobody's.
    fn of(&mut self, run: &Run) -> BTreeMap<String, Definition> {
        let mut all = BTreeMap::new();
        let mut twice = Vec::new();
        for (path, origin) in &run.files {
            let Origin::File(number) = origin else {
                continue;
            };
            let stem = path.strip_suffix(".rs");
            if !stem.is_some_and(|stem| stem.starts_with("src/")) {
                continue;
            }
            for (name, definition) in self.in_file(*number, run) {
                if all.insert(name.clone(), definition).is_some() {
                    twice.push(name);
                }
            }
        }
        for name in twice {
            all.remove(&name);
        }
        all
    }

    fn in_file(&mut self, number: usize, run: &Run) -> Vec<(String, Definition)> {
        let Some(file) = self.template.files.get(number) else {
            return Vec::new();
        };
        if file.fate == Fate::Rendered {
            let text = self.model.text_in(file, run);
            return definitions(&text.unwrap_or_default());
        }
        let read = || match &file.body {
            Body::Text(source, _) => definitions(&source.text),
            _ => Vec::new(),
        };
        self.read.entry(number).or_insert_with(read).clone()
    }
}

fn definitions(text: &str) -> Vec<(String, Definition)> {
    // To look for them costs more than this.
    if !text.contains("Deserialize") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for captures in STRUCT.iter().flat_map(|it| it.captures_iter(text)) {
        let (attributes, fields) = (&captures["attributes"], &captures["fields"]);
        let other = [
            "flatten",
            "rename",
            "alias",
            "transparent",
            "untagged",
            "cfg",
            "skip",
        ];
        let is_plain = attributes.contains("Deserialize")
            && attributes.contains("deny_unknown_fields")
            && !attributes.contains("serde(default")
            // An attribute of several lines is not read.
            && !fields.lines().any(|line| line.trim_start().starts_with("#[") && !line.ends_with(']'))
            && !other.iter().any(|word| attributes.contains(word) || fields.contains(word));
        if is_plain {
            found.push((
                captures["name"].to_owned(),
                Definition::Struct(read(fields)),
            ));
        }
    }
    for captures in ALIAS.iter().flat_map(|it| it.captures_iter(text)) {
        let alias = Definition::Alias(captures["of"].to_owned());
        found.push((captures["name"].to_owned(), alias));
    }
    found
}

fn read(fields: &str) -> Vec<Field> {
    let code: Vec<&str> = fields
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let all = FIELD.iter().flat_map(|field| field.captures_iter(&code));
    all.map(|captures| Field {
        name: captures["name"].to_owned(),
        of: captures["of"].trim().to_owned(),
        has_default: captures["attributes"].contains("default"),
    })
    .collect()
}

/// A type without its aliases and its `Option`, and whether there is one.
fn bare<'t>(types: &'t BTreeMap<String, Definition>, mut of: &'t str) -> (&'t str, bool) {
    let mut is_optional = false;
    for _ in 0..DEPTH {
        if let Some(inner) = of
            .strip_prefix("Option<")
            .and_then(|of| of.strip_suffix('>'))
        {
            (of, is_optional) = (inner, true);
        } else if let Some(Definition::Alias(other)) = types.get(of) {
            of = other;
        } else {
            break;
        }
    }
    (of, is_optional)
}

/// Holds a section against the struct that it is read into.
fn judge(
    types: &BTreeMap<String, Definition>,
    (name, fields): (&str, &[Field]),
    node: &Node,
    above: &mut Vec<String>,
    found: &mut Vec<Fault>,
) {
    let Kind::Map(entries) = &node.kind else {
        return;
    };
    if above.len() > DEPTH {
        return;
    }
    let mut tell = |place, message, help| {
        found.push(Fault {
            path: DEFAULT.to_owned(),
            place,
            message,
            help,
        });
    };
    let dotted = |above: &[String], key: &str| {
        let parts = above.iter().map(String::as_str).chain([key]);
        parts.collect::<Vec<_>>().join(".")
    };
    if let (Some(first), []) = (entries.first(), fields) {
        tell(
            Place::Rendered(first.key.span.clone()),
            format!("nothing reads `{}`: `{name}` has no keys", above.join(".")),
            "put the section under the option that brings its type".to_owned(),
        );
        return;
    }
    for field in fields {
        let (_, is_optional) = bare(types, &field.of);
        let is_there = entries.iter().any(|entry| entry.key.text == field.name);
        if !is_there && !is_optional && !field.has_default {
            let key = dotted(above, &field.name);
            tell(
                Place::Line(format!("{}:", field.name)),
                format!("{DEFAULT} has no key `{key}`, which `{name}` needs"),
                format!("write `{}:` in every service that has it", field.name),
            );
        }
    }
    for entry in entries {
        let key = entry.key.text.as_str();
        if !fields.iter().any(|field| field.name == key) {
            let names = fields.iter().map(|field| field.name.as_str());
            tell(
                Place::Rendered(entry.key.span.clone()),
                format!(
                    "nothing reads the key `{}`: `{name}` has none",
                    dotted(above, key)
                ),
                match nearest(key, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "put it under the option that brings the type".to_owned(),
                },
            );
        }
    }
    for entry in entries {
        let field = fields.iter().find(|field| field.name == entry.key.text);
        let of = field.map(|field| bare(types, &field.of).0);
        if let Some((of, Definition::Struct(inner))) = of.and_then(|of| Some((of, types.get(of)?)))
        {
            above.push(entry.key.text.clone());
            judge(types, (of, inner), &entry.value, above, found);
            above.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_are_read_where_their_text_says_all() {
        let text = "#[derive(Deserialize)]\n#[serde(deny_unknown_fields)]\npub struct A {\n    /// One: of them,\n    pub one: u16,\n    \
                    #[serde(default)]\n    pub two: B,\n    pub three: Option<C>,\n}\n\npub type B = Option<A>;\n\n\
                    #[derive(Deserialize)]\n#[serde(deny_unknown_fields)]\npub struct Open {\n    #[serde(flatten)]\n    pub rest: A,\n}\n";
        let found: BTreeMap<_, _> = definitions(text).into_iter().collect();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["A", "B"]);
        let Definition::Struct(fields) = &found["A"] else {
            panic!("{found:?}");
        };
        let fields: Vec<_> = fields
            .iter()
            .map(|field| (field.name.as_str(), field.of.as_str(), field.has_default))
            .collect();
        assert_eq!(
            fields,
            [
                ("one", "u16", false),
                ("two", "B", true),
                ("three", "Option<C>", false)
            ]
        );
        assert_eq!(bare(&found, "B"), ("A", true));
        assert_eq!(bare(&found, "u16"), ("u16", false));
    }
}
