//! A folder below the top of a repository, read and asked.

use std::path::PathBuf;

use super::Repository;
use crate::tree::{Entry, Kind};

fn made() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let service = dir.path().join("services/größe");
    std::fs::create_dir_all(&service).unwrap();
    Repository::begun(dir.path());
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

#[test]
fn a_service_below_the_top_is_read_alone_and_as_it_is_stored() {
    let (dir, service) = made();
    Repository::at(dir.path()).unwrap().committed("x");
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
    Repository::at(dir.path()).unwrap().committed("x");
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
