//! Which files a crate reaches from its roots, as rustc looks for them.

use std::collections::{BTreeMap, BTreeSet};

use super::references::{Reference, ReferenceKind};
use crate::rules::template::model::rehearsal::inside;

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
        ["src", name] => ["main.rs", "lib.rs"].contains(name),
        ["build.rs"] | ["src", "bin", _] | ["tests" | "benches" | "examples", _] => true,
        ["src", "bin", _, name] | ["tests" | "benches" | "examples", _, name] => *name == "main.rs",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::template::model::modules::references;

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
}
