//! Which combinations of which templates a run is about.

use anyhow::{Result, bail};

use super::Selection;
use crate::pack::{Answers, Case, Matrix, Template, cases};

/// A template, and the combinations of its options that were picked.
#[derive(Clone, Debug)]
pub struct Picked<'a> {
    /// The template.
    pub template: &'a Template,
    /// The combinations.
    pub cases: Vec<Case>,
    /// Whether its options are those of a template before it, and what they bring as well.
    is_further: bool,
}

/// Those that `selection` names, of each of `templates`.
pub(super) fn all<'a>(templates: &'a [Template], selection: &Selection) -> Result<Vec<Picked<'a>>> {
    let mut all: Vec<Picked<'a>> = Vec::new();
    for template in templates {
        let mut cases = pick(template, selection)?;
        let same = |other: &Picked<'_>| cases_of(other.template) == cases_of(template);
        let is_further = all.iter().any(same);
        if is_further && spares(selection) {
            // The defaults, and the most beside them.
            ends(&mut cases);
        }
        all.push(Picked {
            template,
            cases,
            is_further,
        });
    }
    Ok(all)
}

/// Those of `picked` that a stage runs on: without what costs minutes and asks what others have asked.
pub(super) fn of_stage<'a>(
    stage: &str,
    picked: &[Picked<'a>],
    selection: &Selection,
) -> Vec<Picked<'a>> {
    let mut picked = picked.to_vec();
    for Picked {
        cases, is_further, ..
    } in picked.iter_mut().filter(|_| spares(selection))
    {
        match (stage, *is_further) {
            // A further template's Dockerfile is the other's too, and both merge alike: the one with the most in it.
            ("image" | "upgrade", true) => {
                cases.drain(..cases.len().saturating_sub(1));
            }
            // An upgrade has nothing to ask between the defaults and the most.
            ("upgrade", false) => ends(cases),
            _ => {}
        }
    }
    picked
}

/// The first and the last.
fn ends(cases: &mut Vec<Case>) {
    cases.drain(1..cases.len().max(2) - 1);
}

/// Whether only as much is run as shows every value of every option.
fn spares(selection: &Selection) -> bool {
    selection.matrix == Matrix::Cover && selection.cases.is_empty()
}

/// Every combination of a template's options.
fn cases_of(template: &Template) -> Vec<Case> {
    cases(&template.manifest, Matrix::All)
}

/// The combinations of `template` that were asked for.
fn pick(template: &Template, selection: &Selection) -> Result<Vec<Case>> {
    if selection.cases.is_empty() {
        return Ok(cases(&template.manifest, selection.matrix));
    }
    let all = cases(&template.manifest, Matrix::All);
    let mut picked = Vec::new();
    for text in &selection.cases {
        let wanted = parse_case(text)?;
        // What is not named keeps its default, and the defaults come first.
        let found = all.iter().find(|case| {
            let named = |(name, value)| case.answers.get(name) == Some(value);
            wanted.iter().all(named)
        });
        match found {
            Some(case) if picked.contains(case) => {}
            Some(case) => picked.push(case.clone()),
            None => bail!(
                "{} has no case `{text}`; `cargo xtask list` names its options",
                template.name
            ),
        }
    }
    Ok(picked)
}

fn parse_case(text: &str) -> Result<Answers> {
    let mut answers = Answers::new();
    for pair in text.split(',') {
        let Some((name, value)) = pair.split_once('=') else {
            bail!("`--case {text}`: write it as option=value,option=value");
        };
        let known = answers.insert(name.trim().to_owned(), value.trim().to_owned());
        if known.is_some() {
            bail!(
                "`--case {text}` names `{}` twice; give `--case` twice for two cases",
                name.trim()
            );
        }
    }
    Ok(answers)
}
