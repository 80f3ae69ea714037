//! The Kubernetes back end against a stand-in for `kubectl`: a script that keeps a cluster in a folder and takes only the
//! arguments that it knows. No cluster is asked here. Where the real `kubectl` is on PATH, it renders the manifests.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in what helps it"
)]

mod lock;
mod rollout;
mod support;
mod unreachable;
