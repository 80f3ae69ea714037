//! The command line, as data.

use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use deploy::backend;
use deploy::driver::{Lift, Order, Promote, Publish, Rollback};
use deploy::names::{Commit, Digest, Environment, Image};

/// What a reason may hold: it stands in a note, a job's summary and a table.
const REASON: usize = 500;

/// Publishes, promotes by digest and rolls back. Its state lives in the registry, next to the images.
///
/// Exit codes: 0 done or nothing to do; 2 usage; 10 no such image; 11 not proven in the stage before; 12 quarantined;
/// 13 nothing to roll back to; 14 older than current; 15 digest mismatch; 20 failed and restored; 21 failed and not restored;
/// 30 locked; 40 registry or engine not reachable.
#[derive(Debug, Parser)]
#[command(name = "idp-deploy", version, max_term_width = 100)]
pub struct Cli {
    /// Print one JSON object a line; the last holds the summary
    #[arg(long, global = true)]
    pub json: bool,
    /// What deploys
    #[arg(long, global = true, value_name = "NAME", env = "IDP_BACKEND", default_value = backend::DEFAULT)]
    pub backend: String,
    /// How long to wait for an environment that somebody else deploys to
    #[arg(long, global = true, value_name = "TIME", env = "IDP_LOCK_WAIT", default_value = "60s", value_parser = humantime::parse_duration)]
    pub lock_wait: Duration,
    /// How long the registry may take for one answer
    #[arg(long, global = true, value_name = "TIME", env = "IDP_REGISTRY_TIMEOUT", default_value = "30s", value_parser = positive)]
    pub registry_timeout: Duration,
    /// How long one request to the registry is tried again
    #[arg(long, global = true, value_name = "TIME", env = "IDP_REGISTRY_DEADLINE", default_value = "90s", value_parser = positive)]
    pub registry_deadline: Duration,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tag an image, once CI has passed, with its commit and `latest-dev`
    ///
    /// The commit's tag never moves: another digest under it is refused (15).
    ///
    /// Example: idp-deploy publish --image ghcr.io/your-org/orders --sha $(git rev-parse HEAD) --digest sha256:…
    Publish {
        #[command(flatten)]
        image: ImageArg,
        /// The commit that it was built from
        #[arg(long)]
        sha: Commit,
        /// What the build pushed
        #[arg(long)]
        digest: Digest,
    },
    /// Deploy a commit to an environment, verify it, and record it
    ///
    /// When it fails, what ran before runs again (20), or not (21). Repeated after success, it does nothing.
    ///
    /// Example: idp-deploy promote --image ghcr.io/your-org/orders --sha $(git rev-parse HEAD) --to staging
    Promote {
        #[command(flatten)]
        image: ImageArg,
        /// The commit
        #[arg(long)]
        sha: Commit,
        /// Where to
        #[arg(long, value_name = "ENV")]
        to: Environment,
        /// What the build pushed; needed for dev, later stages know it from the record of the stage before
        #[arg(long, required_if_eq("to", "dev"))]
        digest: Option<Digest>,
        /// Deploy it even if it is older than what runs
        #[arg(long)]
        allow_older: bool,
        /// Check all conditions, and say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Go back to an earlier version, and quarantine the one that is gone back from
    ///
    /// Example: idp-deploy rollback --image ghcr.io/your-org/orders --env prod --reason "orders are lost"
    Rollback {
        #[command(flatten)]
        image: ImageArg,
        /// Where
        #[arg(long)]
        env: Environment,
        /// To which commit [default: the newest other one that was recorded and is not quarantined]
        #[arg(long, value_name = "SHA")]
        to: Option<Commit>,
        /// Why, in one line
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Let a commit that was rolled back be deployed again
    ///
    /// Example: idp-deploy lift --image ghcr.io/your-org/orders --env prod --sha $(git rev-parse HEAD) --reason "it was the database"
    Lift {
        #[command(flatten)]
        image: ImageArg,
        /// Where
        #[arg(long)]
        env: Environment,
        /// The commit
        #[arg(long)]
        sha: Commit,
        /// Why, in one line
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Show what was recorded where, and whether it runs
    ///
    /// Example: idp-deploy status --image ghcr.io/your-org/orders
    Status {
        #[command(flatten)]
        image: ImageArg,
        /// Only there
        #[arg(long)]
        env: Option<Environment>,
    },
    /// Deploy the last good record again, unless it runs
    ///
    /// Example: idp-deploy reconcile --image ghcr.io/your-org/orders --env staging
    Reconcile {
        #[command(flatten)]
        image: ImageArg,
        /// Where
        #[arg(long)]
        env: Environment,
    },
}

/// Of which service.
#[derive(Args, Debug)]
pub struct ImageArg {
    /// REGISTRY/ORG/SERVICE, without tag or digest
    #[arg(long, value_name = "IMAGE")]
    image: Image,
}

impl Command {
    /// As the driver takes it.
    pub fn order(self) -> (Image, Order) {
        match self {
            Self::Publish { image, sha, digest } => {
                (image.image, Order::Publish(Publish { sha, digest }))
            }
            Self::Promote {
                image,
                sha,
                to,
                digest,
                allow_older,
                dry_run,
            } => {
                let promote = Promote {
                    sha,
                    to,
                    digest,
                    allow_older,
                    dry_run,
                };
                (image.image, Order::Promote(promote))
            }
            Self::Rollback {
                image,
                env,
                to,
                reason,
            } => (image.image, Order::Rollback(Rollback { env, to, reason })),
            Self::Lift {
                image,
                env,
                sha,
                reason,
            } => (image.image, Order::Lift(Lift { env, sha, reason })),
            Self::Status { image, env } => (image.image, Order::Status(env)),
            Self::Reconcile { image, env } => (image.image, Order::Reconcile(env)),
        }
    }
}

fn positive(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(time) if time.is_zero() => Err("more than nothing, such as 30s".to_owned()),
        Ok(time) => Ok(time),
        Err(error) => Err(format!("{error}; such as 30s")),
    }
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.len() > REASON || text.chars().any(char::is_control) {
        return Err(format!("one line of at most {REASON} bytes, and not empty"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_has_an_example() {
        let cli = Cli::command();
        cli.clone().debug_assert();
        for command in cli.get_subcommands() {
            let help = command.get_long_about().map(ToString::to_string);
            let example = format!("Example: idp-deploy {}", command.get_name());
            assert!(help.unwrap_or_default().contains(&example), "{example}");
        }
    }

    /// The checker of workflows holds command lines against the file.
    #[test]
    fn the_list_of_commands_is_true() {
        let mut cli = Cli::command();
        cli.build();
        let mut listed = String::new();
        for command in cli.get_subcommands().filter(|it| it.get_name() != "help") {
            let options = command.get_arguments().filter_map(|it| it.get_long());
            let mut options: Vec<&str> = options.filter(|name| *name != "help").collect();
            options.sort_unstable();
            let options = options.join(" --");
            listed += &format!("{} --{options}\n", command.get_name());
        }
        assert_eq!(
            include_str!("../commands.txt"),
            listed,
            "deploy/commands.txt"
        );
    }

    #[test]
    fn dev_needs_the_digest() {
        let sha = "a".repeat(40);
        let parse = |to: &str| {
            let args = [
                "idp-deploy",
                "promote",
                "--image",
                "ghcr.io/o/s",
                "--sha",
                &sha,
                "--to",
                to,
            ];
            Cli::try_parse_from(args).map(drop)
        };
        assert!(parse("dev").unwrap_err().to_string().contains("--digest"));
        assert!(parse("staging").is_ok());
        assert!(parse("test").is_err());
    }

    #[test]
    fn a_tag_is_taken_nowhere() {
        let sha = "a".repeat(40);
        let digest = format!("sha256:{}", "b".repeat(64));
        let refused = |image: &str, digest: &str| {
            let args = [
                "idp-deploy",
                "promote",
                "--image",
                image,
                "--sha",
                &sha,
                "--to",
                "dev",
                "--digest",
                digest,
            ];
            let parsed = Cli::try_parse_from(args);
            parsed.map(drop).map_err(|error| error.to_string())
        };
        assert_eq!(refused("ghcr.io/o/s", &digest), Ok(()));
        for tag in ["latest-dev", "staging", &sha, "ghcr.io/o/s:staging"] {
            let said = refused("ghcr.io/o/s", tag).unwrap_err();
            assert!(said.contains("a tag is not taken"), "{said}");
        }
        for image in ["ghcr.io/o/s:staging", "ghcr.io/o/s:latest-dev"] {
            let said = refused(image, &digest).unwrap_err();
            assert!(said.contains("without tag or digest"), "{said}");
        }
    }

    #[test]
    fn a_reason_is_one_line() {
        assert_eq!(reason(" it lost orders "), Ok("it lost orders".to_owned()));
        for text in ["", "  ", "a\nb", "\u{1b}[31m", &"x".repeat(501)] {
            assert!(reason(text).is_err(), "{text:?}");
        }
    }
}
