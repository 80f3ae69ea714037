//! The cases. `docs/deploy-faults.md` has a row for each.

use std::time::Duration;

use super::case::{Case, Fault, Then};
use super::together::{
    another_records_meanwhile, dies_after_its_record, killed_while_the_back_end_works,
    one_gives_up, one_waits,
};
use crate::support::proxy::{ALWAYS, Act, Rule};

/// All of them, in groups.
pub const CASES: &[&[Case]] = &[
    REFUSED,
    ENGINE,
    PROMOTE_KILLED,
    ROLLBACK_KILLED,
    RECONCILE_KILLED,
    PUBLISH_KILLED,
    LIFT_KILLED,
    REGISTRY,
    MOVED,
    TOGETHER,
];

/// A runs in dev and staging; B in dev.
const B_WAITS: &[&str] = &[
    "publish A",
    "promote A dev",
    "promote A staging",
    "publish B",
    "promote B dev",
];
/// B came after A in staging.
const B_RUNS: &[&str] = &[
    "publish A",
    "promote A dev",
    "promote A staging",
    "publish B",
    "promote B dev",
    "promote B staging",
];
/// A is recorded in staging, and B was started there by hand.
const B_BY_HAND: &[&str] = &[
    "publish A",
    "promote A dev",
    "promote A staging",
    "publish B",
    "hand B staging",
];
/// B was rolled back in staging.
const B_ROLLED_BACK: &[&str] = &[
    "publish A",
    "promote A dev",
    "promote A staging",
    "publish B",
    "promote B dev",
    "promote B staging",
    "rollback staging",
];
/// A is published.
const A_PUBLISHED: &[&str] = &["publish A"];

const PROMOTE: &str = "promote B staging";
const ROLLBACK: &str = "rollback staging";
const RECONCILE: &str = "reconcile staging";

/// Staging as it was before `promote B staging`.
const fn unchanged(exit: i32) -> Then {
    Then {
        exit: Some(exit),
        runs: "A",
        record: "1-A",
        tag: "A",
    }
}
/// Staging after it.
const PROMOTED: Then = Then {
    exit: Some(0),
    runs: "B",
    record: "2-B",
    tag: "B",
};
/// Staging after `rollback staging`.
const ROLLED_BACK: Then = Then {
    exit: Some(0),
    runs: "A",
    record: "3-A",
    tag: "A",
};
/// Staging before it.
const fn not_rolled_back(exit: i32) -> Then {
    Then {
        exit: Some(exit),
        runs: "B",
        record: "2-B",
        tag: "B",
    }
}

/// Dies before a step, and then the same command does the rest.
const fn killed(
    name: &'static str,
    story: &'static [&'static str],
    command: &'static str,
    step: &'static str,
    stands: [&'static str; 3],
    then: Then,
) -> Case {
    let [runs, record, tag] = stands;
    Case {
        name,
        dies: "the driver",
        story,
        command,
        fault: Fault::Killed(step),
        then: Then {
            exit: None,
            runs,
            record,
            tag,
        },
        again: Some((command, then)),
    }
}

/// B's promotion to staging meets something on the way to the registry.
const fn registry(
    name: &'static str,
    dies: &'static str,
    rules: &'static [Rule],
    then: Then,
) -> Case {
    Case {
        name,
        dies,
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::Registry(rules),
        then,
        again: Some((PROMOTE, PROMOTED)),
    }
}

const fn rule(method: &'static str, path: &'static str, times: u32, act: Act) -> Rule {
    Rule {
        method,
        path,
        skip: 0,
        times,
        act,
    }
}

