//! Times as other machines tell them. This machine's own clock is asked for nothing here.

use std::time::{Duration, SystemTime};

/// A moment as RFC 3339 has it, in UTC or with an offset: an engine tells the time of its own zone.
pub(super) fn moment(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let (local, sign, offset) = match text.rfind(['+', '-']) {
        // A `-` before the `T` belongs to the date.
        Some(at) if text[..at].contains('T') => (&text[..at], &text[at..=at], &text[at + 1..]),
        _ => return humantime::parse_rfc3339(text).ok(),
    };
    let (hours, minutes) = offset.split_once(':')?;
    let minutes = hours.parse::<u64>().ok()? * 60 + minutes.parse::<u64>().ok()?;
    let offset = Duration::from_secs(minutes * 60);
    let local = humantime::parse_rfc3339(&format!("{local}Z")).ok()?;
    if sign == "+" {
        local.checked_sub(offset)
    } else {
        local.checked_add(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_taken_off() {
        let utc = moment("2026-11-26T09:55:22.245169322Z").unwrap();
        assert_eq!(moment("2026-11-26T11:25:22.245169322+01:30").unwrap(), utc);
        assert_eq!(
            moment("2026-11-26T04:55:22.245169322-05:00\n").unwrap(),
            utc
        );
        for wrong in ["", "now", "2026-11-26", "2026-11-26T09:55:22+x", "T+-"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
