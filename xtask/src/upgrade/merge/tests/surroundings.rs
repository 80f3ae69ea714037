//! What others set for git: attributes and configuration.

use super::super::note::What;
use super::*;

#[test]
fn attributes_of_the_service_change_nothing() {
    let attributes = (
        ".gitattributes",
        "* merge=union -text binary conflict-marker-size=3\n",
    );
    case(
        &[("s", "a\n")],
        &[attributes, ("s", "b\n")],
        &[("s", "c\n")],
        &[
            attributes,
            (
                "s",
                "<<<<<<< yours\nb\n||||||| 0.1.0\na\n=======\nc\n>>>>>>> 0.2.0\n",
            ),
        ],
        &[("s", What::Conflict)],
    );
}

/// Every other test of the merge once more, with all that a user and a machine can set for git.
#[test]
fn the_user_s_git_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    };
    let attributes = "* merge=union text eol=crlf conflict-marker-size=3\n";
    let settings = "[core]\nautocrlf = true\neol = crlf\nabbrev = 4\n[merge]\nconflictStyle = zdiff3\nrenames = false\ndefault = union\nrenormalize = true\n[diff]\nrenames = false\nrenameLimit = 1\nalgorithm = patience\n[safe]\nbareRepository = explicit\n[init]\ndefaultObjectFormat = sha256\n[extensions]\nunheardOf = true\n";
    let config = write("gitconfig", settings);
    write("xdg/git/config", settings);
    write("xdg/git/attributes", attributes);
    write("template/info/attributes", attributes);
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["upgrade::merge::tests::", "--skip", "the_user_s_git"])
        .env("GIT_CONFIG_GLOBAL", &config)
        .env("GIT_CONFIG_SYSTEM", &config)
        .env("GIT_CONFIG_NOSYSTEM", "0")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "merge.conflictStyle")
        .env("GIT_CONFIG_VALUE_0", "merge")
        .env(
            "GIT_CONFIG_PARAMETERS",
            "'merge.conflictstyle'='zdiff3' 'merge.default'='union'",
        )
        .env("GIT_TEMPLATE_DIR", dir.path().join("template"))
        .env("GIT_DIR", dir.path())
        .env("GIT_DEFAULT_HASH", "sha256")
        .env("XDG_CONFIG_HOME", dir.path().join("xdg"))
        .env("HOME", dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && !said.contains(" 0 passed"),
        "{said}"
    );
}
