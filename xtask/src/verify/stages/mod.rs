//! The stages of `verify`, one file each. The order of this table is the order of a run.

mod build;
mod own;
mod render;
mod validate;

use super::plan::Stage;

/// Every stage.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "self",
        title: "xtask itself is formatted, lint-free and passes its tests",
        gates: own::GATES,
    },
    Stage {
        name: "validate",
        title: "templates, hooks and derived files hold the rules",
        gates: validate::GATES,
    },
    Stage {
        name: "render",
        title: "every combination of options renders, repeatably and by the released tool too",
        gates: render::GATES,
    },
    Stage {
        name: "build",
        title: "every rendered service is formatted, lint-free, tested and locked",
        gates: build::GATES,
    },
];
