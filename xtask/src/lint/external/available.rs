//! Whether a tool is there, and is not too old.

use anyhow::{Result, bail};

use super::Program;
use crate::process::{Silence, said};

/// Whether a tool can be asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It can.
    Ready,
    /// It is not there, or too old.
    Missing(String),
}

/// How it stands with `program` on this machine.
///
/// # Errors
/// When it is there and does not work, or its version can't be told.
pub(super) fn standing(program: &Program) -> Result<Standing> {
    let shown = program.version.join(" ");
    match said(program.version) {
        Ok(text) => judge(program, &text),
        Err(Silence::Missing) => {
            let name = program.version.first().unwrap_or(&program.name);
            Ok(Standing::Missing(format!("`{name}` is not on PATH")))
        }
        // The engine's program is there without the plugin: it takes the plugin's name for one of its own commands.
        Err(Silence::Failed(line)) if is_unknown(&line) => {
            Ok(Standing::Missing(format!("`{shown}` knows no such plugin")))
        }
        Err(Silence::Failed(line)) => bail!(
            "`{shown}` fails here: {line}; mend or remove the program, or run `lint` with `--external off`"
        ),
    }
}

fn is_unknown(line: &str) -> bool {
    line.contains("is not a docker command") || line.contains("unknown command")
}

fn judge(program: &Program, text: &str) -> Result<Standing> {
    let name = program.version.join(" ");
    let Some(found) = version(text) else {
        let line = text.lines().next().unwrap_or_default();
        bail!("`{name}` names no version: {line}");
    };
    if found >= program.floor {
        return Ok(Standing::Ready);
    }
    let (is, floor) = (dotted(found), dotted(program.floor));
    Ok(Standing::Missing(format!(
        "{} is {is}, and {floor} is the oldest that will do",
        program.name
    )))
}

/// The first `1.2.3` or `1.2` of a text.
fn version(text: &str) -> Option<(u64, u64, u64)> {
    text.split(|c: char| c.is_whitespace() || c == ',')
        .find_map(|word| {
            let mut parts = word.trim_start_matches('v').splitn(3, '.');
            let major = parts.next()?.parse().ok()?;
            let minor = parts.next()?.parse().ok()?;
            let patch: String = parts
                .next()
                .unwrap_or("0")
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            Some((major, minor, patch.parse().ok()?))
        })
}

fn dotted((major, minor, patch): (u64, u64, u64)) -> String {
    format!("{major}.{minor}.{patch}")
}

#[cfg(test)]
mod tests {
    use super::super::{PROGRAMS, actionlint};
    use super::*;

    #[test]
    fn every_tool_s_way_to_say_its_version_is_understood() {
        for (text, expected) in [
            (
                "actionlint.kjanat.dev 1.14.0\nbuilt with go1.27.1",
                (1, 14, 0),
            ),
            ("1.7.12\ninstalled by downloading", (1, 7, 12)),
            ("zizmor 1.32.0\n", (1, 32, 0)),
            (
                "ShellCheck - shell script analysis tool\nversion: 0.11.0\n",
                (0, 11, 0),
            ),
            ("Haskell Dockerfile Linter 2.15.1\n", (2, 15, 1)),
            ("Docker Compose version v5.6.1\n", (5, 6, 1)),
            ("Docker Compose version 2.26.1+ds1-0ubuntu1\n", (2, 26, 1)),
            ("Docker Compose version v2.40\n", (2, 40, 0)),
        ] {
            assert_eq!(version(text), Some(expected), "{text}");
        }
        assert_eq!(version("zizmor, the newest"), None);
    }

    #[test]
    fn one_that_is_too_old_is_told_with_both_versions() {
        let old = judge(&actionlint::PROGRAM, "1.7.12\n").unwrap();
        let Standing::Missing(reason) = old else {
            panic!("{old:?}")
        };
        assert_eq!(
            reason,
            "actionlint is 1.7.12, and 1.14.0 is the oldest that will do"
        );
        for program in PROGRAMS {
            let floor = dotted(program.floor);
            assert_eq!(judge(program, &floor).unwrap(), Standing::Ready);
        }
    }

    #[test]
    fn one_that_can_t_say_its_version_is_no_answer() {
        let error = judge(&actionlint::PROGRAM, "usage: …\n").unwrap_err();
        assert!(format!("{error}").contains("names no version: usage"));
    }
}
