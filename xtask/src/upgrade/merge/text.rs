//! Texts to be merged line by line, and the markers that git leaves where it can't.

/// What belongs together.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    /// What both come from, if anything.
    pub(super) base: Option<&'a [u8]>,
    /// The service's.
    pub(super) ours: &'a [u8],
    /// The template's.
    pub(super) theirs: &'a [u8],
    /// What markers call the service's.
    pub(super) label: &'a str,
}

/// What became of them.
#[derive(Debug)]
pub(super) struct Text {
    /// The whole of it, markers included.
    pub(super) bytes: Vec<u8>,
    /// Whether there are no markers.
    pub(super) clean: bool,
}

/// What stands between markers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Style {
    /// Both sides and what they come from.
    WithBase,
    /// Both sides, in as few lines as they differ.
    Sides,
}

impl Style {
    /// As git is told.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Self::WithBase => "merge.conflictStyle=diff3",
            Self::Sides => "merge.conflictStyle=merge",
        }
    }
}

/// The names that git writes to its markers, which no text has.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    /// After `<<<<<<<`.
    pub(super) ours: &'a str,
    /// After `|||||||`.
    pub(super) base: String,
    /// After `>>>>>>>`.
    pub(super) theirs: &'a str,
}

impl Marks<'_> {
    /// `merged` with names that people know. Lines of a text that look like markers are no markers.
    pub(super) fn named(&self, merged: &[u8], ours: &str, [base, theirs]: [&str; 2]) -> Vec<u8> {
        let mut out = Vec::with_capacity(merged.len());
        for line in merged.split_inclusive(|byte| *byte == b'\n') {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            let known = [
                ("<<<<<<<", self.ours, ours),
                ("|||||||", &self.base, base),
                (">>>>>>>", self.theirs, theirs),
            ];
            let mark = known
                .iter()
                .find(|(sign, name, _)| text == format!("{sign} {name}").as_bytes());
            match mark {
                Some((sign, _, name)) => {
                    out.extend(format!("{sign} {name}").bytes());
                    out.extend(&line[text.len()..]);
                }
                None => out.extend(line),
            }
        }
        out
    }
}
