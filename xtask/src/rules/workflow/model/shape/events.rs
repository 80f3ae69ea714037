//! What may start a workflow.

use super::super::yaml::{Fault, Kind, Node};
use super::places::{CALL_DEFAULT, CALL_OUTPUT, NOWHERE};
use super::{Key, Shape, cron, key, required};
use crate::report::nearest;

/// An event of GitHub's.
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// Its types; none where it has none.
    types: &'static [&'static str],
    /// What it may be narrowed by.
    filters: &'static [&'static str],
}

const fn event(
    name: &'static str,
    types: &'static [&'static str],
    filters: &'static [&'static str],
) -> Event {
    Event {
        name,
        types,
        filters,
    }
}

const PULL_REQUEST: &[&str] = &[
    "assigned",
    "unassigned",
    "labeled",
    "unlabeled",
    "opened",
    "edited",
    "closed",
    "reopened",
    "synchronize",
    "converted_to_draft",
    "locked",
    "unlocked",
    "enqueued",
    "dequeued",
    "milestoned",
    "demilestoned",
    "ready_for_review",
    "review_requested",
    "review_request_removed",
    "auto_merge_enabled",
    "auto_merge_disabled",
];
const BRANCHES: &[&str] = &["branches", "branches-ignore", "paths", "paths-ignore"];

/// All of them.
pub const EVENTS: &[Event] = &[
    event(
        "branch_protection_rule",
        &["created", "edited", "deleted"],
        &[],
    ),
    event(
        "check_run",
        &["created", "rerequested", "completed", "requested_action"],
        &[],
    ),
    event(
        "check_suite",
        &["completed", "requested", "rerequested"],
        &[],
    ),
    event("create", &[], &[]),
    event("delete", &[], &[]),
    event("deployment", &[], &[]),
    event("deployment_status", &[], &[]),
    event(
        "discussion",
        &[
            "created",
            "edited",
            "deleted",
            "transferred",
            "pinned",
            "unpinned",
            "labeled",
            "unlabeled",
            "locked",
            "unlocked",
            "category_changed",
            "answered",
            "unanswered",
        ],
        &[],
    ),
    event("discussion_comment", &["created", "edited", "deleted"], &[]),
    event("fork", &[], &[]),
    event("gollum", &[], &[]),
    event(
        "image_version",
        &["created", "ready", "deleted"],
        &["names", "versions"],
    ),
    event(
        "issue_comment",
        &["created", "edited", "deleted", "pinned", "unpinned"],
        &[],
    ),
    event(
        "issues",
        &[
            "opened",
            "edited",
            "deleted",
            "transferred",
            "pinned",
            "unpinned",
            "closed",
            "reopened",
            "assigned",
            "unassigned",
            "labeled",
            "unlabeled",
            "locked",
            "unlocked",
            "milestoned",
            "demilestoned",
            "typed",
            "untyped",
        ],
        &[],
    ),
    event("label", &["created", "edited", "deleted"], &[]),
    event(
        "merge_group",
        &["checks_requested"],
        &["branches", "branches-ignore"],
    ),
    event(
        "milestone",
        &["created", "closed", "opened", "edited", "deleted"],
        &[],
    ),
    event("page_build", &[], &[]),
    event("public", &[], &[]),
    event("pull_request", PULL_REQUEST, BRANCHES),
    event(
        "pull_request_review",
        &["submitted", "edited", "dismissed"],
        &[],
    ),
    event(
        "pull_request_review_comment",
        &["created", "edited", "deleted"],
        &[],
    ),
    event("pull_request_target", PULL_REQUEST, BRANCHES),
    event(
        "push",
        &[],
        &[
            "branches",
            "branches-ignore",
            "paths",
            "paths-ignore",
            "tags",
            "tags-ignore",
        ],
    ),
    event("registry_package", &["published", "updated"], &[]),
    event(
        "release",
        &[
            "published",
            "unpublished",
            "created",
            "edited",
            "deleted",
            "prereleased",
            "released",
        ],
        &[],
    ),
    event("repository_dispatch", &[], &[]),
    event("schedule", &[], &[]),
    event("status", &[], &[]),
    event("watch", &["started"], &[]),
    event("workflow_call", &[], &[]),
    event("workflow_dispatch", &[], &[]),
    event(
        "workflow_run",
        &["completed", "requested", "in_progress"],
        &["branches", "branches-ignore", "workflows"],
    ),
];

