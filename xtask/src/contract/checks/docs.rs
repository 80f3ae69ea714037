//! F2: `/docs` and `/redoc` come whole from the service, and from nowhere where production says so.

use std::collections::BTreeMap;

use super::document::{DOCUMENT, published};
use super::envelope::problem;
use super::layers::environments;
use crate::contract::check::FASTAPI;
use crate::contract::fault::hold;
use crate::contract::reply::Reply;
use crate::contract::{Check, Fault, Setup, Subject};

const REMEDY: &str = "src/api/pages.rs";

pub const CHECKS: &[Check] = &[
    Check {
        id: "F2",
        name: "pages-need-nothing-from-elsewhere",
        title: "`/docs` and `/redoc` are 200 under a Content-Security-Policy that lets them load from here alone; every script they name is served; no address of elsewhere is in them",
        needs: &[FASTAPI],
        remedy: REMEDY,
        run: from_here,
    },
    Check {
        id: "F2",
        name: "pages-are-off-in-prod",
        title: "in prod the document, its pages and their scripts are 404, unless `docs.enabled` says otherwise; elsewhere they are there, unless it does",
        needs: &[FASTAPI],
        remedy: "`docs.enabled` in config/prod.yaml, and `allowed` in src/api/pages.rs",
        run: off_in_prod,
    },
];

/// The pages.
pub const PAGES: &[&str] = &["/docs", "/redoc"];

/// What a policy has to say at least; `'self'` and nothing beside it where scripts and calls are concerned.
const DIRECTIVES: &[(&str, &str)] = &[
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("connect-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
    ("frame-ancestors", "'none'"),
];

fn from_here(subject: &Subject) -> Result<(), Fault> {
    let running = subject.shared(&published(subject))?;
    for page in PAGES {
        let reply = running.get(page)?.status(200)?;
        reply.header_is("content-type", "text/html; charset=utf-8")?;
        strict(&reply)?;
        let html = reply.response.text();
        // The namespace of pictures in SVG is a name, which nobody asks for.
        let html = html.replace("http://www.w3.org/", "");
        let elsewhere = ["https://", "http://", "=\"//"];
        hold(
            elsewhere.iter().all(|start| !html.contains(start)),
            format!("{page}: no address of elsewhere"),
            || around(&html, &elsewhere),
        )?;
        let scripts = scripts(&html);
        reply.hold(!scripts.is_empty(), "a script")?;
        for script in scripts {
            let Some(place) = script else {
                return Err(reply.fault("no script that stands in the page"));
            };
            let script = running.get(&place)?.status(200)?;
            script.header_is("content-type", "text/javascript; charset=utf-8")?;
            script.hold(
                !script.response.body.is_empty(),
                "a script that says something",
            )?;
        }
        problem(&running.get(&format!("{page}/99.js"))?, 404)?;
    }
    Ok(())
}

/// Holds a page's policy: it may load from here alone, and run nothing that stands in the page.
fn strict(reply: &Reply) -> Result<(), Fault> {
    let policy = reply.header("content-security-policy")?;
    let directives: BTreeMap<&str, &str> = policy
        .split(';')
        .filter_map(|directive| directive.trim().split_once(' '))
        .collect();
    for (name, expected) in DIRECTIVES {
        reply.hold(
            directives.get(name) == Some(expected),
            format!("a Content-Security-Policy with `{name} {expected}`"),
        )?;
    }
    let mut sources = directives.values().flat_map(|sources| sources.split(' '));
    let open = sources.find(|source| {
        source.contains('*') || source.contains("http") || *source == "'unsafe-eval'"
    });
    reply.hold(
        open.is_none(),
        format!(
            "no source `{}` in the Content-Security-Policy",
            open.unwrap_or_default()
        ),
    )
}

/// Where each script of a page is; nothing for one that stands in the page.
fn scripts(html: &str) -> Vec<Option<String>> {
    let tags = html.split("<script").skip(1);
    let tags = tags.map(|tag| tag.split('>').next().unwrap_or_default());
    tags.map(|tag| {
        let place = tag.split_once("src=\"")?.1.split_once('"')?.0;
        Some(place.to_owned())
    })
    .collect()
}

/// What stands around the first of `words` in a text that may be long.
fn around(text: &str, words: &[&str]) -> String {
    let found = words.iter().find_map(|word| text.find(word));
    let after = found.and_then(|at| text.get(at..)).unwrap_or_default();
    after.chars().take(80).collect()
}

fn off_in_prod(subject: &Subject) -> Result<(), Fault> {
    for environment in environments(subject) {
        let setup = subject.setup().set("APP_ENV", environment);
        let (there, otherwise) = (environment != "prod", environment == "prod");
        published_or_not(subject, &setup, there)?;
        let turned = setup.set("APP__DOCS__ENABLED", otherwise.to_string());
        published_or_not(subject, &turned, otherwise)?;
    }
    Ok(())
}

/// Holds that the document, its pages and their scripts are all there, or that none of them is.
fn published_or_not(subject: &Subject, setup: &Setup, there: bool) -> Result<(), Fault> {
    let running = subject.shared(setup)?;
    let nowhere = running.get("/nowhere")?.response.body;
    let scripts = PAGES.iter().map(|page| format!("{page}/0.js"));
    let places = PAGES.iter().map(|page| (*page).to_owned()).chain(scripts);
    for place in places.chain([DOCUMENT.to_owned()]) {
        let reply = running.get(&place)?;
        if there {
            reply.status(200)?;
        } else {
            problem(&reply, 404)?;
            let same = reply.response.body == nowhere;
            reply.hold(same, "the 404 of a path that nobody knows")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_in_the_page_are_told_from_those_elsewhere() {
        let html = r#"<script src="/docs/0.js"></script><script>1</script><script async src="b">"#;
        let expected = [Some("/docs/0.js".to_owned()), None, Some("b".to_owned())];
        assert_eq!(scripts(html), expected);
    }
}
