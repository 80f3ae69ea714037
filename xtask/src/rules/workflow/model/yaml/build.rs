//! Builds the tree out of the parser's events.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::offsets::Offsets;
use super::{Entry, Fault, Kind, Name, Node, Scalar, Style};

/// More than any workflow has: GitHub itself takes no more than half of it.
const MAX_BYTES: usize = 1 << 20;
/// Deeper than any workflow goes.
const MAX_DEPTH: usize = 50;
/// As many keys that stand twice are named.
const ENOUGH: usize = 50;
/// Values, with those that aliases stand for: a dozen lines of aliases can mean billions.
const MAX_NODES: usize = 100_000;

/// A file as a tree, as far as it could be read, and what is wrong with its form.
pub fn parse(text: &str) -> (Option<Node>, Vec<Fault>) {
    if text.len() > MAX_BYTES {
        let message = format!(
            "the file has {} bytes, and GitHub reads none of that size",
            text.len()
        );
        return (
            None,
            vec![Fault::new(0..0, message, "split it into several workflows")],
        );
    }
    let mut builder = Builder::new(text);
    match builder.run() {
        Ok(()) => (builder.root.take(), builder.faults),
        Err(fault) => {
            builder.faults.push(fault);
            (None, builder.faults)
        }
    }
}

/// A map or list whose end has not come yet.
struct Open {
    node: Node,
    anchor: usize,
    /// The key whose value comes next.
    key: Option<Name>,
    keys: HashSet<String>,
    /// Whether the value that comes belongs to a key that stands twice.
    repeated: bool,
}

