//! S3 under load, and as the first process of a container.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::samples::create;
use crate::contract::client::{Connection, PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::launch::Signal;
use crate::contract::running::{call, eventually};
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S3",
        name: "loses-no-request-under-load",
        title: "with a load balancer in front, no request that got a connection is lost at SIGTERM",
        needs: &[],
        remedy: "`serve` in src/platform/server.rs: take what the kernel has queued, close idle connections last",
        run: under_load,
    },
    Check {
        id: "S3",
        name: "stops-as-the-first-process",
        title: "as process 1 of a container it obeys SIGTERM without help of the engine",
        needs: &[Need::Container],
        remedy: "ENTRYPOINT in exec form in the Dockerfile; `signal` in src/platform/server.rs",
        run: first_process,
    },
];

const CLIENTS: usize = 32;
/// How long the load goes on before the signal.
const WARM: Duration = Duration::from_millis(300);
/// After this every client gives up, whatever happens.
const LONGEST: Duration = Duration::from_secs(15);

/// What all clients share.
#[derive(Default)]
struct Balancer {
    /// Readiness said 503: no new connections.
    away: AtomicBool,
    answered: AtomicUsize,
}

fn under_load(subject: &Subject) -> Result<(), Fault> {
    let setup = subject
        .setup()
        .set("APP__SERVER__DRAIN_DELAY", "1s")
        .set("APP__SERVER__SHUTDOWN_TIMEOUT", "5s");
    let running = subject.fresh(&setup)?;
    let address = running.public();
    let balancer = Balancer::default();
    let stop_by = Instant::now() + LONGEST;
    let lost = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let balancer = &balancer;
                scope.spawn(move || client(address, number, balancer, stop_by))
            })
            .collect();
        scope.spawn(|| watch(address, &balancer, stop_by));
        eventually(WARM, || None::<()>);
        let signalled = running.signal(Signal::Term);
        if signalled.is_err() {
            balancer.away.store(true, Ordering::Relaxed);
        }
        let lost: Vec<String> = clients
            .into_iter()
            .filter_map(|client| {
                client
                    .join()
                    .unwrap_or_else(|_| Some("a client panicked".into()))
            })
            .collect();
        signalled.map(|()| lost)
    })?;
    let answered = balancer.answered.load(Ordering::Relaxed);
    hold(
        lost.is_empty(),
        format!("none of {answered} requests of {CLIENTS} clients to be lost"),
        || lost.join("\n"),
    )?;
    hold(answered > CLIENTS * 2, "a load to speak of", || {
        format!("{answered} requests")
    })?;
    let code = running.exit(PATIENCE)?;
    hold(code == 0, "exit code 0 under load", || {
        format!("exit code {code}")
    })
}

/// Asks for readiness as a load balancer does, and looks away at the first 503.
fn watch(address: SocketAddr, balancer: &Balancer, stop_by: Instant) {
    let left = stop_by.saturating_duration_since(Instant::now());
    eventually(left, || {
        let ready = call(address, &Request::get("/health/ready"));
        ready
            .is_ok_and(|reply| reply.response.status == 503)
            .then_some(())
    });
    balancer.away.store(true, Ordering::Relaxed);
}

/// One connection after the other, each for many requests; says what was lost, if anything was.
fn client(
    address: SocketAddr,
    number: usize,
    balancer: &Balancer,
    stop_by: Instant,
) -> Option<String> {
    let requests = [
        Request::get("/version"),
        create("under load"),
        Request::get("/nowhere"),
    ];
    let mut turn = number;
    while !balancer.away.load(Ordering::Relaxed) && Instant::now() < stop_by {
        let mut connection = match Connection::open(address) {
            Ok(connection) => connection,
            Err(error) => {
                return Some(format!(
                    "client {number}: no connection, though ready: {error}"
                ));
            }
        };
        for used in 1.. {
            let request = &requests[turn % requests.len()];
            turn += 1;
            match connection.call(request) {
                Ok(response) if [200, 201, 404].contains(&response.status) => {
                    balancer.answered.fetch_add(1, Ordering::Relaxed);
                    // Some connections are short, as those of callers without a pool are.
                    if response.closes()
                        || Instant::now() >= stop_by
                        || (number.is_multiple_of(4) && used == 5)
                    {
                        break;
                    }
                }
                Ok(response) => {
                    return Some(format!(
                        "client {number}: {}: {}",
                        request.title(),
                        response.excerpt()
                    ));
                }
                Err(error) => {
                    let title = request.title();
                    return Some(format!(
                        "client {number}: {title}, number {used} of its connection: {error}"
                    ));
                }
            }
        }
    }
    None
}

fn first_process(subject: &Subject) -> Result<(), Fault> {
    let setup = subject
        .setup()
        .set("APP__SERVER__DRAIN_DELAY", "0s")
        .set("APP__SERVER__SHUTDOWN_TIMEOUT", "5s");
    let running = subject.fresh(&setup)?;
    running.get("/version")?.status(200)?;
    running.signal(Signal::Term)?;
    // 143 would be the kernel's doing, 137 the engine's.
    let code = running.exit(PATIENCE)?;
    hold(code == 0, "exit code 0", || format!("exit code {code}"))
}
