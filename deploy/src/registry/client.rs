//! What a release asks a registry for, each with its tries.

use std::time::Duration;

use ureq::Error as HttpError;

use super::auth::{Action, Auth, loopback};
use super::challenge::Challenge;
use super::http::{Answer, Http, Request};
use super::manifest::{ACCEPT, Manifest, digest_of};
use super::note::EMPTY;
use super::retry::{Pace, Tries, retry_after};
use super::secret::Secret;
use super::{Labels, Note, RegistryError, tags};
use crate::names::{Digest, Image};

/// More pages of tags than any service has releases for: a registry that goes on beyond them goes in circles.
const PAGES: usize = 1000;
const JSON: &str = "application/json";

/// Told what is waited for.
pub type Announce = Box<dyn Fn(&str)>;

/// Talks to one repository.
pub struct Client {
    http: Http,
    base: String,
    repository: String,
    plain: bool,
    auth: Auth,
    pace: Pace,
    announce: Announce,
}

/// Whether an answer is what it should be; if not, it was damaged on its way, and is asked for again.
type Intact<'a> = dyn Fn(&Answer) -> Result<(), String> + 'a;

impl Client {
    /// Connects when first asked.
    pub fn new(image: &Image, pace: Pace, announce: Announce) -> Self {
        let plain = loopback(&image.registry);
        let scheme = if plain { "http" } else { "https" };
        // Docker Hub's images have another name than its API.
        let host = match image.registry.as_str() {
            "docker.io" => "registry-1.docker.io",
            host => host,
        };
        Self {
            http: Http::new(plain),
            base: format!("{scheme}://{host}"),
            repository: image.repository.clone(),
            plain,
            auth: Auth::new(&image.registry, &image.repository),
            pace,
            announce,
        }
    }

