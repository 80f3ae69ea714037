//! S19: what a container may do, seen from outside while it runs.

use serde_json::Value;

use crate::contract::fault::hold;
use crate::contract::launch::status_field;
use crate::contract::{Check, Fault, Need, Subject};

pub const CHECKS: &[Check] = &[
    Check {
        id: "S19",
        name: "runs-without-privileges",
        title: "no capability, no new privileges, a numeric user that is not root: of the container, and of the process in it",
        needs: &[Need::Container],
        remedy: "`cap_drop`, `security_opt` in docker-compose.yml, and USER in the Dockerfile",
        run: privileges,
    },
    Check {
        id: "S19",
        name: "writes-nowhere",
        title: "the root file system is read-only, and nothing writable is mounted",
        needs: &[Need::Container],
        remedy: "`read_only` in docker-compose.yml; what a service keeps belongs to a database",
        run: read_only,
    },
];

fn privileges(subject: &Subject) -> Result<(), Fault> {
    let seen = subject.shared(&subject.setup())?.container()?;
    let host = &seen["HostConfig"];
    let list = |value: &Value| -> Vec<String> {
        let items = value.as_array().into_iter().flatten();
        items
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    };
    let told = |name: &str| format!("{name}: {}", host[name]);
    hold(
        list(&host["CapDrop"]) == ["ALL"] && list(&host["CapAdd"]).is_empty(),
        "all capabilities dropped and none added",
        || format!("{}, {}", told("CapDrop"), told("CapAdd")),
    )?;
    let no_new = list(&host["SecurityOpt"])
        .iter()
        .any(|option| option.starts_with("no-new-privileges") && !option.ends_with("false"));
    hold(
        no_new && host["Privileged"] == false,
        "`no-new-privileges`, and not privileged",
        || format!("{}, {}", told("SecurityOpt"), told("Privileged")),
    )?;
    let user = seen["Config"]["User"].as_str().unwrap_or_default();
    let number = |id: &str| id.parse::<u32>().is_ok_and(|id| id > 0);
    hold(
        !user.is_empty() && user.split(':').all(number),
        "a numeric user that is not root",
        || format!("user `{user}`"),
    )?;
    // The kernel's own word, where the engine runs on this machine.
    let pid = seen["State"]["Pid"]
        .as_u64()
        .and_then(|pid| u32::try_from(pid).ok());
    let Some(pid) = pid.filter(|pid| status_field(*pid, "CapEff").is_some()) else {
        return Ok(());
    };
    let field = |name: &str| status_field(pid, name).unwrap_or_default();
    for name in ["CapEff", "CapPrm", "CapBnd"] {
        let value = field(name);
        hold(
            value.trim_matches('0').is_empty(),
            format!("the process to hold no capability ({name})"),
            || value,
        )?;
    }
    hold(
        field("NoNewPrivs") == "1",
        "the process to gain no privileges",
        || field("NoNewPrivs"),
    )?;
    let ids = field("Uid");
    hold(
        !ids.split_whitespace().any(|id| id == "0"),
        "the process not to be root",
        || ids.clone(),
    )
}

fn read_only(subject: &Subject) -> Result<(), Fault> {
    let seen = subject.shared(&subject.setup())?.container()?;
    let root = &seen["HostConfig"]["ReadonlyRootfs"];
    hold(*root == true, "a read-only root file system", || {
        format!("ReadonlyRootfs: {root}")
    })?;
    let mounts = seen["Mounts"].as_array().into_iter().flatten();
    let writable: Vec<String> = mounts
        .filter(|mount| mount["RW"] == true)
        .map(|mount| mount["Destination"].to_string())
        .collect();
    hold(writable.is_empty(), "nothing writable mounted", || {
        writable.join(", ")
    })
}
