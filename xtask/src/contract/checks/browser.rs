//! F2: the pages in a real browser: they load without an error, and a request can be tried out.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::document::{document, published};
use super::samples::ITEMS;
use crate::contract::browser::{Browser, PROGRAM};
use crate::contract::check::FASTAPI;
use crate::contract::fault::hold;
use crate::contract::reply::text_field;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[Check {
    id: "F2",
    name: "pages-work-in-a-browser",
    title: "in Chromium `/docs` and `/redoc` show every route without an error and without a request to elsewhere; \"Try it out\" creates an item and shows the 201",
    needs: &[FASTAPI, Need::Program(PROGRAM), Need::Long],
    remedy: "src/api/pages.rs: `POLICY`, and what a page still asks elsewhere for",
    run: works,
}];

/// Where the operation that creates an item is on the page.
const CREATE: &str = "#operations-items-create_item_api_v1_items_post";
/// What a page may still do once it shows what it is about.
const REST: Duration = Duration::from_millis(500);

fn works(subject: &Subject) -> Result<(), Fault> {
    let running = subject.fresh(&published(subject))?;
    let (_, document) = document(&running)?;
    let origin = format!("http://{}/", running.public());
    let mut browser = Browser::start()?;

    browser.open(&format!("{origin}docs"))?;
    let count = operations(&document).count();
    let shown = format!("document.querySelectorAll('.opblock').length === {count}");
    browser.until(&format!("/docs to show {count} routes"), &shown)?;
    browser.click(&format!("{CREATE} .opblock-summary-control"))?;
    browser.click(&format!("{CREATE} .try-out__btn"))?;
    browser.click(&format!("{CREATE} .execute"))?;
    let status = format!(
        "document.querySelector('{CREATE} .live-responses-table tr.response .response-col_status')?.innerText.trim().startsWith('201') === true"
    );
    browser.until(
        "/docs to show the status 201 of the request that was tried out",
        &status,
    )?;
    let item = &running.get(ITEMS)?.status(200)?.json()?["items"][0];
    let id = text_field(item, "id")?;
    let body = format!(
        "document.querySelector('{CREATE} .live-responses-table').innerText.includes('{id}')"
    );
    browser.until("/docs to show the item that it has created", &body)?;
    untroubled(&mut browser, "/docs", &origin)?;

    browser.open(&format!("{origin}redoc"))?;
    for summary in operations(&document).filter_map(|one| one["summary"].as_str()) {
        let shown = format!("document.body.innerText.includes('{summary}')");
        browser.until(&format!("/redoc to show `{summary}`"), &shown)?;
    }
    untroubled(&mut browser, "/redoc", &origin)
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(_, methods)| {
        methods
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, one)| one)
    })
}

fn untroubled(browser: &mut Browser, page: &str, origin: &str) -> Result<(), Fault> {
    thread::sleep(REST);
    // Whoever is asked tells first what has happened.
    browser.value("0")?;
    let troubles = browser.troubles(origin);
    hold(
        troubles.is_empty(),
        format!("{page} without errors, failed requests and requests to elsewhere"),
        || troubles.join("\n"),
    )
}
