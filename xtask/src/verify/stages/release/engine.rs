//! What the engine runs under a service's name, and an end to all of it.

use anyhow::Result;
use xshell::{Shell, cmd};

/// A container of one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Container {
    /// Its id, which a container that was replaced has no more.
    pub id: String,
    /// What it was made from, as it was named then: by digest, or not.
    pub image: String,
}

/// What runs of the compose project `project`.
pub(super) fn running(project: &str) -> Result<Vec<Container>> {
    let shell = Shell::new()?;
    let filter = format!("label=com.docker.compose.project={project}");
    let ids = cmd!(shell, "docker ps --quiet --no-trunc --filter {filter}")
        .quiet()
        .read()?;
    let format = "{{.Id}} {{.Config.Image}}";
    let found = ids.lines().map(|id| {
        let line = cmd!(shell, "docker inspect --format {format} {id}")
            .quiet()
            .read()?;
        Ok(container(&line))
    });
    found.collect()
}

fn container(line: &str) -> Container {
    let (id, image) = line.trim().split_once(' ').unwrap_or((line, ""));
    Container {
        id: id.to_owned(),
        image: image.to_owned(),
    }
}

/// Removes every container, network and volume whose name begins with `prefix`, and every image of the repository `image`.
/// What is not there, or in use by others, stays as it is.
pub(super) fn remove(prefix: &str, image: &str) -> Result<()> {
    let shell = Shell::new()?;
    let list = |args: &[&str]| -> Result<Vec<String>> {
        let listed = cmd!(shell, "docker {args...}").quiet().read()?;
        Ok(listed.lines().map(str::to_owned).collect())
    };
    let named = format!("name=^/?{prefix}");
    let containers = list(&["ps", "--all", "--quiet", "--filter", &named])?;
    let networks = list(&["network", "ls", "--quiet", "--filter", &named])?;
    let volumes = list(&["volume", "ls", "--quiet", "--filter", &named])?;
    let format = "{{.Repository}}@{{.Digest}} {{.ID}}";
    let images = list(&[
        "images",
        "--digests",
        "--no-trunc",
        "--format",
        format,
        image,
    ])?;
    let images: Vec<String> = images.iter().filter_map(|line| by_digest(line)).collect();
    for (kind, names) in [
        (&["rm", "--force"][..], containers),
        (&["network", "rm"], networks),
        (&["volume", "rm"], volumes),
        (&["rmi", "--force"], images),
    ] {
        if names.is_empty() {
            continue;
        }
        cmd!(shell, "docker {kind...} {names...}")
            .quiet()
            .ignore_status()
            .ignore_stdout()
            .ignore_stderr()
            .run()?;
    }
    Ok(())
}

/// The name by which an image is removed: by digest where it has one, as others may have tagged the same bytes.
fn by_digest(line: &str) -> Option<String> {
    let (named, id) = line.split_once(' ')?;
    let named = if named.ends_with("<none>") { id } else { named };
    Some(named.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_removed_under_the_name_it_was_pulled_by() {
        assert_eq!(
            by_digest("l/a/s@sha256:1 sha256:2").as_deref(),
            Some("l/a/s@sha256:1")
        );
        assert_eq!(
            by_digest("l/a/s@<none> sha256:2").as_deref(),
            Some("sha256:2")
        );
    }

    #[test]
    fn a_container_says_what_it_was_made_from() {
        let found = container("abc localhost:5000/a/s@sha256:1\n");
        assert_eq!(
            (found.id.as_str(), found.image.as_str()),
            ("abc", "localhost:5000/a/s@sha256:1")
        );
    }
}
