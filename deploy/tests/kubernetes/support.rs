//! A cluster in a folder, and a service's manifests.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use deploy::backend::kubernetes::Kubernetes;
use deploy::names::{Commit, Pinned};

const KUBECTL: &str = include_str!("fixtures/kubectl.sh");
const MANIFESTS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: NAMESPACE
spec:
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
      - name: service
        image: service-image
";

/// The cluster of this process. Which `kubectl` runs is a matter of PATH, so each test is a process of its own.
pub struct Cluster(PathBuf);

impl Cluster {
    /// In the process that this test runs in, its cluster. The first process starts that one, and holds that it passed.
    pub fn of(test: &str) -> Option<Self> {
        Self::with(test, &[])
    }

    /// The same, where the environment says more.
    pub fn with(test: &str, variables: &[(&str, &str)]) -> Option<Self> {
        if let Ok(folder) = std::env::var("CLUSTER") {
            return Some(Self(folder.into()));
        }
        let folder = tempfile::tempdir().unwrap();
        let cluster = Self(folder.path().to_owned());
        for overlay in ["dev", "staging"] {
            cluster.overlay(
                overlay,
                &MANIFESTS.replace("NAMESPACE", &format!("shops-{overlay}")),
            );
        }
        cluster.overlay("prod", &MANIFESTS.replace("  namespace: NAMESPACE\n", ""));
        for (name, text) in [
            ("bad", ""),
            ("namespace", "shops-staging"),
            ("ahead", "3600"),
        ] {
            cluster.set(name, text);
        }
        let kubectl = folder.path().join("bin/kubectl");
        fs::create_dir_all(kubectl.parent().unwrap()).unwrap();
        fs::write(&kubectl, KUBECTL).unwrap();
        fs::set_permissions(&kubectl, fs::Permissions::from_mode(0o755)).unwrap();
        let path = std::env::var("PATH").unwrap();
        let real = path
            .split(':')
            .map(|folder| Path::new(folder).join("kubectl"));
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env("CLUSTER", folder.path())
            .env("IDP_KUBE_CONTEXT", "test")
            .env(
                "PATH",
                format!("{}:{path}", folder.path().join("bin").display()),
            )
            .envs(
                real.into_iter()
                    .find(|file| file.is_file())
                    .map(|file| ("REAL_KUBECTL", file)),
            )
            .env_remove("IDP_KUBE_NAMESPACE")
            .envs(variables.iter().copied())
            .status();
        assert!(status.unwrap().success(), "see above");
        None
    }

    fn overlay(&self, name: &str, manifests: &str) {
        let folder = self.0.join("service/deploy/kubernetes/overlays").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            folder.join("kustomization.yaml"),
            "resources: [manifests.yaml]\n",
        )
        .unwrap();
        fs::write(folder.join("manifests.yaml"), manifests).unwrap();
    }

    /// A file of the service's, below its overlays.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join("service/deploy/kubernetes/overlays").join(name)
    }

    pub fn set(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), format!("{text}\n")).unwrap();
    }

    pub fn unset(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap();
    }

    pub fn get(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name))
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    pub fn backend(&self) -> Kubernetes {
        Kubernetes::from_environment("shop", self.0.join("service"))
            .ready_within(Duration::from_secs(7))
    }
}

pub fn image(digit: char) -> Pinned {
    Pinned {
        image: "ghcr.io/your-org/shop".parse().unwrap(),
        digest: format!("sha256:{}", digit.to_string().repeat(64))
            .parse()
            .unwrap(),
    }
}

pub fn commit(digit: char) -> Commit {
    digit.to_string().repeat(40).parse().unwrap()
}