const REFUSED: &[Case] = &[
    Case {
        name: "nothing published",
        dies: "nothing: there is no such image",
        story: B_WAITS,
        command: "promote C staging",
        fault: Fault::None,
        then: unchanged(10),
        again: None,
    },
    Case {
        name: "prod before staging",
        dies: "nothing: staging has no record of B",
        story: B_WAITS,
        command: "promote B prod",
        fault: Fault::None,
        then: Then {
            exit: Some(11),
            runs: "nothing",
            record: "none",
            tag: "nothing",
        },
        again: None,
    },
    Case {
        name: "quarantined",
        dies: "nothing: B was rolled back",
        story: B_ROLLED_BACK,
        command: PROMOTE,
        fault: Fault::None,
        then: Then {
            exit: Some(12),
            runs: "A",
            record: "3-A",
            tag: "A",
        },
        again: Some(("lift staging B", ROLLED_BACK)),
    },
    Case {
        name: "older",
        dies: "nothing: A is older than B",
        story: B_RUNS,
        command: "promote A staging",
        fault: Fault::None,
        then: not_rolled_back(14),
        again: Some(("promote A staging --allow-older", ROLLED_BACK)),
    },
    Case {
        name: "repeated after success",
        dies: "nothing",
        story: B_RUNS,
        command: PROMOTE,
        fault: Fault::None,
        then: PROMOTED,
        again: Some((PROMOTE, PROMOTED)),
    },
    Case {
        name: "rollback with one version",
        dies: "nothing: there is no other version",
        story: B_WAITS,
        command: ROLLBACK,
        fault: Fault::None,
        then: unchanged(13),
        again: Some((ROLLBACK, unchanged(13))),
    },
    Case {
        name: "rollback with none",
        dies: "nothing: nothing was ever recorded",
        story: B_WAITS,
        command: "rollback prod",
        fault: Fault::None,
        then: Then {
            exit: Some(13),
            runs: "nothing",
            record: "none",
            tag: "nothing",
        },
        again: None,
    },
    Case {
        name: "rollback twice",
        dies: "nothing: no third version is left",
        story: B_ROLLED_BACK,
        command: ROLLBACK,
        fault: Fault::None,
        then: Then {
            exit: Some(13),
            runs: "A",
            record: "3-A",
            tag: "A",
        },
        again: None,
    },
    Case {
        name: "reconcile with none",
        dies: "nothing: nothing was ever recorded",
        story: B_WAITS,
        command: "reconcile prod",
        fault: Fault::None,
        then: Then {
            exit: Some(0),
            runs: "nothing",
            record: "none",
            tag: "nothing",
        },
        again: None,
    },
];

const fn engine(
    name: &'static str,
    dies: &'static str,
    file: &'static str,
    then: Then,
    again: Then,
) -> Case {
    Case {
        name,
        dies,
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::Engine(file),
        then,
        again: Some((PROMOTE, again)),
    }
}

const ENGINE: &[Case] = &[
    engine(
        "engine down",
        "the engine, before",
        "down",
        unchanged(40),
        PROMOTED,
    ),
    engine(
        "engine dies",
        "the engine, in the middle of the deployment",
        "engine-dies-B",
        unchanged(21),
        PROMOTED,
    ),
    engine(
        "not ready",
        "B: it never gets ready",
        "unready-B",
        unchanged(20),
        unchanged(20),
    ),
    engine(
        "not ready, and A was taken away",
        "B: it never gets ready, and the back end had already taken A away",
        "breaks-B",
        unchanged(20),
        unchanged(20),
    ),
    engine(
        "ready and then dies",
        "B, after it was ready",
        "dies-B",
        unchanged(20),
        unchanged(20),
    ),
    engine(
        "another commit",
        "nothing: what runs says of itself that it is another commit",
        "says-B",
        unchanged(20),
        unchanged(20),
    ),
    engine(
        "another build",
        "nothing: what runs says the right commit, and is another digest",
        "elsewhere-B",
        unchanged(20),
        unchanged(20),
    ),
    Case {
        name: "hangs",
        dies: "B's deployment, which does not end",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::Impatient("hangs-B"),
        then: unchanged(20),
        again: None,
    },
    Case {
        name: "restoring fails too",
        dies: "B, and then A, which does not get ready again",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::Engine("breaks-B unready-A"),
        then: Then {
            exit: Some(21),
            runs: "B",
            record: "1-A",
            tag: "A",
        },
        again: Some((
            RECONCILE,
            Then {
                exit: Some(21),
                runs: "B",
                record: "1-A",
                tag: "A",
            },
        )),
    },
    Case {
        name: "the first one is not ready",
        dies: "B, the first version ever",
        story: &["publish B"],
        command: "promote B dev",
        fault: Fault::Engine("unready-B"),
        then: Then {
            exit: Some(21),
            runs: "nothing",
            record: "none",
            tag: "nothing",
        },
        again: Some((
            "reconcile dev",
            Then {
                exit: Some(0),
                runs: "nothing",
                record: "none",
                tag: "nothing",
            },
        )),
    },
    Case {
        name: "rollback to what is not ready",
        dies: "A, which B is to be replaced by",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::Engine("unready-A"),
        then: not_rolled_back(20),
        again: Some((ROLLBACK, not_rolled_back(20))),
    },
    Case {
        name: "rollback, engine down",
        dies: "the engine, before",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::Engine("down"),
        then: not_rolled_back(40),
        again: Some((ROLLBACK, ROLLED_BACK)),
    },
    Case {
        name: "reconcile, engine down",
        dies: "the engine, before",
        story: B_BY_HAND,
        command: RECONCILE,
        fault: Fault::Engine("down"),
        then: Then {
            exit: Some(40),
            runs: "B",
            record: "1-A",
            tag: "A",
        },
        again: Some((RECONCILE, unchanged(0))),
    },
];

