//! Paths of upgrade scripts: from the service's folder, and of files that are theirs to change.

use crate::service::Record;

/// Longer than any system takes.
const LENGTH: usize = 1024;

/// Whether a script may name `path`.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub(super) fn checked(path: &str) -> Result<(), String> {
    let help = "write it from the service's folder, as in `config/default.yaml`";
    if path.is_empty() {
        return Err(format!("the path is empty; {help}"));
    }
    if path.len() > LENGTH {
        return Err(format!("the path is longer than {LENGTH} bytes; {help}"));
    }
    if path.chars().any(|c| c.is_control() || c == '\\') {
        let shown = path.escape_debug();
        return Err(format!("`{shown}` is no path; {help}, with `/`"));
    }
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err(format!("`{path}` leads out of the service; {help}"));
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(format!(
            "`{path}` has a part that names nothing; {help}, without `/` at its end"
        ));
    }
    if path
        .split('/')
        .any(|part| part.eq_ignore_ascii_case(".git"))
    {
        return Err(format!(
            "`{path}` is git's own; leave it to git, and change files of the service"
        ));
    }
    Ok(())
}

/// Whether `path` is the service's record, or a folder around it. Changes of answers end up there by themselves.
pub(super) fn guarded(path: &str) -> Result<(), String> {
    let inside = Record::FILE.strip_prefix(path);
    if inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Err(format!(
            "`{path}` holds what the service was made from, which `upgrade` writes itself; use `answer::get`, `answer::set`, \
             `answer::rename` and `answer::remove`"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_service() {
        for path in ["a", "a/b.c", ".github/workflows/ci.yml", "a b/größe", "..."] {
            assert_eq!(checked(path), Ok(()), "{path}");
        }
        let long = "a/".repeat(600);
        for (path, named) in [
            ("", "is empty"),
            (long.as_str(), "longer than 1024"),
            ("../x", "leads out"),
            ("a/../../x", "leads out"),
            ("/etc/passwd", "leads out"),
            ("a/", "names nothing"),
            ("./a", "names nothing"),
            ("a//b", "names nothing"),
            (".git/config", "git's own"),
            ("sub/.GIT/hooks/x", "git's own"),
            ("a\\b", "no path"),
            ("a\nb", "`a\\nb` is no path"),
        ] {
            let reason = checked(path).unwrap_err();
            assert!(reason.contains(named) && reason.contains("; "), "{reason}");
        }
        assert!(guarded(".idp").is_err() && guarded(".idp/answers.toml").is_err());
        assert!(guarded(".idp/ownership.toml").is_ok() && guarded(".id").is_ok());
    }
}
