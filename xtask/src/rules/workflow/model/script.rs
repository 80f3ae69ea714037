//! What a shell script reads and sets, as far as its text says. Runs nothing, and takes what it can't follow as open.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The variables of a script. Only names in upper case are looked at: others are a script's own.
#[derive(Debug, Default)]
pub struct Script {
    /// What it reads and can't do without, with the bytes of the name.
    pub reads: Vec<(String, Range<usize>)>,
    /// What it sets, or asks for in a way that lets it be unset.
    pub sets: BTreeSet<String>,
    /// Whether it takes in more than its text shows.
    pub is_open: bool,
}

/// `NAME=` where a command begins or a word of its own does.
static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:^|[\s;({&|!])([A-Z][A-Z0-9_]*)(?:\[[^\]\n]*\])?[-+*/|&]?=").ok()
});

/// Builtins that set the names that follow, and tests that ask whether there is anything.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)(?:\b(?:read|for|select|mapfile|readarray|getopts|declare|local|export|typeset|readonly|unset)\s|-[vzn]\s|\(\()[^\n]*").ok()
});

/// A word that is not behind a `$`, or one that is tested.
static WORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:^|[\s("']|-[zn] "?\$\{?)([A-Z][A-Z0-9_]*)\b"#).ok());

/// What brings in text from elsewhere.
static OPEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)(?:^|[\s;&|({])(?:(?:source|eval|\.)\s|(?:export|declare)\s+(?:-\w+\s+)?["']?[$`])"#,
    )
    .ok()
});

impl Script {
    /// The variables of the script `text`.
    pub fn of(text: &str) -> Self {
        let mut script = Self::default();
        if text.contains('$') {
            script.is_open = OPEN.as_ref().is_none_or(|open| open.is_match(text));
            script.assigned(text);
            Reader::new(text, &mut script).read(0..text.len(), Inside::Command);
        }
        script
    }

    fn assigned(&mut self, text: &str) {
        let assigned = ASSIGNED.iter().flat_map(|found| found.captures_iter(text));
        let names = assigned.filter_map(|found| found.get(1));
        self.sets
            .extend(names.map(|found| found.as_str().to_owned()));
        for line in NAMED.iter().flat_map(|found| found.find_iter(text)) {
            let words = WORD
                .iter()
                .flat_map(|found| found.captures_iter(line.as_str()));
            let names = words.filter_map(|found| found.get(1));
            self.sets
                .extend(names.map(|found| found.as_str().to_owned()));
        }
    }
}

/// What the reader stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Commands: quotes quote, and `#` begins a comment.
    Command,
    /// `"…"`
    Quotes,
    /// `${…}`
    Braces,
    /// What stands below `<<EOF`: only `$` means anything.
    Document,
}

struct Reader<'t, 's> {
    text: &'t str,
    script: &'s mut Script,
}

impl<'t, 's> Reader<'t, 's> {
    fn new(text: &'t str, script: &'s mut Script) -> Self {
        Self { text, script }
    }

    fn read(&mut self, range: Range<usize>, outermost: Inside) {
        let bytes = self.text.as_bytes();
        let end = range.end;
        let mut at = range.start;
        let mut stack = vec![outermost];
        // Documents that begin at the next line.
        let mut documents: Vec<(&'t str, bool)> = Vec::new();
        while at < end {
            let inside = stack.last().copied().unwrap_or(outermost);
            let is_command = inside == Inside::Command;
            let rest = &bytes[at..end];
            match rest {
                [b'\\', ..] => at += 2,
                [b'$', b'\'', ..] if is_command => at = self.quoted(at + 2, end, true),
                [b'\'', ..] if is_command => at = self.quoted(at + 1, end, false),
                [b'"', ..] if inside != Inside::Document => {
                    if inside == Inside::Quotes {
                        stack.pop();
                    } else {
                        stack.push(Inside::Quotes);
                    }
                    at += 1;
                }
                [b'#', ..] if is_command && self.begins_word(at) => at = self.line_end(at, end),
                [b'<', b'<', b'<', ..] => at += 3,
                [b'<', b'<', ..] if is_command => {
                    let (document, after) = self.document(at + 2, end);
                    documents.extend(document);
                    at = after;
                }
                [b'\n', ..] if is_command && !documents.is_empty() => {
                    at += 1;
                    for (word, expands) in std::mem::take(&mut documents) {
                        at = self.body(at..end, word, expands);
                    }
                }
                // An expression of GitHub's is text by the time the shell sees it.
                [b'$', b'{', b'{', ..] => {
                    at = self.text[at..end]
                        .find("}}")
                        .map_or(end, |len| at + len + 2);
                }
                [b'$', b'(', ..] => {
                    stack.push(Inside::Command);
                    at += 2;
                }
                [b'(', ..] if is_command => {
                    stack.push(Inside::Command);
                    at += 1;
                }
                [b')', ..] if is_command => {
                    if stack.len() > 1 {
                        stack.pop();
                    }
                    at += 1;
                }
                [b'$', b'{', ..] => {
                    let (after, goes_on) = self.braces(at + 2, end);
                    if goes_on {
                        stack.push(Inside::Braces);
                    }
                    at = after;
                }
                [b'}', ..] if inside == Inside::Braces => {
                    stack.pop();
                    at += 1;
                }
                [b'$', ..] => {
                    let name = self.name(at + 1, end);
                    self.reads(name.clone());
                    at = name.end.max(at + 1);
                }
                _ => at += 1,
            }
        }
    }

    /// Behind the quote that ends what begins at `at`.
    fn quoted(&self, mut at: usize, end: usize, escapes: bool) -> usize {
        let bytes = self.text.as_bytes();
        while at < end && bytes[at] != b'\'' {
            at += if escapes && bytes[at] == b'\\' { 2 } else { 1 };
        }
        at + 1
    }

    fn begins_word(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|at| self.text.as_bytes()[at]);
        before.is_none_or(|byte| byte.is_ascii_whitespace() || b";&|(".contains(&byte))
    }

    fn line_end(&self, at: usize, end: usize) -> usize {
        self.text.get(at..end).map_or(end, |rest| {
            rest.find('\n').map_or(end, |length| at + length)
        })
    }

    /// The word that ends a document, whether names in it count, and where it goes on.
    fn document(&self, at: usize, end: usize) -> (Option<(&'t str, bool)>, usize) {
        let Some(rest) = self.text.get(at..end) else {
            return (None, end);
        };
        let skipped = rest.len() - rest.trim_start_matches(['-', ' ', '\\']).len();
        let expands = !rest[..skipped].contains('\\');
        let rest = &rest[skipped..];
        let quote = rest.starts_with(['"', '\'']);
        let word = rest.trim_start_matches(['"', '\'']);
        let length = word
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(word.len());
        // `1 << 2` is none.
        let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let after = at + skipped + length + if quote { 2 } else { 0 };
        (
            is_word.then(|| (&word[..length], expands && !quote)),
            after.max(at),
        )
    }

    /// Reads a document, and gives where it ends.
    fn body(&mut self, range: Range<usize>, word: &str, expands: bool) -> usize {
        let mut at = range.start;
        while at < range.end {
            let end = self.line_end(at, range.end);
            if self
                .text
                .get(at..end)
                .is_none_or(|line| line.trim() == word)
            {
                break;
            }
            at = end + 1;
        }
        let end = at.min(range.end);
        if expands && range.start < end {
            self.read(range.start..end, Inside::Document);
        }
        self.line_end(end, range.end)
    }

    /// What stands behind `${`: where it goes on, and whether inside it.
    fn braces(&mut self, at: usize, end: usize) -> (usize, bool) {
        let bytes = self.text.as_bytes();
        let prefix = matches!(bytes.get(at), Some(b'#' | b'!'));
        let name = self.name(at + usize::from(prefix), end);
        let rest = &bytes[name.end.min(end)..end];
        let asks = matches!(
            rest,
            [b':', b'-' | b'+' | b'=' | b'?', ..] | [b'-' | b'+' | b'=' | b'?', ..]
        );
        if asks {
            self.script.sets.insert(self.text[name.clone()].to_owned());
        } else {
            self.reads(name.clone());
        }
        match rest {
            [b'}', ..] => (name.end + 1, false),
            _ => (name.end.max(at), true),
        }
    }

    /// The name that begins at `at`, which may be empty.
    fn name(&self, at: usize, end: usize) -> Range<usize> {
        let rest = self.text.as_bytes().get(at..end).unwrap_or_default();
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        at..at + rest.iter().take_while(is_name).count()
    }

    fn reads(&mut self, name: Range<usize>) {
        let Some(text) = self.text.get(name.clone()) else {
            return;
        };
        let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_upper = text.len() > 1
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.bytes().all(upper);
        if is_upper {
            self.script.reads.push((text.to_owned(), name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Script;

    /// What is read and not set.
    fn unset(text: &str) -> Vec<String> {
        let script = Script::of(text);
        let reads = script.reads.into_iter().map(|(name, _)| name);
        reads.filter(|name| !script.sets.contains(name)).collect()
    }

    #[test]
    fn names_are_read_where_the_shell_expands_them() {
        for (text, names) in [
            (
                "echo $AB ${CD} \"x${EF}\" $lower $1",
                &["AB", "CD", "EF"][..],
            ),
            ("echo '$AB' \\$CD \"\\$EF\" # $GH", &[]),
            ("awk '{print $NF}' <<<\"it's $AB\"", &["AB"]),
            ("x=\"$(awk '{print $NF}' \"$AB\")\" y='$CD'", &["AB"]),
            ("cat <<'EOF'\n$AB it's\nEOF\necho $CD", &["CD"]),
            ("cat <<EOF\n$AB it's\n  EOF\necho '$CD'", &["AB"]),
            (
                "echo ${AB:-} ${CD:+x} ${EF:-$GH} ${IJ#x} ${#KL}",
                &["GH", "IJ", "KL"],
            ),
            (
                "AB=1; echo $AB; for CD in x; do echo $CD; done; read -r EF; echo $EF",
                &[],
            ),
            (
                "[[ -n $AB ]] && echo $AB; [ -z \"$CD\" ] || echo \"$CD\"",
                &[],
            ),
            ("echo ${{ env.AB }} \"${{ github.sha }}\" $CD", &["CD"]),
            ("echo \"AB=$AB\"", &["AB"]),
            ("echo $((1 << 2)) $AB", &["AB"]),
        ] {
            assert_eq!(unset(text), names, "{text}");
        }
    }

    #[test]
    fn what_takes_in_more_is_open() {
        for (text, is_open) in [
            ("source ./env; echo $AB", true),
            (". ./env; echo $AB", true),
            ("eval \"$(ssh-agent)\"", true),
            ("export $(grep -v '^#' .env | xargs); echo $AB", true),
            ("export AB=$(cat x); echo $CD", false),
            ("echo a. $AB", false),
            ("./run.sh \"$AB\"", false),
        ] {
            assert_eq!(Script::of(text).is_open, is_open, "{text}");
        }
    }
}
