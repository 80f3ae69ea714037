//! One run of a program: how long it takes, and the most memory that it has had.

// Not through xshell: the time between start and end is what is measured.
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::proc;

/// Milliseconds of a run that has to end with one of these codes.
pub fn time(mut command: Command, codes: &[i32]) -> Result<f64> {
    let begun = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", shown(&command)))?;
    let time = begun.elapsed();
    if !output
        .status
        .code()
        .is_some_and(|code| codes.contains(&code))
    {
        let text = [&output.stdout[..], &output.stderr[..]].concat();
        let text = String::from_utf8_lossy(&text);
        let some: Vec<&str> = text.lines().take(4).collect();
        bail!("{} failed: {}", shown(&command), some.join("\n"));
    }
    Ok(time.as_secs_f64() * 1e3)
}

/// MiB that a run has had at most. It is asked every half millisecond, so what it takes in the last one does not count.
pub fn peak(mut command: Command) -> Result<f64> {
    const PAUSE: Duration = Duration::from_micros(500);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {}", shown(&command)))?;
    let mut most: f64 = 0.0;
    loop {
        // Gone as soon as it has ended.
        if let Ok(now) = proc::peak(child.id()) {
            most = most.max(now);
        }
        if child.try_wait()?.is_some() {
            break;
        }
        thread::sleep(PAUSE);
    }
    if most == 0.0 {
        bail!("{} ended before it could be looked at", shown(&command));
    }
    Ok(most)
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    format!("`{}`", name.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_run_has_a_time_or_says_why_it_failed() {
        assert!(time(sh("sleep 0.05"), &[0]).unwrap() >= 50.0);
        assert!(time(sh("exit 1"), &[0, 1]).is_ok());
        let error = time(sh("echo oh; exit 2"), &[0, 1]).unwrap_err();
        assert_eq!(format!("{error}"), "`sh` failed: oh");
    }

    #[test]
    fn the_most_memory_is_seen() {
        let little = peak(sh("sleep 0.1")).unwrap();
        let much = peak(sh(
            "x=$(head -c 30000000 /dev/zero | tr '\\0' a); sleep 0.1",
        ))
        .unwrap();
        assert!(much > little + 20.0, "{little} {much}");
    }
}
