//! HTTP/1.1 by hand, as much as a proxy between a driver and a registry needs.

use std::io::{Read, Write};
use std::net::TcpStream;

/// A request or an answer.
#[derive(Clone, Debug)]
pub struct Message {
    /// `GET /path HTTP/1.1` or `HTTP/1.1 200 OK`.
    pub first: String,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// Whole.
    pub body: Vec<u8>,
}

impl Message {
    /// An answer made here.
    pub fn answer(status: u16, body: &str) -> Self {
        Self {
            first: format!("HTTP/1.1 {status} Made-Up"),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    /// With one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The n-th word of the first line.
    pub fn word(&self, index: usize) -> &str {
        self.first.split(' ').nth(index).unwrap_or_default()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Reads one: a request, or with `to_end` an answer on a connection that closes after it.
    pub fn read(stream: &mut TcpStream, to_end: bool) -> Option<Self> {
        let mut bytes = Vec::new();
        let head = loop {
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk) {
                Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
                _ => return None,
            }
            // An engine tries TLS first, and would wait for an answer to its hello.
            if !bytes[0].is_ascii_alphabetic() {
                return None;
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
        let mut lines = text.split("\r\n");
        let mut message = Self {
            first: lines.next()?.to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: bytes[head + 4..].to_vec(),
        };
        if to_end {
            stream.read_to_end(&mut message.body).ok()?;
            return Some(message);
        }
        let length = message.header("content-length");
        let length: usize = length.and_then(|text| text.parse().ok()).unwrap_or(0);
        while message.body.len() < length {
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk) {
                Ok(count) if count > 0 => message.body.extend_from_slice(&chunk[..count]),
                _ => return None,
            }
        }
        Some(message)
    }

    /// Writes head and body; with `length`, that is announced instead of the body's.
    pub fn write(&self, stream: &mut TcpStream, length: Option<usize>) {
        let mut text = format!("{}\r\n", self.first);
        let hop = ["connection", "content-length", "transfer-encoding"];
        for (name, value) in &self.headers {
            if !hop.contains(&name.to_lowercase().as_str()) {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        let length = length.unwrap_or(self.body.len());
        text.push_str(&format!(
            "content-length: {length}\r\nconnection: close\r\n\r\n"
        ));
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        // Whoever went away in between does not want it.
        let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
    }
}
