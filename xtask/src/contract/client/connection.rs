//! One TCP connection, with a deadline on everything.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::response::Framing;
use super::{Request, Response};

/// How long an answer may take where a check does not say. A healthy service needs milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// More than any answer of a service under test holds: an endless one must not fill the memory.
const LARGEST: usize = 16 << 20;

/// A connection that can be used for several requests.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// What arrived and is not read yet.
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
        })
    }

    /// Sends bytes, whatever they are.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Sends a request and reads its answer, on a connection that stays open.
    pub fn call(&mut self, request: &Request) -> io::Result<Response> {
        // A server may answer before it has read everything, so a broken pipe is only an error without an answer.
        let sent = self.send(&request.bytes());
        let answer = self.answer(PATIENCE, request.is_head());
        match (sent, answer) {
            (_, Ok(response)) => Ok(response),
            (Err(error), Err(_)) | (Ok(()), Err(error)) => Err(error),
        }
    }

    /// Reads one answer within `patience`; `to_head` says that it has no body.
    pub fn answer(&mut self, patience: Duration, to_head: bool) -> io::Result<Response> {
        let deadline = Instant::now() + patience;
        let mut response = self.header(deadline)?;
        match response.framing(to_head)? {
            Framing::Length(length) => {
                self.fill_to(length, deadline)?;
                response.body = self.buffer.drain(..length).collect();
            }
            Framing::Chunked => response.body = self.chunks(deadline)?,
            Framing::Close => {
                while self.fill(deadline)? > 0 {}
                response.body = std::mem::take(&mut self.buffer);
            }
        }
        Ok(response)
    }

    /// Whether the server asks for the body of a request with `expect: 100-continue`: then it has begun to serve it.
    pub fn is_asked_on(&mut self, patience: Duration) -> io::Result<bool> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some((response, length)) = Response::parse(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(response.status == 100);
            }
            self.fill_more(deadline)?;
        }
    }

    /// Ends the connection with a reset, as the system does for a client that dies: what is under way is lost.
    pub fn reset(self) -> io::Result<()> {
        rustix::net::sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO))?;
        drop(self);
        Ok(())
    }

    /// Reads the header of an answer and leaves its body unread: the request stays in flight.
    pub fn header_only(&mut self, patience: Duration) -> io::Result<Response> {
        self.header(Instant::now() + patience)
    }

    /// Whether the server ends the connection within `patience`. What it sends before is dropped.
    pub fn ends(&mut self, patience: Duration) -> io::Result<bool> {
        let deadline = Instant::now() + patience;
        loop {
            self.buffer.clear();
            match self.fill(deadline) {
                Ok(0) => return Ok(true),
                Ok(_) => {}
                Err(error) if is_cut(&error) => return Ok(true),
                Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }

    fn header(&mut self, deadline: Instant) -> io::Result<Response> {
        loop {
            match Response::parse(&self.buffer)? {
                // `100 Continue` and its like announce the answer; they are not one.
                Some((response, length)) => {
                    self.buffer.drain(..length);
                    if response.status >= 200 {
                        return Ok(response);
                    }
                }
                None => self.fill_more(deadline)?,
            }
        }
    }

    fn chunks(&mut self, deadline: Instant) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let (start, length) = match httparse::parse_chunk_size(&self.buffer) {
                Ok(httparse::Status::Complete((start, length))) => {
                    (start, usize::try_from(length).unwrap_or(usize::MAX))
                }
                Ok(httparse::Status::Partial) => {
                    self.fill_more(deadline)?;
                    continue;
                }
                Err(error) => {
                    return Err(io::Error::new(ErrorKind::InvalidData, error.to_string()));
                }
            };
            self.fill_to(start.saturating_add(length).saturating_add(2), deadline)?;
            body.extend(&self.buffer[start..start + length]);
            self.buffer.drain(..start + length + 2);
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn fill_to(&mut self, length: usize, deadline: Instant) -> io::Result<()> {
        if length > LARGEST {
            let message = format!("an answer of {length} bytes is longer than any here should be");
            return Err(io::Error::new(ErrorKind::InvalidData, message));
        }
        while self.buffer.len() < length {
            self.fill_more(deadline)?;
        }
        Ok(())
    }

    fn fill_more(&mut self, deadline: Instant) -> io::Result<()> {
        if self.fill(deadline)? == 0 {
            let message = format!(
                "the connection ended in the middle, after {} bytes of the answer",
                self.buffer.len()
            );
            return Err(io::Error::new(ErrorKind::UnexpectedEof, message));
        }
        Ok(())
    }

    fn fill(&mut self, deadline: Instant) -> io::Result<usize> {
        let slow = || io::Error::new(ErrorKind::TimedOut, "no whole answer in time");
        let mut bytes = [0; 16 << 10];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.buffer.len() > LARGEST {
                return Err(slow());
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut bytes) {
                Ok(count) => {
                    self.buffer.extend(&bytes[..count]);
                    return Ok(count);
                }
                // A signal to this process, such as a child's end, is not the connection's affair.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Unix calls a time-out on a socket `WouldBlock`.
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(slow()),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether an error says that the other side ended the connection.
fn is_cut(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted
    )
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that takes one connection, reads what comes first, and answers with `parts`, one write each.
    fn server(parts: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
            for part in parts {
                stream.write_all(part.as_bytes()).unwrap();
                stream.flush().unwrap();
                thread::yield_now();
            }
        });
        address
    }

    fn answer(parts: &'static [&'static str]) -> io::Result<Response> {
        Connection::open(server(parts))?.call(&Request::get("/"))
    }

    #[test]
    fn chunks_are_put_together_wherever_they_were_torn() {
        let parts = &[
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-enc",
            "oding: chunked\r\n\r\n3",
            "\r\nab",
            "c\r\n2\r\nde\r\n0\r\n",
            "\r\n",
        ];
        let response = answer(parts).unwrap();
        assert_eq!((response.status, response.text().as_str()), (200, "abcde"));
    }

    #[test]
    fn a_connection_serves_one_answer_after_the_other() {
        let parts = &[
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\naHTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n",
        ];
        let mut connection = Connection::open(server(parts)).unwrap();
        assert_eq!(connection.call(&Request::get("/")).unwrap().text(), "a");
        assert_eq!(connection.call(&Request::get("/")).unwrap().status, 404);
        assert!(connection.ends(PATIENCE).unwrap());
    }

    #[test]
    fn half_an_answer_is_an_error_that_says_so() {
        let error = answer(&["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "{error}");
        let error =
            answer(&["HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
    }

    #[test]
    fn a_reset_is_no_orderly_end() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connection = Connection::open(listener.local_addr().unwrap()).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        connection.reset().unwrap();
        let error = stream.read(&mut [0; 1]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }

    #[test]
    fn silence_ends_at_the_deadline() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut connection = Connection::open(listener.local_addr().unwrap()).unwrap();
        let patience = Duration::from_millis(30);
        let error = connection.answer(patience, false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(!connection.ends(patience).unwrap());
    }
}
