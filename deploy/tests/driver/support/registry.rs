//! A registry of this test process' own, or the one that `DEPLOY_TEST_REGISTRY` names. It ends with the process.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Host and port of a registry; none where there is none to be had, which is said.
pub fn address() -> Option<&'static str> {
    static FOUND: OnceLock<Option<Running>> = OnceLock::new();
    let found = FOUND.get_or_init(find).as_ref();
    if found.is_none() {
        super::skip(
            "registry",
            "neither `docker-registry` nor `registry` is on PATH, nor is DEPLOY_TEST_REGISTRY set",
        );
    }
    found.map(|running| running.address.as_str())
}

/// Kept for as long as the process lives.
struct Running {
    address: String,
    _own: Option<(TempDir, Child)>,
}

fn find() -> Option<Running> {
    for program in ["docker-registry", "registry"] {
        let known = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if known.is_ok_and(|status| status.success()) {
            return Some(start(program));
        }
    }
    let address = std::env::var("DEPLOY_TEST_REGISTRY").ok()?;
    Some(Running {
        address,
        _own: None,
    })
}

fn start(program: &str) -> Running {
    let folder = tempfile::tempdir().unwrap();
    // Somebody else may take the port in between; then another is tried.
    for _ in 0..5 {
        let port = free_port();
        let config = folder.path().join("config.yml");
        let text = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage:\n  filesystem: {{rootdirectory: {}}}\n  delete: {{enabled: true}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n",
            folder.path().join("data").display()
        );
        fs::write(&config, text).unwrap();
        // The shell waits for its input to end, which it does with this process, however that ends.
        let script = "\"$0\" serve \"$1\" >/dev/null 2>&1 & cat >/dev/null; kill $!";
        let mut child = Command::new("sh")
            .args(["-c", script, program])
            .arg(&config)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        if answers(port) {
            return Running {
                address: format!("127.0.0.1:{port}"),
                _own: Some((folder, child)),
            };
        }
        drop(child.stdin.take());
        child.wait().unwrap();
    }
    panic!("`{program}` does not come up");
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn answers(port: u16) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
