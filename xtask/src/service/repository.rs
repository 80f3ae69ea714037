//! The git repository that a service lies in: what is committed, what is not, and where git keeps its own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::Shell;

use super::tree::{Entry, Kind, Tree};
use crate::process;

/// A repository, seen from a folder in it. Paths are relative to that folder.
#[derive(Debug)]
pub struct Repository {
    shell: Shell,
    dir: PathBuf,
}

impl Repository {
    /// The repository around `dir`.
    ///
    /// # Errors
    /// When there is none, or nothing has been committed to it.
    pub fn around(dir: &Path) -> Result<Self> {
        let shell = Shell::new()?;
        shell.change_dir(dir);
        let repository = Self {
            shell,
            dir: dir.to_owned(),
        };
        let remedy = "git init && git add --all && git commit";
        if repository
            .git(&["rev-parse", "--is-inside-work-tree"])
            .is_err()
        {
            bail!(
                "{} is in no git repository, so nothing that is written there could be looked at or taken back; run `{remedy}` in it",
                dir.display()
            );
        }
        if repository
            .git(&["rev-parse", "--verify", "--quiet", "HEAD"])
            .is_err()
        {
            bail!(
                "nothing is committed in {}, so nothing that is written there could be taken back; run `{remedy}` in it",
                dir.display()
            );
        }
        Ok(repository)
    }

    /// The commit that `reference` names.
    pub fn commit(&self, reference: &str) -> Result<String> {
        self.git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{reference}^{{commit}}"),
        ])
    }

    /// Where git keeps its own files.
    pub fn git_dir(&self) -> Result<PathBuf> {
        Ok(PathBuf::from(
            self.git(&["rev-parse", "--absolute-git-dir"])?,
        ))
    }

    /// A name for the folder's place in the repository, which can stand in a path: `of-`, and the way to it.
    pub fn place(&self) -> Result<String> {
        let prefix = self.git(&["rev-parse", "--show-prefix"])?;
        let name = prefix.trim_end_matches('/');
        Ok(format!(
            "of-{}",
            name.replace('%', "%25").replace('/', "%2F")
        ))
    }

    /// Files of the folder that are changed, added or removed and not committed, and new ones that are not ignored.
    pub fn uncommitted(&self) -> Result<Vec<String>> {
        let prefix = self.git(&["rev-parse", "--show-prefix"])?;
        let out = self.git(&[
            "-c",
            "status.relativePaths=false",
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            "--",
            ".",
        ])?;
        let paths = out.split('\0').filter_map(|line| line.get(3..));
        Ok(paths
            .map(|path| path.strip_prefix(&prefix).unwrap_or(path).to_owned())
            .collect())
    }

    /// What `commit` holds of the folder, as it is stored: no line ending is touched.
    pub fn tree(&self, commit: &str) -> Result<Tree> {
        let prefix = self.git(&["rev-parse", "--show-prefix"])?;
        let listed = self.git(&[
            "ls-tree",
            "-r",
            "-z",
            "--full-tree",
            &format!("{commit}:{prefix}"),
        ])?;
        let mut tree = Tree::new();
        for line in listed.split('\0').filter(|line| !line.is_empty()) {
            let Some((head, path)) = line.split_once('\t') else {
                continue;
            };
            let mut head = head.split(' ');
            let (Some(mode), Some(_), Some(id)) = (head.next(), head.next(), head.next()) else {
                continue;
            };
            // What is no file, such as a submodule, is none of a template's.
            let Some(kind) = Kind::of_mode(mode) else {
                continue;
            };
            tree.insert(
                path.to_owned(),
                Entry {
                    kind,
                    bytes: id.into(),
                },
            );
        }
        self.fill(&mut tree)?;
        Ok(tree)
    }

    /// Whether git changes files when it checks them out, by line endings or filters that it is set to.
    pub fn converts(&self, tree: &Tree) -> Result<bool> {
        let set = |key: &str| {
            self.git(&["config", "--get", key])
                .is_ok_and(|value| value != "false")
        };
        let attributes = |path: &String| path.rsplit('/').next() == Some(".gitattributes");
        Ok(set("core.autocrlf")
            || set("core.attributesFile")
            || self
                .dir
                .join(self.git(&["rev-parse", "--git-path", "info/attributes"])?)
                .exists()
            || self.around_has(".gitattributes")?
            || tree.keys().any(attributes))
    }

    /// Whether `file` lies in a folder of the repository above this one.
    fn around_has(&self, file: &str) -> Result<bool> {
        let top = PathBuf::from(self.git(&["rev-parse", "--show-toplevel"])?);
        let folders = self
            .dir
            .ancestors()
            .take_while(|folder| folder.starts_with(&top));
        Ok(folders.into_iter().any(|folder| folder.join(file).exists()))
    }

    /// `entry` as git would check it out at `path`: by the line endings and filters that the repository is set to.
    pub fn checked_out(&self, path: &str, entry: &Entry) -> Result<Entry> {
        if entry.kind == Kind::Link {
            return Ok(entry.clone());
        }
        let id = process::git(
            &self.shell,
            &["hash-object", "-w", "--stdin", "--no-filters"],
        )
        .quiet()
        .stdin(&entry.bytes)
        .read()
        .context("cannot write to the service's repository")?;
        let prefix = self.git(&["rev-parse", "--show-prefix"])?;
        let path = format!("--path={prefix}{path}");
        let output = process::git(&self.shell, &["cat-file", "--filters", &path, id.trim()])
            .quiet()
            .output()
            .context("cannot read from the service's repository")?;
        Ok(Entry {
            kind: entry.kind,
            bytes: output.stdout,
        })
    }

    /// Puts what the objects hold in the place of their ids.
    fn fill(&self, tree: &mut Tree) -> Result<()> {
        let mut ids = String::new();
        for entry in tree.values() {
            ids += &String::from_utf8_lossy(&entry.bytes);
            ids.push('\n');
        }
        let output = process::git(&self.shell, &["cat-file", "--batch"])
            .quiet()
            .stdin(ids)
            .output()
            .context("cannot read the service's commit")?;
        let mut rest = output.stdout.as_slice();
        for entry in tree.values_mut() {
            let taken = object(rest).context("git cat-file answered what is no object")?;
            entry.bytes = taken.0.to_vec();
            rest = taken.1;
        }
        Ok(())
    }

    /// Runs git in the folder; what it prints, without the last line's end.
    ///
    /// # Errors
    /// With what git said, when it fails.
    pub fn git(&self, args: &[&str]) -> Result<String> {
        let output = process::git(&self.shell, args)
            .quiet()
            .ignore_status()
            .output()
            .context("cannot run git")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`git {}` failed in {}: {}",
                args.join(" "),
                self.dir.display(),
                said.trim()
            );
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.strip_suffix('\n').map(str::to_owned).unwrap_or(text))
    }
}

