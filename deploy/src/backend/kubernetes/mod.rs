//! Kubernetes, on a cluster that is there already, through `kubectl`: the service's own manifests, with the image by its
//! digest.
//!
//! `IDP_KUBE_CONTEXT` names the context, and without it kubectl's own is taken; `IDP_KUBE_NAMESPACE` names the namespace,
//! and without it the overlay's own is taken, or `SERVICE-ENV`. It makes no cluster, no namespace and no credentials.
//!
//! The Deployment's own rolling update is what protects the running version: a new pod that is not ready takes nobody's
//! place. What it leaves behind is undone here.

mod cluster;
mod deployment;
mod lease;
mod manifests;
mod namespace;
mod pods;
mod rollout;

use std::path::PathBuf;
use std::time::Duration;

use self::cluster::Cluster;
use self::deployment::Deployment;
use super::held::Held;
use super::{Backend, BackendError, Lock};
use crate::names::{Commit, Digest, Environment, Pinned};

/// How long a rollout may take: longer than a pod's slowest healthy start, which may migrate a database.
const ROLLOUT: Duration = Duration::from_mins(10);
/// The container that holds the service.
const CONTAINER: &str = "service";

/// One service on one cluster.
#[derive(Clone, Debug)]
pub struct Kubernetes {
    service: String,
    directory: PathBuf,
    context: Option<String>,
    namespace: Option<String>,
    ready_within: Duration,
    lock_ttl: Duration,
}

impl Kubernetes {
    /// The service of that name, whose manifests are in `deploy/kubernetes` below `directory`; where the environment says.
    #[must_use]
    pub fn from_environment(service: &str, directory: impl Into<PathBuf>) -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            service: service.to_owned(),
            directory: directory.into(),
            context: variable("IDP_KUBE_CONTEXT"),
            namespace: variable("IDP_KUBE_NAMESPACE"),
            ready_within: ROLLOUT,
            lock_ttl: lease::TTL,
        }
    }

    /// Gives a rollout so long.
    #[must_use]
    pub fn ready_within(self, limit: Duration) -> Self {
        Self {
            ready_within: limit,
            ..self
        }
    }

    /// Lets a lock that is not renewed expire after so long.
    #[must_use]
    pub fn lock_ttl(self, ttl: Duration) -> Self {
        Self {
            lock_ttl: ttl,
            ..self
        }
    }

    /// The cluster, in the namespace of an environment.
    fn cluster(&self, environment: Environment) -> Result<Cluster, BackendError> {
        let cluster = Cluster::new(self.context.as_deref());
        let namespace = match &self.namespace {
            Some(namespace) => namespace.clone(),
            None => namespace::of(&cluster, &self.directory, &self.service, environment)?,
        };
        Ok(cluster.within(namespace))
    }
}

impl Backend for Kubernetes {
    fn lock(
        &self,
        environment: Environment,
        owner: &str,
        wait: Duration,
    ) -> Result<Box<dyn Lock>, BackendError> {
        let cluster = self.cluster(environment)?;
        let name = format!("idp-lock-{}", self.service);
        let lease = lease::acquire(&cluster, environment, &name, owner, wait, self.lock_ttl)?;
        Ok(Box::new(Held::new(lease, self.lock_ttl)))
    }

    fn deploy(&self, environment: Environment, image: &Pinned) -> Result<(), BackendError> {
        let cluster = self.cluster(environment)?;
        let namespace = self.namespace.as_deref();
        let manifests = manifests::render(
            &cluster,
            &self.directory,
            &self.service,
            environment,
            image,
            namespace,
        )?;
        rollout::roll(
            &cluster,
            &self.service,
            &manifests,
            image,
            self.ready_within,
        )
    }

    fn running(&self, environment: Environment) -> Result<Option<Digest>, BackendError> {
        let deployment = Deployment::get(&self.cluster(environment)?, &self.service)?;
        Ok(deployment
            .filter(Deployment::runs)
            .and_then(|deployment| deployment.image()?.rsplit_once('@')?.1.parse().ok()))
    }

    fn verify(&self, environment: Environment, commit: &Commit) -> Result<(), BackendError> {
        let cluster = self.cluster(environment)?;
        let place = format!("{} in {}", self.service, cluster.place());
        let not_ready = |what: &str| {
            BackendError::NotReady(format!(
                "{place}: {what}: see `kubectl get pods`, or deploy again"
            ))
        };
        let Some(deployment) = Deployment::get(&cluster, &self.service)? else {
            return Err(not_ready("there is no such Deployment"));
        };
        let pods = pods::of(&cluster, &deployment)?;
        let Some(pod) = pods.iter().find(|pod| pod.serves(deployment.image())) else {
            return Err(not_ready("no pod of its newest version is ready"));
        };
        let program = format!("/app/{}", self.service);
        let asked = cluster.kubectl(&[
            "exec",
            pod.name(),
            "--container",
            CONTAINER,
            "--",
            &program,
            "healthcheck",
            "--commit",
            commit.as_str(),
        ])?;
        match asked.code {
            Some(0) => Ok(()),
            Some(2) => Err(not_ready(&format!(
                "`{program} healthcheck --commit` is not a command of it: upgrade the service's template"
            ))),
            // kubectl adds a line of its own to what the service said.
            _ => {
                let mut said = asked.stderr.lines();
                let own = said.rfind(|line| !line.starts_with("command terminated"));
                Err(not_ready(own.unwrap_or(&asked.reason())))
            }
        }
    }
}
