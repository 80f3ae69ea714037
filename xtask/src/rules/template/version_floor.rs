//! The oldest cargo-generate that a template works with.

use super::Rule;
use super::model::Model;
use super::model::vocabulary::FLOOR;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "version-floor",
    summary: "a manifest without `cargo_generate_version`, or with one that admits releases that nobody tried",
    why: "An older cargo-generate lacks filters and functions, and renders something else instead of saying so.",
    example: "[template]\nfmt = false",
    remedy: "Write `cargo_generate_version = \">=0.23.14\"` under `[template]`.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    let (major, minor, patch) = FLOOR;
    let floor = format!("{major}.{minor}.{patch}");
    let help = format!("write `cargo_generate_version = \">={floor}\"` under `[template]`");
    let manifests = model.templates.iter().map(|template| &template.manifest);
    for manifest in manifests.chain([&model.registry.manifest]) {
        let Some(version) = &manifest.version else {
            let start = manifest
                .source
                .text
                .find("[template]")
                .map_or(0..0, |at| at..at + "[template]".len());
            let source = &manifest.source;
            report.error(
                RULE.id,
                source,
                start,
                "`cargo_generate_version` is missing",
                &help,
            );
            continue;
        };
        let message = match lowest(&version.value) {
            None => format!("`{}` sets no floor", version.value),
            Some(lowest) if lowest < FLOOR => {
                format!("`{}` admits releases below {floor}", version.value)
            }
            Some(_) => continue,
        };
        let source = &manifest.source;
        report.error(RULE.id, source, version.span.clone(), message, &help);
    }
}

/// The lowest release that a requirement of the form `>=X.Y.Z`, with or without further bounds, admits.
fn lowest(requirement: &str) -> Option<(u64, u64, u64)> {
    let bound = requirement
        .split(',')
        .find_map(|bound| bound.trim().strip_prefix(">="))?;
    let mut numbers = bound.trim().split('.').map(str::parse);
    let release = (
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    );
    numbers.next().is_none().then_some(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_are_read() {
        assert_eq!(lowest(">=0.23.14"), Some((0, 23, 14)));
        assert_eq!(lowest("<1, >= 0.24.0"), Some((0, 24, 0)));
        for none in [
            "*",
            "0.23",
            ">=0.23",
            "",
            ">= x",
            ">=1.2.3.4",
            ">=99999999999999999999.0.0",
        ] {
            assert_eq!(lowest(none), None, "{none}");
        }
    }
}
