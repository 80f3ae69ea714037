//! Line endings: which a text has throughout, so that a merge compares lines and not their ends.

/// How every line of a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eol {
    /// As Unix does.
    Lf,
    /// As Windows does.
    Crlf,
}

/// What a text says of its line endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// It has none: at most one line, without its end.
    Open,
    /// The same throughout.
    All(Eol),
    /// Both: nothing can be told, and nothing may be touched.
    Mixed,
}

impl Ends {
    /// Those of `bytes`.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut found = Self::Open;
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        for line in lines.filter(|line| line.ends_with(b"\n")) {
            let is_windows = line.ends_with(b"\r\n");
            let end = Self::All(if is_windows { Eol::Crlf } else { Eol::Lf });
            if found == Self::Open {
                found = end;
            } else if found != end {
                return Self::Mixed;
            }
        }
        found
    }
}

/// `bytes`, whose every line ends in either way, with `\n` alone.
pub(super) fn plain(bytes: &[u8], ends: Ends) -> Vec<u8> {
    if ends != Ends::All(Eol::Crlf) {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => {
                out.extend(text);
                out.push(b'\n');
            }
            None => out.extend(line),
        }
    }
    out
}

/// `bytes`, whose lines end in `\n` alone, with the ends that they are to have.
pub(super) fn written(bytes: Vec<u8>, ends: Ends) -> Vec<u8> {
    if ends != Ends::All(Eol::Crlf) {
        return bytes;
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for byte in bytes {
        if byte == b'\n' {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

/// Which ends a merged text has: they are merged three ways as its lines are, and the service's count where the two
/// disagree. Nothing when one of the three is mixed.
pub(super) fn merged(base: Option<Ends>, ours: Ends, theirs: Ends) -> Option<Ends> {
    if [base.unwrap_or(ours), ours, theirs].contains(&Ends::Mixed) {
        return None;
    }
    let chosen = if base == Some(ours) { theirs } else { ours };
    let known = |ends: &Ends| *ends != Ends::Open;
    let all = [Some(chosen), Some(theirs), base];
    Some(all.into_iter().flatten().find(known).unwrap_or(Ends::Open))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LF: Ends = Ends::All(Eol::Lf);
    const CRLF: Ends = Ends::All(Eol::Crlf);

    #[test]
    fn a_text_says_how_its_lines_end_and_comes_back_as_it_was() {
        for (text, ends) in [
            ("", Ends::Open),
            ("a\r", Ends::Open),
            ("a\nb", LF),
            ("a\rb\n", LF),
            ("a\r\nb", CRLF),
            ("a\r\r\n\r\n", CRLF),
            ("a\r\nb\n", Ends::Mixed),
        ] {
            let bytes = text.as_bytes();
            assert_eq!(Ends::of(bytes), ends, "{text:?}");
            assert_eq!(written(plain(bytes, ends), ends), bytes, "{text:?}");
        }
        assert_eq!(plain(b"a\r\r\nb\r\n", CRLF), b"a\r\nb\n");
    }

    #[test]
    fn ends_are_merged_three_ways() {
        for (base, ours, theirs, merged_to) in [
            (Some(LF), CRLF, LF, Some(CRLF)),
            (Some(LF), LF, CRLF, Some(CRLF)),
            (Some(CRLF), LF, CRLF, Some(LF)),
            (Some(LF), Ends::Open, LF, Some(LF)),
            (Some(Ends::Open), Ends::Open, CRLF, Some(CRLF)),
            (None, CRLF, LF, Some(CRLF)),
            (None, Ends::Open, CRLF, Some(CRLF)),
            (Some(LF), Ends::Mixed, LF, None),
        ] {
            assert_eq!(merged(base, ours, theirs), merged_to);
        }
    }
}
