//! `platform.toml` with other values: comments, order, quotes and everything else stay as they are.

use anyhow::{Context, Result, bail};
use toml::de::DeTable;

use crate::pack::Platform;
use crate::pack::platform::FILE;
use crate::report::Source;

/// The text of a `platform.toml` that says what `platform` says.
pub(super) fn rewritten(text: &str, platform: &Platform) -> Result<String> {
    let mut out = text.to_owned();
    let table = DeTable::parse(text).with_context(|| format!("cannot parse {FILE}"))?;
    let mut edits = Vec::new();
    for (name, value) in platform.facts() {
        let held = table
            .get_ref()
            .get(name)
            .with_context(|| format!("{FILE} holds no `{name}`"))?;
        if held.get_ref().as_str() != Some(value) {
            edits.push((held.span(), value));
        }
    }
    // From the end on, so that what stands before keeps its place.
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, value) in edits {
        let quotes = quotes(&text[span.clone()]);
        out.replace_range(span, &format!("{quotes}{value}{quotes}"));
    }
    match Platform::parse(&Source::new(FILE, out.as_str())) {
        Ok(read) if read == *platform => Ok(out),
        _ => {
            bail!("{FILE} is written in a way that can't be changed here; write `key = \"value\"`")
        }
    }
}

/// How a string is quoted. No fact holds a quote or a backslash, so that any will do.
fn quotes(literal: &str) -> &str {
    let mark = literal.chars().next().unwrap_or('"');
    let three = literal.len() >= 6 && literal.chars().take(3).all(|c| c == mark);
    &literal[..if three { 3 } else { 1 }]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# org = \"x\"\r\n\"org\" = 'o' # org\r\nrepo=\"r\"\nregistry =\t\"\"\"ghcr.io\"\"\"\n\n\
                        runner = \"u\"\nref = \"v1.0.0\"";

    fn read(text: &str) -> Platform {
        Platform::parse(&Source::new(FILE, text)).unwrap()
    }

    #[test]
    fn values_are_replaced_by_key_and_nothing_else_is() {
        let mut other = read(TEXT);
        other.set("org", "Your-Corp");
        other.set("registry", "localhost:5000/r");
        other.set("ref", "v10.0.0");
        let text = rewritten(TEXT, &other).unwrap();
        let expected = "# org = \"x\"\r\n\"org\" = 'Your-Corp' # org\r\nrepo=\"r\"\nregistry =\t\"\"\"localhost:5000/r\"\"\"\n\n\
                        runner = \"u\"\nref = \"v10.0.0\"";
        assert_eq!(text, expected);
        assert_eq!(read(&text), other);
        assert_eq!(rewritten(&text, &read(TEXT)).unwrap(), TEXT, "and back");
    }
}
