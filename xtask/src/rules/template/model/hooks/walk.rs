//! Walks a compiled script and notes what it calls, reads and defines.

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, Position, Stmt};

use super::comparisons::comparisons;
use super::place::{place, word_at};
use super::{Call, Code};
use crate::report::Source;
use crate::rules::template::model::text::Name;

/// What `ast`, compiled from `source`, calls, reads and defines.
pub fn script(source: &Source, ast: &AST) -> Code {
    let mut walker = Walker {
        source,
        code: Code::default(),
    };
    for function in ast.iter_fn_def() {
        let name = function.name.to_string();
        walker.code.functions.push((name, function.params.len()));
        let parameters = function.params.iter().map(ToString::to_string);
        walker.code.names.extend(parameters);
    }
    ast.walk(&mut |path: &[ASTNode<'_>]| walker.node(path));
    walker.code.comparisons = comparisons(source, ast);
    walker.code
}

struct Walker<'a> {
    source: &'a Source,
    code: Code,
}

impl Walker<'_> {
    fn node(&mut self, path: &[ASTNode<'_>]) -> bool {
        match path.last() {
            Some(ASTNode::Expr(expr)) => self.expr(expr),
            Some(ASTNode::Stmt(stmt)) => self.stmt(stmt),
            _ => {}
        }
        true
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FnCall(call, at) => self.call(call, *at, false),
            Stmt::Var(var, ..) => self.code.names.push(var.0.name.to_string()),
            Stmt::For(each, _) => {
                self.code.names.push(each.0.name.to_string());
                let counter = each.1.as_ref().map(|counter| counter.name.to_string());
                self.code.names.extend(counter);
            }
            Stmt::Import(import, _) => {
                let path = self.text(&import.0);
                self.code.imports.push((path, import.1.name.to_string()));
            }
            // The engine's own walk leaves this one out.
            Stmt::BreakLoop(Some(value), ..) => {
                value.walk(&mut Vec::new(), &mut |path: &[ASTNode<'_>]| self.node(path));
            }
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::FnCall(call, at) => self.call(call, *at, false),
            Expr::MethodCall(call, at) => self.call(call, *at, true),
            Expr::StringConstant(..) => {
                let text = self.text(expr);
                self.code.texts.extend(text);
            }
            Expr::DynamicConstant(value, at) => self.constant(value, *at),
            Expr::Map(map, _) => {
                let fields = map.0.iter().map(|(name, _)| name.name.to_string());
                self.code.names.extend(fields);
            }
            Expr::Variable(variable, _, at) => {
                let start = place(self.source, *at);
                let name = Name {
                    text: variable.1.to_string(),
                    span: word_at(&self.source.text, start, &variable.1),
                };
                if variable.2.is_empty() {
                    self.code.variables.push(name);
                } else {
                    let module = variable.2.root().to_owned();
                    self.code.constants.push((module, name));
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &FnCallExpr, at: Position, is_method: bool) {
        if call.is_operator_call() || !rhai::is_valid_identifier(&call.name) {
            return;
        }
        let module = call
            .is_qualified()
            .then(|| call.namespace.root().to_owned());
        let start = place(self.source, at);
        let name = Name {
            text: call.name.to_string(),
            span: word_at(&self.source.text, start, &call.name),
        };
        let arguments = call
            .args
            .iter()
            .map(|argument| self.text(argument))
            .collect();
        self.code.calls.push(Call {
            module,
            name,
            arguments,
            is_method,
        });
    }

    /// A plain text; its place is the bytes between its quotes.
    fn text(&self, expr: &Expr) -> Option<Name> {
        let Expr::StringConstant(text, at) = expr else {
            return None;
        };
        let start = place(self.source, *at);
        Some(Name {
            text: text.to_string(),
            span: word_at(&self.source.text, start, text),
        })
    }

    /// Texts in a list or a map that the parser has put together.
    fn constant(&mut self, value: &Dynamic, at: Position) {
        if let Ok(text) = value.as_immutable_string_ref() {
            let start = place(self.source, at);
            let span = word_at(&self.source.text, start, &text);
            self.code.texts.push(Name {
                text: text.to_string(),
                span,
            });
        }
        let list = value.as_array_ref().ok();
        for item in list.iter().flat_map(|list| list.iter()) {
            self.constant(item, at);
        }
        let map = value.as_map_ref().ok();
        for item in map.iter().flat_map(|map| map.values()) {
            self.constant(item, at);
        }
    }
}
