//! From words to a tree.

use std::ops::Range;

use super::super::yaml::{Content, Fault, Name};
use super::lex::{Lexeme, Token, tokens};
use super::{Comparison, Expr, Kind};

/// Deeper than anybody reads; a tree is walked by calls that nest as deep.
const MAX_DEPTH: usize = 100;
/// Words in one expression.
const MAX_TOKENS: usize = 5_000;
/// Links of one chain, as in `a.b.c` or `a || b || c`.
const MAX_CHAIN: usize = 500;

/// The expression that begins at `at` of a scalar's content and ends with `}}` where `closed`, and the byte behind it.
///
/// # Errors
/// A fault with its place in the file, and the byte from which on the next expression may be looked for.
pub fn parse(
    content: &Content<'_>,
    at: usize,
    closed: bool,
) -> Result<(Expr, usize), (Fault, usize)> {
    let text = &content.text[at..];
    let place = |span: Range<usize>| content.span(at + span.start..at + span.end);
    let next = at + text.find("}}").map_or(text.len(), |end| end + 2);
    let failed = |fault: Fault| {
        let span = place(fault.span);
        (Fault { span, ..fault }, next)
    };
    let (tokens, end) = tokens(text, closed).map_err(failed)?;
    let last = if closed { end.saturating_sub(2) } else { end };
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        end: text[..last].trim_end().len(),
        depth: 0,
        place: &place,
    };
    let expr = parser.whole().map_err(failed)?;
    Ok((expr, at + end))
}

struct Parser<'t> {
    tokens: &'t [Token],
    next: usize,
    end: usize,
    depth: usize,
    place: &'t dyn Fn(Range<usize>) -> Range<usize>,
}

type Parsed = Result<Expr, Fault>;

impl<'t> Parser<'t> {
    fn whole(&mut self) -> Parsed {
        if self.tokens.len() > MAX_TOKENS {
            let message = format!("an expression of more than {MAX_TOKENS} words");
            return Err(self.fault(message, "compute it in a step"));
        }
        if self.tokens.is_empty() {
            let help = "write what it stands for, or take it away";
            return Err(self.fault("an empty expression", help));
        }
        let expr = self.or()?;
        match self.tokens.get(self.next) {
            None => Ok(expr),
            Some((Lexeme::Sign(")" | "]"), _)) => {
                Err(self.fault("nothing was opened that this closes", "take it away"))
            }
            Some(_) => Err(self.fault(
                "the expression should end here",
                "put an operator such as `&&` or `==` before it, or take it away",
            )),
        }
    }

