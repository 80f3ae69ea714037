//! Entries of `ignore`, `include` and `exclude`, and paths that hooks delete, that match nothing.

use super::Rule;
use super::model::text::near_path;
use super::model::{Body, ENOUGH, Model, Pattern, Template, literal, stripped};
use crate::pack::manifest::Spanned;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "dead-pattern",
    summary: "an entry of `ignore`, `include`, `exclude` or a `file::delete` that matches no file, or that cargo-generate drops",
    why: "cargo-generate accepts an entry that matches nothing. The file that it was written for has been renamed or \
          was never spelt right, and ships, or is rendered when it should be copied as it is.",
    example: "[template]\nignore = [\"docs/*.draft.md\"]",
    remedy: "Name a file or folder that is there. `ignore` takes paths alone, without wildcards; `include` and `exclude` \
             take patterns as `.gitignore` does, on names without `.liquid`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        let paths = paths(template);
        let manifest = &template.manifest;
        let blocks = || manifest.conditionals.iter();
        for entry in manifest
            .ignore
            .iter()
            .chain(blocks().flat_map(|block| &block.ignore))
        {
            ignore(template, entry, &paths, report);
        }
        let include = manifest
            .include
            .iter()
            .chain(blocks().flat_map(|block| &block.include));
        let exclude = manifest
            .exclude
            .iter()
            .chain(blocks().flat_map(|block| &block.exclude));
        for entry in include.chain(exclude) {
            pattern(template, entry, &paths, report);
        }
        unneeded(template, &paths, report);
        generic(template, &paths, report);
        deleted(template, report);
        if !manifest.include.is_empty() {
            for entry in &manifest.exclude {
                let message = format!(
                    "`{}` has no effect: cargo-generate drops `exclude` where there is `include`",
                    entry.value
                );
                let source = &manifest.source;
                let help = "remove one of the two lists";
                report.error(RULE.id, source, entry.span.clone(), message, help);
            }
        }
    }
}

/// Entries that match a file of the template, but none of a service in which they count.
fn unneeded(template: &Template, paths: &[&str], report: &mut Report) {
    let rehearsal = &template.rehearsal;
    if !rehearsal.is_complete {
        return;
    }
    for (index, block) in template.manifest.conditionals.iter().enumerate() {
        let varies = template
            .conditions
            .get(index)
            .and_then(|condition| condition.as_ref().ok())
            .is_some_and(|condition| condition.failure.is_none());
        for entry in &block.ignore {
            let is_idle = rehearsal.ignored.get(&entry.span.start) == Some(&false);
            if varies && is_idle && paths.iter().any(|path| literal(&entry.value, path)) {
                let message = format!(
                    "`{}` is in no service for which this condition holds",
                    entry.value
                );
                let help =
                    "turn the condition round, or remove the entry: another option brings the file";
                let source = &template.manifest.source;
                report.error(RULE.id, source, entry.span.clone(), message, help);
            }
        }
    }
}

/// Lines of `.genignore`.
fn generic(template: &Template, paths: &[&str], report: &mut Report) {
    let file = template.files.iter().find(|file| file.path == ".genignore");
    let Some(Body::Text(source, _)) = file.map(|file| &file.body) else {
        return;
    };
    let mut start = 0;
    let mut told = 0;
    for written in source.text.split_inclusive('\n') {
        let line = written.trim_end();
        let span = start..start + line.len();
        start += written.len();
        if line.is_empty() || line.starts_with('#') || told >= ENOUGH {
            continue;
        }
        let (message, help) = match Pattern::parse(line) {
            Err(error) => (
                format!("`{line}` is no pattern: {error}"),
                "write it as in a `.gitignore`".to_owned(),
            ),
            Ok(pattern) if paths.iter().any(|path| pattern.concerns(path)) => continue,
            Ok(_) => (format!("`{line}` matches nothing"), help(line, paths)),
        };
        told += 1;
        report.error(RULE.id, source, span, message, help);
    }
}

/// Paths that a hook deletes and that no combination has.
fn deleted(template: &Template, report: &mut Report) {
    let rehearsal = &template.rehearsal;
    if !rehearsal.is_complete {
        return;
    }
    for (_, source, code) in template.code() {
        let paths = code
            .calls_of("file", "delete")
            .filter_map(|call| call.arguments.first()?.as_ref());
        for path in paths.filter(|path| rehearsal.deleted.get(&path.text) == Some(&false)) {
            let known: Vec<&str> = template
                .files
                .iter()
                .map(|file| file.target.as_str())
                .collect();
            let message = format!("no combination of options has `{}` to delete", path.text);
            let help = help(&path.text, &known);
            report.error(RULE.id, source, path.span.clone(), message, help);
        }
    }
}

/// What a pattern may match: files as they lie, as hooks move them, and what hooks write.
fn paths(template: &Template) -> Vec<&str> {
    let files = template.files.iter();
    files
        .flat_map(|file| [stripped(&file.path), file.target.as_str()])
        .chain(template.written())
        .collect()
}

fn ignore(template: &Template, entry: &Spanned<String>, paths: &[&str], report: &mut Report) {
    let line = &entry.value;
    if paths.iter().any(|path| literal(line, path)) {
        return;
    }
    let help = if line.contains(['*', '?', '[']) {
        "`ignore` takes paths alone; spell them out, or put the pattern into `.genignore`"
            .to_owned()
    } else {
        help(line, paths)
    };
    let source = &template.manifest.source;
    report.error(
        RULE.id,
        source,
        entry.span.clone(),
        format!("`{line}` matches nothing"),
        help,
    );
}

fn pattern(template: &Template, entry: &Spanned<String>, paths: &[&str], report: &mut Report) {
    let line = &entry.value;
    let (message, help) = match Pattern::parse(line) {
        Err(error) => (
            format!("`{line}` is no pattern: {error}"),
            "write it as in a `.gitignore`".to_owned(),
        ),
        Ok(pattern) if paths.iter().any(|path| pattern.concerns(path)) => return,
        Ok(_) => (format!("`{line}` matches nothing"), help(line, paths)),
    };
    let source = &template.manifest.source;
    report.error(RULE.id, source, entry.span.clone(), message, help);
}

fn help(line: &str, paths: &[&str]) -> String {
    let bare = stripped(line);
    if bare != line && paths.contains(&bare) {
        return format!("write `{bare}`: cargo-generate takes `.liquid` off first");
    }
    let folders = paths
        .iter()
        .filter_map(|path| Some(path.rsplit_once('/')?.0));
    let near = || {
        near_path(
            line.trim_end_matches('/'),
            paths.iter().copied().chain(folders),
        )
    };
    match (!line.contains(['*', '?', '['])).then(near).flatten() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a file or folder of the template, or remove the entry".to_owned(),
    }
}