/// `on:`, as far as a table can say.
pub(super) const TRIGGERS: Shape = Shape::Either(&[
    Shape::Filled(&NOWHERE),
    Shape::List(&Shape::Filled(&NOWHERE)),
    Shape::Partly(&[
        key(
            "workflow_call",
            Shape::Either(&[Shape::Null, Shape::Map(CALL)]),
        ),
        key(
            "workflow_dispatch",
            Shape::Either(&[Shape::Null, Shape::Map(DISPATCH)]),
        ),
        key(
            "schedule",
            Shape::List(&Shape::Map(&[
                required("cron", Shape::Judged(&Shape::Filled(&NOWHERE), schedule)),
                key("timezone", Shape::Filled(&NOWHERE)),
            ])),
        ),
        key(
            "repository_dispatch",
            Shape::Either(&[Shape::Null, Shape::Map(&[key("types", NAMES)])]),
        ),
    ]),
]);

const NAMES: Shape = Shape::Either(&[
    Shape::Filled(&NOWHERE),
    Shape::List(&Shape::Filled(&NOWHERE)),
]);

const CALL: &[Key] = &[
    key(
        "inputs",
        Shape::Either(&[
            Shape::Null,
            Shape::Named(&Shape::Map(&[
                key("description", Shape::Text(&NOWHERE)),
                key("required", Shape::Flag(&NOWHERE)),
                key("default", Shape::Text(&CALL_DEFAULT)),
                required("type", Shape::Word(&["string", "boolean", "number"])),
                key("deprecationMessage", Shape::Text(&NOWHERE)),
            ])),
        ]),
    ),
    key(
        "outputs",
        Shape::Either(&[
            Shape::Null,
            Shape::Named(&Shape::Map(&[
                key("description", Shape::Text(&NOWHERE)),
                required("value", Shape::Filled(&CALL_OUTPUT)),
            ])),
        ]),
    ),
    key(
        "secrets",
        Shape::Either(&[
            Shape::Null,
            Shape::Named(&Shape::Either(&[
                Shape::Null,
                Shape::Map(&[
                    key("description", Shape::Text(&NOWHERE)),
                    key("required", Shape::Flag(&NOWHERE)),
                ]),
            ])),
        ]),
    ),
];

const DISPATCH: &[Key] = &[key(
    "inputs",
    Shape::Either(&[
        Shape::Null,
        Shape::Named(&Shape::Either(&[
            Shape::Null,
            Shape::Judged(
                &Shape::Map(&[
                    key("description", Shape::Text(&NOWHERE)),
                    key("required", Shape::Flag(&NOWHERE)),
                    key("default", Shape::Text(&NOWHERE)),
                    key(
                        "type",
                        Shape::Word(&["string", "boolean", "number", "choice", "environment"]),
                    ),
                    key("options", Shape::List(&Shape::Text(&NOWHERE))),
                    key("deprecationMessage", Shape::Text(&NOWHERE)),
                ]),
                choice,
            ),
        ])),
    ]),
)];

fn choice(input: &Node, faults: &mut Vec<Fault>) {
    let kind = input.get("type");
    let is_choice = kind.and_then(Node::text) == Some("choice");
    let options = input.entry("options");
    match (is_choice, options, kind) {
        (true, None, Some(kind)) => faults.push(Fault::new(
            kind.span.clone(),
            "a choice without `options`",
            "add `options: [a, b]`",
        )),
        (false, Some(options), _) => faults.push(Fault::new(
            options.key.span.clone(),
            "`options` on an input that is no choice",
            "add `type: choice`, or take the options away",
        )),
        _ => {}
    }
}

fn schedule(node: &Node, faults: &mut Vec<Fault>) {
    if let Some(fault) = node.text().and_then(cron::fault) {
        let help = "write minute, hour, day, month and day of the week, as in `0 3 * * 1`";
        faults.push(Fault::new(node.span.clone(), fault, help));
    }
}

