//! What became of the contract in each case: the numbers that are kept, in part or not, and those that nobody looked at.

use std::collections::BTreeMap;

use super::register::{HELD, check};
use super::{GateResult, Status};
use crate::contract::{self, Check, NUMBERS, Need};

/// What became of the contract in one case of one template.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// The template.
    pub template: String,
    /// The case.
    pub case: String,
    /// Numbers of which everything was looked at and is as promised.
    pub kept: Vec<&'static str>,
    /// Numbers of which something was not looked at, though nothing seen was wrong; with what was skipped.
    pub in_part: BTreeMap<&'static str, Vec<String>>,
    /// Numbers that are not kept; with what failed.
    pub failed: BTreeMap<&'static str, Vec<String>>,
    /// Numbers at which this run did not look.
    pub unseen: Vec<&'static str>,
    /// Numbers of which something was looked at in the process and skipped in the image.
    pub process_only: BTreeMap<&'static str, Vec<String>>,
}

/// What was seen of one check or gate, in all the places where it ran.
#[derive(Clone, Copy, Default)]
struct Seen {
    passed: bool,
    failed: bool,
    /// What the stage `image` made of it, where that ran: nothing but skipped it, or more.
    image: Option<bool>,
}

/// The account of every case about which there are results, in the order of the run.
pub fn accounts(results: &[GateResult]) -> Vec<Account> {
    let mut places: Vec<(&str, &str)> = Vec::new();
    for result in results.iter().filter(|result| result.contract.is_some()) {
        if let (Some(template), Some(case)) = (&result.template, &result.case)
            && !places.contains(&(template, case))
        {
            places.push((template, case));
        }
    }
    let account = |(template, case): (&str, &str)| {
        let here = |result: &&GateResult| {
            result.template.as_deref() == Some(template) && result.case.as_deref() == Some(case)
        };
        account(template, case, results.iter().filter(here))
    };
    places.into_iter().map(account).collect()
}

fn account<'a>(
    template: &str,
    case: &str,
    results: impl Iterator<Item = &'a GateResult>,
) -> Account {
    let mut seen: BTreeMap<(&str, &str), Seen> = BTreeMap::new();
    for result in results {
        let Some(number) = result.contract else {
            continue;
        };
        let name = check(&result.gate).map_or(result.gate.as_str(), |check| check.name);
        // The same check under each compose profile is one check here.
        let seen = seen.entry((number, name)).or_default();
        match result.status {
            Status::Passed => seen.passed = true,
            Status::Failed => seen.failed = true,
            Status::Skipped => {}
        }
        if result.stage == "image" {
            let looked = result.status != Status::Skipped;
            seen.image = Some(looked || seen.image == Some(true));
        }
    }
    let mut account = Account {
        template: template.to_owned(),
        case: case.to_owned(),
        ..Account::default()
    };
    for (number, _) in NUMBERS {
        let (mut kept, mut failed, mut missed) = (false, Vec::new(), Vec::new());
        let mut process_only = Vec::new();
        if !promised(number, template) {
            continue;
        }
        for name in members(number, case) {
            match seen.get(&(*number, name)).copied().unwrap_or_default() {
                Seen { failed: true, .. } => failed.push(name.to_owned()),
                Seen {
                    passed: true,
                    image,
                    ..
                } => {
                    kept = true;
                    if image == Some(false) {
                        process_only.push(name.to_owned());
                    }
                }
                Seen { .. } => missed.push(name.to_owned()),
            }
        }
        if !process_only.is_empty() {
            account.process_only.insert(number, process_only);
        }
        if !failed.is_empty() {
            account.failed.insert(number, failed);
        } else if !kept {
            account.unseen.push(number);
        } else if !missed.is_empty() {
            account.in_part.insert(number, missed);
        } else {
            account.kept.push(number);
        }
    }
    account
}

