//! Judges names and types as `promtool check metrics` does, but of `OpenMetrics`, which that tool does not read: there a
//! counter's family has no `_total`, its samples have.

use std::collections::BTreeMap;

use super::openmetrics::{Exposition, Sample};

/// Units that names are in, each with those that are not base units.
const UNITS: &[(&str, &[&str])] = &[
    (
        "seconds",
        &[
            "milliseconds",
            "microseconds",
            "nanoseconds",
            "minutes",
            "hours",
            "days",
            "weeks",
        ],
    ),
    (
        "bytes",
        &[
            "bits",
            "kilobytes",
            "megabytes",
            "gigabytes",
            "kibibytes",
            "mebibytes",
            "gibibytes",
        ],
    ),
    ("ratio", &["percent", "percents"]),
    ("celsius", &["kelvin", "kelvins", "fahrenheit"]),
    (
        "meters",
        &[
            "millimeters",
            "centimeters",
            "kilometers",
            "inches",
            "feet",
            "miles",
        ],
    ),
    ("grams", &["milligrams", "kilograms", "ounces", "pounds"]),
    ("joules", &["calories", "kilojoules"]),
    ("volts", &["millivolts", "kilovolts"]),
    ("amperes", &["milliamperes"]),
];
const ABBREVIATIONS: &[&str] = &[
    "s", "ms", "us", "ns", "sec", "secs", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d",
];
const KINDS: &[&str] = &[
    "counter",
    "gauge",
    "histogram",
    "summary",
    "info",
    "stateset",
];

/// What is wrong, one line each: the name and the remedy. Empty where nothing is.
pub fn lint(read: &Exposition) -> Vec<String> {
    let mut wrong = Vec::new();
    for (family, kind) in &read.kinds {
        let mut say = |remedy: String| wrong.push(format!("`{family}`: {remedy}"));
        if read
            .helps
            .get(family)
            .is_none_or(|help| help.trim().is_empty())
        {
            say("give it help text".into());
        }
        if !KINDS.contains(&kind.as_str()) {
            say(format!(
                "`{kind}` is no type to alert on; use {}",
                KINDS.join(", ")
            ));
        }
        name(family, kind, &mut say);
        let samples: Vec<_> = read
            .samples
            .iter()
            .filter(|sample| suffix(&sample.name, family, kind).is_some())
            .collect();
        for sample in &samples {
            labels(sample, kind, &mut say);
            if kind == "counter" && sample.value < 0.0 {
                say("a counter cannot be negative".into());
            }
        }
        if kind == "histogram" {
            histogram(family, &samples, &mut say);
        }
    }
    for sample in &read.samples {
        let owned = read
            .kinds
            .iter()
            .any(|(family, kind)| suffix(&sample.name, family, kind).is_some());
        if !owned {
            wrong.push(format!("`{}`: no family has a sample of that name; counters end in `_total`, and only they", sample.name));
        }
    }
    wrong
}

/// What stands after the family's name in a sample's; none where the sample is another family's.
fn suffix<'a>(sample: &'a str, family: &str, kind: &str) -> Option<&'a str> {
    let suffixes: &[&str] = match kind {
        "counter" => &["_total", "_created"],
        "histogram" => &["_bucket", "_sum", "_count", "_created"],
        "summary" => &["", "_sum", "_count", "_created"],
        "info" => &["_info"],
        _ => &[""],
    };
    let after = sample.strip_prefix(family)?;
    suffixes.contains(&after).then_some(after)
}

fn name(family: &str, kind: &str, say: &mut impl FnMut(String)) {
    for reserved in ["_total", "_created", "_bucket", "_count", "_sum", "_info"] {
        if family.ends_with(reserved) {
            say(format!(
                "`{reserved}` is for samples of other types to end in; leave it out"
            ));
        }
    }
    if family.contains(':') {
        say("`:` is for recording rules; use `_`".into());
    }
    if family.chars().any(|c| c.is_ascii_uppercase()) {
        say("write names in snake_case".into());
    }
    let words: Vec<_> = family.split('_').collect();
    if words.contains(&kind) {
        say(format!("leave the type `{kind}` out of the name"));
    }
    for (at, word) in words.iter().enumerate() {
        for (base, others) in UNITS {
            if others.contains(word) {
                say(format!("use the base unit `{base}` instead of `{word}`"));
            }
            if word == base && at + 1 < words.len() {
                say(format!("put the unit `{base}` last"));
            }
        }
        if ABBREVIATIONS.contains(word) {
            say(format!("write the unit `{word}` out, as a base unit"));
        }
    }
}

