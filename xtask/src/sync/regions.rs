//! Generated regions inside pages that are otherwise written by hand: `<!-- generated: NAME -->` up to `<!-- end -->`.

use std::fmt::Write;

use anyhow::{Context, Result, bail};

use super::Artifact;
use crate::pack::{Pack, read};

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

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
        "generate" => generate(pack),
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

/// With the template that is registered first.
fn generate(pack: &Pack) -> Result<String> {
    let (org, repo) = (&pack.platform.org, &pack.platform.repo);
    let registered = pack.registered()?;
    let first = registered
        .first()
        .context("cargo-generate.toml registers no template")?;
    Ok(format!(
        "```sh\ncargo install cargo-generate@0.23.14 --locked   # or newer, where your toolchain allows\n\
         cargo generate --git https://github.com/{org}/{repo} {first} --name orders\n```\n"
    ))
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
