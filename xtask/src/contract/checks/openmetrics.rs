//! Reads `OpenMetrics` 1.0 text, as strictly as the checks need: what they count, and what a scraper would stumble over.

use std::collections::BTreeMap;

/// One line of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The name, with its suffix, such as `http_requests_total`.
    pub name: String,
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The figure.
    pub value: f64,
}

/// Everything that was exposed.
#[derive(Debug, Default)]
pub struct Exposition {
    /// The samples, in order.
    pub samples: Vec<Sample>,
    /// The kind of each family, such as `counter` for `http_requests`.
    pub kinds: BTreeMap<String, String>,
    /// The help text of each family.
    pub helps: BTreeMap<String, String>,
}

impl Exposition {
    /// Reads an exposition; the error quotes the line that is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let body = text
            .strip_suffix("# EOF\n")
            .ok_or("the text does not end with `# EOF`")?;
        let mut read = Self::default();
        for line in body.lines() {
            let bad = || format!("line `{line}` cannot be read");
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').ok_or_else(bad)?;
                if read
                    .kinds
                    .insert(name.to_owned(), kind.to_owned())
                    .is_some()
                {
                    return Err(format!("`{name}` has two types"));
                }
            } else if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').ok_or_else(bad)?;
                read.helps.insert(name.to_owned(), help.to_owned());
            } else if !line.starts_with("# UNIT ") {
                let sample = sample(line).ok_or_else(bad)?;
                if !read
                    .kinds
                    .keys()
                    .any(|family| sample.name.starts_with(family.as_str()))
                {
                    return Err(format!("line `{line}` belongs to no `# TYPE`"));
                }
                let twice =
                    |known: &&Sample| known.name == sample.name && known.labels == sample.labels;
                if read.samples.iter().any(|known| twice(&known)) {
                    return Err(format!("line `{line}` stands there twice"));
                }
                read.samples.push(sample);
            }
        }
        Ok(read)
    }

    /// The sum of what is called `name` and carries all of `labels`.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let carries = |sample: &&Sample| {
            let has =
                |(key, value): &(&str, &str)| sample.labels.get(*key).is_some_and(|v| v == value);
            sample.name == name && labels.iter().all(has)
        };
        self.samples
            .iter()
            .filter(carries)
            .map(|sample| sample.value)
            .sum()
    }

    /// The one figure called `name`, whatever its labels.
    pub fn only(&self, name: &str) -> Option<f64> {
        let mut found = self.samples.iter().filter(|sample| sample.name == name);
        let first = found.next()?;
        found.next().is_none().then_some(first.value)
    }
}

fn sample(line: &str) -> Option<Sample> {
    let mut labels = BTreeMap::new();
    let (name, value) = if let Some((name, rest)) = line.split_once('{') {
        (name, read_labels(rest, &mut labels)?.strip_prefix(' ')?)
    } else {
        line.split_once(' ')?
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    if name.is_empty() || !name.chars().all(legal) {
        return None;
    }
    Some(Sample {
        name: name.to_owned(),
        labels,
        value: value.parse().ok()?,
    })
}

/// Reads `a="b",c="d"}` and returns what follows.
fn read_labels<'a>(mut rest: &'a str, labels: &mut BTreeMap<String, String>) -> Option<&'a str> {
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some(after);
        }
        let (name, after) = rest.split_once("=\"")?;
        let mut value = String::new();
        let mut chars = after.char_indices();
        let end = loop {
            match chars.next()? {
                (at, '"') => break at,
                (_, '\\') => value.push(match chars.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                (_, other) => value.push(other),
            }
        };
        labels.insert(name.trim_start_matches(',').to_owned(), value);
        rest = &after[end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP http_requests Requests.\n# TYPE http_requests counter\n\
        http_requests_total{method=\"GET\",route=\"/a\"} 3\nhttp_requests_total{method=\"GET\",route=\"b\\\"},x\"} 4\n\
        # TYPE busy gauge\nbusy 1.5\n# EOF\n";

    #[test]
    fn figures_are_found_by_their_labels() {
        let read = Exposition::parse(TEXT).unwrap();
        assert!((read.sum("http_requests_total", &[("method", "GET")]) - 7.0).abs() < 1e-9);
        assert!((read.sum("http_requests_total", &[("route", "b\"},x")]) - 4.0).abs() < 1e-9);
        assert_eq!(read.only("busy"), Some(1.5));
        assert_eq!(read.only("http_requests_total"), None);
        assert_eq!(read.kinds["http_requests"], "counter");
    }

    #[test]
    fn what_a_scraper_stumbles_over_is_an_error() {
        for text in [
            TEXT.trim_end(),
            "busy 1\n# EOF\n",
            "# TYPE busy gauge\nbusy one\n# EOF\n",
            "# TYPE busy gauge\nbusy 1\nbusy 2\n# EOF\n",
            "# TYPE busy gauge\nbusy{a=\"b} 1\n# EOF\n",
        ] {
            assert!(Exposition::parse(text).is_err(), "{text}");
        }
    }
}
