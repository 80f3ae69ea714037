//! Paths as kustomizations write them, seen from their folders.

use crate::rules::template::model::text::joined;

/// The path that `text` means, seen from `folder`; nothing where it is elsewhere or not decided here.
pub fn local(folder: &str, text: &str) -> Option<String> {
    let remote = ["://", "?ref=", "git@", "git::", "github.com", "$", "{{"];
    if text.is_empty()
        || text.starts_with('/')
        || text.contains('\n')
        || remote.iter().any(|mark| text.contains(mark))
    {
        return None;
    }
    joined(folder, text)
}

/// The way from one folder to another.
pub fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - same);
    up.chain(to[same..].iter().copied())
        .collect::<Vec<_>>()
        .join("/")
}

/// The path of `name` in `folder`.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// A path's folder, and its name.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