    /// All tags; none where nothing was ever pushed.
    pub fn tags(&self) -> Result<Vec<String>, RegistryError> {
        let mut found = Vec::new();
        let mut url = self.url("tags/list?n=1000");
        for _ in 0..PAGES {
            let request = get(&url, JSON);
            let answer = self.send(Action::Pull, request, &|answer| {
                let page = serde_json::from_slice::<tags::Page>(&answer.body);
                page.map(drop)
                    .map_err(|error| format!("not a list of tags: {error}"))
            })?;
            if answer.status == 404 {
                return Ok(found);
            }
            let page: Option<tags::Page> = serde_json::from_slice(&answer.body).ok();
            found.extend(page.and_then(|page| page.tags).unwrap_or_default());
            match answer
                .header("link")
                .and_then(|link| tags::next(&self.base, link))
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
        let answer = self.send(Action::Pull, request, &|_| Ok(()))?;
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
        let answer = self.send(Action::Pull, get(&url, ACCEPT), &|answer| {
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
        self.write(request, &[201, 200, 204])?;
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
        let answer = self.send(Action::Pull, get(&url, "*/*"), &|answer| {
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
        if self.send(Action::Pull, request, &|_| Ok(()))?.status == 200 {
            return Ok(());
        }
        let url = self.url("blobs/uploads/");
        let open = Request {
            method: "POST",
            url: &url,
            accept: None,
            body: None,
        };
        let opened = self.write(open, &[202])?;
        let location = opened.header("location").unwrap_or_default();
        let location = match location.strip_prefix('/') {
            Some(path) => format!("{}/{path}", self.base),
            None => location.to_owned(),
        };
        let separator = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{separator}digest={digest}");
        if !url.starts_with(&format!("{}/", self.base)) {
            return Err(RegistryError::Nonsense(format!(
                "{}: sends an upload elsewhere",
                self.base
            )));
        }
        let finish = Request {
            method: "PUT",
            url: &url,
            accept: None,
            body: Some(("application/octet-stream", bytes)),
        };
        self.write(finish, &[201, 200, 204]).map(drop)
    }

    fn write(&self, request: Request<'_>, expected: &[u16]) -> Result<Answer, RegistryError> {
        let answer = self.send(Action::Push, request, &|_| Ok(()))?;
        if expected.contains(&answer.status) {
            return Ok(answer);
        }
        Err(refused(request, &answer))
    }

    /// Sends until it is answered with what means something to the caller: success, or 404 where that says "none".
    fn send(
        &self,
        action: Action,
        request: Request<'_>,
        intact: &Intact<'_>,
    ) -> Result<Answer, RegistryError> {
        let answer = self.tries(request, intact, &|timeout| {
            self.authorised(action, request, timeout)
        })?;
        match answer.status {
            200..=299 | 404 => Ok(answer),
            401 | 403 => Err(self.auth.denied(&format!(
                "refuses {} ({}, {})",
                request.method,
                answer.status,
                answer.line()
            ))),
            _ => Err(refused(request, &answer)),
        }
    }

    /// One try, with a login where one is asked for.
    fn authorised(
        &self,
        action: Action,
        request: Request<'_>,
        timeout: Duration,
    ) -> Result<Answer, Failed> {
        let header = self.auth.header(action);
        let answer = self.http.send(request, header.as_ref(), timeout)?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let offered = answer.headers.get_all("www-authenticate");
        let challenge = Challenge::choose(offered.iter().filter_map(|value| value.to_str().ok()));
        let ask = |url: &str, basic: Option<&Secret>| self.token(url, basic);
        self.auth
            .answer(action, challenge.as_ref(), self.plain, &ask)?;
        let header = self.auth.header(action);
        Ok(self.http.send(request, header.as_ref(), timeout)?)
    }

    fn token(&self, url: &str, basic: Option<&Secret>) -> Result<Vec<u8>, RegistryError> {
        let request = get(url, JSON);
        let answer = self.tries(request, &|_| Ok(()), &|timeout| {
            Ok(self.http.send(request, basic, timeout)?)
        })?;
        match answer.status {
            200..=299 => Ok(answer.body),
            // The address holds no secret; its answer might.
            status => Err(self
                .auth
                .denied(&format!("gives no token ({status} from {})", path(url)))),
        }
    }

    /// Tries again while what fails may pass.
    fn tries(
        &self,
        request: Request<'_>,
        intact: &Intact<'_>,
        attempt: &dyn Fn(Duration) -> Result<Answer, Failed>,
    ) -> Result<Answer, RegistryError> {
        let mut tries = Tries::begin(self.pace);
        let place = format!("{} {}", request.method, path(request.url));
        loop {
            let (problem, asked, damaged) = match attempt(tries.timeout()) {
                Ok(answer) if answer.status == 429 || answer.status >= 500 => {
                    let asked = retry_after(answer.header("retry-after"));
                    (format!("status {}", answer.status), asked, false)
                }
                Ok(answer) if (200..300).contains(&answer.status) => match intact(&answer) {
                    Ok(()) => return Ok(answer),
                    Err(damage) => (damage, None, true),
                },
                Ok(answer) => return Ok(answer),
                Err(Failed::Here(error)) => return Err(error),
                Err(Failed::Under(error)) => match lasting(&error) {
                    Some(problem) => {
                        return Err(RegistryError::Nonsense(format!("{place}: {problem}")));
                    }
                    None => (brief(&error), None, false),
                },
            };
            let say = |wait: Duration| {
                (self.announce)(&format!(
                    "{place}: {problem}; again in {:.1} s",
                    wait.as_secs_f64()
                ));
            };
            if let Err(count) = tries.wait(asked, say) {
                let text = format!(
                    "{place}: {problem}, tried {count} times; the registry is not usable now, try later"
                );
                return Err(if damaged {
                    RegistryError::Mismatch(text)
                } else {
                    RegistryError::Unreachable(text)
                });
            }
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v2/{}/{path}", self.base, self.repository)
    }

    fn place(&self, tag: &str) -> String {
        format!("{}:{tag}", self.repository)
    }
}

/// Why a try came to nothing.
enum Failed {
    /// On the way.
    Under(HttpError),
    /// With a reason of its own, which a further try does not change.
    Here(RegistryError),
}

impl From<HttpError> for Failed {
    fn from(error: HttpError) -> Self {
        Self::Under(error)
    }
}

impl From<RegistryError> for Failed {
    fn from(error: RegistryError) -> Self {
        Self::Here(error)
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

fn same(expected: Option<&Digest>, bytes: &[u8]) -> Result<(), String> {
    let found = digest_of(bytes);
    match expected {
        Some(expected) if *expected != found => Err(format!(
            "the answer's {} bytes are {found}, and not {expected}",
            bytes.len()
        )),
        _ => Ok(()),
    }
}

fn refused(request: Request<'_>, answer: &Answer) -> RegistryError {
    RegistryError::Refused {
        place: format!("{} {}", request.method, path(request.url)),
        status: answer.status,
        detail: answer.line(),
    }
}

/// An address without its query, which is long and says little.
fn path(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

/// What a further try would meet again.
fn lasting(error: &HttpError) -> Option<String> {
    match error {
        HttpError::BodyExceedsLimit(limit) => {
            Some(format!("an answer of more than {limit} bytes: refused"))
        }
        HttpError::Rustls(error) => Some(format!(
            "no trusted connection: {error}; add the registry's authority to this machine's certificates"
        )),
        HttpError::Tls(_)
        | HttpError::BadUri(_)
        | HttpError::TooManyRedirects
        | HttpError::RedirectFailed
        | HttpError::RequireHttpsOnly(_)
        | HttpError::InvalidProxyUrl => Some(error.to_string()),
        _ => None,
    }
}

/// What may pass, in a few words.
fn brief(error: &HttpError) -> String {
    match error {
        HttpError::Timeout(_) => "no answer in time".to_owned(),
        HttpError::HostNotFound => "no such host".to_owned(),
        HttpError::Io(error) => format!("connection failed or torn ({error})"),
        error => error.to_string(),
    }
}
