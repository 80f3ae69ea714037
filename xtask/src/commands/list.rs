//! `list`: templates, with their options, defaults and one line each.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::json;

use crate::pack::Pack;
use crate::report::Format;

/// Runs `list`.
pub(super) fn run(pack: &Pack, format: Format, out: &mut dyn Write) -> Result<ExitCode> {
    if !matches!(format, Format::Human | Format::Json) {
        bail!("a list holds no findings; use `--format human` or `json`");
    }
    for template in pack.templates()? {
        if format == Format::Json {
            let options: Vec<_> = template
                .manifest
                .placeholders
                .iter()
                .map(|p| {
                    json!({"name": p.name, "prompt": p.prompt, "choices": p.choices,
                        "default": p.default.as_ref().map(|default| &default.value)})
                })
                .collect();
            writeln!(
                out,
                "{}",
                json!({"template": template.name, "options": options})
            )?;
            continue;
        }
        writeln!(
            out,
            "{} (--template {})",
            template.name,
            template.short_name()
        )?;
        for p in &template.manifest.placeholders {
            let default = p.default.as_ref().map_or("", |default| &default.value);
            writeln!(out, "  -d {}={default}", p.name)?;
            let choices = match p.choices.as_slice() {
                [] => String::new(),
                choices => format!(" ({})", choices.join(", ")),
            };
            writeln!(out, "      {}{choices}", p.prompt)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
