//! What a load asks for, again and again: reading the item, or replacing it.
//!
//! Replacing is the request with a body here. Creating would leave one item more for each request, and a line of the
//! example's own in the log, which says nothing about reading and checking a body.

use std::fmt::Write as _;
use std::net::SocketAddr;

/// A body that is good.
pub const GOOD: &str = r#"{"name":"bolt","quantity":7}"#;
/// One that breaks a bound in each field.
pub const BAD: &str = r#"{"name":"","quantity":-1}"#;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    method: &'static str,
    path: String,
    headers: &'static [(&'static str, &'static str)],
    body: Option<&'static str>,
}

impl Ask {
    /// Reads what is at `path`.
    pub fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            headers: &[],
            body: None,
        }
    }

    /// Makes an item under `path`.
    pub fn post(path: &str, body: &'static str) -> Self {
        Self {
            method: "POST",
            path: path.to_owned(),
            headers: &[("content-type", "application/json")],
            body: Some(body),
        }
    }

    /// Replaces the item at `path`, whatever version it has.
    pub fn put(path: &str, body: &'static str) -> Self {
        Self {
            method: "PUT",
            path: path.to_owned(),
            headers: &[("content-type", "application/json"), ("if-match", "*")],
            body: Some(body),
        }
    }

    /// Where wrk is to send it.
    pub fn url(&self, address: SocketAddr) -> String {
        format!("http://{address}{}", self.path)
    }

    /// What tells wrk to send it. wrk makes the request from this once, so no Lua runs under load.
    pub fn script(&self) -> String {
        let mut script = format!("wrk.method = \"{}\"\n", self.method);
        for (name, value) in self.headers {
            // Writing to a string cannot fail.
            let _ = writeln!(script, "wrk.headers[\"{name}\"] = \"{value}\"");
        }
        if let Some(body) = self.body {
            let _ = writeln!(script, "wrk.body = [==[{body}]==]");
        }
        script
    }

    /// As it goes over the wire when it is sent once.
    pub fn once(&self, address: SocketAddr) -> String {
        let Self { method, path, .. } = self;
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
        for (name, value) in self.headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let body = self.body.unwrap_or_default();
        if self.body.is_some() {
            let _ = write!(request, "content-length: {}\r\n", body.len());
        }
        request + "\r\n" + body
    }
}

impl std::fmt::Display for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_sending_it_say_the_same() {
        let address = SocketAddr::from(([127, 0, 0, 1], 80));
        let put = Ask::put("/items/1", GOOD);
        assert_eq!(
            put.once(address),
            "PUT /items/1 HTTP/1.1\r\nhost: 127.0.0.1:80\r\nconnection: close\r\n\
             content-type: application/json\r\nif-match: *\r\ncontent-length: 28\r\n\r\n\
             {\"name\":\"bolt\",\"quantity\":7}"
        );
        assert_eq!(
            put.script(),
            "wrk.method = \"PUT\"\nwrk.headers[\"content-type\"] = \"application/json\"\n\
             wrk.headers[\"if-match\"] = \"*\"\nwrk.body = [==[{\"name\":\"bolt\",\"quantity\":7}]==]\n"
        );
        assert_eq!(put.url(address), "http://127.0.0.1:80/items/1");
        let get = Ask::get("/items/1");
        assert_eq!(get.script(), "wrk.method = \"GET\"\n");
        assert!(get.once(address).ends_with("connection: close\r\n\r\n"));
    }
}