const BEFORE: [&str; 3] = ["A", "1-A", "A"];
const DEPLOYED: [&str; 3] = ["B", "1-A", "A"];

const PROMOTE_KILLED: &[Case] = &[
    killed("promote, lock", B_WAITS, PROMOTE, "lock", BEFORE, PROMOTED),
    killed("promote, read", B_WAITS, PROMOTE, "read", BEFORE, PROMOTED),
    killed(
        "promote, resolve",
        B_WAITS,
        PROMOTE,
        "resolve",
        BEFORE,
        PROMOTED,
    ),
    killed(
        "promote, unmoved",
        B_WAITS,
        PROMOTE,
        "unmoved",
        BEFORE,
        PROMOTED,
    ),
    killed(
        "promote, proven",
        B_WAITS,
        PROMOTE,
        "proven",
        BEFORE,
        PROMOTED,
    ),
    killed("promote, free", B_WAITS, PROMOTE, "free", BEFORE, PROMOTED),
    killed(
        "promote, newer",
        B_WAITS,
        PROMOTE,
        "newer",
        BEFORE,
        PROMOTED,
    ),
    killed(
        "promote, current",
        B_WAITS,
        PROMOTE,
        "current",
        BEFORE,
        PROMOTED,
    ),
    killed(
        "promote, deploy",
        B_WAITS,
        PROMOTE,
        "deploy",
        BEFORE,
        PROMOTED,
    ),
    killed(
        "promote, verify",
        B_WAITS,
        PROMOTE,
        "verify",
        DEPLOYED,
        PROMOTED,
    ),
    killed(
        "promote, confirm",
        B_WAITS,
        PROMOTE,
        "confirm",
        DEPLOYED,
        PROMOTED,
    ),
    killed(
        "promote, record",
        B_WAITS,
        PROMOTE,
        "record",
        DEPLOYED,
        PROMOTED,
    ),
    killed(
        "promote, cache",
        B_WAITS,
        PROMOTE,
        "cache",
        ["B", "2-B", "A"],
        PROMOTED,
    ),
    killed(
        "promote, done",
        B_WAITS,
        PROMOTE,
        "done",
        ["B", "2-B", "B"],
        PROMOTED,
    ),
    Case {
        name: "promote, record; reconcile",
        dies: "the driver",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::Killed("record"),
        then: Then {
            exit: None,
            runs: "B",
            record: "1-A",
            tag: "A",
        },
        again: Some((RECONCILE, unchanged(0))),
    },
    Case {
        name: "promote, restore; A runs",
        dies: "B, and then the driver",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::KilledAfter("unready-B", "restore"),
        then: Then {
            exit: None,
            runs: "A",
            record: "1-A",
            tag: "A",
        },
        again: Some((PROMOTE, unchanged(20))),
    },
    Case {
        name: "promote, restore; A was taken away",
        dies: "B, and then the driver",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::KilledAfter("breaks-B", "restore"),
        then: Then {
            exit: None,
            runs: "B",
            record: "1-A",
            tag: "A",
        },
        again: Some((RECONCILE, unchanged(0))),
    },
];

const BAD_RUNS: [&str; 3] = ["B", "2-B", "B"];
const BAD_GONE: [&str; 3] = ["A", "2-B", "B"];

