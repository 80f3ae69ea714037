//! Variables that set the configuration: `APP__SECTION__KEY`, `SECRET_NAME`, and `APP_ENV`, which picks a layer.

use std::sync::LazyLock;

use regex::Regex;

use super::{DEFAULT, Fault, Key, Place, key};
use crate::report::nearest;
use crate::rules::template::model::rendered::Rendered;
use crate::rules::template::model::{Document, Model, Run, Template};

const EXAMPLE: &str = ".env.example";

/// A variable that sets a key.
static SETS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bAPP__(?P<key>[A-Z0-9]+(?:_{1,2}[A-Z0-9]+)*)\b").ok());

/// A word that picks the layer, in a compose file, a Dockerfile, a manifest or a file of variables.
static PICKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"\bAPP_ENV["']?(?:[ ]*[:=][ ]*|[ ]*,[ ]*value:[ ]*|[ ]*\n[ ]+value:[ ]*)["']?(?P<word>[A-Za-z][\w-]*)"#,
    )
    .ok()
});

/// A secret in a file of variables, also one that is shown as a comment.
static SECRET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^(?:#[ ]?)?(?P<name>SECRET_(?P<key>[A-Z0-9_]+))=").ok());

pub(super) fn faults(
    model: &Model,
    template: &Template,
    run: &Run,
    default: &Document<'_>,
) -> Vec<Fault> {
    let mut found = Vec::new();
    for path in run.files.keys().filter(|path| sets_variables(path)) {
        let Some(file) = model.rendered(template, run, path) else {
            continue;
        };
        keys(path, &file, default, &mut found);
        environments(path, &file, run, &mut found);
        if path == EXAMPLE {
            secrets((model, template, run), &file, default, &mut found);
        }
    }
    found
}

/// Files whose variables a service gets.
fn sets_variables(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_yaml = [".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    path == EXAMPLE
        || path == "Dockerfile"
        || is_yaml && (path.starts_with("deploy/") || name.contains("compose"))
}

fn keys(path: &str, file: &Rendered<'_>, default: &Document<'_>, found: &mut Vec<Fault>) {
    let all = SETS.iter().flat_map(|sets| sets.captures_iter(&file.text));
    for captures in all {
        let (Some(whole), Some(named)) = (captures.get(0), captures.name("key")) else {
            continue;
        };
        // What stands for any key.
        if matches!(named.as_str(), "SECTION__KEY" | "SECTION" | "KEY") {
            continue;
        }
        let parts: Vec<String> = named.as_str().split("__").map(str::to_lowercase).collect();
        let Key::Unknown(number, known) = key(default, &parts) else {
            continue;
        };
        let near = nearest(&parts[number], known.iter().copied()).map(|near| {
            let mut meant = parts.clone();
            near.clone_into(&mut meant[number]);
            format!("APP__{}", meant.join("__").to_uppercase())
        });
        found.push(Fault {
            path: path.to_owned(),
            place: Place::Rendered(whole.range()),
            message: format!(
                "nothing reads `{}`: {DEFAULT} has no key `{}`",
                whole.as_str(),
                parts.join(".")
            ),
            help: match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys there are {}", known.join(", ")),
            },
        });
    }
}

fn environments(path: &str, file: &Rendered<'_>, run: &Run, found: &mut Vec<Fault>) {
    let all = PICKS
        .iter()
        .flat_map(|picks| picks.captures_iter(&file.text));
    for word in all.filter_map(|captures| captures.name("word")) {
        let layer = format!("config/{}.yaml", word.as_str());
        if run.files.contains_key(&layer) {
            continue;
        }
        let layers = run.files.keys().filter_map(|path| {
            let name = path.strip_prefix("config/")?.strip_suffix(".yaml")?;
            (path != DEFAULT && !name.contains('/')).then_some(name)
        });
        let names: Vec<&str> = layers.collect();
        if names.is_empty() {
            continue;
        }
        let starts = |name: &&&str| word.as_str().starts_with(**name);
        let near = names.iter().find(starts).copied();
        found.push(Fault {
            path: path.to_owned(),
            place: Place::Rendered(word.range()),
            message: format!(
                "there is no environment `{}`: no file `{layer}`",
                word.as_str()
            ),
            help: match near.or_else(|| nearest(word.as_str(), names.iter().copied())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the environments are {}", names.join(", ")),
            },
        });
    }
}

/// A secret is named where it is referred to, as `database-url` or as the variable itself.
fn secrets(
    (model, template, run): (&Model, &Template, &Run),
    file: &Rendered<'_>,
    default: &Document<'_>,
    found: &mut Vec<Fault>,
) {
    let all = SECRET
        .iter()
        .flat_map(|secret| secret.captures_iter(&file.text));
    for captures in all {
        let (Some(name), Some(named)) = (captures.name("name"), captures.name("key")) else {
            continue;
        };
        let reference = named.as_str().to_lowercase().replace('_', "-");
        let is_read = default.file.text.contains(&reference)
            || file.text.contains(&reference)
            || run.files.keys().any(|path| {
                let other = model.rendered(template, run, path);
                path != EXAMPLE
                    && other.is_some_and(|other| {
                        other.text.contains(&reference) || other.text.contains(name.as_str())
                    })
            });
        if !is_read {
            found.push(Fault {
                path: EXAMPLE.to_owned(),
                place: Place::Rendered(name.range()),
                message: format!("nothing refers to the secret `{reference}`"),
                help: format!("name it as {DEFAULT} does, in `{{ secret: NAME }}`"),
            });
        }
    }
}
