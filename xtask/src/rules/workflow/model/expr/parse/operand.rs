//! What stands between operators: values, names and calls, with the members that are read from them.

use std::ops::Range;

use super::super::lex::Lexeme;
use super::cursor::Cursor;
use super::{Expr, Kind, Name, Parsed};

impl Cursor<'_> {
    /// A value, and the members read from it.
    pub(super) fn operand(&mut self) -> Parsed {
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
                    let index = self.deeper(Self::any)?;
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
                let mut inner = self.deeper(Self::any)?;
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
                    arguments.push(self.deeper(Self::any)?);
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
            "NaN" => Kind::Number(f64::NAN),
            "Infinity" => Kind::Number(f64::INFINITY),
            _ => Kind::Context(name),
        };
        Ok(Expr { span, kind })
    }
}
