//! Builds the tree out of the parser's events.

mod extents;
mod offsets;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{Fault, Kind, Node, Scalar, Style};
use extents::Extents;
use tree::Tree;

/// More than any workflow has: GitHub itself takes no more than half of it.
const MAX_BYTES: usize = 1 << 20;

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
    let mut builder = Builder {
        extents: Extents::of(text),
        tree: Tree::default(),
    };
    let ended = builder.run();
    let mut tree = builder.tree;
    match ended {
        Ok(()) => (tree.root, tree.faults),
        Err(fault) => {
            tree.faults.push(fault);
            (None, tree.faults)
        }
    }
}

struct Builder<'t> {
    extents: Extents<'t>,
    tree: Tree,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        let mut documents = 0;
        for event in Parser::new_from_str(self.extents.text) {
            let (event, span) = event.map_err(|error| {
                let at = self.extents.byte(error.marker());
                let message = format!("no YAML: {}", error.info());
                Fault::new(
                    at..at,
                    message,
                    "mend the YAML at this place, or in the line above",
                )
            })?;
            let span = self.extents.span(span);
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
                    let node = self.scalar(text.into_owned(), style, span);
                    self.tree.add(node, anchor, 1)?;
                }
                Event::MappingStart(anchor, _) => {
                    self.tree.enter(span, Kind::Map(Vec::new()), anchor)?;
                }
                Event::SequenceStart(anchor, _) => {
                    self.tree.enter(span, Kind::List(Vec::new()), anchor)?;
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    if let Some((mut node, anchor)) = self.tree.leave() {
                        let end = span.start.max(node.span.start);
                        node.span = self.extents.trimmed(node.span.start..end);
                        self.tree.add(node, anchor, 1)?;
                    }
                }
                Event::Alias(anchor) => self.tree.alias(anchor, span)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn scalar(&self, text: String, style: ScalarStyle, span: Range<usize>) -> Node {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let span = match style {
            Style::Quoted => self.extents.closed(span),
            Style::Plain | Style::Block => self.extents.trimmed(span),
        };
        Node {
            span,
            kind: Kind::Scalar(Scalar { text, style }),
        }
    }
}