fn labels(sample: &Sample, kind: &str, say: &mut impl FnMut(String)) {
    for label in sample.labels.keys() {
        let reserved = match label.as_str() {
            "le" => kind != "histogram" || !sample.name.ends_with("_bucket"),
            "quantile" => kind != "summary",
            other => other.starts_with("__"),
        };
        if reserved {
            say(format!(
                "the label `{label}` is reserved; name it otherwise"
            ));
        }
        if label.chars().any(|c| c.is_ascii_uppercase()) {
            say(format!("write the label `{label}` in snake_case"));
        }
    }
}

/// Bounds and counts, the count of all, and whether there is a sum.
type Series = (Vec<(f64, f64)>, Option<f64>, bool);

/// Buckets that grow up to `+Inf`, which holds as many as `_count` says, and a `_sum`: for each set of labels.
fn histogram(family: &str, samples: &[&Sample], say: &mut impl FnMut(String)) {
    let mut series: BTreeMap<_, Series> = BTreeMap::new();
    for sample in samples {
        let mut labels = sample.labels.clone();
        let bound = labels.remove("le").and_then(|le| le.parse().ok());
        let (buckets, count, sum) = series.entry(labels).or_default();
        match (sample.name.strip_prefix(family), bound) {
            (Some("_bucket"), Some(bound)) => buckets.push((bound, sample.value)),
            (Some("_bucket"), None) => say("a bucket needs a label `le` that is a number".into()),
            (Some("_count"), _) => *count = Some(sample.value),
            (Some("_sum"), _) => *sum = true,
            _ => {}
        }
    }
    for (labels, (buckets, count, sum)) in series {
        let growing = buckets.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1);
        let last = buckets.last().filter(|(bound, _)| bound.is_infinite());
        let all = last.is_some_and(|(_, all)| count.is_some_and(|count| (all - count).abs() < 0.5));
        if !growing || !all || !sum {
            say(format!(
                "{labels:?} needs buckets that grow up to `+Inf`, as many in it as `_count`, and a `_sum`"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "# HELP http_requests Finished requests.\n# TYPE http_requests counter\nhttp_requests_total{route=\"/a\"} 3\n\
        # HELP busy_seconds Time.\n# TYPE busy_seconds histogram\nbusy_seconds_bucket{le=\"0.1\"} 1\nbusy_seconds_bucket{le=\"+Inf\"} 2\n\
        busy_seconds_sum 1.5\nbusy_seconds_count 2\n# HELP open_fds Open.\n# TYPE open_fds gauge\nopen_fds 7\n# EOF\n";

    fn linted(text: &str) -> Vec<String> {
        lint(&Exposition::parse(text).unwrap())
    }

    #[test]
    fn what_follows_the_conventions_is_clean() {
        assert_eq!(linted(CLEAN), Vec::<String>::new());
    }

    #[test]
    fn each_slip_is_named_with_its_remedy() {
        for (from, to, remedy) in [
            ("# HELP open_fds Open.\n", "", "help text"),
            ("open_fds gauge", "open_fds unknown", "is no type"),
            (
                "http_requests_total{",
                "http_requests{",
                "counters end in `_total`",
            ),
            ("open_fds", "open_fds_total", "leave it out"),
            ("open_fds", "open_fds_count", "leave it out"),
            ("open_fds", "openFds", "snake_case"),
            ("open_fds", "open:fds", "recording rules"),
            ("open_fds", "open_fds_gauge", "the type `gauge`"),
            ("busy_seconds", "busy_milliseconds", "base unit `seconds`"),
            ("busy_seconds", "busy_ms", "`ms` out"),
            ("busy_seconds", "seconds_busy", "`seconds` last"),
            ("open_fds 7", "open_fds{le=\"1\"} 7", "`le` is reserved"),
            (
                "open_fds 7",
                "open_fds{quantile=\"1\"} 7",
                "`quantile` is reserved",
            ),
            ("{route=", "{httpRoute=", "`httpRoute` in snake_case"),
            (
                "total{route=\"/a\"} 3",
                "total{route=\"/a\"} -3",
                "cannot be negative",
            ),
            ("busy_seconds_bucket{le=\"+Inf\"} 2\n", "", "up to `+Inf`"),
            (
                "{le=\"+Inf\"} 2",
                "{le=\"+Inf\"} 3",
                "as many in it as `_count`",
            ),
            ("{le=\"0.1\"} 1", "{le=\"0.1\"} 9", "buckets that grow"),
            ("busy_seconds_sum 1.5\n", "", "a `_sum`"),
            ("{le=\"0.1\"}", "{le=\"low\"}", "that is a number"),
        ] {
            let text = CLEAN.replace(from, to);
            assert_ne!(text, CLEAN, "{from}");
            let wrong = linted(&text);
            assert!(
                wrong.iter().any(|line| line.contains(remedy)),
                "{to}: {wrong:?}"
            );
        }
    }
}
