//! The tree as it grows, within bounds: what is open, what anchors stand for, which keys there are.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::{Entry, Fault, Kind, Name, Node};

/// Deeper than any workflow goes.
const MAX_DEPTH: usize = 50;
/// As many keys that stand twice are named.
const ENOUGH: usize = 50;
/// Values, with those that aliases stand for: a dozen lines of aliases can mean billions.
const MAX_NODES: usize = 100_000;

/// What has been read so far.
#[derive(Default)]
pub(super) struct Tree {
    /// The whole, once it has come to its end.
    pub root: Option<Node>,
    /// Keys that stand twice.
    pub faults: Vec<Fault>,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
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

impl Tree {
    /// Begins a map or a list.
    pub(super) fn enter(
        &mut self,
        span: Range<usize>,
        kind: Kind,
        anchor: usize,
    ) -> Result<(), Fault> {
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

    /// Takes what was begun last, with its anchor.
    pub(super) fn leave(&mut self) -> Option<(Node, usize)> {
        self.open.pop().map(|open| (open.node, open.anchor))
    }

    /// Puts what an anchor stands for where its alias is.
    pub(super) fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        let Some((mut node, size)) = self.anchors.get(&anchor).cloned() else {
            let help = "put the anchor, as in `&name`, before what uses it, and not around it";
            let message = "an alias inside of what it stands for";
            return Err(Fault::new(span, message, help));
        };
        node.span = span;
        self.add(node, 0, size)
    }

    /// Puts a finished value where it belongs.
    pub(super) fn add(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Fault> {
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
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::List(items) => items.iter().map(count).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| 1 + count(&entry.value)).sum(),
    }
}
