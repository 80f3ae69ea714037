//! What a new template asks of files that are there: it is registered, left out of the workspace, given its copies, and named in the
//! list of folders.
//!
//! Texts are edited at spans, so that comments and the order of what is there stay.

use anyhow::{Context, Result, bail};
use toml::de::{DeTable, DeValue};

use super::readme;
use crate::pack::REGISTRY;
use crate::selftest::Copy;
use crate::sync::shared;

/// The workspace's manifest.
const WORKSPACE: &str = "Cargo.toml";

/// The page with the list of folders.
const LAYOUT: &str = "docs/architecture.md";

/// Makes all of them in the pack's copy. `last` is the template that was registered last so far.
pub(super) fn write(
    copy: &mut Copy,
    name: &str,
    base: &str,
    last: &str,
    description: &str,
    shares: bool,
) -> Result<()> {
    let manifest = format!("{name}/cargo-generate.toml");
    edit(copy, &manifest, unshipped)?;
    edit(copy, REGISTRY, |text| {
        listed(text, "template", "sub_templates", last, name)
    })?;
    edit(copy, WORKSPACE, |text| {
        listed(text, "workspace", "exclude", last, name)
    })?;
    if shares {
        edit(copy, shared::FILE, |text| Ok(sharing(text, base, name)))?;
    }
    if copy.root().join(LAYOUT).is_file() {
        edit(copy, LAYOUT, |text| {
            Ok(laid_out(text, last, name, description))
        })?;
    }
    Ok(())
}

fn edit(copy: &mut Copy, file: &str, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let text = crate::pack::read(&copy.root().join(file))?;
    let text = change(&text).with_context(|| format!("cannot edit {file}"))?;
    copy.set_text(file, &text)
}

/// `text` with `entry` in the list `key` of `table`: after `after`, or at the end.
fn listed(text: &str, table: &str, key: &str, after: &str, entry: &str) -> Result<String> {
    let parsed = DeTable::parse(text)?;
    let list = parsed
        .get_ref()
        .get(table)
        .and_then(|table| table.get_ref().as_table()?.get(key));
    let Some((list, entries)) = list.and_then(|list| Some((list, list.get_ref().as_array()?)))
    else {
        bail!("there is no list `{key}` under `[{table}]`; write `{key} = [\"{after}\"]`");
    };
    let is = |value: &DeValue<'_>, wanted: &str| value.as_str() == Some(wanted);
    if entries.iter().any(|known| is(known.get_ref(), entry)) {
        return Ok(text.to_owned());
    }
    let place = entries.iter().position(|known| is(known.get_ref(), after));
    let place = place.unwrap_or(entries.len().saturating_sub(1));
    let Some(previous) = entries.get(place) else {
        let (head, tail) = text.split_at(list.span().start + 1);
        return Ok(format!("{head}\"{entry}\"{tail}"));
    };
    // On a line of its own where that one has its own.
    let (head, tail) = text.split_at(previous.span().end);
    let line = head.rsplit('\n').next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    let alone = line.trim_start().len() == previous.span().len();
    let space = if alone {
        format!("\n{indent}")
    } else {
        " ".to_owned()
    };
    Ok(format!("{head},{space}\"{entry}\"{tail}"))
}

/// The template's manifest, which keeps the author's page out of services.
fn unshipped(text: &str) -> Result<String> {
    let parsed = DeTable::parse(text)?;
    let template = parsed.get_ref().get("template");
    let template = template.and_then(|template| template.get_ref().as_table());
    let template = template.context("there is no table `[template]`; add it")?;
    if template.contains_key("ignore") {
        return listed(text, "template", "ignore", readme::FILE, readme::FILE);
    }
    let floor = template
        .get("cargo_generate_version")
        .context("there is no `cargo_generate_version` under `[template]`; add it")?;
    let end = floor.span().end;
    let end = text[end..].find('\n').map_or(text.len(), |line| end + line);
    let (head, tail) = text.split_at(end);
    let page = readme::FILE;
    Ok(format!(
        "{head}\n# For whoever changes this template; no service gets it.\nignore = [\"{page}\"]{tail}"
    ))
}

/// The list of shared files, with a table that gives the template what all have in common.
fn sharing(text: &str, base: &str, name: &str) -> String {
    let list = shared::COMMON;
    format!(
        "{}\n\n[[shared]]\nfrom = \"{base}\"\nto = \"{name}\"\nlist = \"{list}\"\n\
         # A line such as \"!/src/start.rs\" makes a file this template's own.\nfiles = []\n",
        text.trim_end()
    )
}

/// The page with the list of folders, where the template has a line below that of `last`; as it was where that has none.
fn laid_out(text: &str, last: &str, name: &str, description: &str) -> String {
    let folder = format!("{last}/ ");
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        out += line;
        let Some(rest) = line.strip_prefix(&folder) else {
            continue;
        };
        let column = line.len() - rest.trim_start().len();
        out += &format!(
            "{:<width$} {description}\n",
            format!("{name}/"),
            width = column - 1
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(list: &str) -> String {
        let text = format!("[a]\nb = {list}\n");
        let new = listed(&text, "a", "b", "two", "new").unwrap();
        assert!(new.parse::<toml::Table>().is_ok(), "{new}");
        new.trim_start_matches("[a]\nb = ").trim_end().to_owned()
    }

    #[test]
    fn an_entry_is_added_as_the_list_is_written() {
        for (list, expected) in [
            ("[]", "[\"new\"]"),
            ("[\"two\", \"target\"]", "[\"two\", \"new\", \"target\"]"),
            ("[\"target\"]", "[\"target\", \"new\"]"),
            ("[\n  \"two\", # b\n]", "[\n  \"two\",\n  \"new\", # b\n]"),
            ("[\"new\"]", "[\"new\"]"),
        ] {
            assert_eq!(added(list), expected);
        }
        let error = listed("[a]\nb = 1\n", "a", "b", "two", "new").unwrap_err();
        assert!(
            error.to_string().contains("write `b = [\"two\"]`"),
            "{error}"
        );
    }

    #[test]
    fn the_author_s_page_is_ignored_whatever_the_manifest_ignores() {
        for text in [
            "[template]\ncargo_generate_version = \"1\" # floor\nfmt = false\n",
            "[template]\nignore = [\"notes.md\"]\n",
            "[template]\nignore = [\"TEMPLATE.md\"]\n",
            "[template]\ncargo_generate_version = \"1\"",
        ] {
            let new: toml::Table = unshipped(text).unwrap().parse().unwrap();
            let ignored = new["template"]["ignore"].as_array().unwrap();
            let pages = ignored
                .iter()
                .filter(|entry| entry.as_str() == Some(readme::FILE));
            assert_eq!(pages.count(), 1, "{text}");
        }
        assert!(unshipped("x = 1\n").is_err());
    }

    #[test]
    fn a_folder_has_a_line_below_the_last() {
        let text = "template-a/    one\nxtask/         tool\n";
        let expected = "template-a/    one\ntemplate-b/    two\nxtask/         tool\n";
        assert_eq!(laid_out(text, "template-a", "template-b", "two"), expected);
        assert_eq!(laid_out(text, "template-c", "template-b", "two"), text);
    }
}
