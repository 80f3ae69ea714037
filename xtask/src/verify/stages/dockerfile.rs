//! S19: what the Dockerfile itself promises: its bases, its layers, an image without tools.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;
use xshell::cmd;

use super::image::tag;
use crate::process;
use crate::verify::bench::verdict;
use crate::verify::gate::{Inner, Verdict};
use crate::verify::{Bench, Step};

/// Every stage builds on a build argument that has a default, or on an earlier stage.
pub(super) fn bases(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let text = fs::read_to_string(service.path.join("Dockerfile"))?;
    Ok(match judge(&text) {
        Ok(bases) => Verdict::Passed(bases.join(", ")),
        Err(fault) => Verdict::Failed(fault),
    })
}

/// The arguments that name the bases, or what is wrong with them.
fn judge(dockerfile: &str) -> Result<Vec<String>, String> {
    let (mut arguments, mut stages) = (BTreeSet::new(), BTreeSet::new());
    let mut bases = Vec::new();
    for (index, line) in dockerfile.lines().enumerate() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            // Those before the first stage are the ones that `FROM` can read.
            (Some("ARG"), Some(argument)) if stages.is_empty() => {
                let named = argument
                    .split_once('=')
                    .filter(|(_, value)| !value.is_empty());
                arguments.extend(named.map(|(name, _)| name.to_owned()));
            }
            (Some("FROM"), Some(base)) => {
                let argument = base
                    .strip_prefix("${")
                    .and_then(|name| name.strip_suffix('}'));
                match argument {
                    Some(name) if arguments.contains(name) => bases.push(name.to_owned()),
                    _ if stages.contains(base) => {}
                    _ => {
                        return Err(format!(
                            "Dockerfile:{}: the base `{base}` can't be replaced by whoever builds behind a mirror; write \
                             `ARG NAME={base}` above the first FROM, and `FROM ${{NAME}}` here",
                            index + 1
                        ));
                    }
                }
                let name = words
                    .skip_while(|word| !word.eq_ignore_ascii_case("as"))
                    .nth(1);
                stages.insert(name.unwrap_or(base).to_owned());
            }
            _ => {}
        }
    }
    if stages.len() < 2 {
        return Err(
            "the Dockerfile has one stage: what builds the service would be a part of the image"
                .into(),
        );
    }
    Ok(bases)
}

/// A change of the sources compiles the service's own crate and nothing else.
pub(super) fn layers(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    const MARK: &str = "stop here";
    let service = bench.service(step)?;
    // Compiling it would take a minute; that it is compiled at all, and what else is, shows before its first error.
    let copy = service.copy("layers")?;
    fs::write(
        copy.path.join("src/lib.rs"),
        format!("compile_error!(\"{MARK}\");\n"),
    )?;
    let shell = copy.shell()?;
    let command = cmd!(shell, "docker build --network host --progress plain .");
    let Verdict::Failed(text) = verdict(command.env("DOCKER_BUILDKIT", "1"))? else {
        return Ok(Verdict::Failed(
            "the image builds though src/lib.rs holds an error: its sources are not what it is made of".into(),
        ));
    };
    let compiled: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once("Compiling ")?.1.split(' ').next())
        .collect();
    Ok(if !text.contains(MARK) {
        Verdict::Failed(text)
    } else if compiled.iter().eq([&service.name.as_str()]) {
        Verdict::Passed("a change of src/ compiles the service alone".into())
    } else {
        let some: Vec<&str> = compiled.iter().copied().take(5).collect();
        Verdict::Failed(format!(
            "a change of src/ alone compiles {} crates again ({}, …); in the Dockerfile, build the dependencies in a \
             layer of their own, before `COPY src`",
            compiled.len(),
            some.join(", ")
        ))
    })
}

/// Nothing in the image runs a command: who breaks in finds no shell.
pub(super) fn shell_less(bench: &mut Bench<'_>, step: &Step, _: &mut Inner<'_>) -> Result<Verdict> {
    let service = bench.service(step)?;
    let (shell, tag) = (service.shell()?, tag(&service));
    for program in ["/bin/sh", "/bin/bash", "/busybox/sh", "/usr/bin/env"] {
        let command = cmd!(
            shell,
            "docker run --rm --network none --entrypoint {program} {tag} --version"
        );
        let output = process::scrubbed(command)
            .quiet()
            .ignore_status()
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        // 127: the engine found no such program. Anything else ran, or says nothing of the image.
        if output.status.code() != Some(127) {
            return Ok(Verdict::Failed(format!(
                "`{program}` is in the image, or could not be looked for; take a distroless base\n{}",
                said.trim()
            )));
        }
    }
    Ok(Verdict::Passed("no shell".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_arguments_or_earlier_stages() {
        let sound = "ARG RUST=rust:1\nARG BASE=distroless\nFROM ${RUST} AS build\nFROM build as tested\nFROM ${BASE}\n";
        assert_eq!(judge(sound), Ok(vec!["RUST".into(), "BASE".into()]));
        for (text, fault) in [
            (
                "FROM rust:1 AS build\nFROM build\n",
                "Dockerfile:1: the base `rust:1`",
            ),
            (
                "ARG BASE\nFROM ${BASE} AS build\nFROM build\n",
                "Dockerfile:2",
            ),
            (
                "ARG A=a\nFROM ${A} AS build\nARG B=b\nFROM ${B}\n",
                "Dockerfile:4",
            ),
            ("ARG A=a\nFROM ${A}\n", "one stage"),
        ] {
            assert!(judge(text).unwrap_err().contains(fault), "{text}");
        }
    }
}
