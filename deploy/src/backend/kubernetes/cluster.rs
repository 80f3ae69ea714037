//! Calls of `kubectl`, each with a time limit. What a call's failure means, its caller knows; only that no cluster answers
//! is found out here.

use std::process::Command;
use std::time::Duration;

use super::super::BackendError;
use super::super::holder;
use super::super::program::{Finished, Output, Terms, Trouble, run};

/// How long a call may take, and kubectl's own limit for one request of it.
const CALL: Duration = Duration::from_secs(45);
const REQUEST: &str = "--request-timeout=30s";

/// A cluster, and a namespace of it.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    context: Option<String>,
    namespace: Option<String>,
    interruptible: bool,
}

impl Cluster {
    pub(super) fn new(context: Option<&str>) -> Self {
        Self {
            context: context.map(str::to_owned),
            namespace: None,
            interruptible: true,
        }
    }

    pub(super) fn within(self, namespace: String) -> Self {
        Self {
            namespace: Some(namespace),
            ..self
        }
    }

    /// The same, whose calls Ctrl-C does not end: for what must not stop half-way, and for cleaning up.
    pub(super) fn steady(&self) -> Self {
        Self {
            interruptible: false,
            ..self.clone()
        }
    }

    /// For messages.
    pub(super) fn place(&self) -> String {
        let namespace = self.namespace.as_deref().unwrap_or("default");
        match &self.context {
            Some(context) => format!("namespace {namespace} of context {context}"),
            None => format!("namespace {namespace}"),
        }
    }

    /// Asks the cluster. An exit code other than 0 is for the caller to judge, unless no cluster answers.
    pub(super) fn kubectl(&self, args: &[&str]) -> Result<Finished, BackendError> {
        self.kubectl_within(CALL, args, "")
    }

    /// The same, with something to read.
    pub(super) fn kubectl_reading(
        &self,
        args: &[&str],
        input: &str,
    ) -> Result<Finished, BackendError> {
        self.kubectl_within(CALL, args, input)
    }

    /// The same, with a time limit of its own.
    pub(super) fn kubectl_within(
        &self,
        limit: Duration,
        args: &[&str],
        input: &str,
    ) -> Result<Finished, BackendError> {
        let finished = self.call(limit, true, args, input)?;
        if !finished.success {
            self.ping()?;
        }
        Ok(finished)
    }

    /// Runs kubectl for what needs no cluster.
    pub(super) fn locally(&self, args: &[&str]) -> Result<Finished, BackendError> {
        self.call(CALL, false, args, "")
    }

    /// After a failure: whether anybody answers at all.
    fn ping(&self) -> Result<(), BackendError> {
        let finished = self.call(CALL, true, &["get", "--raw", "/version"], "")?;
        if finished.success {
            return Ok(());
        }
        Err(BackendError::Unreachable(format!(
            "the cluster of {} does not answer ({}): check KUBECONFIG, IDP_KUBE_CONTEXT and your access",
            self.place(),
            finished.reason()
        )))
    }

    fn call(
        &self,
        limit: Duration,
        cluster: bool,
        args: &[&str],
        input: &str,
    ) -> Result<Finished, BackendError> {
        let mut command = Command::new("kubectl");
        if let Some(identity) = holder::identity() {
            command.env(holder::VARIABLE, identity);
        }
        if cluster {
            // What takes longer watches for as long as it takes, in one request.
            if limit == CALL {
                command.arg(REQUEST);
            }
            for (flag, value) in [
                ("--context", &self.context),
                ("--namespace", &self.namespace),
            ] {
                command.args(value.iter().map(|value| format!("{flag}={value}")));
            }
        }
        let terms = Terms {
            input: input.as_bytes(),
            limit,
            interruptible: self.interruptible,
            output: Output::Kept,
        };
        run(command.args(args), terms).map_err(|trouble| {
            let verb = args.first().copied().unwrap_or_default();
            match trouble {
                Trouble::Missing => BackendError::Unreachable(
                    "`kubectl` is not on PATH: install it, 1.27 or later".to_owned(),
                ),
                Trouble::Slow(limit) => BackendError::Unreachable(format!(
                    "the cluster of {} took more than {} s for `kubectl {verb}`, which was given up: run the same command again",
                    self.place(),
                    limit.as_secs()
                )),
                Trouble::Interrupted => BackendError::NotReady(
                    "interrupted by a signal: the same command may be run again".to_owned(),
                ),
                Trouble::System(error) => BackendError::Unreachable(format!(
                    "cannot run `kubectl` ({error}): see its permissions"
                )),
            }
        })
    }
}