    fn or(&mut self) -> Parsed {
        self.chain("||", Self::and, Kind::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain("&&", Self::equality, Kind::And)
    }

    fn chain(
        &mut self,
        sign: &str,
        part: fn(&mut Self) -> Parsed,
        join: fn(Box<Expr>, Box<Expr>) -> Kind,
    ) -> Parsed {
        let mut left = part(self)?;
        let mut links = 0;
        while self.take(sign) {
            links += 1;
            self.limit(links)?;
            let right = part(self)?;
            let span = left.span.start..right.span.end;
            left = Expr {
                span,
                kind: join(Box::new(left), Box::new(right)),
            };
        }
        Ok(left)
    }

    fn equality(&mut self) -> Parsed {
        let signs = [("==", Comparison::Equal), ("!=", Comparison::NotEqual)];
        self.comparison(&signs, Self::order)
    }

    fn order(&mut self) -> Parsed {
        let signs = ["<", "<=", ">", ">="].map(|sign| (sign, Comparison::Ordered));
        self.comparison(&signs, Self::unary)
    }

    fn comparison(
        &mut self,
        signs: &[(&str, Comparison)],
        part: fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let mut left = part(self)?;
        let mut links = 0;
        while let Some((_, kind)) = signs.iter().find(|(sign, _)| self.take(sign)) {
            links += 1;
            self.limit(links)?;
            let right = part(self)?;
            let span = left.span.start..right.span.end;
            left = Expr {
                span,
                kind: Kind::Compare(*kind, Box::new(left), Box::new(right)),
            };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.here().start;
        if self.take("!") {
            self.depth += 1;
            self.limit(self.depth * (MAX_CHAIN / MAX_DEPTH))?;
            let inner = self.unary()?;
            self.depth -= 1;
            let span = start..inner.span.end;
            return Ok(Expr {
                span,
                kind: Kind::Not(Box::new(inner)),
            });
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parsed {
        let mut expr = self.primary()?;
        let mut links = 0;
        loop {
            links += 1;
            self.limit(links)?;
            let start = expr.span.start;
            if self.take(".") {
                let span = self.here();
                let kind = if self.take("*") {
                    Kind::Star(Box::new(expr))
                } else if let Some(Lexeme::Word(word)) = self.token() {
                    let name = Name {
                        text: word.clone(),
                        span: span.clone(),
                    };
                    self.next += 1;
                    Kind::Property(Box::new(expr), name)
                } else {
                    let help = "write a name; one that starts with a digit is written `['1x']`";
                    return Err(self.fault("a name should follow the `.`", help));
                };
                expr = Expr {
                    span: start..span.end,
                    kind,
                };
            } else if self.take("[") {
                let inner_span = self.here();
                let kind = if self.take("*") {
                    Kind::Star(Box::new(expr))
                } else {
                    let index = self.nested()?;
                    match index.kind {
                        Kind::Text(text) => Kind::Property(
                            Box::new(expr),
                            Name {
                                text,
                                span: inner_span,
                            },
                        ),
                        _ => Kind::Index(Box::new(expr), Box::new(index)),
                    }
                };
                let end = self.here().end;
                self.expect("]")?;
                expr = Expr {
                    span: start..end,
                    kind,
                };
            } else {
                return Ok(expr);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let span = self.here();
        let Some(token) = self.token() else {
            return Err(self.fault("something is missing at the end", "complete the expression"));
        };
        let kind = match token {
            Lexeme::Number(number) => Kind::Number(*number),
            Lexeme::Text(text) => Kind::Text(text.clone()),
            Lexeme::Word(word) => {
                self.next += 1;
                return self.word(word, span);
            }
            Lexeme::Sign("(") => {
                self.next += 1;
                let mut inner = self.nested()?;
                let end = self.here().end;
                self.expect(")")?;
                inner.span = span.start..end;
                return Ok(inner);
            }
            Lexeme::Sign(sign) => {
                let message = format!("`{sign}` where a name or value should stand");
                return Err(self.fault(message, "complete what stands before it, or take it away"));
            }
        };
        self.next += 1;
        Ok(Expr { span, kind })
    }

    fn word(&mut self, word: &str, span: Range<usize>) -> Parsed {
        let name = Name {
            text: word.to_owned(),
            span: span.clone(),
        };
        if self.take("(") {
            let mut arguments = Vec::new();
            if !matches!(self.token(), Some(Lexeme::Sign(")"))) {
                loop {
                    arguments.push(self.nested()?);
                    if !self.take(",") {
                        break;
                    }
                }
            }
            let end = self.here().end;
            self.expect(")")?;
            return Ok(Expr {
                span: span.start..end,
                kind: Kind::Call(name, arguments),
            });
        }
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            "NaN" | "Infinity" => Kind::Number(f64::NAN),
            _ => Kind::Context(name),
        };
        Ok(Expr { span, kind })
    }

    fn nested(&mut self) -> Parsed {
        self.depth += 1;
        self.limit(self.depth * (MAX_CHAIN / MAX_DEPTH))?;
        let expr = self.or()?;
        self.depth -= 1;
        Ok(expr)
    }

    fn limit(&self, links: usize) -> Result<(), Fault> {
        if links > MAX_CHAIN {
            let help = "split it, or compute it in a step";
            return Err(self.fault("an expression of too many parts or levels", help));
        }
        Ok(())
    }

    fn token(&self) -> Option<&'t Lexeme> {
        self.tokens.get(self.next).map(|(lexeme, _)| lexeme)
    }

    /// Where the next word stands in the file; the end where there is none.
    fn here(&self) -> Range<usize> {
        let span = self.tokens.get(self.next).map(|(_, span)| span.clone());
        (self.place)(span.unwrap_or(self.end..self.end))
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.token(), Some(Lexeme::Sign(found)) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.take(sign) {
            return Ok(());
        }
        Err(self.fault(
            format!("a `{sign}` is missing"),
            format!("write `{sign}` before this place"),
        ))
    }

    /// A fault at the next word, with its place in the expression's text: `parse` turns that into one in the file.
    fn fault(&self, message: impl Into<String>, help: impl Into<String>) -> Fault {
        let span = self.tokens.get(self.next).map(|(_, span)| span.clone());
        Fault::new(span.unwrap_or(self.end..self.end), message, help)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::yaml;
    use super::*;

    fn parsed(text: &str) -> Result<String, (String, String)> {
        let file = format!(
            "{{a: \"{}\"}}",
            text.replace('\\', "\\\\").replace('"', "\\\"")
        );
        let root = yaml::parse(&file).0.unwrap();
        let content = Content::of(root.get("a").unwrap(), &file).unwrap();
        match parse(&content, 0, false) {
            Ok((expr, _)) => Ok(shown(&expr)),
            Err((fault, _)) => Err((file[fault.span].to_owned(), fault.message)),
        }
    }

    fn shown(expr: &Expr) -> String {
        match &expr.kind {
            Kind::Null => "null".into(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(value) => value.to_string(),
            Kind::Text(text) => format!("'{text}'"),
            Kind::Context(name) => name.text.clone(),
            Kind::Property(of, name) => format!("{}.{}", shown(of), name.text),
            Kind::Star(of) => format!("{}.*", shown(of)),
            Kind::Index(of, index) => format!("{}[{}]", shown(of), shown(index)),
            Kind::Call(name, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(shown).collect();
                format!("{}({})", name.text, arguments.join(","))
            }
            Kind::Not(of) => format!("!{}", shown(of)),
            Kind::Compare(kind, a, b) => format!("({} {kind:?} {})", shown(a), shown(b)),
            Kind::And(a, b) => format!("({} && {})", shown(a), shown(b)),
            Kind::Or(a, b) => format!("({} || {})", shown(a), shown(b)),
        }
    }

    #[test]
    fn operators_bind_as_github_s_do() {
        for (text, tree) in [
            ("a || b && c == d", "(a || (b && (c Equal d)))"),
            ("!a.b && c", "(!a.b && c)"),
            ("a['b-c'].*.d[0]", "a.b-c.*.d[0]"),
            ("a[b.c]", "a[b.c]"),
            ("format('it''s {0}', x, 0xff)", "format('it's {0}',x,255)"),
            (
                "always() && (a != -1.5e3)",
                "(always() && (a NotEqual -1500))",
            ),
            ("a < 1 == true", "((a Ordered 1) Equal true)"),
        ] {
            assert_eq!(parsed(text).unwrap(), tree);
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (text, word, message) in [
            ("a == \"b\"", "\\", "`\"` means nothing"),
            ("a = b", "=", "`=` means nothing"),
            ("a b", "b", "should end here"),
            ("a)", ")", "nothing was opened"),
            ("f(a", "", "a `)` is missing"),
            ("a &&", "", "something is missing"),
            ("a.1", "1", "a name should follow"),
            ("'abc", "'", "text that has no end"),
            ("1x", "1x", "no number"),
            ("", "", "an empty expression"),
            ("a && || b", "||", "`||` where a name"),
        ] {
            let (found, said) = parsed(text).unwrap_err();
            assert!(said.contains(message), "{text}: {said}");
            assert!(
                found.starts_with(word) || found.is_empty(),
                "{text}: {found}"
            );
        }
    }

    #[test]
    fn depth_is_bounded() {
        for text in [
            "(".repeat(100_000),
            "!".repeat(100_000),
            format!("a{}", ".a".repeat(100_000)),
            format!("a{}", "[a".repeat(4_000)),
            format!("a{}", "||a".repeat(2_000)),
            "f(".repeat(4_000),
        ] {
            assert!(parsed(&text).unwrap_err().1.contains("an expression of "));
        }
    }
}
