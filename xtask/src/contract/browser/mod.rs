//! A Chromium of a check's own, without a window, asked over the DevTools protocol. It is gone when this is dropped.
//!
//! It is spoken to over a pipe: there is no port that others could reach, and no library that speaks WebSocket is needed.
//! It resolves no names, so that a page which needs something from elsewhere shows it.

mod trouble;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use serde_json::{Value, json};

use trouble::trouble;

use super::Fault;
use super::running::eventually;
use crate::interrupt::{Folder, Killed};
use crate::process::finish::exit_code;

/// The program.
pub const PROGRAM: &str = "chromium";

/// How long an answer may take, or a page until it shows something, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to end when it is asked to.
const END: Duration = Duration::from_secs(5);

/// It reads what it is asked from descriptor 3, and answers on 4.
const PIPES: &str = r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;
const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-proxy-server",
];

/// A browser with one tab.
pub struct Browser {
    child: Child,
    _guard: Killed,
    to: ChildStdin,
    from: Receiver<Value>,
    /// What it told unasked since the last page.
    events: Vec<Value>,
    session: Option<String>,
    count: u64,
    /// Removed last, when nothing writes there any more.
    _profile: Folder,
}

impl Browser {
    /// Starts one.
    pub fn start() -> Result<Self, Fault> {
        let fault = |seen: String| Fault::new(format!("`{PROGRAM}` to start"), seen);
        let profile = Folder::new("contract-", &std::env::temp_dir());
        let profile = profile.map_err(|error| fault(format!("{error:#}")))?;
        let mut command = Command::new("sh");
        command.args(["-c", PIPES, "sh", PROGRAM]).args(ARGUMENTS);
        if geteuid().is_root() {
            // Its sandbox refuses to be root's.
            command.arg("--no-sandbox");
        }
        let mut child = command
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // All the processes that it is made of are killed together.
            .process_group(0)
            .spawn()
            .map_err(|error| fault(error.to_string()))?;
        let guard = Killed::group(&child);
        let (Some(to), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(fault("it has no pipes".into()));
        };
        let mut browser = Self {
            child,
            _guard: guard,
            to,
            from: followed(answers),
            events: Vec::new(),
            session: None,
            count: 0,
            _profile: profile,
        };
        let tab = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }))?;
        let attach = json!({ "targetId": tab["targetId"], "flatten": true });
        let attached = browser.ask("Target.attachToTarget", &attach)?;
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), &json!({}))?;
        }
        Ok(browser)
    }

    /// Goes to `url`, and forgets what went wrong before.
    pub fn open(&mut self, url: &str) -> Result<(), Fault> {
        self.events.clear();
        let gone = self.ask("Page.navigate", &json!({ "url": url }))?;
        match gone["errorText"].as_str() {
            Some(error) => Err(Fault::new(format!("a page at {url}"), error)),
            None => Ok(()),
        }
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Result<Value, Fault> {
        let asked = json!({ "expression": expression, "returnByValue": true });
        let mut told = self.ask("Runtime.evaluate", &asked)?;
        Ok(told["result"]["value"].take())
    }

    /// Waits until an expression is true in the page.
    pub fn until(&mut self, what: &str, expression: &str) -> Result<(), Fault> {
        let met = eventually(PATIENCE, || match self.value(expression) {
            Ok(Value::Bool(true)) => Some(Ok(())),
            // A page that is on its way out answers nothing yet.
            Ok(_) => None,
            Err(fault) => Some(Err(fault)),
        });
        met.unwrap_or_else(|| {
            let seen = self.value("document.body.innerText.slice(0, 400)")?;
            let seen = format!("not within {PATIENCE:?}; the page: {seen}");
            Err(Fault::new(what, seen))
        })
    }

    /// Clicks the first element that `selector` finds, once it is there.
    pub fn click(&mut self, selector: &str) -> Result<(), Fault> {
        let quoted = json!(selector);
        let click = format!(
            "(() => {{ const it = document.querySelector({quoted}); it?.click(); return it != null; }})()"
        );
        self.until(&format!("`{selector}` in the page"), &click)
    }

    /// What went wrong on the page so far: errors in its console, requests that failed, requests to elsewhere than
    /// `origin`.
    pub fn troubles(&self, origin: &str) -> Vec<String> {
        let troubles = self.events.iter();
        let troubles = troubles.filter_map(|event| trouble(event, origin));
        // One says what to mend, and a script or a picture in it would fill the screen.
        let short = |trouble: String| trouble.chars().take(200).collect();
        troubles.take(8).map(short).collect()
    }

    fn ask(&mut self, method: &str, params: &Value) -> Result<Value, Fault> {
        let expected = || format!("`{PROGRAM}` to answer {method} within {PATIENCE:?}");
        self.count += 1;
        let mut message = json!({ "id": self.count, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let sent = self.to.write_all(format!("{message}\0").as_bytes());
        sent.map_err(|error| Fault::new(expected(), error.to_string()))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let told = self.from.recv_timeout(left);
            let mut told = told.map_err(|error| Fault::new(expected(), error.to_string()))?;
            if told["id"] != self.count {
                self.events.push(told);
            } else if told["error"].is_null() {
                return Ok(told["result"].take());
            } else {
                return Err(Fault::new(expected(), told["error"].to_string()));
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        // What does not end by itself is killed.
        let _asked = self.ask("Browser.close", &json!({}));
        let _ended = exit_code(&mut self.child, END);
        let _gone = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _reaped = self.child.wait();
    }
}

/// The messages of a pipe, each of which ends with a zero byte.
fn followed(pipe: impl Read + Send + 'static) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for message in BufReader::new(pipe).split(0).map_while(Result::ok) {
            let told = serde_json::from_slice(&message);
            if told.is_ok_and(|told| sender.send(told).is_err()) {
                break;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_end_with_a_zero_byte() {
        let told = followed(&b"{\"id\":1}\0no json\0{\"id\":2}\0"[..]);
        let ids: Vec<_> = told.iter().map(|told| told["id"].clone()).collect();
        assert_eq!(ids, [json!(1), json!(2)]);
    }
}
