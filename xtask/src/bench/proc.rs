//! What the kernel says of a process: its memory and the time it has had.

use std::fs;

use anyhow::{Context, Result};

/// Ticks a second in /proc, the same on every Linux.
const TICKS: f64 = 100.0;

/// Resident memory in MiB.
pub fn resident(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    mebibytes(&text, "VmRSS:").with_context(|| format!("{path} has no VmRSS"))
}

/// The most resident memory that it has had, in MiB.
pub fn peak(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    mebibytes(&text, "VmHWM:").with_context(|| format!("{path} has no VmHWM"))
}

/// Seconds of processor time, the kernel's for it included.
pub fn processor(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    processor_in(&text).with_context(|| format!("{path} has no times"))
}

fn mebibytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

fn processor_in(stat: &str) -> Option<f64> {
    // The second field is the program's name in parentheses, which may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_read_as_the_kernel_writes_them() {
        let status = "Name:\tdemo\nVmPeak:\t  9000 kB\nVmRSS:\t    4096 kB\nThreads:\t3\n";
        assert_eq!(mebibytes(status, "VmRSS:"), Some(4.0));
        assert_eq!(mebibytes("Name:\tdemo\n", "VmRSS:"), None);
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 5 0 0 0 150 50 0 0 20 0 3 0 99 1 2 3";
        assert_eq!(processor_in(stat), Some(2.0));
        assert_eq!(processor_in("7 (a) S"), None);
    }

    #[test]
    fn this_process_has_both() {
        let pid = std::process::id();
        assert!(resident(pid).unwrap() > 0.0 && peak(pid).unwrap() > 0.0);
        // Of one moment: other tests take memory meanwhile.
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let figure = |name| mebibytes(&status, name).unwrap();
        assert!(figure("VmHWM:") >= figure("VmRSS:"));
        assert!(processor(pid).unwrap() >= 0.0);
    }
}
