//! S23: a list is read page by page, each item once.

use std::collections::BTreeSet;

use super::envelope::problem;
use super::samples::{ITEMS, create};
use crate::contract::client::Request;
use crate::contract::fault::hold;
use crate::contract::reply::{Reply, text_field};
use crate::contract::running::Running;
use crate::contract::{Check, Fault, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S23",
        name: "lists-every-item-once",
        title: "cursors lead through all pages, each item once, while items come and go",
        needs: &[],
        remedy: "`list` in src/items/routes.rs and src/items/store.rs",
        run: pages,
    },
    Check {
        id: "S23",
        name: "refuses-bad-cursors-and-limits",
        title: "a malformed cursor and a limit outside 1–100 are 422",
        needs: &[],
        remedy: "`parse_cursor` and `Page` in src/items/routes.rs",
        run: bad_queries,
    },
];

/// One page: its ids, and the cursor of the next.
fn page(running: &Running, query: &str) -> Result<(Reply, Vec<String>, Option<String>), Fault> {
    let reply = running.get(&format!("{ITEMS}?{query}"))?.status(200)?;
    let body = reply.json()?;
    let items = body["items"]
        .as_array()
        .ok_or_else(|| reply.fault("a list of `items`"))?;
    let ids = items
        .iter()
        .map(|item| text_field(item, "id"))
        .collect::<Result<_, _>>()?;
    let next = &body["next_cursor"];
    reply.hold(
        next.is_string() || next.is_null(),
        "`next_cursor` as text or null",
    )?;
    Ok((reply, ids, next.as_str().map(str::to_owned)))
}

fn pages(subject: &Subject) -> Result<(), Fault> {
    const LIMIT: usize = 3;
    let running = subject.fresh(&subject.setup())?;
    let mut made = BTreeSet::new();
    for index in 0..10 {
        let reply = running
            .call(&create(&format!("item {index}")))?
            .status(201)?;
        made.insert(text_field(&reply.json()?, "id")?);
    }
    let (mut seen, mut cursor, mut count) = (Vec::new(), String::new(), 0);
    loop {
        let (reply, ids, next) = page(&running, &format!("limit={LIMIT}{cursor}"))?;
        count += 1;
        reply.hold(
            ids.len() == LIMIT || next.is_none(),
            format!("{LIMIT} items on every page but the last"),
        )?;
        if count == 1 {
            // The item that the cursor stands on goes away; the cursor must still lead on.
            let gone = ids.last().cloned().unwrap_or_default();
            running
                .call(&Request::new("DELETE", format!("{ITEMS}/{gone}")))?
                .status(204)?;
        }
        seen.extend(ids);
        let Some(next) = next else { break };
        let opaque = next
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        reply.hold(opaque && !next.is_empty(), "a cursor of `[A-Za-z0-9_-]`")?;
        reply.hold(count <= made.len(), "an end of the pages")?;
        cursor = format!("&cursor={next}");
    }
    let distinct: BTreeSet<_> = seen.iter().cloned().collect();
    hold(
        distinct == made && seen.len() == made.len(),
        format!("{} items, each once", made.len()),
        || {
            format!(
                "{} items on {count} pages, {} of them distinct",
                seen.len(),
                distinct.len()
            )
        },
    )?;
    let (reply, ids, next) = page(&running, "limit=100")?;
    reply.hold(
        ids.len() == 9 && next.is_none(),
        "the 9 items that are left, on one page without a next one",
    )
}

fn bad_queries(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&subject.setup())?;
    for query in [
        "cursor=",
        "cursor=%00",
        "cursor=../../x",
        "cursor=zzzz",
        "cursor=a%20b",
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=ten",
        "limit=",
    ] {
        problem(&running.get(&format!("{ITEMS}?{query}"))?, 422)?;
    }
    page(&running, "limit=1").map(drop)
}
