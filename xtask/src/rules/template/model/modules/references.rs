//! What a Rust source declares and includes.

use std::ops::Range;

use super::tokens::{Token, tokens};

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
                inline.retain(|(_, opened)| *opened < depth);
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