/// What holds `number` in `case`: checks and gates, by name.
fn members(number: &str, case: &str) -> impl Iterator<Item = &'static str> {
    let checks = contract::all().filter(move |check| check.id == number && asked(check, case));
    let gates = HELD.iter().filter(move |held| {
        let only = held.only();
        held.number == number && only.is_none_or(|(option, value)| gives(case, option, value))
    });
    checks
        .map(|check| check.name)
        .chain(gates.map(|held| held.gate.1))
}

/// Whether `template` promises anything under `number`: what other templates promise is no gap in this one.
fn promised(number: &str, template: &str) -> bool {
    let mut checks = contract::all().filter(|check| check.id == number);
    let here = |need: &Need| !matches!(need, Need::Template(name) if *name != template);
    HELD.iter().any(|held| held.number == number)
        || checks.any(|check| check.needs.iter().all(here))
}

/// Whether a check is a part of the contract in `case`: one of another answer is not.
fn asked(check: &Check, case: &str) -> bool {
    check.needs.iter().all(|need| match need {
        Need::Answer(option, value) => gives(case, option, value),
        Need::Other(option, value) => !gives(case, option, value),
        _ => true,
    })
}

/// Whether `case`, as it is printed, gives an option this value.
fn gives(case: &str, option: &str, value: &str) -> bool {
    case.split(',')
        .any(|pair| pair.split_once('=') == Some((option, value)))
}

impl std::fmt::Display for Account {
    /// `template-axum metrics=none: S1–S18, S22 kept; S19 in part, without hadolint; not looked at: S20`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if !self.kept.is_empty() {
            parts.push(format!("{} kept", ranges(&self.kept)));
        }
        for (number, names) in ordered(&self.in_part) {
            parts.push(format!("{number} in part, without {}", few(names)));
        }
        for (number, names) in ordered(&self.failed) {
            parts.push(format!("{number} NOT KEPT: {}", few(names)));
        }
        if !self.unseen.is_empty() {
            parts.push(format!("not looked at: {}", ranges(&self.unseen)));
        }
        if !self.process_only.is_empty() {
            let numbers: Vec<_> = ordered(&self.process_only)
                .map(|(number, _)| number)
                .collect();
            parts.push(format!(
                "seen in the process, in the image not all of: {}",
                ranges(&numbers)
            ));
        }
        write!(f, "{} {}: {}", self.template, self.case, parts.join("; "))
    }
}

/// The names, or some of them and how many more there are.
fn few(names: &[String]) -> String {
    match names {
        [first, second, rest @ ..] if rest.len() > 1 => {
            format!("{first}, {second} and {} others", rest.len())
        }
        _ => names.join(", "),
    }
}

fn ordered<'a>(
    numbers: &'a BTreeMap<&'static str, Vec<String>>,
) -> impl Iterator<Item = (&'static str, &'a Vec<String>)> {
    NUMBERS
        .iter()
        .filter_map(|(number, _)| Some((*number, numbers.get(number)?)))
}

