//! What a release asks a registry for, each with its tries.

use super::auth::Action;
use super::http::Request;
use super::manifest::{ACCEPT, Manifest, digest_of};
use super::note::EMPTY;
use super::retry::Pace;
use super::transport::{Announce, Transport};
use super::{Labels, Note, RegistryError, tags};
use crate::names::{Digest, Image};

/// More pages of tags than any service has releases for: a registry that goes on beyond them goes in circles.
const PAGES: usize = 1000;
const JSON: &str = "application/json";

/// Talks to one repository.
pub struct Client {
    transport: Transport,
    repository: String,
}

impl Client {
    /// Connects when first asked.
    pub fn new(image: &Image, pace: Pace, announce: Announce) -> Self {
        Self {
            transport: Transport::new(image, pace, announce),
            repository: image.repository.clone(),
        }
    }

    /// All tags; none where nothing was ever pushed.
    pub fn tags(&self) -> Result<Vec<String>, RegistryError> {
        let mut found = Vec::new();
        let mut url = self.url("tags/list?n=1000");
        for _ in 0..PAGES {
            let request = get(&url, JSON);
            let answer = self.transport.send(Action::Pull, request, &|answer| {
                let page = serde_json::from_slice::<tags::Page>(&answer.body);
                page.map(drop).map_err(|error| {
                    RegistryError::Nonsense(format!("not a list of tags: {error}"))
                })
            })?;
            if answer.status == 404 {
                return Ok(found);
            }
            let page: Option<tags::Page> = serde_json::from_slice(&answer.body).ok();
            found.extend(page.and_then(|page| page.tags).unwrap_or_default());
            match answer
                .header("link")
                .and_then(|link| tags::next(&self.transport.base, link))
            {
                Some(next) if next != url => url = next,
                Some(_) => break,
                None => return Ok(found),
            }
        }
        Err(RegistryError::Nonsense(format!(
            "{url}: the list of tags does not end"
        )))
    }

    /// The digest that a tag names, if there is such a tag.
    pub fn digest(&self, tag: &str) -> Result<Option<Digest>, RegistryError> {
        let url = self.url(&format!("manifests/{tag}"));
        let request = Request {
            method: "HEAD",
            ..get(&url, ACCEPT)
        };
        let answer = self.transport.send(Action::Pull, request, &|_| Ok(()))?;
        if answer.status == 404 {
            return Ok(None);
        }
        match answer.header("docker-content-digest").map(str::parse) {
            Some(Ok(digest)) => Ok(Some(digest)),
            // Not every registry says it without being asked for the whole.
            _ => Ok(self.manifest(tag)?.map(|manifest| manifest.digest)),
        }
    }

    /// What a tag or a digest names. Its digest is made of its bytes, and is the one that was asked for.
    pub fn manifest(&self, reference: &str) -> Result<Option<Manifest>, RegistryError> {
        let url = self.url(&format!("manifests/{reference}"));
        let asked: Option<Digest> = reference.parse().ok();
        let answer = self
            .transport
            .send(Action::Pull, get(&url, ACCEPT), &|answer| {
                let said = answer.header("docker-content-digest");
                let said = said.and_then(|digest| digest.parse().ok());
                same(asked.as_ref().or(said.as_ref()), &answer.body)
            })?;
        if answer.status == 404 {
            return Ok(None);
        }
        let media_type = answer.header("content-type").unwrap_or_default().to_owned();
        Ok(Some(Manifest {
            digest: digest_of(&answer.body),
            media_type,
            bytes: answer.body,
        }))
    }

