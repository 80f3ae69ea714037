//! The recorded requests and answers: one a line of `corpus.jsonl`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) request: Request,
    pub(crate) response: Response,
}

#[derive(Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    body: Option<String>,
    body_base64: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    body: Option<String>,
    body_base64: Option<String>,
}

impl Request {
    /// None is not the same as an empty one.
    pub(crate) fn body(&self) -> Option<Vec<u8>> {
        bytes(self.body.as_ref(), self.body_base64.as_ref())
    }
}

impl Response {
    pub(crate) fn body(&self) -> Vec<u8> {
        bytes(self.body.as_ref(), self.body_base64.as_ref()).unwrap_or_default()
    }

    /// For people.
    pub(crate) fn told(&self) -> String {
        let body = self.body();
        let body = String::from_utf8_lossy(&body);
        format!("{} {:?} {body}", self.status, self.headers)
    }
}

fn bytes(text: Option<&String>, base64: Option<&String>) -> Option<Vec<u8>> {
    let decoded = base64.map(|base64| STANDARD.decode(base64).unwrap());
    text.map(|text| text.clone().into_bytes()).or(decoded)
}

/// Cases that a shop is opened for: neighbours that share the part of the name before ` > `, or one alone.
pub(crate) fn stories() -> Vec<Vec<Case>> {
    let mut stories: Vec<Vec<Case>> = Vec::new();
    let mut last = None;
    for line in include_str!("corpus.jsonl").lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let story = case
            .name
            .split_once(" > ")
            .map(|(story, _)| story.to_owned());
        match stories.last_mut() {
            Some(cases) if story.is_some() && story == last => cases.push(case),
            _ => stories.push(vec![case]),
        }
        last = story;
    }
    stories
}
