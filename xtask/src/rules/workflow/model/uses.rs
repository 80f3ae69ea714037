//! What `uses:` names.

/// A parsed `uses:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses<'a> {
    /// `./path`
    Local(&'a str),
    /// `docker://image`
    Docker(&'a str),
    /// `owner/repo/path@ref`
    Remote {
        /// The owner.
        owner: &'a str,
        /// The repository.
        repo: &'a str,
        /// The path in it, which may be empty.
        path: &'a str,
        /// The ref.
        reference: &'a str,
    },
    /// None of these.
    Malformed,
}

impl<'a> Uses<'a> {
    /// Parses the text of a `uses:`.
    pub fn parse(text: &'a str) -> Self {
        if let Some(path) = text.strip_prefix("./") {
            return Self::Local(path.trim_end_matches('/'));
        }
        if let Some(image) = text.strip_prefix("docker://") {
            return Self::Docker(image);
        }
        let Some((name, reference)) = text.split_once('@') else {
            return Self::Malformed;
        };
        let mut parts = name.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(owner), Some(repo), path)
                if !owner.is_empty() && !repo.is_empty() && !reference.is_empty() =>
            {
                Self::Remote {
                    owner,
                    repo,
                    path: path.unwrap_or_default(),
                    reference,
                }
            }
            _ => Self::Malformed,
        }
    }
}

/// Whether a path ends as YAML does.
pub fn is_yaml(path: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|end| end == "yml" || end == "yaml")
}

/// Whether a ref is a commit: 40 hexadecimal digits.
pub fn is_commit(reference: &str) -> bool {
    reference.len() == 40
        && reference
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether a ref is a full version: `vX.Y.Z`.
pub fn is_version(reference: &str) -> bool {
    let parts: Vec<&str> = reference
        .strip_prefix('v')
        .unwrap_or_default()
        .split('.')
        .collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}
