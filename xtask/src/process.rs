//! Programs that xtask runs, with an environment that does not depend on who runs xtask.

use xshell::{Cmd, Shell, cmd};

/// Settings of cargo's that say how to reach the network, not what to build.
const KEPT: &[&str] = &[
    "CARGO_HOME",
    "CARGO_HTTP_",
    "CARGO_NET_",
    "CARGO_REGISTR",
    "CARGO_SOURCE_",
];

/// What cargo and rustup set for the programs they run, and what would bend the cargo that we run: the toolchain that
/// was picked for the pack, its target folder, and facts about the package that xtask is.
fn inherited(name: &str) -> bool {
    let cargo = name == "CARGO" || name.starts_with("CARGO_");
    let rustup = name == "RUSTUP_TOOLCHAIN" || name == "RUST_RECURSION_COUNT";
    rustup || (cargo && !KEPT.iter().any(|kept| name.starts_with(kept)))
}

/// A cargo command as the user of a generated service would run it.
pub fn cargo<'a>(shell: &'a Shell, args: &[&str]) -> Cmd<'a> {
    // By name, not by `$CARGO`: rustup then picks the toolchain that the service's own rust-toolchain.toml names.
    scrubbed(cmd!(shell, "cargo {args...}"))
}

/// `command` without what cargo and rustup handed down to xtask.
pub fn scrubbed(mut command: Cmd<'_>) -> Cmd<'_> {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(inherited) {
            command = command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_s_own_variables_go_and_the_user_s_stay() {
        for name in [
            "RUSTUP_TOOLCHAIN",
            "CARGO",
            "CARGO_PKG_NAME",
            "CARGO_TARGET_DIR",
        ] {
            assert!(inherited(name), "{name}");
        }
        for name in [
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_HTTP_PROXY",
            "PATH",
            "RUSTFLAGS",
        ] {
            assert!(!inherited(name), "{name}");
        }
    }
}
