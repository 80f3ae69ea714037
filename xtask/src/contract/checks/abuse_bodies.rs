//! S11 under abuse: bodies that are too large or too deep.

use super::envelope::problem;
use super::samples::ITEMS;
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Subject};

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
