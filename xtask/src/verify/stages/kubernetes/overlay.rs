//! One overlay, built: its objects, and what the service's own files say beside them.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::FOLDER;
use super::fault::Fault;
use super::settings::Settings;
use crate::pack::Answers;
use crate::verify::bench::Service;

/// What one environment gets.
#[derive(Debug)]
pub(super) struct Overlay {
    /// `dev`, `staging` or `prod`.
    pub environment: String,
    /// The service's name.
    pub service: String,
    /// What the service was made from.
    pub answers: Answers,
    /// Its configuration there.
    pub settings: Settings,
    /// The objects, as a release applies them.
    pub objects: Vec<Value>,
    /// The image of each container, as the files have it.
    pub images: Vec<String>,
}

impl Overlay {
    pub(super) fn new(
        service: &Service,
        answers: &Answers,
        environment: &str,
        written: &str,
        released: &str,
    ) -> Result<Self> {
        let (written, objects) = (parse(written)?, parse(released)?);
        let variables = variables(containers(&written).find(|c| c["name"] == "service"));
        Ok(Self {
            environment: environment.to_owned(),
            service: service.name.clone(),
            answers: answers.clone(),
            settings: Settings::read(&service.path, environment, variables)?,
            images: containers(&written)
                .map(|container| text(&container["image"]))
                .collect(),
            objects,
        })
    }

    /// The object of a kind; null where there is none.
    pub(super) fn object(&self, kind: &str) -> &Value {
        self.objects
            .iter()
            .find(|object| object["kind"] == kind)
            .unwrap_or(&Value::Null)
    }

    /// The pods that the Deployment makes.
    pub(super) fn pod(&self) -> &Value {
        &self.object("Deployment")["spec"]["template"]["spec"]
    }

    /// Their labels.
    pub(super) fn labels(&self) -> &Value {
        &self.object("Deployment")["spec"]["template"]["metadata"]["labels"]
    }

    /// Every container, those that run before the others included.
    pub(super) fn containers(&self) -> impl Iterator<Item = &Value> {
        containers(&self.objects)
    }

    /// The container that is the service; null where there is none.
    pub(super) fn container(&self) -> &Value {
        self.containers()
            .find(|c| c["name"] == "service")
            .unwrap_or(&Value::Null)
    }

    /// Whether an option of the service has this value.
    pub(super) fn gives(&self, option: &str, value: &str) -> bool {
        self.answers.get(option).map(String::as_str) == Some(value)
    }

    /// The number of a port that is given by its name or its number.
    pub(super) fn port(&self, port: &Value) -> Option<u64> {
        if port.is_number() {
            return port.as_u64();
        }
        let ports = list(&self.container()["ports"]);
        let mut named = ports.filter(|known| known["name"] == *port);
        named.next()?["containerPort"].as_u64()
    }

    /// Something that is wrong with the object of a kind.
    pub(super) fn fault(&self, kind: &str, text: impl std::fmt::Display) -> Fault {
        let origin = &self.object(kind)["metadata"]["annotations"]["config.kubernetes.io/origin"];
        let path = origin.as_str().and_then(|origin| {
            let path = origin
                .lines()
                .find_map(|line| line.strip_prefix("path: "))?;
            Some(format!("{FOLDER}/{}", path.trim_start_matches("../")))
        });
        Fault {
            file: path.unwrap_or_else(|| format!("{FOLDER}/base/{}.yaml", kind.to_lowercase())),
            text: text.to_string(),
            environment: self.environment.clone(),
        }
    }
}

/// The items of a list; none where it is no list.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A string as it is, nothing for null, and anything else as JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether a selector asks for something, and for nothing that `labels` lack.
pub(super) fn selects(selector: &Value, labels: &Value) -> bool {
    let Some(selector) = selector.as_object() else {
        return false;
    };
    !selector.is_empty() && selector.iter().all(|(key, value)| labels[key] == *value)
}

fn containers(objects: &[Value]) -> impl Iterator<Item = &Value> {
    let deployments = objects
        .iter()
        .filter(|object| object["kind"] == "Deployment");
    deployments.flat_map(|deployment| {
        let pod = &deployment["spec"]["template"]["spec"];
        list(&pod["initContainers"]).chain(list(&pod["containers"]))
    })
}

fn variables(container: Option<&Value>) -> Vec<(String, String)> {
    let env = container
        .into_iter()
        .flat_map(|container| list(&container["env"]));
    env.map(|variable| (text(&variable["name"]), text(&variable["value"])))
        .collect()
}

/// The documents of a YAML text.
pub(super) fn parse(manifests: &str) -> Result<Vec<Value>> {
    serde_yaml::Deserializer::from_str(manifests)
        .map(|document| Value::deserialize(document).context("`kubectl kustomize` gives no YAML"))
        .collect()
}
