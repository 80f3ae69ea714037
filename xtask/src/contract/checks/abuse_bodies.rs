//! S11 under abuse: bodies that are too large or too deep.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::envelope::problem;
use super::samples::ITEMS;
use crate::contract::client::{PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Setup, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S11",
        name: "takes-no-large-body",
        title: "bodies of 16 MiB, announced or in chunks, are 413 and leave memory flat",
        needs: &[Need::Long, Need::Memory],
        remedy: "`admit` and `Limited` in src/platform/edge.rs",
        run: large,
    },
    Check {
        id: "S11",
        name: "keeps-what-bodies-bring",
        title: "JSON that comes byte by byte takes memory for its bytes, and not a buffer for each",
        needs: &[Need::Long, Need::Memory],
        remedy: "what gathers a body of JSON: `Whole` in src/extract.rs; src/platform/pieces.rs",
        run: |subject| dripping(&*subject.fresh(&patient(subject))?, ITEMS),
    },
    Check {
        id: "S11",
        name: "keeps-what-raw-bodies-bring",
        title: "so does any other body, which axum's own extractors gather",
        needs: &[Need::Long, Need::Memory, Need::Probe],
        remedy: "src/platform/pieces.rs, and its use in server.rs beside it",
        run: |subject| dripping(&*subject.fresh_probe(&patient(subject))?, "/probe/body"),
    },
    Check {
        id: "S11",
        name: "tells-who-writes-before-reading",
        title: "a client that sends all of a large body before it looks for an answer finds its 413",
        needs: &[Need::Long, Need::Host],
        remedy: "`poll_shutdown` in src/platform/wire.rs",
        run: told,
    },
    Check {
        id: "S11",
        name: "survives-deep-json",
        title: "100 000 levels of JSON, in a body or a query, are refused in the envelope and do not reach the stack's end",
        needs: &[Need::Long],
        remedy: "src/extract.rs: serde_json's limit of depth has to stay on",
        run: deep,
    },
];

const LARGE: usize = 16 << 20;
/// Bodies of each kind, one after the other.
const TIMES: usize = 8;
/// What they may leave behind: a quarter of one body, or the service kept what it refused. It may buffer
/// `server.body_limit`, 1 MiB, of each.
const GROWTH: u64 = 4 << 20;
/// Clients that send a byte at a time, and how often they do.
const CLIENTS: usize = 16;
const DRIPS: usize = 2_000;
/// Between two bytes: for the service to read the one before by itself.
const BETWEEN: Duration = Duration::from_micros(200);
/// What that may take: a kibibyte for each byte. A page for each would be 125 MiB.
const DRIPPED: u64 = 32 << 20;
/// What a slow line makes of a large body: it takes longer than a client that says nothing is waited for.
const STRETCHES: usize = 24;
const STRETCH: Duration = Duration::from_millis(60);
const LEVELS: usize = 100_000;
/// As much as fits a header.
const QUERY: usize = 6_000;

fn post() -> Request {
    Request::new("POST", ITEMS).header("content-type", "application/json")
}

fn large(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup())?;
    let chunks = |size: usize| post().chunks(vec![vec![b' '; size]; LARGE / size]);
    let announced = post().body(vec![b' '; LARGE]);
    // The first of each kind makes the service's buffers what they will be.
    for request in [&announced, &chunks(64 << 10)] {
        problem(&running.call(request)?, 413)?;
    }
    let before = running.memory()?;
    for number in 0..TIMES {
        problem(&running.call(&announced)?, 413)?;
        problem(&running.call(&chunks(1000 << (number * 2)))?, 413)?;
    }
    let mut now = 0;
    let flat = eventually(SOON, || {
        now = running.memory().ok()?;
        (now < before + GROWTH).then_some(())
    });
    hold(
        flat.is_some(),
        format!("memory to grow by less than {} KiB", GROWTH >> 10),
        || format!("from {} KiB to {} KiB", before >> 10, now >> 10),
    )?;
    lives(&running)
}

/// With time for a body to come, also on a machine that is slow.
fn patient(subject: &Subject) -> Setup {
    subject.setup().set("APP__SERVER__REQUEST_TIMEOUT", "1m")
}

