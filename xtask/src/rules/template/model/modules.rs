//! Rust sources as a tree of modules: what each declares and includes, and which files a crate reaches.
//!
//! Reads declarations only, without a parser of the whole language, so that nothing a source holds can exhaust it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::rehearsal::inside;

/// What a source refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where.
    pub span: Range<usize>,
    /// The module's name, or the included path.
    pub name: String,
    /// What kind of reference it is.
    pub kind: ReferenceKind,
}

/// The kinds of references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `mod name;`, in the inline modules around it.
    Module(Vec<String>),
    /// `#[path = "…"] mod name;` or `include_str!("…")` and its kind: a path from the source's folder.
    Path,
}

/// A token of Rust, as far as declarations need it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Text(&'a str),
    Sign(u8),
}

/// What `text` refers to.
pub fn references(text: &str) -> Vec<Reference> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    // Inline modules that are open, each with the depth of braces around it.
    let mut inline: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut path: Option<(&str, Range<usize>)> = None;
    for (at, (token, _)) in tokens.iter().enumerate() {
        let next = |step: usize| {
            tokens
                .get(at + step)
                .map(|(token, span)| (token, span.clone()))
        };
        match token {
            Token::Sign(b'{') => depth += 1,
            Token::Sign(b'}') => {
                depth = depth.saturating_sub(1);
                inline.retain(|(_, opened)| *opened < depth || *opened == 0 && depth > 0);
            }
            Token::Word("path") => {
                let is_attribute = at >= 2
                    && tokens[at - 1].0 == Token::Sign(b'[')
                    && tokens[at - 2].0 == Token::Sign(b'#');
                if let (true, Some((Token::Sign(b'='), _)), Some((Token::Text(value), span))) =
                    (is_attribute, next(1), next(2))
                {
                    path = Some((value, span));
                }
            }
            Token::Word("mod") => match (next(1), next(2)) {
                (Some((Token::Word(name), span)), Some((Token::Sign(b';'), _))) => {
                    found.push(match path.take() {
                        Some((value, span)) => Reference {
                            span,
                            name: value.to_owned(),
                            kind: ReferenceKind::Path,
                        },
                        None => Reference {
                            span,
                            name: name.trim_start_matches("r#").to_owned(),
                            kind: ReferenceKind::Module(
                                inline.iter().map(|(name, _)| name.clone()).collect(),
                            ),
                        },
                    });
                }
                (Some((Token::Word(name), _)), Some((Token::Sign(b'{'), _))) => {
                    path = None;
                    inline.push(((*name).to_owned(), depth));
                }
                _ => {}
            },
            Token::Word("include_str" | "include_bytes" | "include") => {
                if let (
                    Some((Token::Sign(b'!'), _)),
                    Some((Token::Sign(b'('), _)),
                    Some((Token::Text(value), span)),
                ) = (next(1), next(2), next(3))
                {
                    found.push(Reference {
                        span,
                        name: (*value).to_owned(),
                        kind: ReferenceKind::Path,
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// The tokens of Rust: comments, characters and lifetimes are left out.
fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 128;
        if rest.starts_with(b"//") {
            at += rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            at += comment(rest);
        } else if let Some((open, hashes)) = raw(rest) {
            let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
            let body = at + open;
            let length = find(&bytes[body..], &close).unwrap_or(bytes.len() - body);
            let end = body + length;
            if let Some(value) = text.get(body..end) {
                found.push((Token::Text(value), body..end));
            }
            at = (end + close.len()).min(bytes.len());
        } else if byte == b'"' {
            let end = at + 1 + string(&rest[1..]);
            if let Some(value) = text.get(at + 1..end) {
                found.push((Token::Text(value), at + 1..end));
            }
            at = (end + 1).min(bytes.len());
        } else if byte == b'\'' {
            at += character(rest);
        } else if is_word(&byte) {
            let mut length = rest
                .iter()
                .position(|byte| !is_word(byte))
                .unwrap_or(rest.len());
            if rest.starts_with(b"r#") {
                let inner = &rest[2..];
                length = 2 + inner
                    .iter()
                    .position(|byte| !is_word(byte))
                    .unwrap_or(inner.len());
            }
            if let Some(word) = text.get(at..at + length) {
                found.push((Token::Word(word), at..at + length));
            }
            at += length;
        } else {
            if !byte.is_ascii_whitespace() {
                found.push((Token::Sign(byte), at..at + 1));
            }
            at += 1;
        }
    }
    found
}

/// The length of a block comment; they nest.
fn comment(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Where the body of a raw string starts, and how many hashes close it.
fn raw(rest: &[u8]) -> Option<(usize, usize)> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix.as_bytes());
        after.is_some_and(|after| {
            let hashes = after.iter().take_while(|byte| **byte == b'#').count();
            after.get(hashes) == Some(&b'"')
        })
    })?;
    let hashes = rest[prefix.len()..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    Some((prefix.len() + hashes + 1, hashes))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

/// The length of a string's body.
fn string(body: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at,
            _ => at += 1,
        }
    }
    body.len()
}

/// The length of a character, or of the quote of a lifetime.
fn character(rest: &[u8]) -> usize {
    match rest.get(1) {
        Some(b'\\') => {
            let close = rest.iter().skip(3).position(|byte| *byte == b'\'');
            close.map_or(rest.len(), |close| close + 4)
        }
        // A character of up to four bytes; a lifetime has no quote behind its first letter.
        Some(_) => {
            let close = rest.iter().skip(2).take(4).position(|byte| *byte == b'\'');
            let is_lifetime =
                rest.get(1).is_some_and(u8::is_ascii_alphanumeric) && close != Some(0);
            close.filter(|_| !is_lifetime).map_or(1, |close| close + 3)
        }
        None => 1,
    }
}

/// A reference that leads nowhere: the source, the reference, and the paths that would do.
pub type Dangling<'a> = (&'a str, &'a Reference, Vec<String>);

/// Follows the references of all crates' roots in `sources`, which has every Rust file, among `files`.
pub fn follow<'a>(
    sources: &'a BTreeMap<String, &'a [Reference]>,
    exists: &dyn Fn(&str) -> bool,
) -> (Vec<Dangling<'a>>, BTreeSet<String>) {
    let mut dangling = Vec::new();
    let mut reached = BTreeSet::new();
    let mut open: Vec<(&str, bool)> = sources
        .keys()
        .filter(|path| is_root(path))
        .map(|path| (path.as_str(), true))
        .collect();
    while let Some((path, is_root)) = open.pop() {
        if !reached.insert(path.to_owned()) {
            continue;
        }
        for reference in sources.get(path).copied().unwrap_or_default() {
            let candidates = candidates(path, is_root, reference);
            let mut there = candidates.iter().filter(|candidate| exists(candidate));
            match there.next() {
                Some(target) => match sources.get_key_value(target) {
                    Some((target, _)) => open.push((target, reference.kind == ReferenceKind::Path)),
                    None => drop(reached.insert(target.clone())),
                },
                None => dangling.push((path, reference, candidates)),
            }
        }
    }
    (dangling, reached)
}