const ROLLBACK_KILLED: &[Case] = &[
    killed(
        "rollback, lock",
        B_RUNS,
        ROLLBACK,
        "lock",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, read",
        B_RUNS,
        ROLLBACK,
        "read",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, newest",
        B_RUNS,
        ROLLBACK,
        "newest",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, target",
        B_RUNS,
        ROLLBACK,
        "target",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, unmoved",
        B_RUNS,
        ROLLBACK,
        "unmoved",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, current",
        B_RUNS,
        ROLLBACK,
        "current",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, deploy",
        B_RUNS,
        ROLLBACK,
        "deploy",
        BAD_RUNS,
        ROLLED_BACK,
    ),
    killed(
        "rollback, verify",
        B_RUNS,
        ROLLBACK,
        "verify",
        BAD_GONE,
        ROLLED_BACK,
    ),
    killed(
        "rollback, confirm",
        B_RUNS,
        ROLLBACK,
        "confirm",
        BAD_GONE,
        ROLLED_BACK,
    ),
    killed(
        "rollback, quarantine",
        B_RUNS,
        ROLLBACK,
        "quarantine",
        BAD_GONE,
        ROLLED_BACK,
    ),
    killed(
        "rollback, record",
        B_RUNS,
        ROLLBACK,
        "record",
        BAD_GONE,
        ROLLED_BACK,
    ),
    killed(
        "rollback, cache",
        B_RUNS,
        ROLLBACK,
        "cache",
        ["A", "3-A", "B"],
        ROLLED_BACK,
    ),
    killed(
        "rollback, done",
        B_RUNS,
        ROLLBACK,
        "done",
        ["A", "3-A", "A"],
        Then {
            exit: Some(13),
            runs: "A",
            record: "3-A",
            tag: "A",
        },
    ),
    killed(
        "rollback by name, done",
        B_RUNS,
        "rollback staging A",
        "done",
        ["A", "3-A", "A"],
        ROLLED_BACK,
    ),
    Case {
        name: "rollback, quarantine; reconcile",
        dies: "the driver",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::Killed("quarantine"),
        then: Then {
            exit: None,
            runs: "A",
            record: "2-B",
            tag: "B",
        },
        again: Some((RECONCILE, not_rolled_back(0))),
    },
    Case {
        name: "rollback, record; reconcile",
        dies: "the driver",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::Killed("record"),
        then: Then {
            exit: None,
            runs: "A",
            record: "2-B",
            tag: "B",
        },
        again: Some((
            RECONCILE,
            Then {
                exit: Some(0),
                runs: "A",
                record: "2-B",
                tag: "A",
            },
        )),
    },
    Case {
        name: "rollback, restore",
        dies: "A, and then the driver",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::KilledAfter("unready-A", "restore"),
        then: Then {
            exit: None,
            runs: "B",
            record: "2-B",
            tag: "B",
        },
        again: Some((ROLLBACK, not_rolled_back(20))),
    },
];

const RECONCILE_KILLED: &[Case] = &[
    killed(
        "reconcile, lock",
        B_BY_HAND,
        RECONCILE,
        "lock",
        DEPLOYED,
        unchanged(0),
    ),
    killed(
        "reconcile, read",
        B_BY_HAND,
        RECONCILE,
        "read",
        DEPLOYED,
        unchanged(0),
    ),
    killed(
        "reconcile, newest",
        B_BY_HAND,
        RECONCILE,
        "newest",
        DEPLOYED,
        unchanged(0),
    ),
    killed(
        "reconcile, current",
        B_BY_HAND,
        RECONCILE,
        "current",
        DEPLOYED,
        unchanged(0),
    ),
    killed(
        "reconcile, deploy",
        B_BY_HAND,
        RECONCILE,
        "deploy",
        DEPLOYED,
        unchanged(0),
    ),
    killed(
        "reconcile, verify",
        B_BY_HAND,
        RECONCILE,
        "verify",
        BEFORE,
        unchanged(0),
    ),
    killed(
        "reconcile, cache",
        B_BY_HAND,
        RECONCILE,
        "cache",
        BEFORE,
        unchanged(0),
    ),
    killed(
        "reconcile, done",
        B_BY_HAND,
        RECONCILE,
        "done",
        BEFORE,
        unchanged(0),
    ),
];

const PUBLISH: &str = "publish B";
/// The commit's tag, and `latest-dev`.
const fn published(exit: i32, tag: &'static str) -> Then {
    Then {
        exit: Some(exit),
        runs: "-",
        record: "-",
        tag,
    }
}

