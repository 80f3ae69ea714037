//! The events that GitHub has, with their types and filters: its documentation's "Events that trigger workflows".

/// An event of GitHub's.
pub(super) struct Event {
    /// Its name.
    pub(super) name: &'static str,
    /// Its types; none where it has none.
    pub(super) types: &'static [&'static str],
    /// What it may be narrowed by.
    pub(super) filters: &'static [&'static str],
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
pub(super) const EVENTS: &[Event] = &[
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
