//! Start, memory and size: what a service costs before it is asked anything, and after it was asked for long.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

use super::figure::{Figure, Target};
use super::pace::pace;
use super::rig::Rig;
use super::statistics::figure;
use super::table::Sheet;
use super::wrk;

/// Starts that are measured.
const STARTS: usize = 20;
/// A process that was just started is still touching its memory.
const SETTLE: Duration = Duration::from_millis(500);

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
        start.map(|start| start.itself(Target::at_most(10.0))),
        memory.map(|memory| memory.itself(Target::at_most(6.0))),
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
    sheet.add([size.map(|size| size.itself(Target::at_most(3.5)))]);
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
    let most = wrk::load(&server.url(), Duration::from_secs(3), None)?.throughput;
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
    thread::scope(|scope| -> Result<()> {
        let load = scope.spawn(|| pace(server.address, &server.item, rate, time));
        while !load.is_finished() {
            thread::sleep(SETTLE);
            resident.push((begun.elapsed(), server.resident()?));
        }
        match load.join() {
            Ok(paced) => {
                let p99 = paced?.permille(990);
                sheet.add([Figure::alone(
                    format!("soak: p99 at {rate}/s"),
                    "ms",
                    &[p99],
                )]);
                Ok(())
            }
            Err(_) => anyhow::bail!("the load of the soak panicked"),
        }
    })?;
    // The first fifth fills buffers and arenas.
    let (early, late): (Vec<_>, Vec<_>) = resident
        .iter()
        .filter(|(at, _)| *at > time / 5)
        .partition(|(at, _)| *at < time * 3 / 5);
    let values =
        |readings: Vec<&(Duration, f64)>| readings.iter().map(|(_, mib)| *mib).collect::<Vec<_>>();
    let (early, late) = (values(early), values(late));
    let growth = match (early.last(), late.last()) {
        (Some(early), Some(late)) => vec![late / early],
        _ => Vec::new(),
    };
    let growth = Figure::alone("soak: memory at the end ÷ at three fifths", "×", &growth);
    sheet.add([
        Figure::alone("soak: memory", "MiB", &late),
        growth.map(|growth| growth.held_to(Target::at_most(1.05))),
    ]);
    Ok(())
}
