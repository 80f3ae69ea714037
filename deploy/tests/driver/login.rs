//! Ways to log in, and what a registry's answers do to the pace.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::driver::Ran;
use crate::support::proxy::{ALWAYS, Act, Rule};
use crate::support::tokens::{PASSWORD, USER};
use crate::support::world::World;

const NO_VARIABLES: [(&str, &str); 2] = [("REGISTRY_USERNAME", ""), ("REGISTRY_PASSWORD", "")];

fn behind_tokens() -> Option<World> {
    let world = World::new()?;
    world.proxy.inject(&[Rule {
        method: "",
        path: "",
        skip: 0,
        times: ALWAYS,
        act: Act::Tokens(1000),
    }]);
    fs::create_dir(world.path(".docker")).unwrap();
    Some(world)
}

fn configured(world: &World, config: &str) -> Ran {
    fs::write(world.path(".docker/config.json"), config).unwrap();
    world.run_with("publish A", &NO_VARIABLES)
}

#[test]
fn what_docker_login_stored_is_enough() {
    let Some(world) = behind_tokens() else { return };
    let ran = world.run_with("publish A", &NO_VARIABLES);
    assert_eq!(ran.code, Some(40), "{ran:#?}");
    assert!(ran.err.contains("no login is configured"), "{}", ran.err);
    let auth = STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let config = format!(
        "{{\"auths\":{{\"{}\":{{\"auth\":\"{auth}\"}}}}}}",
        world.proxy.address
    );
    assert_eq!(configured(&world, &config).code, Some(0));
    // One token for reading and one for writing, and no more.
    let tokens = world
        .proxy
        .asked()
        .into_iter()
        .filter(|asked| asked.line.contains("/token?"));
    let lines: Vec<_> = tokens.map(|asked| asked.line).collect();
    let since = &lines[lines.len() - 2..];
    assert!(
        since[0].contains(":pull&") && since[1].contains(":pull,push&"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 3, "{lines:?}");
}

#[test]
fn a_credential_helper_is_asked() {
    let Some(world) = behind_tokens() else { return };
    let folder = world.path("bin");
    fs::create_dir(&folder).unwrap();
    let helper = folder.join("docker-credential-vaulted");
    let answer = format!("{{\"Username\":\"{USER}\",\"Secret\":\"{PASSWORD}\"}}");
    fs::write(
        &helper,
        format!("#!/bin/sh\ncat >/dev/null\necho '{answer}'\n"),
    )
    .unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    let config = format!(
        "{{\"credHelpers\":{{\"{}\":\"vaulted\"}}}}",
        world.proxy.address
    );
    let ran = configured(&world, &config);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.err.contains("docker-credential-vaulted"), "{}", ran.err);
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let [user, password] = NO_VARIABLES;
    let ran = world.run_with("publish A", &[user, password, ("PATH", &path)]);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
}

#[test]
fn half_a_login_is_refused_by_name() {
    let Some(world) = behind_tokens() else { return };
    let ran = world.run_with("publish A", &[("REGISTRY_PASSWORD", "")]);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.err.contains("REGISTRY_PASSWORD is not"), "{}", ran.err);
}

#[test]
fn no_password_and_no_token_is_ever_printed() {
    let Some(world) = behind_tokens() else { return };
    let good = world.must("publish A --json");
    let bad = world.run_with("publish B", &[("REGISTRY_PASSWORD", "guessed")]);
    assert_eq!(bad.code, Some(40));
    for ran in [good, bad] {
        let all = format!("{}{}{:?}{}", ran.out, ran.err, ran.outputs, ran.summary);
        for secret in [PASSWORD, "guessed", "token-", "Basic "] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
    }
}

#[test]
fn the_wait_that_a_registry_asks_for_is_kept() {
    let Some(world) = World::new() else { return };
    let act = Act::RetryAfter("2");
    world.proxy.inject(&[Rule {
        method: "HEAD",
        path: "latest-dev",
        skip: 0,
        times: 1,
        act,
    }]);
    let ran = world.must("publish A");
    assert!(
        ran.err.contains("status 429; again in 2.0 s"),
        "{}",
        ran.err
    );
    let asked = world.proxy.asked();
    let heads: Vec<_> = asked
        .iter()
        .filter(|asked| asked.line.ends_with("latest-dev") && asked.line.starts_with("HEAD"))
        .collect();
    assert!(
        heads[1].at - heads[0].at >= Duration::from_secs(2),
        "{heads:?}"
    );
}

#[test]
fn what_is_refused_for_good_is_not_tried_again() {
    let Some(world) = World::new() else { return };
    world.proxy.inject(&[Rule {
        method: "PUT",
        path: "",
        skip: 0,
        times: ALWAYS,
        act: Act::Status(400),
    }]);
    let ran = world.run("publish A");
    assert_eq!(ran.code, Some(40), "{ran:#?}");
    assert!(ran.err.contains("answered 400: {\"errors\""), "{}", ran.err);
    let asked = world.proxy.asked();
    assert_eq!(
        asked
            .iter()
            .filter(|asked| asked.line.starts_with("PUT"))
            .count(),
        1
    );
}

#[test]
fn an_answer_that_does_not_end_is_cut_at_its_size_and_not_asked_for_again() {
    let Some(world) = World::new() else { return };
    world.proxy.inject(&[Rule {
        method: "GET",
        path: "tags/list",
        skip: 0,
        times: ALWAYS,
        act: Act::Endless,
    }]);
    let ran = world.run("status");
    assert_eq!(ran.code, Some(40), "{ran:#?}");
    assert!(ran.err.contains("more than 4194304 bytes"), "{}", ran.err);
    assert_eq!(world.proxy.asked().len(), 1);
}