struct Builder<'t> {
    text: &'t str,
    offsets: Offsets,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
    faults: Vec<Fault>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            offsets: Offsets::of(text),
            open: Vec::new(),
            anchors: HashMap::new(),
            nodes: 0,
            root: None,
            faults: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let mut documents = 0;
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| {
                let at = self.offsets.byte(error.marker().index());
                let message = format!("no YAML: {}", error.info());
                Fault::new(
                    at..at,
                    message,
                    "mend the YAML at this place, or in the line above",
                )
            })?;
            let span = self.span(span);
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents == 2 {
                        let help = "keep one document in the file and take the `---` away";
                        return Err(Fault::new(
                            span,
                            "a second document, which GitHub does not read",
                            help,
                        ));
                    }
                }
                Event::Scalar(text, style, anchor, _) => {
                    let style = match style {
                        ScalarStyle::Plain => Style::Plain,
                        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                    };
                    let span = match style {
                        Style::Quoted => self.closed(span),
                        Style::Plain | Style::Block => self.trimmed(span),
                    };
                    let scalar = Scalar {
                        text: text.into_owned(),
                        style,
                    };
                    let node = Node {
                        span,
                        kind: Kind::Scalar(scalar),
                    };
                    self.add(node, anchor, 1)?;
                }
                Event::MappingStart(anchor, _) => {
                    self.enter(span, Kind::Map(Vec::new()), anchor)?;
                }
                Event::SequenceStart(anchor, _) => {
                    self.enter(span, Kind::List(Vec::new()), anchor)?;
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    if let Some(mut open) = self.open.pop() {
                        open.node.span.end = span.start.max(open.node.span.start);
                        open.node.span = self.trimmed(open.node.span);
                        self.add(open.node, open.anchor, 1)?;
                    }
                }
                Event::Alias(anchor) => {
                    let Some((mut node, size)) = self.anchors.get(&anchor).cloned() else {
                        let help =
                            "put the anchor, as in `&name`, before what uses it, and not around it";
                        return Err(Fault::new(
                            span,
                            "an alias inside of what it stands for",
                            help,
                        ));
                    };
                    node.span = span;
                    self.add(node, 0, size)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn enter(&mut self, span: Range<usize>, kind: Kind, anchor: usize) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return Err(Fault::new(
                span,
                message,
                "no workflow needs as many; take levels away",
            ));
        }
        if let Some(open) = self.open.last_mut()
            && matches!(open.node.kind, Kind::Map(_))
            && open.key.is_none()
        {
            let help = "write a word as the key; quote it if it holds `{`, `[` or `:`";
            return Err(Fault::new(span, "a key that is a map or a list", help));
        }
        self.open.push(Open {
            node: Node { span, kind },
            anchor,
            key: None,
            keys: HashSet::new(),
            repeated: false,
        });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn add(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Fault> {
        self.nodes += size;
        if self.nodes > MAX_NODES {
            let message =
                format!("more than {MAX_NODES} values, those of aliases counted each time");
            return Err(Fault::new(
                node.span,
                message,
                "write out what is meant, without aliases of aliases",
            ));
        }
        if anchor > 0 {
            let size = count(&node);
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.kind {
            Kind::List(items) => items.push(node),
            Kind::Map(entries) => {
                if let Some(key) = open.key.take() {
                    if !std::mem::take(&mut open.repeated) {
                        entries.push(Entry { key, value: node });
                    }
                    return Ok(());
                }
                let Some(key) = node.name() else {
                    let help = "write a word as the key";
                    return Err(Fault::new(node.span, "a key that is a map or a list", help));
                };
                if !open.keys.insert(key.text.clone()) {
                    open.repeated = true;
                    let message = format!("the key `{}` stands twice in this map", key.text);
                    let help = "keep one of the two, with what both of them say";
                    if self.faults.len() < ENOUGH {
                        self.faults
                            .push(Fault::new(key.span.clone(), message, help));
                    }
                }
                open.key = Some(key);
            }
            Kind::Scalar(_) => {}
        }
        Ok(())
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.offsets.byte(span.start.index());
        start..self.offsets.byte(span.end.index()).max(start)
    }

    /// Of a scalar in quotes: to the quote that ends it. The parser goes on to the end of a comment behind it.
    fn closed(&self, span: Range<usize>) -> Range<usize> {
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let mut letters = raw.char_indices();
        let Some((_, quote @ ('"' | '\''))) = letters.next() else {
            return self.trimmed(span);
        };
        while let Some((at, letter)) = letters.next() {
            if letter == '\\' && quote == '"' {
                letters.next();
            } else if letter == quote {
                let doubled = quote == '\'' && raw[at + 1..].starts_with(quote);
                if !doubled {
                    return span.start..span.start + at + 1;
                }
                letters.next();
            }
        }
        span
    }

    /// Without the blank space and line ends that the parser has read on to.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::List(items) => items.iter().map(count).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| 1 + count(&entry.value)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_scalar_knows_its_place() {
        let text = "größe: 1\njobs:\n  a:\n    - 'x ''y'\n    - |\n      long\n  b: {c: ü}\nq: \"a\\\"#\" # 'b'\n";
        let (root, faults) = parse(text);
        let root = root.unwrap();
        assert_eq!(faults, []);
        let entry = root.entry("größe").unwrap();
        assert_eq!(&text[entry.key.span.clone()], "größe");
        let items = root.at(&["jobs", "a"]).unwrap().items();
        assert_eq!(&text[items[0].span.clone()], "'x ''y'");
        assert_eq!(items[0].text(), Some("x 'y"));
        assert_eq!(items[1].text(), Some("long\n"));
        let c = root.at(&["jobs", "b", "c"]).unwrap();
        assert_eq!(&text[c.span.clone()], "ü");
        let quoted = root.get("q").unwrap();
        assert_eq!(&text[quoted.span.clone()], "\"a\\\"#\"");
        assert_eq!(quoted.text(), Some("a\"#"));
    }

    #[test]
    fn a_key_that_stands_twice_is_named_where_it_stands_again() {
        let text = "a: 1\nb: 2\na: 3\n";
        let (root, faults) = parse(text);
        assert_eq!(root.unwrap().get("a").unwrap().text(), Some("1"));
        assert_eq!(faults.len(), 1);
        assert_eq!(
            faults[0].span,
            text.rfind('a').unwrap()..text.rfind('a').unwrap() + 1
        );
    }

    #[test]
    fn bombs_are_bounded() {
        let mut aliases = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for n in 1..30 {
            let list = vec![format!("*a{}", n - 1); 9].join(", ");
            aliases += &format!("a{n}: &a{n} [{list}]\n");
        }
        for (text, word) in [
            (aliases, "aliases"),
            ("[".repeat(200), "levels deep"),
            // The parser has a bound of its own.
            ("[".repeat(100_000), ""),
            ("{a: ".repeat(200), "levels deep"),
            ("{a: ".repeat(100_000), ""),
            ("- ".repeat(200), "levels deep"),
            ("- ".repeat(100_000), ""),
            ("x".repeat(10 << 20), "bytes"),
            ("a: &a [*a]".into(), "inside of what it stands for"),
            ("---\na: 1\n---\nb: 2\n".into(), "second document"),
            ("? [a]\n: b".into(), "a key that is a map"),
            ("a: [".into(), "no YAML"),
            ("a: \t- b\n  c: d: e".into(), "no YAML"),
        ] {
            let (root, faults) = parse(&text);
            assert!(root.is_none());
            let found = &faults.last().unwrap().message;
            assert!(found.contains(word), "{found}");
        }
    }
}