/// What a table can't say of `on:`: names of events, their types and filters.
pub(super) fn judge(on: &Node, faults: &mut Vec<Fault>) {
    match &on.kind {
        Kind::Scalar(_) | Kind::List(_) => {
            if on.one_or_many().is_empty() {
                let help = "name an event, as in `on: push`";
                faults.push(Fault::new(
                    on.span.clone(),
                    "nothing starts this workflow",
                    help,
                ));
            }
            for name in on.one_or_many() {
                if let Some(text) = name.text() {
                    known(text, name.span.clone(), faults);
                }
            }
        }
        Kind::Map(entries) => {
            if entries.is_empty() {
                let help = "name an event, as in `on: push`";
                faults.push(Fault::new(
                    on.span.clone(),
                    "nothing starts this workflow",
                    help,
                ));
            }
            for entry in entries {
                let name = entry.key.text.as_str();
                if let Some(event) = known(name, entry.key.span.clone(), faults)
                    && !matches!(
                        name,
                        "workflow_call" | "workflow_dispatch" | "schedule" | "repository_dispatch"
                    )
                {
                    narrowed(event, &entry.value, faults);
                }
            }
        }
    }
}

fn known(
    name: &str,
    span: std::ops::Range<usize>,
    faults: &mut Vec<Fault>,
) -> Option<&'static Event> {
    let event = EVENTS.iter().find(|event| event.name == name);
    if event.is_none() {
        let help = match nearest(name, EVENTS.iter().map(|event| event.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the name of an event, as in `push` or `pull_request`".into(),
        };
        faults.push(Fault::new(
            span,
            format!("there is no event `{name}`"),
            help,
        ));
    }
    event
}

fn narrowed(event: &Event, node: &Node, faults: &mut Vec<Fault>) {
    if node.is_null() {
        return;
    }
    if !matches!(node.kind, Kind::Map(_)) {
        let message = format!(
            "`{}` should hold a map or nothing, and holds {}",
            event.name,
            node.kind_in_words()
        );
        let help = match event.filters.first() {
            Some(filter) => format!("write `{filter}: [main]` under it"),
            None => "take the value away".into(),
        };
        faults.push(Fault::new(node.span.clone(), message, help));
        return;
    }
    for entry in node.entries() {
        let name = entry.key.text.as_str();
        let allowed = event.filters.contains(&name) || (name == "types" && !event.types.is_empty());
        if !allowed {
            let mut known = event.filters.to_vec();
            if !event.types.is_empty() {
                known.push("types");
            }
            let message = format!("`{}` can't be narrowed by `{name}`", event.name);
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => {
                    format!("write `{}:` with nothing under it", event.name)
                }
                None => format!("it takes {}", known.join(", ")),
            };
            faults.push(Fault::new(entry.key.span.clone(), message, help));
            continue;
        }
        for item in entry.value.one_or_many() {
            let Some(text) = item.text() else {
                let message = format!(
                    "an item of `{name}` should be text, and is {}",
                    item.kind_in_words()
                );
                faults.push(Fault::new(
                    item.span.clone(),
                    message,
                    "write a name or a pattern",
                ));
                continue;
            };
            if name == "types" && !event.types.contains(&text) {
                let message = format!("`{}` has no type `{text}`", event.name);
                let help = match nearest(text, event.types.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its types are {}", event.types.join(", ")),
                };
                faults.push(Fault::new(item.span.clone(), message, help));
            }
        }
        if matches!(entry.value.kind, Kind::Map(_)) {
            let message = format!("`{name}` should be a list, and is a map");
            faults.push(Fault::new(
                entry.value.span.clone(),
                message,
                format!("write `{name}: [main]`"),
            ));
        }
    }
    for [a, b] in [
        ["branches", "branches-ignore"],
        ["paths", "paths-ignore"],
        ["tags", "tags-ignore"],
    ] {
        if let (Some(_), Some(second)) = (node.entry(a), node.entry(b)) {
            let message = format!("`{a}` and `{b}` can't stand together");
            let help = format!("keep `{a}`, with `!` before what it leaves out");
            faults.push(Fault::new(second.key.span.clone(), message, help));
        }
    }
}
