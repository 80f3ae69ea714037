//! From a place in a rendered workflow back to the template.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use anyhow::{Context, Result};

use super::renders::Render;
use super::tree;
use crate::pack::Template;
use crate::report::{Excerpt, Finding, Report, Source};
use crate::rules::workflow::{File, Rendering, Verdict};
use crate::source_map;

/// Where every rendered file came from.
#[derive(Debug, Default)]
pub(super) struct Origins {
    files: BTreeMap<String, Origin>,
    trees: usize,
}

#[derive(Debug)]
struct Origin {
    /// The template's file; its path alone where none could be found.
    source: Source,
    /// What it rendered.
    text: String,
    /// The template's line of each line of that, from 0.
    lines: Vec<Option<usize>>,
    cases: Vec<String>,
}

impl Origins {
    /// Adds what `template` renders to `files`.
    pub(super) fn add(
        &mut self,
        template: &Template,
        renders: Vec<Render>,
        files: &mut Vec<File>,
    ) -> Result<()> {
        for render in renders {
            self.trees += 1;
            for (path, text) in render.files {
                let Some(kind) = tree::kind(&path) else {
                    continue;
                };
                let name = format!("{}\u{0}{path}", self.trees);
                let rendering = self.insert(&name, template, &path, &text, &render.cases)?;
                files.push(File::new(
                    self.trees,
                    &path,
                    kind,
                    Source::new(name, text),
                    Some(rendering),
                ));
            }
        }
        Ok(())
    }

    /// Notes that the file called `name` is what `template` renders at `path` in these cases.
    pub(super) fn insert(
        &mut self,
        name: &str,
        template: &Template,
        path: &str,
        text: &str,
        cases: &[String],
    ) -> Result<Rendering> {
        let (source, lines) = origin(template, path, text)?;
        let rendering = Rendering {
            file: source.file.clone(),
            text: source.text.clone(),
        };
        let origin = Origin {
            source,
            text: text.to_owned(),
            lines,
            cases: cases.to_vec(),
        };
        self.files.insert(name.to_owned(), origin);
        Ok(rendering)
    }

    /// Leads findings in rendered files back to their templates.
    pub(super) fn lead_back(&self, findings: Vec<Finding>, report: &mut Report) {
        let mut open: BTreeMap<Finding, BTreeSet<String>> = BTreeMap::new();
        for finding in findings {
            let name = finding.file.clone();
            match self.place(finding) {
                Ok(finding) => report.push(finding),
                Err(finding) => drop(open.entry(*finding).or_default().insert(name)),
            }
        }
        // What can't be led back to a line is named with a combination that gives it, unless all do.
        for (mut finding, names) in open {
            let renders = self
                .files
                .values()
                .filter(|origin| origin.source.file == finding.file)
                .count();
            let case = names
                .first()
                .and_then(|name| self.files.get(name)?.cases.first());
            let with = match case {
                Some(case) if names.len() < renders && !case.is_empty() => format!(" with {case}"),
                _ => String::new(),
            };
            finding.message = format!("{} (as rendered{with})", finding.message);
            report.push(finding);
        }
    }

    /// Leads what the rules found back to the templates.
    pub(super) fn map(&self, verdict: Verdict, report: &mut Report) {
        self.lead_back(verdict.findings, report);
        // What one combination needs may be of no use in another.
        let used: BTreeSet<(String, usize)> = verdict
            .used
            .iter()
            .map(|(file, line)| self.line(file, *line))
            .collect();
        for finding in verdict.unused {
            let place = self.line(&finding.file, finding.line);
            if !used.contains(&place) {
                report.push(self.place(finding).unwrap_or_else(|finding| *finding));
            }
        }
    }

    fn line(&self, file: &str, line: usize) -> (String, usize) {
        let Some(origin) = self.files.get(file) else {
            return (file.to_owned(), line);
        };
        match origin.lines.get(line - 1).copied().flatten() {
            Some(at) => (origin.source.file.clone(), at + 1),
            None => (file.to_owned(), line),
        }
    }

    /// The finding in the template; as an error, in the rendered file, if no line of the template gave its line.
    fn place(&self, mut finding: Finding) -> Result<Finding, Box<Finding>> {
        let Some(origin) = self.files.get(&finding.file) else {
            return Ok(finding);
        };
        finding.file.clone_from(&origin.source.file);
        let Some(at) = origin.lines.get(finding.line - 1).copied().flatten() else {
            return Err(Box::new(finding));
        };
        let written = origin.source.text.lines().nth(at).unwrap_or_default();
        let rendered = origin.text.lines().nth(finding.line - 1);
        finding.line = at + 1;
        if let Some(rendered) = rendered.filter(|rendered| *rendered != written) {
            lead(&mut finding, written, rendered);
        }
        Ok(finding)
    }
}

/// Leads a finding from the line `rendered` to where its words stand in `written`.
fn lead(finding: &mut Finding, written: &str, rendered: &str) {
    let byte = |column: usize| {
        let at = rendered.char_indices().nth(column - 1);
        at.map_or(rendered.len(), |(at, _)| at)
    };
    let width = finding.excerpt.as_ref().map_or(0, |excerpt| excerpt.width);
    let span = byte(finding.column)..byte(finding.column + width);
    let word = source_map::word(written, rendered, span);
    let letters = |span: Range<usize>| written.get(span).map_or(0, |text| text.chars().count());
    finding.column = letters(0..word.start) + 1;
    finding.excerpt = Some(Excerpt::new(written, finding.column, letters(word)));
}

/// The file of the template that `path` was rendered from, and which of its lines became which.
fn origin(template: &Template, path: &str, text: &str) -> Result<(Source, Vec<Option<usize>>)> {
    let mut best: Option<(usize, Source, Vec<Option<usize>>)> = None;
    let liquid = format!("{path}.liquid");
    for file in &template.files {
        let same = |wanted: &str| file == wanted || file.ends_with(&format!("/{wanted}"));
        if !same(path) && !same(&liquid) {
            continue;
        }
        let bytes = fs::read(template.dir.join(file))
            .with_context(|| format!("cannot read {}/{file}", template.name))?;
        let before = String::from_utf8_lossy(&bytes).into_owned();
        let lines = source_map::lines(&before, text);
        let score = lines.iter().flatten().count();
        if best.as_ref().is_none_or(|(most, _, _)| score > *most) {
            let source = Source::new(format!("{}/{file}", template.name), before);
            best = Some((score, source, lines));
        }
    }
    Ok(match best {
        Some((_, source, lines)) => (source, lines),
        None => (
            Source::new(format!("{}/{path}", template.name), ""),
            vec![None; text.lines().count()],
        ),
    })
}
