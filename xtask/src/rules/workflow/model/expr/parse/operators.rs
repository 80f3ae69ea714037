//! Operators, from those that bind least: `||`, `&&`, comparisons, `!`.

use super::cursor::Cursor;
use super::{Comparison, Expr, Kind, Parsed};

/// How the two sides of an operator become one.
type Join = fn(Box<Expr>, Box<Expr>) -> Kind;

impl Cursor<'_> {
    /// An expression of any kind.
    pub(super) fn any(&mut self) -> Parsed {
        self.chain(&[("||", Kind::Or)], Self::and)
    }

    fn and(&mut self) -> Parsed {
        self.chain(&[("&&", Kind::And)], Self::equality)
    }

    fn equality(&mut self) -> Parsed {
        let equal: Join = |a, b| Kind::Compare(Comparison::Equal, a, b);
        let unequal: Join = |a, b| Kind::Compare(Comparison::NotEqual, a, b);
        self.chain(&[("==", equal), ("!=", unequal)], Self::order)
    }

    fn order(&mut self) -> Parsed {
        let ordered: Join = |a, b| Kind::Compare(Comparison::Ordered, a, b);
        let signs = ["<", "<=", ">", ">="].map(|sign| (sign, ordered));
        self.chain(&signs, Self::unary)
    }

    /// Parts with one of these signs between any two.
    fn chain(&mut self, signs: &[(&str, Join)], part: fn(&mut Self) -> Parsed) -> Parsed {
        let mut left = part(self)?;
        let mut links = 0;
        while let Some((_, join)) = signs.iter().find(|(sign, _)| self.take(sign)) {
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

    fn unary(&mut self) -> Parsed {
        let start = self.here().start;
        if self.take("!") {
            let inner = self.deeper(Self::unary)?;
            let span = start..inner.span.end;
            return Ok(Expr {
                span,
                kind: Kind::Not(Box::new(inner)),
            });
        }
        self.operand()
    }
}
