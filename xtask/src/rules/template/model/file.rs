//! A template's files: what each holds, where it lands, and whether cargo-generate renders it.

use std::fs::{self, Metadata};
use std::path::Path;

use anyhow::{Context, Result};

use super::fate::{Fate, Fates};
use super::liquid::{self, Document, Syntax};
use crate::report::Source;

/// Files of an option lie in `options/<option>-<value>/`, by their paths in the service; hooks move them there.
const OPTIONS: &str = "options/";
/// The largest file that is looked into.
const SIZE: u64 = 1024 * 1024;

/// What a file holds.
#[derive(Debug)]
pub enum Body {
    /// Text, and its Liquid where it is rendered.
    Text(Source, Document),
    /// No text: the byte, counted from 0, that is not UTF-8.
    Bytes(usize),
    /// More than is looked into: its size in bytes.
    Large(u64),
    /// A symbolic link, or what is neither file nor folder.
    Special(&'static str),
}

/// A file of a template.
#[derive(Debug)]
pub struct File {
    /// The path in the pack, for findings.
    pub place: String,
    /// The path in the template.
    pub path: String,
    /// The path in the service, before names are rendered.
    pub target: String,
    /// Whether only some options bring it in.
    pub is_optional: bool,
    /// What becomes of it.
    pub fate: Fate,
    /// Whether its exec bit is set.
    pub is_executable: bool,
    /// The Liquid in each part of its path.
    pub names: Vec<Document>,
    /// What it holds.
    pub body: Body,
}

/// Reads the files of a template.
pub fn read(template: &crate::pack::Template, syntax: &Syntax) -> Result<Vec<File>> {
    let fates = Fates::new(template)?;
    let mut files = Vec::new();
    for path in &template.files {
        let place = template.dir.join(path);
        let metadata = place
            .symlink_metadata()
            .with_context(|| format!("cannot read {}", place.display()))?;
        // A submodule is listed as a file and is a folder.
        if metadata.is_dir() {
            continue;
        }
        let (target, is_optional) = target(path);
        let fate = fates.of(path, &target);
        let source = format!("{}/{path}", template.name);
        let names = path.split('/').map(|part| liquid::read(part, syntax));
        files.push(File {
            body: body(&place, &metadata, &source, fate, syntax)?,
            place: source,
            path: path.clone(),
            target,
            is_optional,
            fate,
            is_executable: is_executable(&metadata),
            names: names.collect(),
        });
    }
    Ok(files)
}

/// A file of the template `name` from its path and bytes.
pub fn of(name: &str, path: &str, bytes: Vec<u8>, fates: &Fates<'_>, syntax: &Syntax) -> File {
    let (target, is_optional) = target(path);
    let fate = fates.of(path, &target);
    let place = format!("{name}/{path}");
    File {
        names: path
            .split('/')
            .map(|part| liquid::read(part, syntax))
            .collect(),
        body: content(bytes, &place, fate, syntax),
        place,
        path: path.to_owned(),
        target,
        is_optional,
        fate,
        is_executable: false,
    }
}

fn body(
    path: &Path,
    metadata: &Metadata,
    source: &str,
    fate: Fate,
    syntax: &Syntax,
) -> Result<Body> {
    if metadata.is_symlink() {
        return Ok(Body::Special("a symbolic link"));
    }
    if !metadata.is_file() {
        return Ok(Body::Special("neither file nor folder"));
    }
    if metadata.len() > SIZE {
        return Ok(Body::Large(metadata.len()));
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(content(bytes, source, fate, syntax))
}

fn content(bytes: Vec<u8>, source: &str, fate: Fate, syntax: &Syntax) -> Body {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let document = match fate {
                Fate::Rendered => liquid::read(&text, syntax),
                Fate::Copied | Fate::Dropped => Document::default(),
            };
            Body::Text(Source::new(source, text), document)
        }
        Err(error) => Body::Bytes(error.utf8_error().valid_up_to()),
    }
}

/// Where a file lands, and whether only some options bring it in.
fn target(path: &str) -> (String, bool) {
    let option = path
        .strip_prefix(OPTIONS)
        .and_then(|rest| Some(rest.split_once('/')?.1));
    let landing = option.unwrap_or(path);
    (stripped(landing).to_owned(), option.is_some())
}

/// cargo-generate takes `.liquid` off a name before it looks at patterns.
pub fn stripped(path: &str) -> &str {
    path.strip_suffix(".liquid").unwrap_or(path)
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
}
