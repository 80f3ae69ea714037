//! `upgrade`, cut off.

use std::fs;
use std::process::{Command, Stdio};

use crate::packs::Releases;
use crate::support::Sandbox;

use super::made::*;

/// Cut off again and again, at moments that nobody chose, and run again: as if nothing had happened.
#[test]
fn an_upgrade_that_is_killed_is_finished_by_the_next() {
    const FILES: usize = 1500;
    let sandbox = Sandbox::new();
    let releases = Releases::new(&sandbox, "0.1.0");
    releases.service("orders", &[]);
    releases.release("0.2.0", |template| {
        let folder = template.join("config/many");
        fs::create_dir(&folder).unwrap();
        for number in 0..FILES {
            fs::write(folder.join(format!("{number}.txt")), "x\n").unwrap();
        }
    });
    let service = sandbox.path("orders");
    let (first, record) = (
        service.join("config/many"),
        service.join(".idp/answers.toml"),
    );
    let old = fs::read(&record).unwrap();
    let mut cut = 0;
    for _ in 0..20 {
        let mut child = sandbox.spawn(&["upgrade", "orders"], |command: &mut Command| {
            command
                .arg("--root")
                .arg(&releases.root)
                .stdout(Stdio::null());
        });
        while !first.exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let there = fs::read_dir(&first).map_or(0, Iterator::count);
        if there > 0 && fs::read(&record).unwrap() == old {
            cut += 1;
            if cut == 2 {
                break;
            }
        } else {
            sandbox.git("orders", &["clean", "--quiet", "-fd"]);
            sandbox.git("orders", &["reset", "--quiet", "--hard"]);
        }
    }
    assert_eq!(cut, 2, "no run was cut off in the middle");

    // Somebody goes on working: that is no part of what was cut off.
    let readme = service.join("README.md");
    let text = fs::read_to_string(&readme).unwrap();
    fs::write(&readme, format!("{text}More.\n")).unwrap();
    let run = upgraded(&releases, &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("cut off") && run.stderr.contains("README.md"),
        "{run:?}"
    );
    fs::write(&readme, text).unwrap();

    let run = upgraded(&releases, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.contains("which an earlier run had begun"),
        "{run:?}"
    );
    assert_eq!(fs::read_dir(&first).unwrap().count(), FILES);
    assert!(read(&sandbox, "orders/.idp/answers.toml").contains("version = \"0.2.0\""));
    assert!(!service.join(".git/idp-upgrade").exists());
    let fresh = releases.xtask(&["create", "service", "fresh", "--defaults"]);
    assert_eq!(fresh.code, 0, "{fresh:?}");
    let files = |service: &str| {
        sandbox.git(service, &["add", "--all"]);
        let listed = sandbox.git(service, &["ls-files"]);
        listed
            .lines()
            .filter(|file| !file.contains("tests/"))
            .count()
    };
    assert_eq!(files("orders"), files("fresh"));
}
