//! Whether a process of this machine lives.

use std::fs;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// The name of this machine, as other processes on it see it.
pub fn host() -> String {
    let system = rustix::system::uname();
    system.nodename().to_string_lossy().into_owned()
}

/// A process that ended and that nobody has collected is dead.
pub fn alive(process: i32) -> bool {
    let Some(pid) = Pid::from_raw(process) else {
        return false;
    };
    if test_kill_process(pid) == Err(Errno::SRCH) {
        return false;
    }
    // `PID (NAME) STATE …`, where there is such a file; the name may hold anything.
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat
        .rsplit_once(')')
        .and_then(|(_, rest)| rest.trim().chars().next());
    !matches!(state, Some('Z' | 'X'))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_that_ended_is_dead_before_it_is_collected() {
        assert!(alive(std::process::id().cast_signed()));
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let pid = child.id().cast_signed();
        assert!(alive(pid));
        child.kill().unwrap();
        let begun = std::time::Instant::now();
        while alive(pid) {
            assert!(begun.elapsed().as_secs() < 5, "alive after its end");
        }
        child.wait().unwrap();
        assert!(!alive(pid));
        assert!(!alive(0));
    }
}
