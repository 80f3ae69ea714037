//! The Rust that a service is built with, against the Rust that it asks for.

use std::collections::BTreeSet;

use super::Rule;
use super::model::{Body, File, Model, Origin, Run, Template};
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "old-toolchain",
    summary: "a `rust` image or a `rust-toolchain.toml` older than the `rust-version` of Cargo.toml",
    why: "cargo refuses to build the service: in the image, or on each developer's machine.",
    example: "FROM rust:1.85-slim # with rust-version = \"1.95\"",
    remedy: "Raise the image or the toolchain to `rust-version`, or lower that.",
    check,
};

/// Year-less versions: 1 and a number.
type Minor = (u64, u64);

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let mut told = BTreeSet::new();
        for run in template.rehearsal.whole() {
            let Some(wanted) = wanted(model, template, run) else {
                continue;
            };
            for (path, file) in files(template, run) {
                let (Body::Text(source, _), Some(text)) = (&file.body, model.text_in(file, run))
                else {
                    continue;
                };
                for version in versions(path, &text) {
                    let is_old = minor(version).is_some_and(|has| has < wanted);
                    if !is_old || !told.insert((file.place.clone(), version.to_owned())) {
                        continue;
                    }
                    let lines = source.text.match_indices(version);
                    let mut code = lines.filter(|(at, _)| {
                        let line = source.text[..*at].rsplit('\n').next().unwrap_or_default();
                        !line.trim_start().starts_with('#')
                    });
                    let span = code.next().map_or(0..0, |(at, it)| at..at + it.len());
                    let (major, number) = wanted;
                    let message = format!(
                        "Rust {version} is older than the `rust-version` of Cargo.toml, {major}.{number}"
                    );
                    let help = format!("write {major}.{number} or a later one");
                    report.error(RULE.id, source, span, message, help);
                }
            }
        }
    }
}

fn files<'a>(template: &'a Template, run: &'a Run) -> impl Iterator<Item = (&'a str, &'a File)> {
    run.files.iter().filter_map(|(path, origin)| {
        let is_dockerfile = path == "Dockerfile" || path.starts_with("Dockerfile.");
        let is_toolchain = ["rust-toolchain.toml", "rust-toolchain"].contains(&path.as_str());
        match origin {
            Origin::File(number) if is_dockerfile || is_toolchain => {
                Some((path.as_str(), template.files.get(*number)?))
            }
            _ => None,
        }
    })
}

fn wanted(model: &Model, template: &Template, run: &Run) -> Option<Minor> {
    let Origin::File(number) = run.files.get("Cargo.toml")? else {
        return None;
    };
    let text = model.text_in(template.files.get(*number)?, run)?;
    let manifest = model.renders.toml(&text)?;
    minor(manifest.get("package")?.get("rust-version")?.as_str()?)
}

/// The versions of Rust that a Dockerfile or a toolchain file names.
fn versions<'a>(path: &str, text: &'a str) -> Vec<&'a str> {
    let lines = text.lines().map(str::trim);
    if path.starts_with("rust-toolchain") {
        let channels = lines.filter_map(|line| {
            let value = line.strip_prefix("channel")?.trim_start();
            value.strip_prefix('=')?.trim().split('"').nth(1)
        });
        return channels.collect();
    }
    let images = lines.filter_map(|line| {
        let (keyword, rest) = line.split_once(' ')?;
        match keyword.to_ascii_uppercase().as_str() {
            "FROM" => rest.split_whitespace().find(|word| !word.starts_with("--")),
            "ARG" => Some(rest.split_once('=')?.1.trim_matches('"')),
            _ => None,
        }
    });
    images
        .filter_map(|image| {
            let (name, tag) = image.rsplit_once(':')?;
            let is_rust = name.rsplit('/').next() == Some("rust");
            let version = tag.split(['-', '@']).next()?;
            is_rust.then_some(version)
        })
        .collect()
}

/// Major and minor number; nothing for `stable`, or for `1`, which is the newest.
fn minor(version: &str) -> Option<Minor> {
    let mut parts = version.split('.');
    let major = parts.next()?.parse().ok()?;
    Some((major, parts.next()?.parse().ok()?))
}
