//! Generated regions inside files that are otherwise written by hand.
//!
//! In Markdown, `<!-- generated: NAME -->` up to `<!-- end -->`; in YAML, a line that ends in `# platform.toml: FACT`.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Artifact;
use crate::pack::{Pack, read};

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";
const STAMP: &str = "# platform.toml: ";

/// Pages with the regions that they must not lose.
const PAGES: &[(&str, &[&str])] = &[
    ("README.md", &["clone", "generate", "options"]),
    ("docs/getting-started.md", &["clone"]),
];

/// The files with generated regions, as they have to be.
pub(super) fn artifacts(pack: &Pack) -> Result<Vec<Artifact>> {
    let mut all = Vec::new();
    for (file, regions) in PAGES {
        if pack.root.join(file).exists() {
            let text = read(&pack.root.join(file))?;
            for name in *regions {
                if !text.contains(&format!("{BEGIN}{name} -->")) {
                    bail!(
                        "{file} has lost its region `{name}`; add `{BEGIN}{name} -->` and, below, `{END}`"
                    );
                }
            }
            let content = fill(pack, &text).with_context(|| format!("cannot fill {file}"))?;
            all.push(Artifact {
                file: (*file).into(),
                content,
            });
        }
    }
    for file in crate::pack::tracked(&pack.root, ".github")? {
        if Path::new(&file).extension() != Some("yml".as_ref()) {
            continue;
        }
        let file = format!(".github/{file}");
        let text = read(&pack.root.join(&file))?;
        let content = stamp(pack, &text).with_context(|| format!("cannot stamp {file}"))?;
        all.push(Artifact { file, content });
    }
    Ok(all)
}

fn fill(pack: &Pack, text: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after
            .split_once(" -->\n")
            .with_context(|| format!("`{BEGIN}` without ` -->`"))?;
        let (_, after) = after
            .split_once(END)
            .with_context(|| format!("`{BEGIN}{name} -->` without `{END}`"))?;
        let _ = write!(
            out,
            "{before}{BEGIN}{name} -->\n{}{END}",
            region(pack, name)?
        );
        rest = after;
    }
    out += rest;
    Ok(out)
}

fn region(pack: &Pack, name: &str) -> Result<String> {
    match name {
        "clone" => Ok(clone(pack)),
        "generate" => Ok(generate(pack)),
        "options" => options(pack),
        _ => bail!("there is no region `{name}`; the regions are clone, generate, options"),
    }
}

/// The commands of the quick start that carry the organisation's name.
fn clone(pack: &Pack) -> String {
    let (org, repo) = (&pack.platform.org, &pack.platform.repo);
    format!(
        "```sh\ngit clone https://github.com/{org}/{repo} && cd {repo}\n\
         cargo xtask create service orders --defaults && cd ../orders && cargo run\n```\n"
    )
}

fn generate(pack: &Pack) -> String {
    let (org, repo) = (&pack.platform.org, &pack.platform.repo);
    format!(
        "```sh\ncargo install cargo-generate@0.23.14 --locked   # or newer, where your toolchain allows\n\
         cargo generate --git https://github.com/{org}/{repo} template-axum --name orders\n```\n"
    )
}

/// A table of every template's options.
fn options(pack: &Pack) -> Result<String> {
    let mut out = String::new();
    for template in pack.templates()? {
        let _ = write!(
            out,
            "`{}`:\n\n| option | values | default | asks |\n|---|---|---|---|\n",
            template.name
        );
        for p in &template.manifest.placeholders {
            let values = match p.choices.as_slice() {
                [] => "one line of text".to_owned(),
                choices => choices
                    .iter()
                    .map(|choice| format!("`{choice}`"))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            let default = p.default.as_ref().map_or("", |d| d.value.as_str());
            let prompt = p.prompt.replace('|', "\\|");
            let _ = writeln!(out, "| `{}` | {values} | `{default}` | {prompt} |", p.name);
        }
        out.push('\n');
    }
    Ok(out)
}

/// Lines of the form `key: value # platform.toml: FACT` with the fact as their value.
fn stamp(pack: &Pack, text: &str) -> Result<String> {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let Some((statement, fact)) = line.split_once(STAMP) else {
            out += line;
            continue;
        };
        let fact = fact.trim_end();
        let value = pack
            .platform
            .facts()
            .into_iter()
            .find_map(|(name, value)| (name == fact).then_some(value))
            .with_context(|| format!("platform.toml has no fact `{fact}`"))?;
        let (key, _) = statement
            .split_once(": ")
            .with_context(|| format!("`{}` is no `key: value`", statement.trim()))?;
        let _ = writeln!(out, "{key}: {value} {STAMP}{fact}");
    }
    Ok(out)
}