/// The first object of what `git cat-file --batch` printed, and the rest.
/// <https://git-scm.com/docs/git-cat-file#_batch_output>
pub fn object(output: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = output.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(output.get(..end)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let start = end + 1;
    Some((
        output.get(start..start + size)?,
        output.get(start + size + 1..)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let service = dir.path().join("services/größe");
        std::fs::create_dir_all(&service).unwrap();
        let shell = Shell::new().unwrap();
        shell.change_dir(dir.path());
        process::git(&shell, &["init", "-q"]).run().unwrap();
        for (path, text) in [
            ("a b", "x\r\ny\n"),
            ("empty", ""),
            (".gitignore", "target\n"),
        ] {
            std::fs::write(service.join(path), text).unwrap();
        }
        std::fs::write(dir.path().join("outside"), "").unwrap();
        (dir, service)
    }

    fn committed(dir: &Path) {
        let shell = Shell::new().unwrap();
        shell.change_dir(dir);
        for args in [
            &["add", "-A"][..],
            &[
                "-c",
                "user.name=x",
                "-c",
                "user.email=x@x",
                "commit",
                "-q",
                "-m",
                "x",
            ],
        ] {
            process::git(&shell, args).run().unwrap();
        }
    }

    #[test]
    fn a_service_below_the_top_is_read_alone_and_as_it_is_stored() {
        let (dir, service) = made();
        committed(dir.path());
        let repository = Repository::around(&service).unwrap();
        let tree = repository.tree("HEAD").unwrap();
        let paths: Vec<_> = tree.keys().map(String::as_str).collect();
        assert_eq!(paths, [".gitignore", "a b", "empty"]);
        assert_eq!(tree["a b"].bytes, b"x\r\ny\n");
        assert_eq!(repository.uncommitted().unwrap(), Vec::<String>::new());

        std::fs::write(dir.path().join("elsewhere"), "").unwrap();
        std::fs::write(service.join("new ä"), "").unwrap();
        std::fs::remove_file(service.join("empty")).unwrap();
        std::fs::create_dir(service.join("target")).unwrap();
        std::fs::write(service.join("target/x"), "").unwrap();
        let mut found = repository.uncommitted().unwrap();
        found.sort();
        assert_eq!(found, ["empty", "new ä"]);
    }

    #[test]
    fn without_a_commit_there_is_nothing_to_go_back_to() {
        let (dir, service) = made();
        let error = Repository::around(&service).unwrap_err().to_string();
        assert!(
            error.contains("nothing is committed") && error.contains("git commit"),
            "{error}"
        );
        std::fs::remove_dir_all(dir.path().join(".git")).unwrap();
        let error = Repository::around(&service).unwrap_err().to_string();
        assert!(error.contains("in no git repository"), "{error}");
    }

    #[test]
    fn line_endings_are_those_that_the_repository_is_set_to() {
        let (dir, service) = made();
        committed(dir.path());
        let repository = Repository::around(&service).unwrap();
        let tree = repository.tree("HEAD").unwrap();
        assert!(!repository.converts(&tree).unwrap());
        std::fs::write(dir.path().join(".gitattributes"), "*.txt text eol=crlf\n").unwrap();
        assert!(repository.converts(&tree).unwrap());
        let entry = |bytes: &[u8]| Entry {
            kind: Kind::File,
            bytes: bytes.to_vec(),
        };
        let text = repository.checked_out("a.txt", &entry(b"x\ny\n")).unwrap();
        assert_eq!(text, entry(b"x\r\ny\r\n"));
        let other = repository.checked_out("a.bin", &entry(b"x\ny\n")).unwrap();
        assert_eq!(other, entry(b"x\ny\n"));
    }
}
