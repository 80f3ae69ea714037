//! What Linux tells of a process under `/proc`, where there is one that we may read.

use std::fs;

/// A field of `/proc/PID/status`, such as `VmRSS`.
pub fn status_field(pid: u32, name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.map(|value| value.trim().to_owned())
}

/// Bytes that a process has resident.
pub fn memory(pid: u32) -> Option<u64> {
    let text = status_field(pid, "VmRSS")?;
    let kibibytes: u64 = text.strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// How many files and sockets a process has open.
pub fn open_files(pid: u32) -> Option<usize> {
    Some(fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_files_and_a_name() {
        let me = std::process::id();
        assert!(memory(me).unwrap() > 100_000);
        assert!(status_field(me, "Name").is_some_and(|name| !name.is_empty()));
        let before = open_files(me).unwrap();
        let _held: Vec<_> = (0..50)
            .map(|_| fs::File::open("/proc/self/status").unwrap())
            .collect();
        assert!(open_files(me).unwrap() >= before + 25, "{before} before");
        assert_eq!((memory(0), open_files(0)), (None, None));
    }
}
