//! Which process holds a lock, so that one that was killed does not block the next for the rest of its time.
//!
//! It only says *gone* of what it can see: a process of this machine, of this user and in this process namespace. Of any
//! other it knows nothing, and the lock's expiry decides. That is so everywhere but on Linux.

use std::fs;

/// Set for the programs that change an environment: whoever has it works for that process still.
pub(super) const VARIABLE: &str = "IDP_DEPLOY_HOLDER";

/// This process, as one word: boot, process namespace, user, number and start, which no two processes share.
pub(super) fn identity() -> Option<String> {
    let pid = std::process::id();
    let (started, _) = stat(pid)?;
    Some(format!("{}/{pid}/{started}", place()?))
}

/// Whether the process of that identity has certainly ended, and all that it started to change an environment as well.
pub(super) fn gone(identity: &str) -> bool {
    let mut parts = identity.rsplitn(3, '/');
    let (Some(started), Some(pid), Some(there)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let Ok(pid) = pid.parse() else {
        return false;
    };
    if place().as_deref() != Some(there) {
        return false;
    }
    let lives = stat(pid).is_some_and(|(since, dead)| since == started && !dead);
    !lives && !survived(identity)
}

/// What two processes have to share for one to see whether the other lives.
fn place() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    let user = rustix::process::getuid().as_raw();
    Some(format!("{}/{}/{user}", boot.trim(), namespace.display()))
}

/// When a process started, in the kernel's ticks, and whether only its exit code is left of it.
fn stat(pid: u32) -> Option<(String, bool)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before may hold anything, a `)` too.
    let mut fields = stat[stat.rfind(')')? + 1..].split_whitespace();
    let state = fields.next()?;
    Some((fields.nth(18)?.to_owned(), matches!(state, "Z" | "X")))
}

/// Whether a program that it started to change an environment still runs: it was killed alone.
fn survived(identity: &str) -> bool {
    let mark = format!("{VARIABLE}={identity}");
    let Ok(processes) = fs::read_dir("/proc") else {
        return true;
    };
    processes.flatten().any(|process| {
        fs::read(process.path().join("environ")).is_ok_and(|environment| {
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable == mark.as_bytes())
        })
    })
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::process::Command;

    /// The identity of a process that is not this one.
    fn of(pid: u32) -> String {
        format!("{}/{pid}/{}", place().unwrap(), stat(pid).unwrap().0)
    }

    #[test]
    fn only_what_is_seen_to_have_ended_is_gone() {
        let this = identity().unwrap();
        assert!(!gone(&this), "this process lives");
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let identity = of(child.id());
        assert!(!gone(&identity));
        child.kill().unwrap();
        while !stat(child.id()).is_none_or(|(_, dead)| dead) {}
        assert!(gone(&identity), "a zombie has ended");
        child.wait().unwrap();
        assert!(gone(&identity));

        let (elsewhere, _) = this.split_at(1);
        for unknown in ["", "x", &format!("{elsewhere}0/pid:[1]/0/1/1"), "a/b/c/d/e"] {
            assert!(!gone(unknown), "{unknown}");
        }
        let reused = format!("{}/{}/1", place().unwrap(), std::process::id());
        assert!(gone(&reused), "its number belongs to another now");
    }

    #[test]
    fn what_it_started_counts_as_it() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let identity = of(child.id());
        let mut started = Command::new("sleep")
            .arg("60")
            .env(VARIABLE, &identity)
            .spawn()
            .unwrap();
        // For a moment after it was started a program has no environment that others see.
        let environment = format!("/proc/{}/environ", started.id());
        while fs::read(&environment).unwrap().is_empty() {}
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!gone(&identity), "its work goes on");
        started.kill().unwrap();
        started.wait().unwrap();
        assert!(gone(&identity));
    }
}
