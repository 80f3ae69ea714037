//! Builds of an image and the arguments they are given: steps with `build-args`, and commands with `--build-arg`. One that
//! names another Dockerfile, or a folder, is another image's.

use std::ops::Range;

use crate::rules::workflow::yaml::{self, Content, Kind, Node};

/// A build.
pub struct Call {
    /// Its arguments, with their places.
    pub arguments: Vec<(String, Range<usize>)>,
}

/// The builds in the file at `path`.
pub fn calls(path: &str, text: &str) -> Vec<Call> {
    if !text.contains("build-arg") {
        return Vec::new();
    }
    let mut found = commands(text);
    let is_yaml = path.strip_suffix(".yml").or(path.strip_suffix(".yaml"));
    if let (true, (Some(root), _)) = (is_yaml.is_some(), yaml::parse(text)) {
        steps(&root, text, &mut found);
    }
    found
}

/// What actions are given under `build-args`.
fn steps(node: &Node, text: &str, found: &mut Vec<Call>) {
    if let Some(list) = node.get("build-args").filter(|_| is_service(node))
        && let Some(content) = Content::of(list, text)
    {
        let mut start = 0;
        let mut arguments = Vec::new();
        for line in content.text.split_inclusive('\n') {
            let indentation = line.len() - line.trim_start().len();
            let name = line.trim_start().split('=').next().unwrap_or_default();
            if line.contains('=') && is_name(name) {
                let at = start + indentation;
                arguments.push((name.to_owned(), content.span(at..at + name.len())));
            }
            start += line.len();
        }
        found.push(Call { arguments });
    }
    match &node.kind {
        Kind::Map(entries) => entries
            .iter()
            .for_each(|entry| steps(&entry.value, text, found)),
        Kind::List(items) => items.iter().for_each(|item| steps(item, text, found)),
        Kind::Scalar(_) => {}
    }
}

/// Whether a step's inputs name no other folder and no other Dockerfile than those of the service itself.
fn is_service(with: &Node) -> bool {
    let is = |key: &str, usual: &[&str]| {
        with.get(key).is_none_or(|node| {
            let text = node.text().map(str::trim);
            text.is_some_and(|text| usual.contains(&text.trim_start_matches("./")))
        })
    };
    is("context", &[".", "", "${{ github.workspace }}"]) && is("file", &["Dockerfile"])
}

/// Commands with `--build-arg`.
fn commands(text: &str) -> Vec<Call> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut command = 0..0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        command.end = end;
        // A command goes on behind `\` at the end of its line.
        if !line.trim_end().ends_with('\\') {
            found.extend(build(text, command.clone()));
            command = end..end;
        }
        start = end;
    }
    found.extend(build(text, command));
    found
}

fn build(text: &str, span: Range<usize>) -> Option<Call> {
    const OPTION: &str = "--build-arg";
    let command = &text[span.clone()];
    let is_comment = command.trim_start().starts_with(['#', '/']);
    if is_comment || !command.contains(OPTION) || !is_plain(command) {
        return None;
    }
    let mut arguments = Vec::new();
    for (at, _) in command.match_indices(OPTION) {
        let rest = &command[at + OPTION.len()..];
        let value = rest.trim_start_matches(['=', ' ', '\t', '"', '\'']);
        let length = value
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(value.len());
        let name = &value[..length];
        let goes_on = value[length..].starts_with(['$', '{', '-']);
        if value.len() < rest.len() && is_name(name) && !goes_on {
            let start = span.start + at + OPTION.len() + rest.len() - value.len();
            arguments.push((name.to_owned(), start..start + length));
        }
    }
    Some(Call { arguments })
}

/// Whether a command names no Dockerfile but the service's.
fn is_plain(command: &str) -> bool {
    let mut words = command.split_whitespace();
    while let Some(word) = words.next() {
        let file = match word.split_once('=') {
            Some(("-f" | "--file", file)) => Some(file),
            None if matches!(word, "-f" | "--file") => words.next(),
            _ => None,
        };
        let file = file.map(|file| file.trim_matches(['"', '\'']).trim_start_matches("./"));
        if file.is_some_and(|file| file != "Dockerfile") {
            return false;
        }
    }
    true
}

fn is_name(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<String> {
        let calls = calls(path, text);
        let arguments = calls.into_iter().flat_map(|call| call.arguments);
        arguments
            .map(|(name, span)| {
                assert_eq!(&text[span], name);
                name
            })
            .collect()
    }

    #[test]
    fn arguments_have_their_places() {
        let script = "docker build \\\n  --build-arg COMMIT=\"$sha\" \\\n  --build-arg=\"AT=1\" --build-arg HTTP .\n";
        assert_eq!(names("build.sh", script), ["COMMIT", "AT", "HTTP"]);
        let step = "steps:\n  - with:\n      context: .\n      build-args: |\n        A=1\n        B_C=${{ x }}\n  - with: {build-args: 'D=1'}\n";
        assert_eq!(names("a.yml", step), ["A", "B_C", "D"]);
    }

    #[test]
    fn other_images_are_left_alone() {
        for (path, text) in [
            ("a.sh", "docker build -f ci/Dockerfile --build-arg A=1 ."),
            (
                "a.sh",
                "docker build --file=Dockerfile.test --build-arg A=1 .",
            ),
            ("a.sh", "# docker build --build-arg A=1 ."),
            (
                "a.sh",
                "docker build --build-arg \"$pair\" --build-arg A${x}=1 .",
            ),
            ("a.yml", "with: {context: tools, build-args: A=1}"),
            ("a.yml", "with: {file: tools/Dockerfile, build-args: A=1}"),
            ("a.yml", "with: {build-args: '${{ inputs.all }}'}"),
        ] {
            assert!(names(path, text).is_empty(), "{text}");
        }
    }
}
