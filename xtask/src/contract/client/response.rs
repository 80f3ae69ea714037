//! An answer, as it came.

use std::io;

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in lower case, values as they came, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, without its framing.
    pub body: Vec<u8>,
}

/// How the end of a body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// After so many bytes.
    Length(usize),
    /// After the chunk of length 0.
    Chunked,
    /// When the connection ends.
    Close,
}

impl Response {
    /// Reads a header, if `bytes` hold all of it; also says how many bytes it took.
    pub fn parse(bytes: &[u8]) -> io::Result<Option<(Self, usize)>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Response::new(&mut headers);
        let status = parsed
            .parse(bytes)
            .map_err(|error| invalid(format!("not an HTTP answer: {error}")))?;
        let httparse::Status::Complete(length) = status else {
            return Ok(None);
        };
        let response = Self {
            status: parsed.code.unwrap_or_default(),
            headers: parsed
                .headers
                .iter()
                .map(|header| (header.name.to_ascii_lowercase(), header.value.to_owned()))
                .collect(),
            body: Vec::new(),
        };
        Ok(Some((response, length)))
    }

    /// How the end of its body is found, given whether it answers a `HEAD`.
    pub fn framing(&self, to_head: bool) -> io::Result<Framing> {
        if to_head || matches!(self.status, 100..=199 | 204 | 304) {
            return Ok(Framing::Length(0));
        }
        if self.header("transfer-encoding").as_deref() == Some("chunked") {
            return Ok(Framing::Chunked);
        }
        self.header("content-length")
            .map_or(Ok(Framing::Close), |length| {
                let length = length
                    .parse()
                    .map_err(|_| invalid(format!("content-length: {length}")))?;
                Ok(Framing::Length(length))
            })
    }

    /// The first value of a header, with what is not UTF-8 replaced.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    /// The body as text, with what is not UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether the server said that the connection ends here.
    pub fn closes(&self) -> bool {
        self.header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// Status, headers and the beginning of the body, on a few lines, for messages.
    pub fn excerpt(&self) -> String {
        let mut text = format!("status {}", self.status);
        for (name, value) in &self.headers {
            text.push_str("\n  ");
            text.push_str(name);
            text.push_str(": ");
            text.push_str(&String::from_utf8_lossy(value));
        }
        if !self.body.is_empty() {
            let body = self.text();
            let end = body.floor_char_boundary(400);
            text.push_str("\n  ");
            text.push_str(&body[..end]);
            if end < body.len() {
                text.push('…');
            }
        }
        text
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Response {
        Response::parse(text.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn half_a_header_is_not_an_answer_yet() {
        assert!(
            Response::parse(b"HTTP/1.1 200 OK\r\nX-A")
                .unwrap()
                .is_none()
        );
        let error = Response::parse(b"SSH-2.0-OpenSSH\r\n").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn the_end_of_a_body_is_found_as_the_header_says() {
        let chunked = parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert_eq!(chunked.framing(false).unwrap(), Framing::Chunked);
        assert_eq!(chunked.framing(true).unwrap(), Framing::Length(0));
        let whole = parse("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
        assert_eq!(whole.framing(false).unwrap(), Framing::Length(12));
        let close = parse("HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n");
        assert_eq!(close.framing(false).unwrap(), Framing::Close);
        assert!(close.closes());
        assert!(
            parse("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")
                .framing(false)
                .is_err()
        );
    }
}