const PUBLISH_KILLED: &[Case] = &[
    killed(
        "publish, resolve",
        A_PUBLISHED,
        PUBLISH,
        "resolve",
        ["-", "-", "nothing, A"],
        published(0, "B, B"),
    ),
    killed(
        "publish, unmoved",
        A_PUBLISHED,
        PUBLISH,
        "unmoved",
        ["-", "-", "nothing, A"],
        published(0, "B, B"),
    ),
    killed(
        "publish, tag",
        A_PUBLISHED,
        PUBLISH,
        "tag",
        ["-", "-", "nothing, A"],
        published(0, "B, B"),
    ),
    killed(
        "publish, latest",
        A_PUBLISHED,
        PUBLISH,
        "latest",
        ["-", "-", "B, A"],
        published(0, "B, B"),
    ),
    killed(
        "publish, done",
        A_PUBLISHED,
        PUBLISH,
        "done",
        ["-", "-", "B, B"],
        published(0, "B, B"),
    ),
];

const LIFT: &str = "lift staging B";

const LIFT_KILLED: &[Case] = &[
    killed(
        "lift, read",
        B_ROLLED_BACK,
        LIFT,
        "read",
        ["A", "3-A", "A"],
        ROLLED_BACK,
    ),
    Case {
        name: "lift, lift",
        dies: "the driver",
        story: B_ROLLED_BACK,
        command: LIFT,
        fault: Fault::Killed("lift"),
        then: Then {
            exit: None,
            runs: "A",
            record: "3-A",
            tag: "A",
        },
        again: Some((
            PROMOTE,
            Then {
                exit: Some(12),
                runs: "A",
                record: "3-A",
                tag: "A",
            },
        )),
    },
    Case {
        name: "lift, done",
        dies: "the driver",
        story: B_ROLLED_BACK,
        command: LIFT,
        fault: Fault::Killed("done"),
        then: Then {
            exit: None,
            runs: "A",
            record: "3-A",
            tag: "A",
        },
        again: Some((
            PROMOTE,
            Then {
                exit: Some(0),
                runs: "B",
                record: "4-B",
                tag: "B",
            },
        )),
    },
];

/// Deployed and verified; the record could not be written.
const UNRECORDED: Then = Then {
    exit: Some(40),
    runs: "B",
    record: "1-A",
    tag: "A",
};
const RECORD_LOST: &[Rule] = &[rule("PUT", "deployed-staging", ALWAYS, Act::Status(500))];
const SLOW: Act = Act::Slow(Duration::from_secs(3));

