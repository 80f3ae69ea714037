//! Start, memory and size: what a service costs before it is asked anything, and after it was asked for long.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use xshell::{Shell, cmd};

use super::figure::{Figure, Target};
use super::pace::pace;
use super::rig::Rig;
use super::statistics::{Spread, figure};
use super::table::Sheet;
use super::wrk;

/// Starts that are measured.
const STARTS: usize = 20;
/// A process that was just started is still touching its memory.
const SETTLE: Duration = Duration::from_millis(500);
/// How many readings of memory stand for a moment of a soak: a single one may fall on a burst.
const MOMENT: usize = 5;

/// Cold start to ready, and idle memory.
pub fn start(rig: &Rig, sheet: &mut Sheet) -> Result<()> {
    let programs = [rig.service(), rig.bare()];
    let mut starts = [Vec::new(), Vec::new()];
    let mut idle = [Vec::new(), Vec::new()];
    for round in 0..STARTS {
        for (index, program) in programs.iter().enumerate() {
            let server = program.start(None)?;
            starts[index].push(server.started_in.as_secs_f64() * 1e3);
            if round % 4 == 0 {
                thread::sleep(SETTLE);
                idle[index].push(server.resident()?);
            }
        }
    }
    let start = Figure::pair("cold start to ready", "ms", &starts[0], &starts[1]);
    let memory = Figure::pair("idle memory", "MiB", &idle[0], &idle[1]);
    sheet.add([
        start.map(|start| start.itself(rig.goals.start)),
        memory.map(|memory| memory.itself(rig.goals.memory)),
    ]);
    Ok(())
}

/// The size of the stripped binary.
pub fn size(rig: &Rig, sheet: &mut Sheet) -> Result<()> {
    let megabytes = |path: &Path| -> Result<f64> {
        let file = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(figure(file.len()) / 1e6)
    };
    let (service, bare) = (
        megabytes(&rig.service().binary)?,
        megabytes(&rig.bare().binary)?,
    );
    let size = Figure::pair("binary", "MB", &[service], &[bare]);
    sheet.add([size.map(|size| size.itself(rig.goals.binary))]);
    Ok(())
}

/// The size of the image, its base included.
pub fn image(rig: &Rig, sheet: &mut Sheet) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(&rig.service);
    let tag = "idp-bench/orders:latest";
    // The host's network, since a build may have to go through the host's own way to the registry.
    cmd!(shell, "docker build --quiet --network host --tag {tag} .")
        .env("DOCKER_BUILDKIT", "1")
        .quiet()
        .ignore_stdout()
        .run()
        .context("the image does not build; `cargo xtask verify --stage image` says more")?;
    let format = "{{.Size}}";
    let size = cmd!(shell, "docker image inspect --format {format} {tag}")
        .quiet()
        .read()?;
    let bytes: u64 = size.trim().parse().context("docker gave no size")?;
    sheet.add([Figure::alone("image", "MB", &[figure(bytes) / 1e6])]);
    Ok(())
}

/// Half of what it takes, for `time`: memory has to stay flat.
pub fn soak(rig: &Rig, time: Duration, sheet: &mut Sheet) -> Result<()> {
    let server = rig.service().start(None)?;
    let most = wrk::load(server.address, &server.get(), Duration::from_secs(3), None)?.throughput;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate of requests is positive and far below 2^32"
    )]
    let rate = (most / 2.0) as u32;
    eprintln!(
        "soaking for {} s at {rate} requests a second",
        time.as_secs()
    );
    let (mut resident, begun) = (Vec::new(), Instant::now());
    let stop = AtomicBool::new(false);
    let paced = thread::scope(|scope| {
        let load = scope.spawn(|| pace(server.address, &server.item, rate, time, &stop));
        let mut watch = || -> Result<()> {
            while !load.is_finished() {
                thread::sleep(SETTLE);
                resident.push((begun.elapsed(), server.resident()?));
            }
            Ok(())
        };
        let watched = watch();
        // The load has ended, or there is nothing left to load.
        stop.store(true, Ordering::Relaxed);
        let paced = load
            .join()
            .unwrap_or_else(|_| Err(anyhow!("the load of the soak panicked")));
        // A service that ended says more about it than a reading that could not be taken.
        let paced = paced?;
        watched.map(|()| paced)
    })?;
    if !paced.kept_up() {
        let share = paced.share() * 100.0;
        let reason = format!(
            "it answered {share:.0} % of {rate} requests a second, half of what it took before; memory under that load is not known"
        );
        sheet.miss("soak", reason);
        return Ok(());
    }
    let p99 = Figure::alone(
        format!("soak: p99 at {rate}/s"),
        "ms",
        &[paced.permille(990)],
    );
    let (late, growth) = growth(&resident, time);
    let growth = Figure::alone("soak: memory at the end ÷ at three fifths", "×", &growth);
    sheet.add([
        p99,
        Figure::alone("soak: memory", "MiB", &late),
        growth.map(|growth| growth.held_to(Target::at_most(1.05))),
    ]);
    Ok(())
}

/// Memory in the last two fifths, and by what it grew from three fifths to the end. The first fifth fills buffers and
/// arenas.
fn growth(resident: &[(Duration, f64)], time: Duration) -> (Vec<f64>, Vec<f64>) {
    let (early, late): (Vec<_>, Vec<_>) = resident
        .iter()
        .filter(|(at, _)| *at > time / 5)
        .partition(|(at, _)| *at < time * 3 / 5);
    let values =
        |readings: Vec<&(Duration, f64)>| readings.iter().map(|(_, mib)| *mib).collect::<Vec<_>>();
    let (early, late) = (values(early), values(late));
    let last = |values: &[f64]| Spread::of(&values[values.len().saturating_sub(MOMENT)..]);
    let growth = match (last(&early), last(&late)) {
        (Some(early), Some(late)) => vec![late.median / early.median],
        _ => Vec::new(),
    };
    (late, growth)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Memory by tenths of a second, of a soak of ten seconds.
    fn soaked(memory: impl Fn(f64) -> f64) -> f64 {
        let seconds = |tenth: u32| f64::from(tenth) / 10.0;
        let resident: Vec<_> = (0..100)
            .map(|tenth| {
                (
                    Duration::from_secs_f64(seconds(tenth)),
                    memory(seconds(tenth)),
                )
            })
            .collect();
        growth(&resident, Duration::from_secs(10)).1[0]
    }

    #[test]
    fn memory_that_grows_is_seen_and_a_burst_is_not() {
        // What is filled at first is no growth.
        assert!(soaked(|at| if at < 2.0 { 4.0 + at } else { 6.0 }) < 1.01);
        assert!(soaked(|at| 4.0 + at / 10.0) > 1.05);
        // A single reading that is high, at either end.
        for burst in [5.9, 9.9] {
            let ratio = soaked(|at| if (at - burst).abs() < 0.01 { 9.0 } else { 6.0 });
            assert!((0.99..1.01).contains(&ratio), "{burst}: {ratio}");
        }
    }
}
