//! From words to a tree.

mod cursor;
mod operand;
mod operators;

use std::ops::Range;

use super::super::yaml::{Content, Fault, Name};
use super::lex::tokens;
use super::{Comparison, Expr, Kind};
use cursor::Cursor;

/// What a part of an expression comes to, or what is wrong with it.
type Parsed = Result<Expr, Fault>;

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
    let mut cursor = Cursor {
        tokens: &tokens,
        next: 0,
        end: text[..last].trim_end().len(),
        depth: 0,
        place: &place,
    };
    let expr = cursor.expression().map_err(failed)?;
    Ok((expr, at + end))
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
            ("a == \"b\"", "\\\"", "`\"` means nothing"),
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
            assert_eq!(found, word, "{text}");
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