    /// Gives a tag to a manifest by sending its bytes, and looks whether it arrived: the digest stays, or it is an error.
    pub fn tag(&self, tag: &str, manifest: &Manifest) -> Result<(), RegistryError> {
        let url = self.url(&format!("manifests/{tag}"));
        let request = Request {
            method: "PUT",
            url: &url,
            accept: None,
            body: Some((&manifest.media_type, &manifest.bytes)),
        };
        // The same bytes under the same tag: sent twice, it is the same state.
        self.transport.write(request, &[201, 200, 204])?;
        match self.digest(tag)? {
            Some(digest) if digest == manifest.digest => Ok(()),
            other => Err(RegistryError::Mismatch(format!(
                "{}: written as {}, and names {} now; somebody else writes this tag",
                self.place(tag),
                manifest.digest,
                other.map_or("nothing".to_owned(), |digest| digest.to_string())
            ))),
        }
    }

    /// Keeps a note under a tag.
    pub fn write_note(&self, tag: &str, note: &Note) -> Result<(), RegistryError> {
        self.blob(EMPTY)?;
        self.tag(tag, &note.manifest())
    }

    /// What was noted under a tag. An image that has it instead says nothing.
    pub fn read_note(&self, tag: &str) -> Result<Note, RegistryError> {
        let manifest = self.manifest(tag)?;
        let annotations = manifest.map(|found| found.shape().annotations);
        Ok(Note {
            annotations: annotations.unwrap_or_default(),
        })
    }

    /// What an image says of itself; of an index, its first image.
    pub fn labels(&self, manifest: &Manifest) -> Result<Labels, RegistryError> {
        let shape = manifest.shape();
        let shape = match shape.image() {
            Some(image) => match self.manifest(&image.digest)? {
                Some(image) => image.shape(),
                None => return Ok(Labels::default()),
            },
            None => shape,
        };
        let Some(config) = shape.config else {
            return Ok(Labels::default());
        };
        let url = self.url(&format!("blobs/{}", config.digest));
        let digest: Option<Digest> = config.digest.parse().ok();
        let answer = self
            .transport
            .send(Action::Pull, get(&url, "*/*"), &|answer| {
                same(digest.as_ref(), &answer.body)
            })?;
        // A configuration of another kind, such as an artifact's, has no labels.
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// Stores some bytes, unless they are there.
    fn blob(&self, bytes: &[u8]) -> Result<(), RegistryError> {
        let digest = digest_of(bytes);
        let url = self.url(&format!("blobs/{digest}"));
        let request = Request {
            method: "HEAD",
            ..get(&url, "*/*")
        };
        if self
            .transport
            .send(Action::Pull, request, &|_| Ok(()))?
            .status
            == 200
        {
            return Ok(());
        }
        let url = self.url("blobs/uploads/");
        let open = Request {
            method: "POST",
            url: &url,
            accept: None,
            body: None,
        };
        let opened = self.transport.write(open, &[202])?;
        let location = opened.header("location").unwrap_or_default();
        let location = match location.strip_prefix('/') {
            Some(path) => format!("{}/{path}", self.transport.base),
            None => location.to_owned(),
        };
        let separator = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{separator}digest={digest}");
        if !url.starts_with(&format!("{}/", self.transport.base)) {
            return Err(RegistryError::Nonsense(format!(
                "{}: sends an upload elsewhere",
                self.transport.base
            )));
        }
        let finish = Request {
            method: "PUT",
            url: &url,
            accept: None,
            body: Some(("application/octet-stream", bytes)),
        };
        self.transport.write(finish, &[201, 200, 204]).map(drop)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v2/{}/{path}", self.transport.base, self.repository)
    }

    fn place(&self, tag: &str) -> String {
        format!("{}:{tag}", self.repository)
    }
}

fn get<'a>(url: &'a str, accept: &'a str) -> Request<'a> {
    Request {
        method: "GET",
        url,
        accept: Some(accept),
        body: None,
    }
}

fn same(expected: Option<&Digest>, bytes: &[u8]) -> Result<(), RegistryError> {
    let found = digest_of(bytes);
    match expected {
        Some(expected) if *expected != found => Err(RegistryError::Mismatch(format!(
            "the answer's {} bytes are {found}, and not {expected}",
            bytes.len()
        ))),
        _ => Ok(()),
    }
}
