//! Full load and a fixed rate: throughput, processor time a request, latencies, memory.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Result;

use super::ask::Ask;
use super::figure::Figure;
use super::pace::pace;
use super::rig::Rig;
use super::server::Server;
use super::table::Sheet;
use super::wrk::{self, Load};

/// Before anything counts: caches, branch predictors, the pages of both.
const WARM_UP: Duration = Duration::from_secs(1);

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// Pairs of readings.
    pub rounds: u32,
    /// Of one reading.
    pub time: Duration,
    /// Requests a second, where the rate is fixed.
    pub rate: u32,
}

/// Readings of one server.
#[derive(Debug, Default)]
pub struct Readings {
    /// Answers a second.
    pub throughput: Vec<f64>,
    /// Microseconds of processor time a request.
    pub processor: Vec<f64>,
    /// In milliseconds: p50, p99, p99.9.
    pub latency: [Vec<f64>; 3],
    /// MiB after the load.
    pub resident: Vec<f64>,
}

/// Both servers in turn, the one that begins changing each round; with `pinned` on a core each.
pub fn full(rig: &Rig, pattern: Pattern, pinned: bool, sheet: &mut Sheet) -> Result<()> {
    let (core, client) = if pinned {
        (Some(0), Some(1))
    } else {
        (None, None)
    };
    let (service, bare) = (rig.service().start(core)?, rig.bare().start(core)?);
    let [of_service, of_bare] = in_turn([&service, &bare], Server::get, pattern, client)?;
    let place = if pinned { "pinned" } else { "unpinned" };
    let figure = |name: &str, unit, readings: &[f64], bare: &[f64]| {
        Figure::pair(format!("{name}, {place}"), unit, readings, bare)
    };
    sheet.add([
        figure(
            "throughput",
            "1/s",
            &of_service.throughput,
            &of_bare.throughput,
        )
        .map(|figure| figure.held_to(rig.goals.throughput)),
        figure(
            "processor time a request",
            "µs",
            &of_service.processor,
            &of_bare.processor,
        )
        .map(|figure| figure.held_to(rig.goals.processor)),
        figure(
            "p50 at full load",
            "ms",
            &of_service.latency[0],
            &of_bare.latency[0],
        ),
        figure(
            "p99 at full load",
            "ms",
            &of_service.latency[1],
            &of_bare.latency[1],
        ),
        figure(
            "p99.9 at full load",
            "ms",
            &of_service.latency[2],
            &of_bare.latency[2],
        ),
        figure(
            "memory after load",
            "MiB",
            &of_service.resident,
            &of_bare.resident,
        ),
    ]);
    Ok(())
}

/// Readings of two servers in turn, each asked for what `ask` says of it.
pub fn in_turn(
    servers: [&Server; 2],
    ask: impl Fn(&Server) -> Ask,
    pattern: Pattern,
    client: Option<usize>,
) -> Result<[Readings; 2]> {
    let mut readings = [Readings::default(), Readings::default()];
    for server in servers {
        wrk::load(server.address, &ask(server), WARM_UP, client)?;
    }
    for round in 0..pattern.rounds {
        let mut turns: Vec<_> = servers.iter().zip(&mut readings).collect();
        if round % 2 == 1 {
            turns.reverse();
        }
        for (server, readings) in turns {
            let before = server.processor()?;
            let load = wrk::load(server.address, &ask(server), pattern.time, client)?;
            readings.note(&load, server.processor()? - before, server)?;
        }
    }
    Ok(readings)
}

impl Readings {
    fn note(&mut self, load: &Load, processor: f64, server: &Server) -> Result<()> {
        self.throughput.push(load.throughput);
        self.processor.push(processor / load.requests * 1e6);
        for (readings, latency) in self.latency.iter_mut().zip(load.latency) {
            readings.push(latency);
        }
        self.resident.push(server.resident()?);
        Ok(())
    }
}

/// Both servers in turn at one rate.
pub fn fixed(rig: &Rig, pattern: Pattern, core: Option<usize>, sheet: &mut Sheet) -> Result<()> {
    let (service, bare) = (rig.service().start(core)?, rig.bare().start(core)?);
    let mut of_service: [Vec<f64>; 3] = Default::default();
    let mut of_bare = of_service.clone();
    let to_its_end = AtomicBool::new(false);
    let run = |server: &Server, time| {
        let path = &server.item;
        pace(server.address, path, pattern.rate, time, &to_its_end)
    };
    let mut share = f64::INFINITY;
    for server in [&service, &bare] {
        run(server, WARM_UP)?;
    }
    for round in 0..pattern.rounds {
        let mut turns = [
            (&service, &mut of_service, false),
            (&bare, &mut of_bare, true),
        ];
        if round % 2 == 1 {
            turns.reverse();
        }
        for (server, readings, reference) in turns {
            let paced = run(server, pattern.time)?;
            if !reference && !paced.kept_up() {
                share = share.min(paced.share());
            }
            if reference && !paced.kept_up() {
                let reason =
                    "the bare handler itself could not keep that rate here; give a lower `--rate`";
                sheet.skip(&format!("{} requests a second", pattern.rate), reason);
                return Ok(());
            }
            for (readings, permille) in readings.iter_mut().zip([500, 990, 999]) {
                readings.push(paced.permille(permille));
            }
        }
    }
    if share.is_finite() {
        let reason = format!(
            "the bare handler kept that rate, and the service answered {:.0} % of what was due in a round",
            share * 100.0
        );
        sheet.miss(&format!("{} requests a second", pattern.rate), reason);
    }
    let names = ["p50", "p99", "p99.9"];
    for (name, (service, bare)) in names.iter().zip(of_service.iter().zip(&of_bare)) {
        let name = format!("{name} at {}/s", pattern.rate);
        let figure = Figure::pair(&name, "ms", service, bare);
        // The others are there to be seen: a median says little of a tail, and a thousandth is few readings.
        let target = rig.goals.p99.filter(|_| name.starts_with("p99 "));
        sheet.add([figure.map(|figure| figure.held_to(target))]);
    }
    Ok(())
}
