//! The numbers of the contract, in one place: what each is about.
//!
//! Checks carry a number, and gates of `verify` that look at files and images do; this table says what the number means.
//! S is for every service, F for those of `template-fastapi-style` on top.

/// A number, and what it is about.
pub const NUMBERS: &[(&str, &str)] = &[
    ("S1", "liveness"),
    ("S2", "readiness"),
    ("S3", "shutdown that loses nothing"),
    ("S4", "version"),
    ("S5", "the binary as its own health client"),
    ("S6", "refusing to start"),
    ("S7", "request ids"),
    ("S8", "trace context"),
    ("S9", "access log"),
    ("S10", "one error envelope"),
    ("S11", "limits"),
    ("S12", "panics"),
    ("S13", "security headers and CORS"),
    ("S14", "metrics"),
    ("S15", "layers of configuration"),
    ("S16", "refusing configuration, and showing it"),
    ("S17", "secret providers"),
    ("S18", "secrets that cannot be shown"),
    ("S19", "image"),
    ("S20", "environments: compose profiles, or manifests"),
    ("S21", "a database"),
    ("S22", "tests and lints"),
    ("S23", "an example that can be deleted"),
    ("S24", "papers"),
    ("F1", "a document that says what is served"),
    ("F2", "pages that show the document"),
    ("F3", "all that is wrong with a request, told at once"),
    ("F4", "what a handler asks for by type: the caller"),
];

/// Where `number` stands among the others.
pub fn position(number: &str) -> Option<usize> {
    NUMBERS.iter().position(|(known, _)| *known == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_stand_in_order_and_say_what_they_are() {
        // All of S before all of F, each counted from 1.
        let value = |number: &str| {
            let (letter, digits) = number.split_at(1);
            let letter = ["S", "F"].iter().position(|known| *known == letter);
            (letter.unwrap(), digits.parse::<u32>().unwrap())
        };
        assert!(
            NUMBERS
                .windows(2)
                .all(|pair| value(pair[0].0) < value(pair[1].0))
        );
        assert!(NUMBERS.iter().all(|(_, about)| !about.is_empty()));
        assert_eq!((position("S1"), position("S0")), (Some(0), None));
    }
}
