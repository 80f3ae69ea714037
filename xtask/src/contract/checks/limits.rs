//! S11: what one request may cost: bytes and time.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::envelope::problem;
use super::samples::{BODY_LIMIT, HEADER_TIMEOUT, ITEMS, REQUEST_TIMEOUT, tight, unfinished};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::Reply;
use crate::contract::running::eventually;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S11",
        name: "limits-the-body-by-its-length",
        title: "a body that announces more than `server.body_limit` is 413; one that just fits is taken",
        needs: &[],
        remedy: "`admit` in src/platform/edge.rs",
        run: by_length,
    },
    Check {
        id: "S11",
        name: "limits-the-body-by-its-chunks",
        title: "a chunked body that grows beyond `server.body_limit` is 413",
        needs: &[],
        remedy: "where src/platform/edge.rs wraps the body in `Limited`, and its rejection in src/extract.rs",
        run: by_chunks,
    },
    Check {
        id: "S11",
        name: "limits-the-body-by-default",
        title: "without any setting a body of two million bytes is 413",
        needs: &[],
        remedy: "`server.body_limit` in config/default.yaml",
        run: by_default,
    },
    Check {
        id: "S11",
        name: "cuts-a-slow-body",
        title: "a body that does not come to its end is 408 after `server.request_timeout`",
        needs: &[],
        remedy: "`Work::poll` in src/platform/serving.rs",
        run: slow_body,
    },
    Check {
        id: "S11",
        name: "cancels-a-slow-handler",
        title: "a handler beyond `server.request_timeout` is dropped, and its caller gets a 408",
        needs: &[Need::Probe],
        remedy: "`Work::poll` in src/platform/serving.rs",
        run: slow_handler,
    },
    Check {
        id: "S11",
        name: "drops-a-trickled-header",
        title: "a client that trickles its header is dropped after `server.header_timeout`; others are served meanwhile",
        needs: &[],
        remedy: "`header_overdue` in src/platform/wire.rs, and who waits for it in server.rs",
        run: trickled_header,
    },
    Check {
        id: "S11",
        name: "limits-the-header",
        title: "a header of more than 16 KiB is refused, and one beyond 64 KiB before it is whole",
        needs: &[],
        remedy: "`max_header_size` and `max_buf_size` in src/platform/server.rs",
        run: large_header,
    },
];

fn by_length(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let mut body = json!({"name": "fits", "quantity": 1}).to_string();
    body.push_str(&" ".repeat(BODY_LIMIT - body.len()));
    let post = || Request::new("POST", ITEMS).header("content-type", "application/json");
    running.call(&post().body(body.clone()))?.status(201)?;
    problem(&running.call(&post().body(body + " "))?, 413)?;
    // Announced only: the answer must not wait for what it will refuse.
    let begun = Instant::now();
    let huge = post().header("content-length", "99999999999").body("{");
    problem(&running.call(&huge)?, 413)?;
    hold(begun.elapsed() < REQUEST_TIMEOUT, "413 at once", || {
        format!("{:?}", begun.elapsed())
    })
}

fn by_chunks(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let post = || Request::new("POST", ITEMS).header("content-type", "application/json");
    let item = json!({"name": "in chunks", "quantity": 1})
        .to_string()
        .into_bytes();
    let chunks = item.chunks(7).map(<[u8]>::to_vec).collect();
    running.call(&post().chunks(chunks))?.status(201)?;
    let spaces = vec![b' '; BODY_LIMIT / 4];
    let mut chunks = vec![spaces; 5];
    chunks.push(item);
    problem(&running.call(&post().chunks(chunks))?, 413)
}

fn by_default(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&subject.setup().set("APP__SERVER__REQUEST_TIMEOUT", "400ms"))?;
    let request = Request::new("POST", ITEMS)
        .header("content-type", "application/json")
        .header("content-length", "2000000")
        .body("{");
    problem(&running.call(&request)?, 413)
}

fn slow_body(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let begun = Instant::now();
    let reply = running.call(&unfinished())?;
    timed_out(&reply)?;
    let took = begun.elapsed();
    let in_time = (REQUEST_TIMEOUT..REQUEST_TIMEOUT + Duration::from_secs(2)).contains(&took);
    hold(
        in_time,
        format!("an answer {REQUEST_TIMEOUT:?} after the header"),
        || format!("after {took:?}"),
    )
}

fn timed_out(reply: &Reply) -> Result<(), Fault> {
    let status = reply.response.status;
    reply.hold([408, 504].contains(&status), "status 408 or 504")?;
    problem(reply, status)
}

fn slow_handler(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared_probe(&tight(subject))?;
    let begun = Instant::now();
    let reply = running.get("/probe/slow?ms=30000")?;
    timed_out(&reply)?;
    let took = begun.elapsed();
    hold(
        took < Duration::from_secs(3),
        "an answer soon after the time-out",
        || format!("{took:?}"),
    )?;
    let id = reply.id()?;
    running.line(
        "message `probe cancelled`: the handler was dropped",
        |line| line["message"] == "probe cancelled" && line["request_id"] == id.as_str(),
    )?;
    Ok(())
}

fn trickled_header(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&tight(subject))?;
    let mut trickle = running.connect()?;
    let begun = Instant::now();
    let mut served = 0;
    // A byte now and then, until the server hangs up; each time another client gets its answer.
    let mut bytes = b"GET /version HTTP/1.1\r\nhost: localhost\r\nx-slow: "
        .iter()
        .chain([&b'x'].into_iter().cycle());
    let mut fault = None;
    let dropped = eventually(HEADER_TIMEOUT + Duration::from_secs(3), || {
        let sent = trickle.send(&[*bytes.next().unwrap_or(&b'x')]);
        match running.get("/version").and_then(|reply| reply.status(200)) {
            Ok(_) => served += 1,
            Err(other) => fault = Some(other),
        }
        let ended = sent.is_err() || trickle.ends(Duration::from_millis(20)).unwrap_or(true);
        thread::yield_now();
        (ended || fault.is_some()).then_some(())
    });
    if let Some(fault) = fault {
        return Err(fault);
    }
    hold(
        dropped.is_some(),
        format!("a trickled header to be dropped after {HEADER_TIMEOUT:?}"),
        || format!("still open after {:?}", begun.elapsed()),
    )?;
    hold(served > 2, "other clients to be served meanwhile", || {
        format!("{served} were")
    })?;
    hold(
        begun.elapsed() >= HEADER_TIMEOUT / 2,
        "not to be dropped before its time",
        || format!("dropped after {:?}", begun.elapsed()),
    )
}

fn large_header(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    let padded = |kib: usize| Request::get("/version").header("x-large", "x".repeat(kib << 10));
    running.call(&padded(15))?.status(200)?;
    running.call(&padded(17))?.status(431)?;
    let mut large = running.connect()?;
    let mut bytes = b"GET /version HTTP/1.1\r\nhost: localhost\r\nx-large: ".to_vec();
    bytes.resize((64 << 10) + 1, b'x');
    // It may be refused while it is being sent.
    let _ = large.send(&bytes);
    hold(
        large.ends(Duration::from_secs(3)).unwrap_or(true),
        "a header of 64 KiB to be refused before its end",
        || "the service waits for the rest".into(),
    )?;
    running.get("/version")?.status(200).map(drop)
}
