//! Upgrade scripts: what a template does to a service of an earlier version, where a merge can't do it.
//!
//! One script a version, `upgrades/X.Y.Z.rhai`. Says what they may call and compiles them; `upgrade` runs them.

use rhai::module_resolvers::DummyModuleResolver;
use rhai::{AST, Engine, LexError, Module, ParseErrorType};
use semver::Version;

use super::file::{Body, File};
use super::hooks::{Code, Rhai, lower, place, walk};
use super::rehearsal::limit;
use super::text::{Problem, did_you_mean};
use super::vocabulary::Offered;
use crate::report::Source;

/// Where they lie in a template. Not `migrations/`: services keep their SQL there.
pub const FOLDER: &str = "upgrades/";

/// What they can call.
pub const OFFERED: Offered = Offered {
    modules: &[
        (
            "file",
            &[
                ("delete", &[1]),
                ("exists", &[1]),
                ("read", &[1]),
                ("rename", &[2]),
                ("replace", &[3]),
                ("write", &[2]),
            ],
        ),
        (
            "answer",
            &[
                ("get", &[1]),
                ("is_set", &[1]),
                ("remove", &[1]),
                ("rename", &[2]),
                ("set", &[2]),
            ],
        ),
    ],
    functions: &["note"],
};

/// Functions of Rhai's that they can't call: nothing is printed, nothing waits, and no clock is read.
pub const WITHHELD: &[&str] = &["debug", "eval", "print", "sleep", "timestamp"];

/// The longest script that is read: Rhai recurses into what it parses.
const LENGTH: usize = 64 * 1024;

/// A file among the upgrade scripts.
#[derive(Debug)]
pub struct Upgrade {
    /// The number of its file.
    pub file: usize,
    /// The version that its name says, where it says one.
    pub version: Option<Version>,
    /// Its text, where it is one.
    pub source: Option<Source>,
    /// What it does, where it compiles.
    pub code: Option<Result<Code, Problem>>,
}

/// The version that the name of an upgrade script says.
pub fn version(path: &str) -> Option<Version> {
    let name = path.strip_prefix(FOLDER)?.strip_suffix(".rhai")?;
    let version = Version::parse(name).ok()?;
    (version.pre.is_empty() && version.build.is_empty()).then_some(version)
}

/// The upgrade scripts among `files`.
pub fn read(files: &[File], rhai: &Rhai) -> Vec<Upgrade> {
    let mut engine = prepared(rhai);
    for (name, _) in OFFERED.modules {
        engine.register_static_module(*name, Module::new().into());
    }
    let numbered = files.iter().enumerate();
    let scripts = numbered.filter(|(_, file)| file.path.starts_with(FOLDER));
    let upgrade = |(number, file): (usize, &File)| {
        let source = match &file.body {
            Body::Text(source, _) => Some(source.clone()),
            _ => None,
        };
        let version = version(&file.path);
        // What is no script by its name is not looked into.
        let code = source.as_ref().filter(|_| version.is_some());
        let code = code.map(|source| Ok(walk(source, &compile(&engine, source)?)));
        Upgrade {
            file: number,
            version,
            source,
            code,
        }
    };
    scripts.map(upgrade).collect()
}

/// Rhai as upgrade scripts have it, without the modules: strict, bounded, and shut off from everything around it.
pub fn prepared(rhai: &Rhai) -> Engine {
    let mut engine = rhai.bare();
    engine.set_strict_variables(true);
    engine.set_module_resolver(DummyModuleResolver::new());
    engine.disable_symbol("import");
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    for name in ["eval", "print", "debug"] {
        engine.disable_symbol(name);
    }
    engine.register_fn("sleep", |_: i64| {});
    engine.register_fn("sleep", |_: f64| {});
    engine.register_fn("timestamp", || 0_i64);
    limit(&mut engine);
    engine
}

/// Compiles a script.
pub fn compile(engine: &Engine, source: &Source) -> Result<AST, Problem> {
    if source.text.len() > LENGTH {
        return Err(Problem {
            span: 0..0,
            message: format!("the script is longer than {} KiB", LENGTH / 1024),
            help: "leave the new text of files to the template".to_owned(),
        });
    }
    engine.compile(&source.text).map_err(|error| {
        let at = place(source, error.position());
        let (length, message, help) = match error.err_type() {
            ParseErrorType::VariableUndefined(name) => (
                name.len(),
                format!("variable `{name}` is not defined"),
                format!(
                    "define it with `let {name} = …;`, or read an answer with `answer::get(\"…\")`"
                ),
            ),
            ParseErrorType::ModuleUndefined(name) => (
                name.len(),
                format!("there is no module `{name}`"),
                did_you_mean(
                    name,
                    OFFERED.modules.iter().map(|(name, _)| *name),
                    "upgrade scripts have `file` and `answer`",
                ),
            ),
            ParseErrorType::Reserved(name)
            | ParseErrorType::BadInput(LexError::ImproperSymbol(name, _))
                if name == "import" || WITHHELD.contains(&name.as_str()) =>
            {
                (
                    name.len(),
                    format!("upgrade scripts have no `{name}`"),
                    "take it out; what a person has to read goes into `note(\"…\")`".to_owned(),
                )
            }
            other => (
                1,
                format!("the script does not compile: {}", lower(&other.to_string())),
                "mend the syntax at this place".to_owned(),
            ),
        };
        Problem {
            span: at..at + length,
            message,
            help,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_version_of_three_numbers() {
        for (path, is_one) in [
            ("upgrades/0.3.0.rhai", true),
            ("upgrades/12.0.10.rhai", true),
            ("upgrades/0.3.rhai", false),
            ("upgrades/v0.3.0.rhai", false),
            ("upgrades/0.3.0-rc.1.rhai", false),
            ("upgrades/0.03.0.rhai", false),
            ("upgrades/x/0.3.0.rhai", false),
            ("upgrades/0.3.0.rhai.liquid", false),
            ("hooks/0.3.0.rhai", false),
        ] {
            assert_eq!(version(path).is_some(), is_one, "{path}");
        }
    }
}
