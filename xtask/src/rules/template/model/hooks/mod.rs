//! Hooks and conditions, which are Rhai: what they call, read and set. Compiles hooks; `rehearsal` runs them.
//!
//! The engine is cargo-generate's with two differences: variables have to be defined (as they would have to be at run
//! time), and modules are stubs, for a compiler only asks whether they are there.

mod code;
mod comparisons;
mod condition;
mod place;
mod walk;

use std::thread;

use anyhow::{Result, anyhow};
use rhai::module_resolvers::DummyModuleResolver;
use rhai::packages::{Package, StandardPackage};
use rhai::{Engine, Module, OptimizationLevel};

use super::text::Problem;
use super::vocabulary::MODULES;
use crate::report::Source;

pub use code::{Call, Code};
pub use condition::bounded;
pub use condition::read as condition;
pub use condition::{Condition, Value, Values, Verdict};
pub use place::{lower, place};
pub use walk::script as walk;

/// The longest script that is read: Rhai recurses into what it parses.
const LENGTH: usize = 64 * 1024;
/// Stack for the parser: a release build of cargo-generate has a smaller frame than a debug build of this.
const STACK: usize = 256 * 1024 * 1024;

/// Rhai as hooks have it.
pub struct Rhai {
    engine: Engine,
    /// Rhai's own functions. To gather them takes longer than anything else here, so engines share them.
    standard: StandardPackage,
}

impl Rhai {
    fn new() -> Self {
        let standard = StandardPackage::new();
        let mut engine = Engine::new_raw();
        standard.register_into_engine(&mut engine);
        engine.set_optimization_level(OptimizationLevel::None);
        engine.set_strict_variables(true);
        engine.set_module_resolver(DummyModuleResolver::new());
        // What a release build has, so that this debug build refuses no more than cargo-generate does.
        engine.set_max_expr_depths(64, 32);
        for (name, _) in MODULES {
            engine.register_static_module(*name, Module::new().into());
        }
        Self { engine, standard }
    }

    /// Runs `work` with an engine, on a stack that its recursion cannot exhaust.
    pub fn with<T: Send>(work: impl FnOnce(&Self) -> T + Send) -> Result<T> {
        thread::scope(|scope| {
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || work(&Self::new()))?
                .join()
                .map_err(|_| anyhow!("the Rhai engine gave up on a hook"))
        })
    }

    /// An engine with Rhai's own functions and nothing else: it reads no file and prints nothing.
    pub fn bare(&self) -> Engine {
        let mut engine = Engine::new_raw();
        self.standard.register_into_engine(&mut engine);
        engine.set_optimization_level(OptimizationLevel::None);
        engine
    }

    /// Names of Rhai's own functions, with the number of their parameters.
    pub fn functions(&self) -> Vec<(String, usize)> {
        let each = |info: rhai::FuncInfo<'_>| {
            Some((info.metadata.name.to_string(), info.metadata.num_params))
        };
        self.engine.collect_fn_metadata(None, each, true)
    }

    /// Compiles a hook.
    pub fn code(&self, source: &Source) -> Result<Code, Problem> {
        if source.text.len() > LENGTH {
            return Err(Problem {
                span: 0..0,
                message: format!("the hook is longer than {} KiB", LENGTH / 1024),
                help: "split it".to_owned(),
            });
        }
        match self.engine.compile(&source.text) {
            Ok(ast) => Ok(walk::script(source, &ast)),
            Err(error) => Err(place::problem(source, &error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Result<Code, Problem> {
        Rhai::with(|rhai| rhai.code(&Source::new("hook.rhai", text))).unwrap()
    }

    #[test]
    fn calls_carry_module_arguments_and_place() {
        let text =
            "let x = variable::get(\"team\");\nfile::write(`a/${x}`, [\"b\"]);\nx.to_upper();\n";
        let code = code(text).unwrap();
        let calls: Vec<_> = code
            .calls
            .iter()
            .map(|c| &text[c.name.span.clone()])
            .collect();
        assert_eq!(calls, ["get", "write", "to_upper"]);
        let team = code.calls[0].arguments[0].as_ref().unwrap();
        assert_eq!(
            (&text[team.span.clone()], team.text.as_str()),
            ("team", "team")
        );
        assert!(code.calls[1].arguments[0].is_none());
        assert!(code.texts.iter().any(|text| text.text == "b"));
        assert!(code.calls[2].is_method);
    }

    #[test]
    fn functions_loops_closures_and_imports_are_walked() {
        let text = "import \"lib/x\" as y;\nconst A = 1;\nfn f(a) { loop { break variable::get(\"deep\"); } }\n\
            let g = |v| variable::set(v, global::A);\ng.call(\"z\"); y::h(f(1)); switch 1 { 1 => abort(\"n\"), _ => () }\n\
            env::working_directory";
        let code = code(text).unwrap();
        assert_eq!(code.calls_of("variable", "get").count(), 1);
        assert!(code.may_name("variable", "set").any(|name| name == "z"));
        assert_eq!(
            code.functions
                .iter()
                .filter(|(name, _)| name == "f")
                .count(),
            1
        );
        assert_eq!(code.imports[0].0.as_ref().unwrap().text, "lib/x");
        assert!(code.calls.iter().any(|call| call.name.text == "abort"));
        assert_eq!(code.constants[0].1.text, "working_directory");
    }

    #[test]
    fn answers_are_held_against_texts() {
        let text = "if variable::get(\"a\") == \"x\" || \"y\" != variable::get(\"a\") {}\nlet b = variable::get(\"b\");\n\
            if b == \"z\" {}\nlet c = variable::get(\"c\"); c = 1; if c == \"no\" {}\n\
            switch b { \"u\" | \"v\" => 1, \"w\" if true => \"not\", _ => 2 }";
        let code = code(text).unwrap();
        let found: Vec<_> = code
            .comparisons
            .iter()
            .map(|found| (found.option.as_str(), &text[found.text.span.clone()]))
            .collect();
        let expected = [
            ("a", "x"),
            ("a", "y"),
            ("b", "z"),
            ("b", "u"),
            ("b", "v"),
            ("b", "w"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn mistakes_have_a_place() {
        let error = |text: &str| {
            let problem = code(text).unwrap_err();
            (text[problem.span.clone()].to_owned(), problem.message)
        };
        assert_eq!(
            error("let a = 1;\nlet b = aa + 1;"),
            ("aa".into(), "variable `aa` is not defined".into())
        );
        assert_eq!(
            error("variabel::get(\"a\")"),
            ("variabel".into(), "there is no module `variabel`".into())
        );
        assert!(
            error("let a = ;")
                .1
                .starts_with("the hook does not compile")
        );
        assert!(code("if true {").unwrap_err().message.contains("compile"));
    }

    #[test]
    fn nothing_makes_it_panic_or_hang() {
        let many = |text: &str| text.repeat(LENGTH / text.len());
        for text in [
            "(",
            "[",
            "{",
            "#{a:",
            "!",
            "-",
            "1+",
            "a.b",
            "a?.",
            "if true {",
            "else if x",
            "fn f(){",
            "|x|",
            "\"",
            "`${",
            "\u{0}",
            "/*",
            "x=",
            "switch 1 {",
            "a::",
            "&&true",
            "??1",
            "1..",
            "while true {",
            "return ",
            "throw ",
            "[0]",
            "let x=1;",
        ] {
            let _ = code(&many(text));
            let _ = code(&format!("let a=1; a{}", many(text)));
        }
        let _ = code("loop {}\nsleep(100000);");
        let _ = code(&"a\n".repeat(LENGTH));
    }
}
