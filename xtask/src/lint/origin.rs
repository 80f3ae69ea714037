//! From a place in a rendered workflow back to the template.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};

use super::align::{Match, align};
use super::renders::Render;
use super::tree;
use crate::pack::Template;
use crate::report::{Excerpt, Finding, Report, Source};
use crate::rules::workflow::{File, Rendering, Verdict};

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
    lines: Vec<Option<Match>>,
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
            Some(Match::Same(at) | Match::Filled(at)) => (origin.source.file.clone(), at + 1),
            None => (file.to_owned(), line),
        }
    }

    /// The finding in the template; as an error, in the rendered file, if no line of the template gave its line.
    fn place(&self, mut finding: Finding) -> Result<Finding, Box<Finding>> {
        let Some(origin) = self.files.get(&finding.file) else {
            return Ok(finding);
        };
        finding.file.clone_from(&origin.source.file);
        match origin.lines.get(finding.line - 1).copied().flatten() {
            Some(Match::Same(at)) => finding.line = at + 1,
            Some(Match::Filled(at)) => {
                finding.line = at + 1;
                let line = origin.source.text.lines().nth(at).unwrap_or_default();
                let (column, width) = word(line, &finding);
                finding.column = column;
                finding.excerpt = Some(Excerpt::new(line, column, width));
            }
            None => return Err(Box::new(finding)),
        }
        Ok(finding)
    }
}

/// Where what a finding underlines stands in a line of the template; the first variable if it came from one.
fn word(line: &str, finding: &Finding) -> (usize, usize) {
    let variable = line
        .find("{{")
        .map_or(1, |at| line[..at].chars().count() + 1);
    let Some(rendered) = &finding.excerpt else {
        return (variable, 1);
    };
    let before = finding.column - 1 - rendered.start;
    let shown = rendered.text.chars();
    let word: String = shown.clone().skip(before).take(rendered.width).collect();
    // What stands before any variable stands where it stood.
    let end = before + rendered.width;
    let there = line.chars().skip(rendered.start).take(end);
    if shown.take(end).eq(there) {
        return (finding.column, rendered.width);
    }
    let word = word.trim();
    if let Some(at) = line.find(word).filter(|_| !word.is_empty()) {
        return (line[..at].chars().count() + 1, word.chars().count());
    }
    let end = line.rfind("}}").map_or(line.len(), |at| at + 2);
    let start = line.find("{{").unwrap_or(0);
    // From the beginning of the value, where it is made of several variables.
    let begin = line[..start].rfind(' ').map_or(start, |at| at + 1);
    let shown = line.get(begin..end).unwrap_or_default().chars().count();
    (line[..begin].chars().count() + 1, shown.max(1))
}

/// The file of the template that `path` was rendered from, and which of its lines became which.
fn origin(template: &Template, path: &str, text: &str) -> Result<(Source, Vec<Option<Match>>)> {
    let mut best: Option<(usize, Source, Vec<Option<Match>>)> = None;
    let liquid = format!("{path}.liquid");
    for file in &template.files {
        let same = |wanted: &str| file == wanted || file.ends_with(&format!("/{wanted}"));
        if !same(path) && !same(&liquid) {
            continue;
        }
        let bytes = fs::read(template.dir.join(file))
            .with_context(|| format!("cannot read {}/{file}", template.name))?;
        let before = String::from_utf8_lossy(&bytes).into_owned();
        let lines = align(&before, text);
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
