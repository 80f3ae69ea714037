//! The machine that a job runs on.

use super::Rule;
use super::model::expr::Expr;
use super::model::shape::Site;
use super::model::yaml::{Kind, Node};
use super::model::{Job, Matrix, Model, Workflow};
use super::words::did_you_mean;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "H2-runner",
    summary: "a runner label that floats, such as `ubuntu-latest`, or that nobody knows, or two that no runner has together (a warning)",
    why: "A floating label is another machine one morning. For labels that no runner has the job waits a day and is cancelled: of \
          a list, a runner has to have all.",
    example: "runs-on: ubuntu-latest",
    remedy: "Name the release, as in `ubuntu-24.04`; a label of your own is `runner` in platform.toml, or stands behind \
             `self-hosted`.",
    check,
};

/// GitHub's own.
const KNOWN: &[&str] = &[
    "ubuntu-22.04",
    "ubuntu-24.04",
    "ubuntu-26.04",
    "ubuntu-22.04-arm",
    "ubuntu-24.04-arm",
    "ubuntu-26.04-arm",
    "ubuntu-slim",
    "windows-2022",
    "windows-2025",
    "windows-2025-vs2026",
    "windows-11-arm",
    "macos-13",
    "macos-13-large",
    "macos-13-xlarge",
    "macos-14",
    "macos-14-large",
    "macos-14-xlarge",
    "macos-15",
    "macos-15-intel",
    "macos-15-large",
    "macos-15-xlarge",
    "macos-26",
    "macos-26-intel",
    "macos-26-large",
    "macos-26-xlarge",
];

/// What moves, and what it means today.
const FLOATING: &[(&str, &str)] = &[
    ("ubuntu-latest", "ubuntu-24.04"),
    ("windows-latest", "windows-2025"),
    ("macos-latest", "macos-15"),
    ("macos-latest-large", "macos-15-large"),
    ("macos-latest-xlarge", "macos-15-xlarge"),
];

fn check(model: &Model, report: &mut Report) {
    for workflow in model.workflows() {
        for job in workflow.jobs() {
            let Some(node) = job.node.get("runs-on") else {
                continue;
            };
            apart(workflow, node, report);
            // A group, or labels of one's own runners, which only the organisation knows.
            if matches!(node.kind, Kind::Map(_))
                || node
                    .items()
                    .iter()
                    .any(|item| item.text() == Some("self-hosted"))
            {
                continue;
            }
            for label in node.one_or_many() {
                match label.plain() {
                    Some(_) => judge(model, workflow, label, report),
                    None => from_matrix(model, workflow, &job, label, report),
                }
            }
        }
    }
}

/// Labels of one kind that a runner of one's own gets by itself, and has one of.
const ALTERNATIVES: [&[&str]; 2] = [&["linux", "windows", "macos"], &["x64", "arm64", "arm"]];

/// Two labels of one list that are two machines.
fn apart(workflow: Workflow<'_>, node: &Node, report: &mut Report) {
    let labels = match node.kind {
        Kind::Map(_) => node.get("labels").map_or(&[][..], Node::items),
        _ => node.items(),
    };
    let named: Vec<(&Node, &str)> = labels
        .iter()
        .filter_map(|label| Some((label, label.plain()?)))
        .collect();
    let is_own =
        matches!(node.kind, Kind::Map(_)) || named.iter().any(|(_, label)| *label == "self-hosted");
    let is_image = |label: &str| {
        KNOWN.contains(&label) || FLOATING.iter().any(|(floating, _)| *floating == label)
    };
    let clash = |one: &str, other: &str| {
        let same_kind = |kind: &&[&str]| {
            let among = |label: &str| kind.iter().any(|known| known.eq_ignore_ascii_case(label));
            among(one) && among(other)
        };
        let is_pair = if is_own {
            ALTERNATIVES.iter().any(same_kind)
        } else {
            is_image(one) && is_image(other)
        };
        is_pair && !one.eq_ignore_ascii_case(other)
    };
    for (index, (second, label)) in named.iter().enumerate() {
        let Some((_, first)) = named[..index].iter().find(|(_, first)| clash(first, label)) else {
            continue;
        };
        let message =
            format!("no runner has both `{first}` and `{label}`, and of a list it needs all");
        let help = if is_own {
            "keep one of them".to_owned()
        } else {
            format!(
                "keep one, or write `runs-on: ${{{{ matrix.os }}}}` with `strategy: {{matrix: {{os: [{first}, {label}]}}}}`"
            )
        };
        let source = &workflow.file.source;
        report.warning(RULE.id, source, second.span.clone(), message, help);
    }
}

/// `${{ matrix.os }}`: the values it takes.
fn from_matrix(
    model: &Model,
    workflow: Workflow<'_>,
    job: &Job<'_>,
    label: &Node,
    report: &mut Report,
) {
    let (Some(matrix), Some(text)) = (job.matrix(), label.text()) else {
        return;
    };
    let alone = text.trim().starts_with("${{") && text.trim().ends_with("}}");
    let at = |site: &&Site| label.span.contains(&site.expr.span.start);
    let Some(site) = workflow.file.walked.sites.iter().find(at).filter(|_| alone) else {
        return;
    };
    let path = Expr::path(&site.expr).unwrap_or_default();
    if let [root, name] = path.as_slice()
        && root.text == "matrix"
    {
        for value in Matrix::values(matrix, &name.text) {
            if value.plain().is_some() {
                judge(model, workflow, value, report);
            }
        }
    }
}

fn judge(model: &Model, workflow: Workflow<'_>, node: &Node, report: &mut Report) {
    let Some(label) = node.text() else { return };
    let source = &workflow.file.source;
    let own = model
        .platform
        .as_ref()
        .map(|platform| platform.runner.as_str());
    if KNOWN.contains(&label) || own == Some(label) || label == "self-hosted" {
        return;
    }
    if let Some((_, today)) = FLOATING.iter().find(|(floating, _)| *floating == label) {
        let message = format!("`{label}` is another machine from time to time");
        report.warning(
            RULE.id,
            source,
            node.span.clone(),
            message,
            format!("write `{}`", own.unwrap_or(today)),
        );
        return;
    }
    let known = KNOWN
        .iter()
        .copied()
        .chain(own)
        .chain(FLOATING.iter().map(|(label, _)| *label));
    let help = did_you_mean(
        label,
        known,
        "name one of GitHub's, or write `[self-hosted, LABEL]` for one of your own",
    );
    report.warning(
        RULE.id,
        source,
        node.span.clone(),
        format!("nobody knows the runner `{label}`"),
        help,
    );
}
