//! What a compiled script does, as data.

use crate::rules::template::model::text::Name;

/// What a script calls, reads and defines.
#[derive(Debug, Default)]
pub struct Code {
    /// Calls of functions, without operators.
    pub calls: Vec<Call>,
    /// Every quoted text, without its quotes.
    pub texts: Vec<Name>,
    /// Variables that it reads.
    pub variables: Vec<Name>,
    /// Constants of modules that it reads, such as `env::working_directory`.
    pub constants: Vec<(String, Name)>,
    /// Texts that it holds an answer against.
    pub comparisons: Vec<Comparison>,
    /// Functions that it defines, with the number of their parameters.
    pub functions: Vec<(String, usize)>,
    /// Names of variables, parameters and fields, any of which may hold a function.
    pub names: Vec<String>,
    /// `import "path" as alias`: the path, where it is a text, and the alias.
    pub imports: Vec<(Option<Name>, String)>,
}

/// A text that a script holds an answer against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The answer's placeholder.
    pub option: String,
    /// The text.
    pub text: Name,
}

/// A call of a function.
#[derive(Debug)]
pub struct Call {
    /// The module before `::`.
    pub module: Option<String>,
    /// The function.
    pub name: Name,
    /// Its arguments: those that are plain texts, and `None` for any other.
    pub arguments: Vec<Option<Name>>,
    /// Whether it is called on a value, which is an argument of its own.
    pub is_method: bool,
}

impl Call {
    /// Whether this is `module::name(…)`.
    pub fn is(&self, module: &str, name: &str) -> bool {
        self.module.as_deref() == Some(module) && self.name.text == name
    }
}

impl Code {
    /// Calls of `module::name`.
    pub fn calls_of<'a>(
        &'a self,
        module: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().filter(move |call| call.is(module, name))
    }

    /// Texts that may be the first argument of `module::name`: those written there, or, where a call computes its
    /// argument, any text of the script.
    pub fn may_name<'a>(&'a self, module: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
        let computed = self
            .calls_of(module, name)
            .any(|call| matches!(call.arguments.first(), Some(None)));
        let any = self.texts.iter().filter(move |_| computed);
        self.calls_of(module, name)
            .filter_map(|call| call.arguments.first()?.as_ref())
            .chain(any)
            .map(|text| text.text.as_str())
    }
}
