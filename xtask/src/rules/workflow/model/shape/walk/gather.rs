//! Gathers expressions: those in `${{ }}`, and conditions, which need no braces.

use super::super::super::expr::{self, Expr};
use super::super::super::yaml::{Content, Fault, Literal, Node, Scalar, Style};
use super::super::places::Place;
use super::{Site, Walker};

impl Walker<'_> {
    /// Expressions in `${{ }}`.
    pub(super) fn template(&mut self, node: &Node, place: &'static Place) {
        if !node.scalar().is_some_and(Scalar::has_expression) {
            return;
        }
        let Some(content) = Content::of(node, self.text) else {
            return;
        };
        let mut at = 0;
        while let Some(start) = content.text[at..].find("${{") {
            let start = at + start;
            if place.contexts.is_empty() {
                let help =
                    "write what it stands for: GitHub reads this key before it evaluates anything";
                let span = content.span(start..start + 3);
                let message = "no expression can stand here";
                self.found.broken.push(Fault::new(span, message, help));
                return;
            }
            at = match expr::parse(&content, start + 3, true) {
                Ok((expr, end)) => {
                    self.site(expr, place);
                    end
                }
                Err((fault, end)) => {
                    self.found.broken.push(fault);
                    end
                }
            };
        }
    }

    pub(super) fn condition(&mut self, node: &Node, scalar: &Scalar, place: &'static Place) {
        if scalar.literal() == Literal::Bool {
            return;
        }
        if !scalar.has_expression() {
            let Some(content) = Content::of(node, self.text) else {
                return;
            };
            match expr::parse(&content, 0, false) {
                Ok((expr, _)) => self.site(expr, place),
                Err((fault, _)) => self.found.broken.push(fault),
            }
            return;
        }
        // Text around an expression makes the whole a text, and that is true.
        let text = scalar.text.as_str();
        let inner = text
            .strip_prefix("${{")
            .and_then(|rest| rest.strip_suffix("}}"));
        let whole = inner.is_some_and(|inner| !inner.contains("${{"));
        if !whole {
            let blank = text.trim().len() < text.len() && scalar.style == Style::Block;
            let help = if blank && text.trim().starts_with("${{") && text.trim().ends_with("}}") {
                "write `>-` or `|-`, so that no line end stands behind the expression"
            } else {
                "put the whole condition into one `${{ }}`, or leave the braces away"
            };
            let message =
                "this condition always holds: what stands around the `${{ }}` makes it text";
            self.found
                .broken
                .push(Fault::new(node.span.clone(), message, help));
        }
        self.template(node, place);
    }

    fn site(&mut self, expr: Expr, place: &'static Place) {
        let job = match self.path.as_slice() {
            [jobs, job, ..] if jobs == "jobs" => Some(job.clone()),
            _ => None,
        };
        let steps = self.path.iter().position(|key| key == "steps");
        let in_steps =
            steps.filter(|at| *at == 2 && job.is_some() || *at == 1 && self.path[0] == "runs");
        let step = in_steps.and_then(|at| self.path.get(at + 1)?.parse().ok());
        self.found.sites.push(Site {
            expr,
            place,
            job,
            step,
            path: self.path.clone(),
        });
    }
}
