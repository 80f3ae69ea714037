//! A request as it goes over the wire: nothing is checked, so that it can be wrong on purpose.

use serde_json::Value;

#[derive(Clone, Debug)]
enum Body {
    None,
    Whole(Vec<u8>),
    Chunked(Vec<Vec<u8>>),
}

/// A request, right or wrong.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Body,
}

impl Request {
    /// A request without a body.
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            target: target.into(),
            headers: Vec::new(),
            body: Body::None,
        }
    }

    /// A `GET`.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// Adds a header, as it stands, whether or not its value is allowed.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sends `body` with its length.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    /// Sends `value` as `application/json` with its length.
    pub fn json(self, value: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(value.to_string())
    }

    /// Sends the body in chunks, without saying how long it is.
    pub fn chunks(mut self, chunks: Vec<Vec<u8>>) -> Self {
        self.body = Body::Chunked(chunks);
        self
    }

    /// Whether the answer to it has no body whatever its header says.
    pub fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// `GET /path`, for messages.
    pub fn title(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The bytes up to the end of the header.
    pub fn head(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let given = |name: &str| {
            self.headers
                .iter()
                .any(|(n, _)| n.eq_ignore_ascii_case(name))
        };
        if !given("host") {
            bytes.extend(b"host: localhost\r\n");
        }
        for (name, value) in &self.headers {
            bytes.extend(name.as_bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        match &self.body {
            Body::Whole(body) if !given("content-length") => {
                bytes.extend(format!("content-length: {}\r\n", body.len()).into_bytes());
            }
            Body::Chunked(_) => bytes.extend(b"transfer-encoding: chunked\r\n"),
            Body::Whole(_) | Body::None => {}
        }
        bytes.extend(b"\r\n");
        bytes
    }

    /// All its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        match &self.body {
            Body::None => {}
            Body::Whole(body) => bytes.extend(body),
            Body::Chunked(chunks) => {
                for chunk in chunks {
                    bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
                    bytes.extend(chunk);
                    bytes.extend(b"\r\n");
                }
                bytes.extend(b"0\r\n\r\n");
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_written_as_asked_even_when_that_is_wrong() {
        let request = Request::new("POST", "/x")
            .header("x-id", b"\xff\x01")
            .header("content-length", "99")
            .body("abc");
        assert_eq!(
            request.bytes(),
            b"POST /x HTTP/1.1\r\nhost: localhost\r\nx-id: \xff\x01\r\ncontent-length: 99\r\n\r\nabc"
        );
    }

    #[test]
    fn chunks_carry_their_length_in_hex_and_end() {
        let request = Request::new("PUT", "/").chunks(vec![vec![b'a'; 17], b"b".to_vec()]);
        let text = String::from_utf8(request.bytes()).unwrap();
        assert!(text.contains("transfer-encoding: chunked\r\n\r\n11\r\n"));
        assert!(text.ends_with("\r\n1\r\nb\r\n0\r\n\r\n"), "{text}");
    }
}
