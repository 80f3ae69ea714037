//! Durations and sizes, as configuration and manifests write them.

use std::time::Duration;

const MILLISECONDS: &[(&str, u64)] = &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Of Kubernetes and of the service, which both say `Mi` or `MiB`, and `M` or `MB` for the decimal ones.
const BYTES: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("k", 1_000),
    ("KB", 1_000),
    ("M", 1_000_000),
    ("MB", 1_000_000),
    ("G", 1_000_000_000),
    ("GB", 1_000_000_000),
    ("Ki", 1 << 10),
    ("KiB", 1 << 10),
    ("Mi", 1 << 20),
    ("MiB", 1 << 20),
    ("Gi", 1 << 30),
    ("GiB", 1 << 30),
];

/// `250ms`, `5s`, `2m`, `1h`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    parse(text, MILLISECONDS).map(Duration::from_millis)
}

/// `1MiB`, `768Mi`, a plain number of bytes.
pub(super) fn size(text: &str) -> Option<u64> {
    parse(text, BYTES)
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_its_weight_and_an_unknown_one_none() {
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("5m"), Some(Duration::from_mins(5)));
        assert_eq!(
            (duration("5"), duration("s"), duration("5 weeks")),
            (None, None, None)
        );
        assert_eq!(
            (size("768Mi"), size("1MiB"), size("12")),
            (Some(768 << 20), Some(1 << 20), Some(12))
        );
        assert_eq!(
            (size("1 MB"), size("1Xi"), size("Mi")),
            (Some(1_000_000), None, None)
        );
    }
}
