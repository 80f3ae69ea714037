//! A body's bytes as JSON. What is no JSON is told in the words of Python's decoder, with the character it stumbles over.
//!
//! `serde_json` reads; the scanner below runs only over what it has refused, to find Python's words. It builds nothing.

use serde_json::{Map, Value};

use crate::api::problem::{Fault, Loc, Problem};

/// Why a body cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// It is no JSON, or nothing at all.
    NoJson(Box<Problem>),
    /// It is not text in UTF-8. FastAPI answers that with 400 and `There was an error parsing the body`.
    NoText,
}

/// Reads a body that has to be there.
pub fn parse(body: &[u8]) -> Result<Value, Unreadable> {
    if body.is_empty() {
        let missing = Problem::missing(&Loc::BODY, Value::Null);
        return Err(Unreadable::NoJson(Box::new(missing)));
    }
    // Python's decoder takes a byte order mark for what it is.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| {
        let Ok(text) = std::str::from_utf8(body) else {
            return Unreadable::NoText;
        };
        let (at, message) = Scanner::new(text).fault().unwrap_or_else(|| {
            // Python takes it: a number of no finite value, half of a surrogate pair, nesting without end.
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default();
            (offset(text, &error), words.to_owned())
        });
        let msg = "JSON decode error".to_owned();
        let fault = Fault::with("json_invalid", msg, vec![("error", message.into())]);
        let input = Value::Object(Map::new());
        Unreadable::NoJson(Box::new(fault.at(&Loc::BODY.index(at), input)))
    })
}

/// Where `serde_json` stopped, in characters from the start.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before = error.line().saturating_sub(1);
    let lines = text.split_inclusive('\n').take(before);
    let start: usize = lines.map(|line| line.chars().count()).sum();
    start + error.column().saturating_sub(1)
}

/// Python's `json.scanner` and `json.decoder`, without the values.
struct Scanner {
    text: Vec<char>,
    at: usize,
}

/// The character and the words that `JSONDecodeError` has for it.
type Stop = (usize, &'static str);

impl Scanner {
    fn new(text: &str) -> Self {
        let text = text.chars().collect();
        Self { text, at: 0 }
    }

    fn fault(mut self) -> Option<(usize, String)> {
        let stop = self.document().err();
        stop.map(|(at, words)| (at, words.to_owned()))
    }

    fn document(&mut self) -> Result<(), Stop> {
        self.space();
        self.value(0)?;
        self.space();
        match self.peek() {
            Some(_) => Err((self.at, "Extra data")),
            None => Ok(()),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let eaten = self.peek() == Some(wanted);
        self.at += usize::from(eaten);
        eaten
    }

    fn eat_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn space(&mut self) {
        self.eat_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
    }

    fn value(&mut self, depth: usize) -> Result<(), Stop> {
        match self.peek() {
            // serde_json gives up here; so does this, before the stack does.
            _ if depth > 127 => Ok(()),
            Some('"') => self.string(),
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Stop> {
        self.at += 1;
        self.space();
        if self.eat('}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some('"') {
                let words = "Expecting property name enclosed in double quotes";
                return Err((self.at, words));
            }
            self.string()?;
            self.space();
            if !self.eat(':') {
                return Err((self.at, "Expecting ':' delimiter"));
            }
            self.space();
            self.value(depth + 1)?;
            if self.ends('}')? {
                return Ok(());
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), Stop> {
        self.at += 1;
        self.space();
        if self.eat(']') {
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            if self.ends(']')? {
                return Ok(());
            }
        }
    }

    /// After an entry: the end, or a comma and another entry.
    fn ends(&mut self, end: char) -> Result<bool, Stop> {
        self.space();
        if self.eat(end) {
            return Ok(true);
        }
        if !self.eat(',') {
            return Err((self.at, "Expecting ',' delimiter"));
        }
        self.space();
        Ok(false)
    }

    fn string(&mut self) -> Result<(), Stop> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err((start, "Unterminated string starting at")),
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => self.escape(start)?,
                Some('\0'..='\x1f') => return Err((self.at, "Invalid control character at")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self, start: usize) -> Result<(), Stop> {
        let backslash = self.at;
        self.at += 2;
        match self.text.get(backslash + 1) {
            None => Err((start, "Unterminated string starting at")),
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => Ok(()),
            Some('u') => {
                let digits = self.text.get(self.at..self.at + 4);
                let hex = digits.is_some_and(|digits| digits.iter().all(char::is_ascii_hexdigit));
                self.at += 4;
                // The last digit of a text is none to Python, since the quote is missing.
                if hex && self.at < self.text.len() {
                    Ok(())
                } else {
                    Err((backslash + 1, "Invalid \\uXXXX escape"))
                }
            }
            Some(_) => Err((backslash, "Invalid \\escape")),
        }
    }

    /// A number or a name. Python stops where a number cannot go on, and what follows is then too much.
    fn word(&mut self) -> Result<(), Stop> {
        let start = self.at;
        for name in ["null", "true", "false"] {
            if self.starts_with(name) {
                self.at += name.len();
                return Ok(());
            }
        }
        self.eat('-');
        match self.peek() {
            Some('0') => self.at += 1,
            Some('1'..='9') => self.eat_while(|c| c.is_ascii_digit()),
            _ => return Err((start, "Expecting value")),
        }
        self.digits_after(&['.'], &[]);
        self.digits_after(&['e', 'E'], &['+', '-']);
        Ok(())
    }

    fn starts_with(&self, name: &str) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        name.chars().eq(rest.iter().copied().take(name.len()))
    }

    /// A mark, perhaps a sign, and digits: all of it or nothing.
    fn digits_after(&mut self, marks: &[char], signs: &[char]) {
        let start = self.at;
        if !marks.iter().any(|&mark| self.eat(mark)) {
            return;
        }
        let _ = signs.iter().any(|&sign| self.eat(sign));
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.eat_while(|c| c.is_ascii_digit());
        } else {
            self.at = start;
        }
    }
}
