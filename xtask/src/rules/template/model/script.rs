//! The hooks that a manifest lists, compiled where they can be.

use std::ops::Range;

use super::file::{Body, File};
use super::hooks::{Code, Rhai};
use super::text::{Problem, quoted};
use crate::pack::Manifest;
use crate::pack::manifest::{Phase, Spanned};
use crate::report::Source;

/// A hook that the manifest lists.
#[derive(Debug)]
pub struct Script {
    /// Its path in the template.
    pub path: String,
    /// When it runs.
    pub phase: Phase,
    /// Where the manifest lists it.
    pub listed: Range<usize>,
    /// Its text; `None` where there is no such file.
    pub source: Option<Source>,
    /// What it does, where it compiles.
    pub code: Option<Result<Code, Problem>>,
    /// Texts that it may name where it is missing or does not compile, so that one mistake is one finding.
    pub guesses: Vec<String>,
}

/// Variables that a hook sets. Where it computes their names, any of its texts may be one.
pub fn sets(script: &Script) -> impl Iterator<Item = &str> {
    script
        .code
        .iter()
        .flatten()
        .flat_map(|code| code.may_name("variable", "set"))
        .chain(script.guesses.iter().map(String::as_str))
}

/// The hooks of `manifest`, in its order.
pub fn scripts(manifest: &Manifest, files: &[File], rhai: &Rhai) -> Vec<Script> {
    let read = |(hook, phase): (&Spanned<String>, &Phase)| {
        let file = files.iter().find(|file| file.path == hook.value);
        let source = match file.map(|file| &file.body) {
            Some(Body::Text(source, _)) => Some(source.clone()),
            _ => None,
        };
        let code = match (file, &source) {
            (_, Some(source)) => Some(rhai.code(source)),
            (Some(_), None) => Some(Err(Problem {
                span: 0..0,
                message: "the hook is no text".to_owned(),
                help: "write it in UTF-8".to_owned(),
            })),
            (None, None) => None,
        };
        let guesses = match (&code, &source) {
            (Some(Ok(_)), _) => Vec::new(),
            (Some(Err(_)), Some(source)) => quoted(&source.text),
            // The hook that is meant may be there under another name.
            _ => every_text(files),
        };
        Script {
            path: hook.value.clone(),
            phase: *phase,
            listed: hook.span.clone(),
            source,
            code,
            guesses,
        }
    };
    manifest
        .hooks
        .iter()
        .zip(&manifest.phases)
        .map(read)
        .collect()
}

/// Whether the path is that of a Rhai script.
pub fn is_script(path: &str) -> bool {
    path.strip_suffix(".rhai").is_some()
}

fn every_text(files: &[File]) -> Vec<String> {
    let scripts = files.iter().filter(|file| is_script(&file.path));
    scripts
        .flat_map(|file| match &file.body {
            Body::Text(source, _) => quoted(&source.text),
            _ => Vec::new(),
        })
        .collect()
}
