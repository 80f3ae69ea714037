//! Answers to a template's questions: given, asked for, or by default. Every answer is judged before it is used.

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use dialoguer::{Input, Select};
use regex::Regex;

use crate::pack::Answers;
use crate::pack::manifest::{Kind, Manifest, Placeholder};
use crate::report::nearest;

/// An answer from the command line: `-d KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Define {
    key: String,
    value: String,
}

impl FromStr for Define {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok(Self {
                key: key.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("write it as KEY=VALUE".into()),
        }
    }
}

/// Where answers come from that were not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A person at a terminal.
    Terminal,
    /// The template's defaults.
    Defaults,
}

/// A value for every placeholder of `manifest`.
pub(super) fn gather(manifest: &Manifest, defines: &[Define], source: Source) -> Result<Answers> {
    let mut answers = given(manifest, defines)?;
    for placeholder in &manifest.placeholders {
        if answers.contains_key(&placeholder.name) {
            continue;
        }
        let value = match source {
            Source::Terminal => ask(placeholder)?,
            Source::Defaults => default(placeholder)?.to_owned(),
        };
        answers.insert(placeholder.name.clone(), value);
    }
    Ok(answers)
}

/// As [`gather`], for a service that has answered before: what is not given is taken from `recorded`, and by default where
/// it was not asked then.
pub fn carried_over(
    manifest: &Manifest,
    defines: &[Define],
    recorded: &Answers,
) -> Result<Answers> {
    let mut answers = given(manifest, defines)?;
    for placeholder in &manifest.placeholders {
        let name = &placeholder.name;
        if answers.contains_key(name) {
            continue;
        }
        let value = match recorded.get(name) {
            Some(value) => {
                if let Some(fault) = fault(placeholder, value)? {
                    bail!(
                        "`{name} = {value}` is no answer any more: {fault}; answer anew with `-d {name}=VALUE`"
                    );
                }
                value.clone()
            }
            None => default(placeholder)?.to_owned(),
        };
        answers.insert(name.clone(), value);
    }
    Ok(answers)
}

/// What was answered on the command line.
fn given(manifest: &Manifest, defines: &[Define]) -> Result<Answers> {
    let mut answers = Answers::new();
    for Define { key, value } in defines {
        let Some(placeholder) = manifest.placeholder(key) else {
            bail!("{}", unknown(manifest, key));
        };
        if let Some(fault) = fault(placeholder, value)? {
            bail!("`-d {key}={value}`: {fault}");
        }
        if answers.insert(key.clone(), value.clone()).is_some() {
            bail!("`-d {key}=…` is given twice; keep one");
        }
    }
    Ok(answers)
}

fn unknown(manifest: &Manifest, key: &str) -> String {
    let names = || manifest.placeholders.iter().map(|p| p.name.as_str());
    let near = nearest(key, names()).map(|near| format!("did you mean `{near}`? "));
    format!(
        "there is no option `{key}`; {}the options are {}",
        near.unwrap_or_default(),
        names()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    )
}

fn default(placeholder: &Placeholder) -> Result<&str> {
    let name = &placeholder.name;
    placeholder
        .default
        .as_ref()
        .map(|default| default.value.as_str())
        .with_context(|| format!("`{name}` has no default; give it with `-d {name}=VALUE`"))
}

/// What is wrong with an answer, or nothing.
pub fn fault(placeholder: &Placeholder, value: &str) -> Result<Option<String>> {
    let choices = match placeholder.kind {
        Kind::Bool => vec!["true", "false"],
        Kind::String => placeholder.choices.iter().map(String::as_str).collect(),
    };
    if !choices.is_empty() && !choices.contains(&value) {
        let near = nearest(value, choices.iter().copied())
            .map(|near| format!("did you mean `{near}`? "))
            .unwrap_or_default();
        return Ok(Some(format!(
            "{near}the choices are {}",
            choices.join(", ")
        )));
    }
    if let Some(pattern) = &placeholder.regex {
        let regex = Regex::new(&pattern.value)
            .with_context(|| format!("the pattern of `{}` is broken", placeholder.name))?;
        if !regex.is_match(value) {
            return Ok(Some(format!("it has to match `{}`", pattern.value)));
        }
    }
    Ok(None)
}

fn ask(placeholder: &Placeholder) -> Result<String> {
    let default = default(placeholder)?;
    if placeholder.kind == Kind::String && placeholder.choices.is_empty() {
        return Input::<String>::new()
            .with_prompt(&placeholder.prompt)
            .default(default.to_owned())
            .validate_with(|value: &String| match fault(placeholder, value) {
                Ok(None) => Ok(()),
                Ok(Some(fault)) => Err(fault),
                Err(error) => Err(error.to_string()),
            })
            .interact_text()
            .context("cannot ask; use `--defaults` or `-d KEY=VALUE`");
    }
    let values: Vec<&str> = match placeholder.kind {
        Kind::Bool => vec!["true", "false"],
        Kind::String => placeholder.choices.iter().map(String::as_str).collect(),
    };
    // One choice is no question.
    if let [only] = values[..] {
        return Ok(only.to_owned());
    }
    let preset = values.iter().position(|value| *value == default);
    let picked = Select::new()
        .with_prompt(&placeholder.prompt)
        .items(&values)
        .default(preset.unwrap_or(0))
        .interact()
        .context("cannot ask; use `--defaults` or `-d KEY=VALUE`")?;
    Ok(values[picked].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report;

    fn gathered(defines: &[&str]) -> Result<Answers> {
        let text = "[placeholders]\n\
            metrics = {prompt = 'm', choices = ['none', 'prometheus'], default = 'prometheus'}\n\
            team = {prompt = 't', default = 'platform', regex = '^[a-z]+$'}\n";
        let manifest = Manifest::parse(report::Source::new("cargo-generate.toml", text));
        let defines: Vec<Define> = defines.iter().map(|d| d.parse().unwrap()).collect();
        gather(&manifest, &defines, Source::Defaults)
    }

    #[test]
    fn defaults_fill_what_was_not_given() {
        let answers = gathered(&["metrics=none"]).unwrap();
        assert_eq!(answers["metrics"], "none");
        assert_eq!(answers["team"], "platform");
    }

    #[test]
    fn wrong_answers_are_refused_with_the_remedy() {
        for (define, expected) in [
            (
                "metric=none",
                "there is no option `metric`; did you mean `metrics`? the options are",
            ),
            (
                "metrics=prometeus",
                "did you mean `prometheus`? the choices are none, prometheus",
            ),
            ("metrics=", "the choices are"),
            ("team=A B", "it has to match `^[a-z]+$`"),
        ] {
            let error = gathered(&[define]).unwrap_err().to_string();
            assert!(error.contains(expected), "{define}: {error}");
        }
        assert!(gathered(&["team=a", "team=b"]).is_err());
        assert!("=x".parse::<Define>().is_err());
    }
}
