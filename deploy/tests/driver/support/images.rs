//! Pushes images straight to the registry, by its HTTP API, and reads tags from it: nothing here goes through the driver.

use deploy::registry::digest_of;
use serde_json::{Value, json};

/// The repository of one test.
pub struct Repository {
    address: String,
    name: String,
    agent: ureq::Agent,
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// As an engine pushes it.
const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";

impl Repository {
    /// On the registry itself.
    pub fn new(address: &str, name: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None);
        Self {
            address: address.to_owned(),
            name: name.to_owned(),
            agent: config.build().into(),
        }
    }

    /// An image with these labels, by its digest alone.
    pub fn push(&self, labels: &Value) -> String {
        let bytes = self.manifest(labels);
        self.put_manifest(&digest(&bytes), MANIFEST, &bytes);
        digest(&bytes)
    }

    /// An index of two images, as a build for two platforms pushes it, with an attestation before them.
    pub fn push_index(&self, labels: &Value) -> String {
        let mut entries = vec![];
        for os in ["unknown", "linux"] {
            let labels = if os == "unknown" { &json!({}) } else { labels };
            let bytes = self.manifest(labels);
            self.put_manifest(&digest(&bytes), MANIFEST, &bytes);
            entries.push(json!({
                "mediaType": MANIFEST, "digest": digest(&bytes), "size": bytes.len(),
                "platform": {"os": os, "architecture": "amd64"},
            }));
        }
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries});
        let bytes = index.to_string().into_bytes();
        self.put_manifest(&digest(&bytes), INDEX, &bytes);
        digest(&bytes)
    }

    /// A copy of an image of another repository of the same registry, without its tag; its digest.
    pub fn copy(&self, from: &Self, tag: &str) -> String {
        let url = from.url(&format!("manifests/{tag}"));
        let kinds = format!("{MANIFEST}, {DOCKER}");
        let get = from.agent.get(&url).header("accept", &kinds);
        let mut answer = get.call().unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        let manifest: Value = serde_json::from_slice(&bytes).unwrap();
        let layers = manifest["layers"].as_array().unwrap().iter();
        for blob in layers.chain([&manifest["config"]]) {
            let blob = blob["digest"].as_str().unwrap();
            let mount = format!("blobs/uploads/?mount={blob}&from={}", from.name);
            let answer = self.agent.post(&self.url(&mount)).send(&[][..]).unwrap();
            assert_eq!(answer.status(), 201, "{blob}");
        }
        self.put_manifest(&digest(&bytes), &kind, &bytes);
        digest(&bytes)
    }

    fn manifest(&self, labels: &Value) -> Vec<u8> {
        let layer = self.blob(b"not looked at");
        let config = json!({"architecture": "amd64", "os": "linux", "config": {"Labels": labels}, "rootfs": {"type": "layers", "diff_ids": []}});
        let config = self.blob(config.to_string().as_bytes());
        let part = |(digest, size): (String, usize), kind: &str| json!({"mediaType": format!("application/vnd.oci.image.{kind}"), "digest": digest, "size": size});
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": part(config, "config.v1+json"), "layers": [part(layer, "layer.v1.tar")],
        });
        manifest.to_string().into_bytes()
    }

    fn blob(&self, bytes: &[u8]) -> (String, usize) {
        let url = self.url("blobs/uploads/");
        let answer = self.agent.post(&url).send(&[][..]).unwrap();
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        let location = if location.starts_with('/') {
            format!("http://{}{location}", self.address)
        } else {
            location
        };
        let joint = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{joint}digest={}", digest(bytes));
        let answer = self.agent.put(&url).send(bytes).unwrap();
        assert_eq!(answer.status(), 201);
        (digest(bytes), bytes.len())
    }

    fn put_manifest(&self, reference: &str, kind: &str, bytes: &[u8]) {
        let url = self.url(&format!("manifests/{reference}"));
        let answer = self.agent.put(&url).content_type(kind).send(bytes).unwrap();
        assert_eq!(answer.status(), 201, "{reference}");
    }

    /// Gives a tag to what another reference names, as somebody would who knows nothing of the driver.
    pub fn tag(&self, tag: &str, reference: &str) {
        let url = self.url(&format!("manifests/{reference}"));
        let accept = format!("{MANIFEST}, {INDEX}, {DOCKER}");
        let mut answer = self
            .agent
            .get(&url)
            .header("accept", &accept)
            .call()
            .unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        self.put_manifest(tag, &kind, &bytes);
    }

    /// All tags, sorted.
    pub fn tags(&self) -> Vec<String> {
        let mut answer = self.agent.get(self.url("tags/list")).call().unwrap();
        if answer.status() == 404 {
            return vec![];
        }
        let text = answer.body_mut().read_to_string().unwrap();
        let list: Value = serde_json::from_str(&text).unwrap();
        let tags = list["tags"].as_array().cloned().unwrap_or_default();
        let mut tags: Vec<_> = tags
            .iter()
            .map(|tag| tag.as_str().unwrap().to_owned())
            .collect();
        tags.sort();
        tags
    }

    /// The digest under a tag, made of what it names.
    pub fn digest(&self, tag: &str) -> Option<String> {
        self.bytes(tag).map(|bytes| digest(&bytes))
    }

    /// What a tag names.
    pub fn bytes(&self, tag: &str) -> Option<Vec<u8>> {
        let url = self.url(&format!("manifests/{tag}"));
        let accept = format!("{MANIFEST}, {INDEX}, {DOCKER}");
        let mut answer = self
            .agent
            .get(&url)
            .header("accept", &accept)
            .call()
            .unwrap();
        (answer.status() == 200).then(|| answer.body_mut().read_to_vec().unwrap())
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/v2/{}/{path}", self.address, self.name)
    }
}

/// As a registry names it.
pub fn digest(bytes: &[u8]) -> String {
    digest_of(bytes).to_string()
}