const REGISTRY: &[Case] = &[
    Case {
        name: "registry down",
        dies: "the registry",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::RegistryDown,
        then: unchanged(40),
        again: Some((PROMOTE, PROMOTED)),
    },
    registry(
        "a bit slow",
        "nothing: every answer takes 0.2 s",
        &[rule("", "", ALWAYS, Act::Slow(Duration::from_millis(200)))],
        PROMOTED,
    ),
    registry(
        "too slow once",
        "one answer, which comes after its time",
        &[rule("GET", "manifests/", 1, SLOW)],
        PROMOTED,
    ),
    registry(
        "too slow",
        "every answer",
        &[rule("", "", ALWAYS, SLOW)],
        unchanged(40),
    ),
    registry(
        "token",
        "nothing: the registry wants a token",
        &[rule("", "", ALWAYS, Act::Tokens(1000))],
        PROMOTED,
    ),
    registry(
        "tokens expire",
        "each token, after two requests",
        &[rule("", "", ALWAYS, Act::Tokens(2))],
        PROMOTED,
    ),
    Case {
        name: "401, wrong password",
        dies: "the login",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::WrongLogin(&[rule("", "", ALWAYS, Act::Tokens(1000))]),
        then: unchanged(40),
        again: Some((PROMOTE, PROMOTED)),
    },
    registry(
        "401",
        "the login, with no way to log in",
        &[rule("", "", ALWAYS, Act::Status(401))],
        unchanged(40),
    ),
    registry(
        "401 at the record",
        "the login, in the middle",
        &[rule("PUT", "deployed-staging", ALWAYS, Act::Status(401))],
        UNRECORDED,
    ),
    registry(
        "403 at the record",
        "the right to write, in the middle",
        &[rule("PUT", "deployed-staging", ALWAYS, Act::Status(403))],
        UNRECORDED,
    ),
    registry(
        "429 twice",
        "two requests; it asks to wait 1 s",
        &[rule("GET", "tags/list", 2, Act::RetryAfter("1"))],
        PROMOTED,
    ),
    registry(
        "429 for an hour",
        "the patience of the registry",
        &[rule("", "", ALWAYS, Act::RetryAfter("3600"))],
        unchanged(40),
    ),
    registry(
        "500 midway",
        "three requests in the middle",
        &[Rule {
            method: "",
            path: "",
            skip: 3,
            times: 3,
            act: Act::Status(500),
        }],
        PROMOTED,
    ),
    registry(
        "500 at the record, passing",
        "two tries to write the record",
        &[rule("PUT", "deployed-staging", 2, Act::Status(500))],
        PROMOTED,
    ),
    registry(
        "500 at the record",
        "the registry, for writing",
        RECORD_LOST,
        UNRECORDED,
    ),
    Case {
        name: "500 at the record; reconcile",
        dies: "the registry, for writing",
        story: B_WAITS,
        command: PROMOTE,
        fault: Fault::Registry(RECORD_LOST),
        then: UNRECORDED,
        again: Some((RECONCILE, unchanged(0))),
    },
    registry(
        "500 at the cache tag",
        "the registry, after the record",
        &[rule("PUT", "manifests/staging", ALWAYS, Act::Status(503))],
        Then {
            exit: Some(40),
            runs: "B",
            record: "2-B",
            tag: "A",
        },
    ),
    registry(
        "truncated once",
        "half of a manifest",
        &[rule("GET", "manifests/", 1, Act::Truncated)],
        PROMOTED,
    ),
    registry(
        "truncated",
        "half of every manifest",
        &[rule("GET", "manifests/", ALWAYS, Act::Truncated)],
        unchanged(40),
    ),
    registry(
        "truncated list",
        "half of the list of tags, once",
        &[rule("GET", "tags/list", 1, Act::Truncated)],
        PROMOTED,
    ),
    registry(
        "garbled once",
        "a byte of a manifest",
        &[rule("GET", "manifests/", 1, Act::Garbled)],
        PROMOTED,
    ),
    registry(
        "garbled",
        "a byte of every manifest",
        &[rule("GET", "manifests/", ALWAYS, Act::Garbled)],
        unchanged(15),
    ),
    registry(
        "torn before",
        "the connection, before the record arrives",
        &[rule("PUT", "deployed-staging", 1, Act::TornBefore)],
        PROMOTED,
    ),
    registry(
        "torn after",
        "the connection, after the record arrived",
        &[rule("PUT", "deployed-staging", 1, Act::TornAfter)],
        PROMOTED,
    ),
    registry(
        "torn",
        "the connection, always",
        &[rule("PUT", "deployed-staging", ALWAYS, Act::TornBefore)],
        UNRECORDED,
    ),
    registry(
        "endless",
        "nothing: an answer does not end",
        &[rule("GET", "tags/list", ALWAYS, Act::Endless)],
        unchanged(40),
    ),
    registry(
        "paged",
        "nothing: tags come two at a time",
        &[rule("GET", "tags/list", ALWAYS, Act::Paged)],
        PROMOTED,
    ),
    Case {
        name: "no notes",
        dies: "the note with the reason, which the registry refuses",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::Registry(&[rule("PUT", "quarantined-", 1, Act::Status(400))]),
        then: ROLLED_BACK,
        again: Some((
            PROMOTE,
            Then {
                exit: Some(12),
                runs: "A",
                record: "3-A",
                tag: "A",
            },
        )),
    },
    Case {
        name: "rollback, 500 at the quarantine",
        dies: "the registry, for writing",
        story: B_RUNS,
        command: ROLLBACK,
        fault: Fault::Registry(&[rule("PUT", "quarantined-", ALWAYS, Act::Status(500))]),
        then: Then {
            exit: Some(40),
            runs: "A",
            record: "2-B",
            tag: "B",
        },
        again: Some((ROLLBACK, ROLLED_BACK)),
    },
    Case {
        name: "publish, 500 at latest-dev",
        dies: "the registry, for writing",
        story: A_PUBLISHED,
        command: PUBLISH,
        fault: Fault::Registry(&[rule("PUT", "latest-dev", ALWAYS, Act::Status(500))]),
        then: published(40, "B, A"),
        again: Some((PUBLISH, published(0, "B, B"))),
    },
];

