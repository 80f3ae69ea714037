//! A service of a compose file: what it refers to beside its image.

use super::Fault;
use super::paths::Paths;
use crate::rules::workflow::yaml::Node;

/// A service.
pub struct Service<'d> {
    pub name: &'d str,
    pub node: &'d Node,
}

/// Endings of a file that shows how a file of settings looks which everybody writes for themselves.
const SAMPLES: [&str; 4] = ["example", "sample", "dist", "template"];
/// What a service can use only where the file declares it.
const DECLARED: [(&str, &str); 4] = [
    ("volumes", "volume"),
    ("networks", "network"),
    ("secrets", "secret"),
    ("configs", "config"),
];

impl<'d> Service<'d> {
    /// The value of a key, its own or one that it takes over with `<<`.
    pub fn get(&self, key: &str) -> Option<&'d Node> {
        get(self.node, key)
    }

    /// Other services.
    pub fn references(&self, services: &Node, found: &mut Vec<Fault>) {
        let known = || {
            services
                .entries()
                .iter()
                .map(|entry| entry.key.text.as_str())
        };
        let mut named: Vec<(Node, String)> = Vec::new();
        if let Some(depends) = self.get("depends_on") {
            named.extend(names(depends));
        }
        if let Some(extends) = self
            .get("extends")
            .filter(|extends| extends.get("file").is_none())
        {
            let node = extends.get("service").unwrap_or(extends);
            named.extend(node.text().map(|text| (node.clone(), text.to_owned())));
        }
        for key in ["network_mode", "ipc", "pid"] {
            if let Some(node) = self.get(key)
                && let Some(name) = node.text().and_then(|text| text.strip_prefix("service:"))
            {
                named.push((node.clone(), name.to_owned()));
            }
        }
        for (node, name) in named {
            if !name.contains('$') && !known().any(|known| known == name) {
                let message = format!(
                    "`{}` needs the service `{name}`, which is not there",
                    self.name
                );
                let help =
                    "name a service of this file, or put the line under the option that brings it";
                found.push(Fault::unknown(&node, &name, message, known(), help));
            }
        }
    }

    /// Volumes, networks, secrets and configs.
    pub fn declarations(&self, root: &Node, found: &mut Vec<Fault>) {
        for (key, what) in DECLARED {
            let Some(used) = self.get(key) else { continue };
            let declared = root.get(key).map_or(&[][..], Node::entries);
            let known = || declared.iter().map(|entry| entry.key.text.as_str());
            let used = if key == "volumes" {
                volumes(used)
            } else {
                names(used)
            };
            for (node, name) in used {
                let is_own = key == "networks" && name == "default";
                if is_own || name.contains('$') || known().any(|known| known == name) {
                    continue;
                }
                let message = format!("the {what} `{name}` is not declared");
                let help = format!("add `{name}:` under `{key}:` at the end of the file");
                found.push(Fault::unknown(&node, &name, message, known(), help));
            }
        }
    }

    /// Files and folders beside the compose file.
    pub fn files(&self, paths: &Paths<'_>, found: &mut Vec<Fault>) {
        for item in self.get("env_file").map_or(&[][..], Node::one_or_many) {
            let node = item.get("path").unwrap_or(item);
            let is_required = item.get("required").and_then(Node::text) != Some("false");
            let Some(text) = node.text().filter(|_| is_required) else {
                continue;
            };
            let Some(path) = Paths::local(text) else {
                continue;
            };
            if !paths.has_file(&path) && !has_sample(&path, paths) {
                let mut fault = paths.missing(node, text, &path, "there is no file of variables");
                if paths.near(&path).is_none() {
                    fault.help = format!(
                        "write `{{ path: {text}, required: false }}`, or name a file that is there"
                    );
                }
                found.push(fault);
            }
        }
        let watched = self.get("develop").and_then(|develop| develop.get("watch"));
        for node in watched
            .map_or(&[][..], Node::items)
            .iter()
            .filter_map(|item| item.get("path"))
        {
            paths.need(node, "there is nothing to watch at", found);
        }
        for item in self.get("volumes").map_or(&[][..], Node::items) {
            mounted(item, paths, found);
        }
    }
}

fn get<'d>(node: &'d Node, key: &str) -> Option<&'d Node> {
    node.get(key).or_else(|| {
        let merged = node.get("<<")?;
        let lists = merged.items().iter().find_map(|one| get(one, key));
        lists.or_else(|| get(merged, key))
    })
}

/// Names as a list, as keys, or as the `source` of each item.
fn names(node: &Node) -> Vec<(Node, String)> {
    let keys = node
        .entries()
        .iter()
        .filter(|entry| entry.key.text != "<<")
        .map(|entry| {
            let mut node = entry.value.clone();
            node.span = entry.key.span.clone();
            (node, entry.key.text.clone())
        });
    let items = node.items().iter().filter_map(|item| {
        let node = item.get("source").unwrap_or(item);
        Some((node.clone(), node.text()?.to_owned()))
    });
    keys.chain(items).collect()
}

/// Volumes that have a name.
fn volumes(node: &Node) -> Vec<(Node, String)> {
    let named = node.items().iter().filter_map(|item| {
        if let Some(text) = item.text() {
            let (source, _) = text.split_once(':')?;
            let mut node = item.clone();
            let quote = usize::from(item.span.len() > text.len());
            node.span = item.span.start + quote..item.span.start + quote + source.len();
            return Some((node, source.to_owned()));
        }
        let is_volume = item.get("type").and_then(Node::text) == Some("volume");
        let source = item.get("source").filter(|_| is_volume)?;
        Some((source.clone(), source.text()?.to_owned()))
    });
    named
        .filter(|(_, name)| !name.is_empty() && !name.contains(['/', '\\', '~', '.', '$']))
        .collect()
}

/// Whether a file beside it shows how everybody is to write it.
fn has_sample(path: &str, paths: &Paths<'_>) -> bool {
    let mut samples = SAMPLES.iter().map(|end| format!("{path}.{end}"));
    samples.any(|sample| paths.has_file(&sample))
}

/// A path of the host that a container sees. Docker makes a folder of what is not there, which may be meant; it is not
/// meant of a file, nor under a name that is nearly that of a folder.
fn mounted(item: &Node, paths: &Paths<'_>, found: &mut Vec<Fault>) {
    let long = item
        .get("source")
        .filter(|_| item.get("type").and_then(Node::text) == Some("bind"));
    let Some(text) = long.unwrap_or(item).text() else {
        return;
    };
    let source = if long.is_some() {
        text
    } else {
        text.split_once(':').map_or("", |(source, _)| source)
    };
    if !source.starts_with('.') {
        return;
    }
    let Some(path) = Paths::local(source) else {
        return;
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_file = name.trim_start_matches('.').contains('.');
    if paths.has(&path) || has_sample(&path, paths) {
        return;
    }
    // What begins with a dot is near to all that does.
    if is_file || !name.starts_with('.') && paths.near(&path).is_some() {
        let node = long.unwrap_or(item);
        found.push(paths.missing(node, source, &path, "there is nothing to mount at"));
    }
}