/// The paths that a reference may mean.
fn candidates(path: &str, is_root: bool, reference: &Reference) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match &reference.kind {
        ReferenceKind::Path => inside(
            format!("{folder}/{}", reference.name).trim_start_matches('/'),
            "/",
        )
        .into_iter()
        .collect(),
        ReferenceKind::Module(inline) => {
            let stem = name.strip_suffix(".rs").unwrap_or(name);
            let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
            if !is_root && stem != "mod" {
                parts.push(stem);
            }
            parts.extend(inline.iter().map(String::as_str));
            parts.push(&reference.name);
            let base = parts.join("/");
            vec![format!("{base}.rs"), format!("{base}/mod.rs")]
        }
    }
}

/// Whether cargo takes the file for the root of a crate.
fn is_root(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["build.rs"] => true,
        ["src", name] => ["main.rs", "lib.rs"].contains(name),
        ["src", "bin", _] | ["tests" | "benches" | "examples", _] => true,
        ["src", "bin", _, name] | ["tests" | "benches" | "examples", _, name] => *name == "main.rs",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_and_nothing_else() {
        let text = "// mod a;\n/* mod b; /* */ mod c; */\nconst X: &str = \"mod d;\"; const Y: char = '\"';\n\
            fn f<'a>(x: &'a str) {}\n#[cfg(test)]\npub(crate) mod e;\n#[path = \"../x/mod.rs\"] mod g;\n\
            mod h { mod i; }\nmod r#async;\nconst Z: &str = r#\"mod j; \"\"#; include_str!(\"k.sql\");";
        let found = references(text);
        let names: Vec<_> = found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["e", "../x/mod.rs", "i", "async", "k.sql"]);
        assert_eq!(found[2].kind, ReferenceKind::Module(vec!["h".to_owned()]));
        assert_eq!(found[3].kind, ReferenceKind::Module(Vec::new()));
    }

    #[test]
    fn modules_are_followed_as_rustc_does() {
        let files = [
            ("src/main.rs", "mod a; mod b;"),
            ("src/a.rs", "mod c;"),
            ("src/a/c.rs", "include_str!(\"../../x.sql\");"),
            ("src/b/mod.rs", "mod gone;"),
            ("src/d.rs", ""),
            ("tests/t/main.rs", "#[path = \"../s/mod.rs\"] mod s;"),
            ("tests/s/mod.rs", "mod inner;"),
            ("tests/s/inner.rs", ""),
        ];
        let parsed: Vec<_> = files
            .iter()
            .map(|(path, text)| (*path, references(text)))
            .collect();
        let sources: BTreeMap<String, &[Reference]> = parsed
            .iter()
            .map(|(path, found)| ((*path).to_owned(), found.as_slice()))
            .collect();
        let exists = |path: &str| path == "x.sql" || sources.contains_key(path);
        let (dangling, reached) = follow(&sources, &exists);
        assert_eq!(dangling.len(), 1);
        assert_eq!(dangling[0].2, ["src/b/gone.rs", "src/b/gone/mod.rs"]);
        assert!(reached.contains("x.sql") && !reached.contains("src/d.rs"));
        assert!(reached.contains("tests/s/inner.rs"));
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for text in [
            "'",
            "'\\",
            "\"",
            "\"\\",
            "r#\"",
            "/*",
            "*/",
            "}}}",
            "mod",
            "mod é;",
            "#[path=\"",
            "br##\"\"#",
            "'é'",
        ] {
            let _ = references(text);
            let _ = references(&text.repeat(1000));
        }
    }
}