const fn moved(
    name: &'static str,
    dies: &'static str,
    story: &'static [&'static str],
    command: &'static str,
    (tag, to): (&'static str, char),
    then: Then,
) -> Case {
    Case {
        name,
        dies,
        story,
        command,
        fault: Fault::Moved(tag, to),
        then,
        again: None,
    }
}

const MOVED: &[Case] = &[
    moved(
        "commit's tag moved",
        "B's tag: it names C",
        B_WAITS,
        PROMOTE,
        ("B40", 'C'),
        unchanged(15),
    ),
    moved(
        "commit's tag moved, dev",
        "B's tag: it names C",
        &["publish B"],
        "promote B dev",
        ("B40", 'C'),
        Then {
            exit: Some(15),
            runs: "nothing",
            record: "none",
            tag: "nothing",
        },
    ),
    moved(
        "record overwritten",
        "dev's record of B: it names C",
        B_WAITS,
        PROMOTE,
        ("deployed-dev-2-B12", 'C'),
        unchanged(15),
    ),
    moved(
        "current record overwritten",
        "staging's record of A: it names C, and B does not need it",
        B_WAITS,
        PROMOTE,
        ("deployed-staging-1-A12", 'C'),
        PROMOTED,
    ),
    moved(
        "reconcile, record overwritten",
        "staging's record of A: it names C",
        B_BY_HAND,
        RECONCILE,
        ("deployed-staging-1-A12", 'C'),
        Then {
            exit: Some(15),
            runs: "B",
            record: "1-C",
            tag: "A",
        },
    ),
    moved(
        "rollback, target overwritten",
        "staging's record of A: it names C",
        B_RUNS,
        ROLLBACK,
        ("deployed-staging-1-A12", 'C'),
        not_rolled_back(15),
    ),
    moved(
        "cache tag overwritten",
        "the tag `staging`: it names C",
        B_RUNS,
        PROMOTE,
        ("staging", 'C'),
        PROMOTED,
    ),
    moved(
        "reconcile, cache tag overwritten",
        "the tag `staging`: it names C",
        B_RUNS,
        RECONCILE,
        ("staging", 'C'),
        PROMOTED,
    ),
    moved(
        "publish, commit's tag moved",
        "B's tag: it names C",
        A_PUBLISHED,
        PUBLISH,
        ("B40", 'C'),
        published(15, "C, A"),
    ),
    moved(
        "latest-dev overwritten",
        "the tag `latest-dev`: it names A",
        &["publish A", "publish B"],
        PUBLISH,
        ("latest-dev", 'A'),
        published(0, "B, B"),
    ),
];

const fn together(
    name: &'static str,
    dies: &'static str,
    fault: Fault,
    then: Then,
    again: Then,
) -> Case {
    Case {
        name,
        dies,
        story: B_WAITS,
        command: PROMOTE,
        fault,
        then,
        again: Some((PROMOTE, again)),
    }
}

const TOGETHER: &[Case] = &[
    together(
        "two at once, one waits",
        "nothing: two drivers at once",
        Fault::Together(one_waits),
        PROMOTED,
        PROMOTED,
    ),
    together(
        "two at once, one gives up",
        "nothing: two drivers at once, and the exit code is the second one's",
        Fault::Together(one_gives_up),
        Then {
            exit: Some(30),
            runs: "B",
            record: "2-B",
            tag: "B",
        },
        PROMOTED,
    ),
    together(
        "killed in the deployment",
        "the driver, while the back end goes on",
        Fault::Together(killed_while_the_back_end_works),
        Then {
            exit: None,
            runs: "A",
            record: "1-A",
            tag: "A",
        },
        PROMOTED,
    ),
    together(
        "the lock is lost",
        "the lock: somebody else records C meanwhile",
        Fault::Together(another_records_meanwhile),
        Then {
            exit: Some(30),
            runs: "B",
            record: "2-C",
            tag: "A",
        },
        Then {
            exit: Some(0),
            runs: "B",
            record: "3-B",
            tag: "B",
        },
    ),
    together(
        "dies after its record",
        "B, after it was recorded",
        Fault::Together(dies_after_its_record),
        Then {
            exit: Some(0),
            runs: "nothing",
            record: "2-B",
            tag: "B",
        },
        PROMOTED,
    ),
    together(
        "clock skew",
        "the clocks: two runners at once, six years apart",
        Fault::Clock("+1095d", "-1095d"),
        PROMOTED,
        PROMOTED,
    ),
];
