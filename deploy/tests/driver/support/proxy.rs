//! Sits between driver and registry, and does to single requests what networks and registries do.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::tokens::Tokens;
use super::wire::Message;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// It is answered so late.
    Slow(Duration),
    /// It is answered with this status, and not passed on.
    Status(u16),
    /// 429 with this `Retry-After`.
    RetryAfter(&'static str),
    /// The connection closes, and nothing was passed on.
    TornBefore,
    /// It is passed on, and the connection closes in place of an answer.
    TornAfter,
    /// Half of the answer, then the connection closes.
    Truncated,
    /// An answer of the right length with a wrong byte.
    Garbled,
    /// An answer that does not end.
    Endless,
    /// A list of tags comes in pages of two.
    Paged,
    /// Reads need a token that is good for so many requests, writes another.
    Tokens(u32),
}

/// Which requests, and what happens to them.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `GET`, …, or empty for any.
    pub method: &'static str,
    /// What the path holds.
    pub path: &'static str,
    /// How many such requests pass before.
    pub skip: u32,
    /// How many it happens to.
    pub times: u32,
    /// What.
    pub act: Act,
}

/// To every request.
pub const ALWAYS: u32 = u32::MAX;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and path.
    pub line: String,
    /// When.
    pub at: Instant,
}

/// Listens until the process ends.
pub struct Proxy {
    /// Host and port.
    pub address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    rules: Vec<(Rule, u32)>,
    asked: Vec<Asked>,
    tokens: Tokens,
}

impl Proxy {
    /// In front of a registry.
    pub fn new(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::default()));
        let proxy = Self {
            address: address.clone(),
            state: state.clone(),
        };
        let upstream = upstream.to_owned();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, upstream, address) = (state.clone(), upstream.clone(), address.clone());
                thread::spawn(move || serve(stream, &state, &upstream, &address));
            }
        });
        proxy
    }

    /// From now on.
    pub fn inject(&self, rules: &[Rule]) {
        let mut state = self.state.lock().unwrap();
        state.rules = rules.iter().map(|rule| (*rule, 0)).collect();
    }

    /// Rules that nothing has met since they were given.
    pub fn unmet(&self) -> Vec<Rule> {
        let state = self.state.lock().unwrap();
        let unmet = state.rules.iter().filter(|(rule, seen)| *seen <= rule.skip);
        unmet.map(|(rule, _)| *rule).collect()
    }

    /// What came in, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, upstream: &str, address: &str) {
    let Some(request) = Message::read(&mut stream, false) else {
        return;
    };
    let act = {
        let mut state = state.lock().unwrap();
        state.asked.push(Asked {
            line: format!("{} {}", request.word(0), request.word(1)),
            at: Instant::now(),
        });
        match state.act(&request) {
            Some(Act::Tokens(uses)) => {
                let tokens = &mut state.tokens;
                let made = if request.word(1).starts_with("/token") {
                    Some(tokens.give(&request, uses))
                } else {
                    tokens.refuse(&request, address)
                };
                if let Some(answer) = made {
                    drop(state);
                    answer.write(&mut stream, None);
                    return;
                }
                None
            }
            act => act,
        }
    };
    match act {
        Some(Act::TornBefore) => {}
        Some(Act::Status(status)) => {
            Message::answer(status, "{\"errors\":[{\"code\":\"INJECTED\"}]}")
                .write(&mut stream, None);
        }
        Some(Act::RetryAfter(value)) => {
            let answer = Message::answer(429, "").with("retry-after", value);
            answer.write(&mut stream, None);
        }
        Some(Act::Endless) => endless(&mut stream),
        _ => pass_on(&request, act, upstream, &mut stream),
    }
}

fn pass_on(request: &Message, act: Option<Act>, upstream: &str, stream: &mut TcpStream) {
    let Ok(mut registry) = TcpStream::connect(upstream) else {
        return;
    };
    request.write(&mut registry, None);
    let Some(mut answer) = Message::read(&mut registry, true) else {
        return;
    };
    // The answer to a HEAD has the length of what it stands for.
    let head = request.word(0) == "HEAD";
    let length = answer
        .header("content-length")
        .and_then(|text| text.parse().ok());
    let length = if head { length } else { None };
    match act {
        Some(Act::Slow(time)) => thread::sleep(time),
        Some(Act::TornAfter) => return,
        Some(Act::Truncated) => {
            let whole = answer.body.len();
            answer.body.truncate(whole / 2);
            answer.write(stream, Some(whole));
            return;
        }
        Some(Act::Garbled) => {
            if let Some(byte) = answer.body.last_mut() {
                *byte ^= 1;
            }
        }
        Some(Act::Paged) => answer = page(request, &answer),
        _ => {}
    }
    answer.write(stream, length);
}

/// Two tags after `last`, and a link to the next two.
fn page(request: &Message, whole: &Message) -> Message {
    let all: serde_json::Value = serde_json::from_slice(&whole.body).unwrap();
    let mut tags: Vec<_> = all["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap())
        .collect();
    tags.sort_unstable();
    let path = request.word(1);
    let last = path
        .split(['?', '&'])
        .find_map(|part| part.strip_prefix("last="));
    let mut rest: Vec<_> = tags
        .into_iter()
        .filter(|tag| last.is_none_or(|last| *tag > last))
        .collect();
    let more = rest.len() > 2;
    rest.truncate(2);
    let answer = Message::answer(200, &serde_json::json!({ "tags": rest }).to_string());
    if !more {
        return answer;
    }
    let plain = path.split('?').next().unwrap();
    answer.with(
        "link",
        &format!("<{plain}?last={}&n=2>; rel=\"next\"", rest[1]),
    )
}

fn endless(stream: &mut TcpStream) {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
    let _ = stream.write_all(head.as_bytes());
    // Far beyond any limit; the reader has to stop on its own.
    for _ in 0..256 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            return;
        }
    }
}

impl State {
    fn act(&mut self, request: &Message) -> Option<Act> {
        let (method, path) = (request.word(0), request.word(1));
        for (rule, seen) in &mut self.rules {
            let fits =
                (rule.method.is_empty() || rule.method == method) && path.contains(rule.path);
            if !fits {
                continue;
            }
            *seen += 1;
            if *seen > rule.skip && *seen - rule.skip <= rule.times {
                return Some(rule.act);
            }
        }
        None
    }
}
