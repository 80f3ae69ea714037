//! The registry of this machine, as skopeo sees it.

use std::collections::BTreeSet;
use std::net::ToSocketAddrs;

use anyhow::Result;
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::contract::client::{Connection, Request};

/// Where it is, as the release driver's own tests have it.
pub(super) fn address() -> String {
    std::env::var("DEPLOY_TEST_REGISTRY").unwrap_or_else(|_| "localhost:5000".to_owned())
}

/// Why it can't be used here, or nothing when it can.
pub(super) fn missing() -> Option<String> {
    let address = address();
    let answers = address.to_socket_addrs().ok().and_then(|mut addresses| {
        addresses.find_map(|address| {
            let mut connection = Connection::open(address).ok()?;
            let response = connection.call(&Request::get("/v2/")).ok()?;
            Some(response.status == 200)
        })
    });
    match answers {
        Some(true) => None,
        Some(false) => Some(format!("the registry at {address} asks who comes")),
        None => Some(format!("no registry answers at {address}")),
    }
}

/// The tags of `image`; none when nothing was pushed.
pub(super) fn tags(image: &str) -> Result<BTreeSet<String>> {
    let shell = Shell::new()?;
    let listed = cmd!(
        shell,
        "skopeo list-tags --tls-verify=false docker://{image}"
    )
    .quiet()
    .ignore_stderr()
    .ignore_status()
    .read()?;
    Ok(parse(&listed))
}

fn parse(listed: &str) -> BTreeSet<String> {
    let listed: Value = serde_json::from_str(listed).unwrap_or_default();
    let tags = listed["Tags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| Some(tag.as_str()?.to_owned()))
        .collect()
}

/// Removes every manifest of `image` that has a tag. A registry that may not delete keeps them, and says nothing here.
pub(super) fn remove(image: &str) -> Result<()> {
    let shell = Shell::new()?;
    for tag in tags(image)? {
        // A manifest with two tags is gone with the first.
        cmd!(
            shell,
            "skopeo delete --tls-verify=false docker://{image}:{tag}"
        )
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .ignore_status()
        .run()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_repository_has_no_tags() {
        assert!(parse("").is_empty());
        assert!(parse(r#"{"Repository": "a", "Tags": null}"#).is_empty());
        let two = parse(r#"{"Tags": ["prod", "dev"]}"#);
        assert_eq!(two.into_iter().collect::<Vec<_>>(), ["dev", "prod"]);
    }
}