fn dripping(running: &Running, path: &str) -> Result<(), Fault> {
    running.get("/version")?.status(200)?;
    let before = running.memory()?;
    let refused =
        |error: io::Error| Fault::new("a body to be taken byte by byte", error.to_string());
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        DRIPS + 1
    );
    let mut open = Vec::new();
    for _ in 0..CLIENTS {
        let mut connection = running.connect()?;
        connection.send(head.as_bytes()).map_err(refused)?;
        open.push(connection);
    }
    for _ in 0..DRIPS {
        for connection in &mut open {
            connection.send(b" ").map_err(refused)?;
        }
        thread::sleep(BETWEEN);
    }
    let now = running.memory()?;
    hold(
        now < before + DRIPPED,
        format!(
            "memory to grow by less than {} KiB while {CLIENTS} bodies of {DRIPS} bytes come byte by byte",
            DRIPPED >> 10
        ),
        || format!("from {} KiB to {} KiB", before >> 10, now >> 10),
    )?;
    drop(open);
    lives(running)
}

fn told(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup())?;
    let head =
        format!("POST {ITEMS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n");
    let announced = [
        format!("{head}content-length: {LARGE}\r\n\r\n").into_bytes(),
        vec![b' '; LARGE],
    ];
    let size = 64 << 10;
    let chunk = [
        format!("{size:x}\r\n").into_bytes(),
        vec![b' '; size],
        b"\r\n".to_vec(),
    ]
    .concat();
    let chunked = [
        format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes(),
        chunk.repeat(LARGE / size),
        b"0\r\n\r\n".to_vec(),
    ];
    for sent in [announced.concat(), chunked.concat()] {
        let broken = |error: io::Error| {
            Fault::new(
                "a large body to be taken, and its 413 to be read",
                error.to_string(),
            )
        };
        let mut stream = TcpStream::connect(running.public()).map_err(broken)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
        for piece in sent.chunks(LARGE / STRETCHES) {
            stream.write_all(piece).map_err(broken)?;
            thread::sleep(STRETCH);
        }
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).map_err(broken)?;
        let first = String::from_utf8_lossy(&answer);
        let first = first.lines().next().unwrap_or_default();
        hold(first.starts_with("HTTP/1.1 413"), "status 413", || {
            format!("`{first}`")
        })?;
    }
    lives(&running)
}

fn deep(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup())?;
    let nest = |open: &str, close: &str| [open.repeat(LEVELS), close.repeat(LEVELS)].concat();
    let (lists, objects) = (nest("[", "]"), nest("{\"a\":", "}"));
    let bodies = [
        lists.clone(),
        "[".repeat(LEVELS),
        "{\"a\":".repeat(LEVELS),
        objects.replace(":}", ":1}"),
        format!("{{\"name\":{lists},\"quantity\":1}}"),
        format!("{{\"name\":\"a\",\"quantity\":{lists}}}"),
        format!("{{\"name\":\"a\",\"quantity\":1,\"more\":{lists}}}"),
    ];
    for body in bodies {
        let start = body[..24].to_owned();
        let request = post().body(body);
        let reply = running.call(&request).map_err(|fault| {
            Fault::new(
                format!("a body of {LEVELS} levels, `{start}…`: {}", fault.expected),
                fault.seen,
            )
        })?;
        let status = reply.response.status;
        reply.hold([400, 413, 422].contains(&status), "400 or 422")?;
        problem(&reply, status)?;
    }
    for query in [
        format!("limit={}", "[".repeat(QUERY)),
        format!("cursor={}", "[".repeat(QUERY)),
        format!("cursor={}", "W1tb".repeat(QUERY / 4)),
        format!("limit{}=1", "[a]".repeat(QUERY / 3)),
    ] {
        let reply = running.get(&format!("{ITEMS}?{query}"))?;
        // A key that is unknown may be no concern of the service's; a value may not.
        let status = reply.response.status;
        let unknown = query.starts_with("limit[") && status == 200;
        reply.hold(
            unknown || [400, 414, 422].contains(&status),
            "400, 414 or 422",
        )?;
        if !unknown {
            problem(&reply, status)?;
        }
    }
    lives(&running)
}

fn lives(running: &Running) -> Result<(), Fault> {
    hold(!running.ended(), "the service to live on", || {
        "it ended".into()
    })?;
    running.get("/version")?.status(200).map(drop)
}
