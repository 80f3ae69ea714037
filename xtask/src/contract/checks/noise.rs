//! Hostile request ids by the thousand, the same ones in every run.

use std::fmt;

/// What must turn up nowhere. Every value that is made here holds it, and none is a request id as it stands.
pub const MARK: &str = "hostile-mark";

/// More than a service has to read of one header.
const ENDLESS: usize = 64 << 10;

/// Numbers without an order that anybody would notice (xorshift64*), from a seed.
#[derive(Debug)]
pub struct Noise(u64);

impl Noise {
    /// Starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(mixed).unwrap_or_default() % bound
    }

    /// One of `choices`.
    fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    fn bytes(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> u8) -> Vec<u8> {
        (0..=self.below(most)).map(|_| one(self)).collect()
    }
}

/// What HTTP makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Well formed (RFC 9110, 5.5) and of a usual length: the request is served, under an id of the service's own.
    Sound,
    /// Not, or so long that the service may refuse it unread.
    Broken,
}

/// A value for `x-request-id`, with whatever it smuggles behind its line.
pub struct Hostile {
    /// The bytes.
    pub value: Vec<u8>,
    /// What HTTP makes of it.
    pub form: Form,
}

impl fmt::Display for Hostile {
    /// The first bytes, escaped, and how many there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = &self.value[..self.value.len().min(120)];
        write!(f, "`{}`, {} bytes", start.escape_ascii(), self.value.len())
    }
}

/// One more hostile value.
pub fn hostile(noise: &mut Noise) -> Hostile {
    use Form::{Broken, Sound};
    let mark = MARK.as_bytes();
    // No request id holds any of these, and a header value may hold all of them.
    let outside = |noise: &mut Noise| {
        *noise.of(&[
            b" ", b"\t", b"\"", b"/", b"<", b"{", b"%", b",", b"\\", b"=",
        ])
    };
    let (form, parts): (Form, Vec<Vec<u8>>) = match noise.below(64) {
        0 => (Broken, vec![mark.to_vec(), vec![b'x'; ENDLESS]]),
        1..=4 => {
            let long = 129 + noise.below(4000);
            (Sound, vec![mark.to_vec(), vec![b'x'; long]])
        }
        5..=14 => {
            let text = noise.bytes(40, |noise| outside(noise)[0]);
            (Sound, vec![mark.to_vec(), text, mark.to_vec()])
        }
        15..=22 => {
            // Of two, three and four bytes, without width, from right to left, beyond the last: all UTF-8.
            let text = noise.of(&[
                "\u{e9}",
                "\u{17f}",
                "\u{200b}",
                "\u{202e}",
                "\u{feff}",
                "\u{1f4a3}",
                "\u{10ffff}",
            ]);
            (Sound, vec![mark.to_vec(), text.into(), mark.to_vec()])
        }
        23..=30 => {
            let high = noise.bytes(40, |noise| {
                0x80 + u8::try_from(noise.below(0x80)).unwrap_or_default()
            });
            (Sound, vec![mark.to_vec(), high])
        }
        31..=34 => {
            let forged = noise.of(&[
                "\",\"level\":\"ERROR\",\"x\":\"",
                "\"}{\"message\":\"",
                "\\n{\"message\":\"",
                "%0d%0aset-cookie: ",
            ]);
            (Sound, vec![forged.into(), mark.to_vec()])
        }
        35..=40 => {
            // Ends its line and begins another header, or gives a second id.
            let name = noise.of(&[
                "set-cookie",
                "location",
                "x-request-id",
                "traceparent",
                "x-forwarded-for",
            ]);
            (
                Sound,
                vec![
                    b"\"\r\n".to_vec(),
                    name.into(),
                    b": ".to_vec(),
                    mark.to_vec(),
                ],
            )
        }
        41..=46 => {
            let end = noise.of(&["\r", "\n", "\n\r", "\r\r\n"]);
            (
                Broken,
                vec![
                    b"\"".to_vec(),
                    end.into(),
                    b"set-cookie: ".to_vec(),
                    mark.to_vec(),
                ],
            )
        }
        47..=50 => (
            Broken,
            vec![mark.to_vec(), b"\r\n ".to_vec(), mark.to_vec()],
        ),
        _ => {
            // All but the tab and what ends a line; NUL most often.
            let control = |noise: &mut Noise| {
                *noise.of(&[b"\0", b"\0", b"\x01", b"\x08", b"\x0b", b"\x1b", b"\x7f"])
            };
            let control = |noise: &mut Noise| control(noise)[0];
            let text = noise.bytes(20, control);
            (Broken, vec![mark.to_vec(), text, mark.to_vec()])
        }
    };
    Hostile {
        value: parts.concat(),
        form,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_holds_the_mark_and_none_is_an_id() {
        let mut noise = Noise::new(1);
        let mut broken = 0;
        for _ in 0..5000 {
            let hostile = hostile(&mut noise);
            let held = hostile
                .value
                .windows(MARK.len())
                .any(|part| part == MARK.as_bytes());
            assert!(held, "{hostile}");
            let first = hostile
                .value
                .split(|byte| [b'\r', b'\n'].contains(byte))
                .next()
                .unwrap();
            let harmless = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
            let folded = hostile.form == Form::Broken;
            assert!(
                folded || first.is_empty() || first.len() > 128 || !first.iter().all(harmless),
                "{hostile}"
            );
            let control = |byte: &u8| *byte != b'\t' && (*byte < b' ' || *byte == 0x7f);
            if hostile.form == Form::Sound {
                let text = hostile
                    .value
                    .escape_ascii()
                    .to_string()
                    .replace("\\r\\n", "");
                assert!(
                    !first.iter().any(control) && !text.contains("\\x0"),
                    "{hostile}"
                );
            } else {
                broken += 1;
                assert!(
                    hostile.value.len() > ENDLESS || hostile.value.iter().any(control),
                    "{hostile}"
                );
            }
        }
        assert!((1000..3000).contains(&broken), "{broken}");
    }

    #[test]
    fn a_seed_gives_the_same_values_again() {
        let values = |seed| {
            let mut noise = Noise::new(seed);
            (0..20)
                .map(|_| hostile(&mut noise).value)
                .collect::<Vec<_>>()
        };
        assert_eq!(values(7), values(7));
        assert_ne!(values(7), values(9));
    }
}
