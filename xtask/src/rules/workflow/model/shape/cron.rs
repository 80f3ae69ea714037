//! The five fields of a schedule.

/// What is wrong with a schedule, if anything.
pub(super) fn fault(text: &str) -> Option<String> {
    const FIELDS: [(&str, u32, u32); 5] = [
        ("minute", 0, 59),
        ("hour", 0, 23),
        ("day of the month", 1, 31),
        ("month", 1, 12),
        ("day of the week", 0, 7),
    ];
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != 5 {
        return Some(format!(
            "a schedule of {} fields instead of five",
            fields.len()
        ));
    }
    for (field, (name, least, most)) in fields.iter().zip(FIELDS) {
        for part in field.split(',') {
            if !fits(part, name, least, most) {
                return Some(format!("`{part}` is no {name}"));
            }
        }
    }
    None
}

fn fits(part: &str, name: &str, least: u32, most: u32) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    if step.is_some_and(|step| {
        step.parse::<u32>()
            .map_or(true, |step| step == 0 || step > most.max(1))
    }) {
        return false;
    }
    if range == "*" {
        return true;
    }
    let value = |word: &str| {
        let number = word
            .parse::<u32>()
            .ok()
            .filter(|number| (least..=most).contains(number));
        number.or_else(|| named(word, name))
    };
    match range.split_once('-') {
        Some((from, to)) => value(from)
            .zip(value(to))
            .is_some_and(|(from, to)| from <= to),
        None => value(range).is_some(),
    }
}

fn named(word: &str, field: &str) -> Option<u32> {
    let names: &[&str] = match field {
        "month" => &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
        "day of the week" => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        _ => &[],
    };
    let at = names
        .iter()
        .position(|name| word.eq_ignore_ascii_case(name))?;
    u32::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn fields_are_judged_one_by_one() {
        for good in ["0 3 * * *", "*/15 0-6,22 1 jan-mar MON", "30 5 1,15 * 7"] {
            assert_eq!(fault(good), None, "{good}");
        }
        for (bad, said) in [
            ("0 3 * *", "4 fields"),
            ("60 * * * *", "`60` is no minute"),
            ("0 24 * * *", "`24` is no hour"),
            ("0 0 0 * *", "day of the month"),
            ("0 0 * 13 *", "month"),
            ("0 0 * * MO", "day of the week"),
            ("*/0 * * * *", "minute"),
            ("5-1 * * * *", "minute"),
            ("@daily", "1 fields"),
        ] {
            assert!(fault(bad).unwrap().contains(said), "{bad}");
        }
    }
}
