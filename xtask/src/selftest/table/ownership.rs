//! Who owns which file of a service.

use super::{Edit, Fault, fault, swap};

const OWNERSHIP: &str = "template-axum/.idp/ownership.toml";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt file in the owners' list",
        "broken-ownership",
        OWNERSHIP,
        &[swap(OWNERSHIP, "\"Dockerfile\"", "\"Dokerfile\"")],
    ),
    fault(
        "a pattern of owners whose folder is gone",
        "broken-ownership",
        OWNERSHIP,
        &[swap(OWNERSHIP, "\"tests/vault/**\"", "\"tests/valt/**\"")],
    ),
    fault(
        "a folder where files are meant",
        "broken-ownership",
        OWNERSHIP,
        &[swap(OWNERSHIP, "\"src/config/**\"", "\"src/config/\"")],
    ),
    fault(
        "a misspelt class of owners",
        "broken-ownership",
        OWNERSHIP,
        &[swap(OWNERSHIP, "[platform]", "[platfrom]")],
    ),
    fault(
        "owners that do not parse",
        "broken-ownership",
        OWNERSHIP,
        &[swap(OWNERSHIP, "files = [", "files = ")],
    ),
    fault(
        "no owners at all",
        "broken-ownership",
        OWNERSHIP,
        &[Edit::Remove(OWNERSHIP)],
    ),
];
