//! A model of one template that lies in memory: what fuzzing holds against the rules.

use anyhow::Result;

use super::fate::Fates;
use super::file;
use super::liquid::Syntax;
use super::registry::MANIFEST;
use super::{Model, Registry, Template};
use crate::pack::manifest::Spanned;
use crate::pack::{Manifest, Platform};
use crate::report::Source;

/// The template's folder.
const NAME: &str = "template-demo";

impl Model {
    /// A pack of one template, with this manifest and these files beside it.
    pub fn of(manifest: &str, files: &[(&str, &[u8])], syntax: Syntax) -> Result<Self> {
        let place = format!("{NAME}/{MANIFEST}");
        let manifest = Manifest::parse(Source::new(place, manifest));
        let genignore = files.iter().find(|(path, _)| *path == ".genignore");
        let genignore = genignore.map_or(String::new(), |(_, bytes)| {
            String::from_utf8_lossy(bytes).into_owned()
        });
        let fates = Fates::from_texts(&manifest, &genignore)?;
        let files = files
            .iter()
            .map(|(path, bytes)| file::of(NAME, path, bytes.to_vec(), &fates, &syntax))
            .collect();
        let template = Template::of(NAME.to_owned(), manifest.clone(), files, &syntax)?;
        Ok(Self {
            registry: Registry {
                manifest,
                listed: vec![Spanned {
                    value: NAME.to_owned(),
                    span: 0..0,
                }],
                folders: vec![NAME.to_owned()],
                bare: Vec::new(),
                unreadable: Vec::new(),
            },
            templates: vec![template],
            syntax,
            renders: super::renders::Renders::default(),
            platform: Platform {
                org: "your-labs".to_owned(),
                repo: "golden-path".to_owned(),
                registry: "registry.acme.example".to_owned(),
                reference: "v1.2.3".to_owned(),
                runner: "acme-linux".to_owned(),
            },
            version: "1.2.3".to_owned(),
            workflows: Vec::new(),
            pages: Vec::new(),
            own: Vec::new(),
        })
    }
}
