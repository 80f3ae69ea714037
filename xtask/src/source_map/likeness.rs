//! How well a line of a template can have become a rendered one, whatever its tags stand for.

/// How alike two lines are that are the same.
pub const SAME: u8 = 3;

/// A line with Liquid in it.
pub struct Written<'l> {
    /// What stands before, between and behind the tags.
    pieces: Vec<&'l str>,
    /// Whether a piece has words.
    has_words: bool,
    /// Whether a tag writes something.
    has_output: bool,
    /// Whether a tag may leave out what stands behind it.
    has_condition: bool,
}

impl<'l> Written<'l> {
    /// A line's pieces; nothing where it has no tags.
    pub fn of(line: &'l str) -> Option<Self> {
        let mut written = Self {
            pieces: Vec::new(),
            has_words: false,
            has_output: false,
            has_condition: line.contains("{%"),
        };
        let mut rest = line;
        while let Some(start) = tag(rest) {
            let is_output = rest[start..].starts_with("{{");
            written.has_output |= is_output;
            written.pieces.push(&rest[..start]);
            let end = rest[start..].find(if is_output { "}}" } else { "%}" });
            // A tag that goes on in the next line takes the rest of this one.
            rest = end.map_or("", |end| &rest[start + end + 2..]);
        }
        if written.pieces.is_empty() {
            return None;
        }
        written.pieces.push(rest);
        written.has_words = written.pieces.iter().any(|piece| !piece.trim().is_empty());
        Some(written)
    }

    /// How well it can be `rendered`: not at all is 0.
    pub fn likeness(&self, rendered: &str) -> u8 {
        let Some((last, pieces)) = self.pieces.split_last() else {
            return 0;
        };
        let mut rest = rendered;
        for (number, piece) in pieces.iter().enumerate() {
            match rest.find(piece) {
                Some(at) if at == 0 || number > 0 => rest = &rest[at + piece.len()..],
                // What stands between tags of a condition may be left out.
                None if self.has_condition && number > 0 => {}
                _ => return 0,
            }
        }
        let ends = rest.ends_with(last) || self.has_condition && self.has_words;
        // A line of nothing but conditions writes nothing.
        let fits = ends && (self.has_words || self.has_output || rest.trim().is_empty());
        if fits {
            1 + u8::from(self.has_words)
        } else {
            0
        }
    }
}

/// Where the next tag begins.
fn tag(text: &str) -> Option<usize> {
    let starts = [text.find("{{"), text.find("{%")];
    starts.into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_become_others() {
        let likeness = |written, rendered| Written::of(written).unwrap().likeness(rendered);
        assert_eq!(likeness("  - \"{{a}}-{{b}}\" x", "  - \"one-two\" x"), 2);
        assert_eq!(likeness("  - \"{{a}}\"", "  * \"one\""), 0);
        assert_eq!(likeness("a{% if b %} c{% endif %}", "a"), 2);
        assert_eq!(likeness("{%- if a %}", "b"), 0);
        assert_eq!(likeness("{%- if a %}", ""), 1);
        assert_eq!(likeness("{{ all }}", "b: 2"), 1);
        assert!(Written::of("a: 1").is_none());
    }
}