/// `S1–S3, S5`: those that follow each other are drawn together.
fn ranges(numbers: &[&str]) -> String {
    let value = |number: &str| {
        number
            .get(1..)
            .and_then(|digits| digits.parse::<u32>().ok())
    };
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for number in numbers {
        let follows = |last: &str| value(last).map(|last| last + 1) == value(number);
        match parts.last_mut() {
            Some(part) if part.last().is_some_and(|last| follows(last)) => part.push(number),
            _ => parts.push(vec![number]),
        }
    }
    let written = |part: Vec<&str>| match part[..] {
        [first, _, .., last] => format!("{first}–{last}"),
        _ => part.join(", "),
    };
    parts
        .into_iter()
        .map(written)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::register::number;

    fn result(gate: &str, status: Status) -> GateResult {
        GateResult {
            stage: "image",
            template: Some("template-axum".into()),
            case: Some("deploy=compose,metrics=none".into()),
            contract: number("image", gate),
            gate: gate.to_owned(),
            status,
            seconds: 0.0,
            detail: String::new(),
            rerun: String::new(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn what_a_case_cannot_have_is_not_missed() {
        use Status::{Passed, Skipped};
        let named = |name| contract::all().find(|check| check.name == name).unwrap();
        let (other, answer) = (
            named("starts-without-secrets"),
            named("takes-a-rotated-database-url"),
        );
        for (case, without, with) in [
            ("database=none,metrics=none", Passed, Skipped),
            ("database=postgres,metrics=none", Skipped, Passed),
        ] {
            let expected = (without == Passed, with == Passed);
            assert_eq!(
                (asked(other, case), asked(answer, case)),
                expected,
                "{case}"
            );
            let mut results = Vec::new();
            for check in contract::all().filter(|check| check.id == "S18") {
                let status = if asked(check, case) { Passed } else { Skipped };
                let mut result = result(&format!("S18 {}", check.name), status);
                result.case = Some(case.into());
                results.push(result);
            }
            let accounts = accounts(&results);
            assert_eq!(accounts[0].kept, ["S18"], "{}", accounts[0]);
        }
    }

    #[test]
    fn what_another_template_promises_is_not_missed() {
        for (template, missed) in [("template-axum", false), ("template-fastapi-style", true)] {
            let mut result = result("S4 version-names-the-build", Status::Passed);
            result.template = Some(template.into());
            let accounts = accounts(&[result]);
            assert_eq!(accounts[0].unseen.contains(&"F1"), missed, "{template}");
        }
    }

    #[test]
    fn a_gate_of_other_cases_is_not_missed() {
        for (case, asked) in [("deploy=compose", false), ("deploy=kubernetes", true)] {
            for gate in ["manifests", "manifest-schemas"] {
                let found = members("S20", case).any(|name| name == gate);
                assert_eq!(found, asked, "{gate} in {case}");
            }
            assert!(members("S20", case).any(|name| name == "compose-model"));
        }
    }

    #[test]
    fn what_the_image_was_not_asked_is_said() {
        let check = "S4 version-names-the-build";
        let of = |stage, status| GateResult {
            stage,
            ..result(check, status)
        };
        for (image, said) in [
            (vec![], false),
            (vec![Status::Skipped], true),
            // One of the profiles is enough.
            (
                vec![Status::Skipped, Status::Passed, Status::Skipped],
                false,
            ),
        ] {
            let image = image.into_iter().map(|status| of("image", status));
            let results: Vec<_> = [of("boot", Status::Passed)]
                .into_iter()
                .chain(image)
                .collect();
            let text = accounts(&results)[0].to_string();
            assert_eq!(
                text.ends_with("; seen in the process, in the image not all of: S4"),
                said,
                "{text}"
            );
        }
    }

    #[test]
    fn an_account_names_what_is_kept_and_what_is_not() {
        use Status::{Failed, Passed, Skipped};
        let case = "deploy=compose,metrics=none";
        let mut results = Vec::new();
        for number in ["S1", "S2", "S3", "S4", "S14"] {
            let checks = contract::all().filter(|check| check.id == number);
            for check in checks {
                let status = if asked(check, case) { Passed } else { Skipped };
                results.push(result(&format!("{number} {}", check.name), status));
            }
        }
        results.extend([
            // Looked at elsewhere.
            result("S2 ready-names-what-is-down [prod]", Skipped),
            result("S4 version-names-the-build [prod]", Failed),
            result("hadolint", Skipped),
            result("size", Passed),
            result("compose-config", Skipped),
            // Holds no number.
            result("contract", Failed),
        ]);
        let accounts = accounts(&results);
        let [account] = &accounts[..] else {
            panic!("{accounts:?}")
        };
        let text = account.to_string();
        for expected in [
            "template-axum deploy=compose,metrics=none: S1–S3, S14 kept; S19 in part, without ",
            "; S4 NOT KEPT: version-names-the-build; not looked at: S5–S13, S15–S18, ",
        ] {
            assert!(text.contains(expected), "{text}");
        }
        assert!(account.in_part["S19"].contains(&"hadolint".to_owned()));
        assert_eq!(account.failed.len(), 1);
    }
}
