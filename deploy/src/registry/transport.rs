//! Sends a request until it is answered: logs in where asked to, and tries again what may pass.

use std::time::Duration;

use super::RegistryError;
use super::auth::{Action, Auth, loopback};
use super::challenge::Challenge;
use super::failure::{brief, lasting};
use super::http::{Answer, Http, Request};
use super::retry::{Pace, Tries, retry_after};
use super::secret::Secret;
use crate::names::Image;

/// Told what is waited for.
pub type Announce = Box<dyn Fn(&str)>;

/// Whether an answer is what it should be; if not, it was damaged on its way, and is asked for again.
pub type Intact<'a> = dyn Fn(&Answer) -> Result<(), RegistryError> + 'a;

/// The way to one registry.
pub struct Transport {
    /// Scheme and host, before every path.
    pub base: String,
    http: Http,
    plain: bool,
    auth: Auth,
    pace: Pace,
    announce: Announce,
}

impl Transport {
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
            base: format!("{scheme}://{host}"),
            http: Http::new(plain),
            plain,
            auth: Auth::new(&image.registry, &image.repository),
            pace,
            announce,
        }
    }

    /// Sends what changes something; anything else than what is expected is a refusal.
    pub fn write(&self, request: Request<'_>, expected: &[u16]) -> Result<Answer, RegistryError> {
        let answer = self.send(Action::Push, request, &|_| Ok(()))?;
        if expected.contains(&answer.status) {
            return Ok(answer);
        }
        Err(refused(request, &answer))
    }

    /// Sends until it is answered with what means something to the caller: success, or 404 where that says "none".
    pub fn send(
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
        let request = Request {
            method: "GET",
            url,
            accept: Some("application/json"),
            body: None,
        };
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
            let (problem, asked) = match attempt(tries.timeout()) {
                Ok(answer) if answer.status == 429 || answer.status >= 500 => {
                    let asked = retry_after(answer.header("retry-after"));
                    (unreachable(format!("status {}", answer.status)), asked)
                }
                Ok(answer) if (200..300).contains(&answer.status) => match intact(&answer) {
                    Ok(()) => return Ok(answer),
                    Err(damage) => (damage, None),
                },
                Ok(answer) => return Ok(answer),
                Err(Failed::Here(error)) => return Err(error),
                Err(Failed::Under(error)) => match lasting(&error) {
                    Some(problem) => {
                        return Err(RegistryError::Nonsense(format!("{place}: {problem}")));
                    }
                    None => (unreachable(brief(&error)), None),
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
                return Err(match problem {
                    RegistryError::Mismatch(_) => RegistryError::Mismatch(text),
                    _ => unreachable(text),
                });
            }
        }
    }
}

/// Why a try came to nothing.
enum Failed {
    /// On the way.
    Under(ureq::Error),
    /// With a reason of its own, which a further try does not change.
    Here(RegistryError),
}

impl From<ureq::Error> for Failed {
    fn from(error: ureq::Error) -> Self {
        Self::Under(error)
    }
}

impl From<RegistryError> for Failed {
    fn from(error: RegistryError) -> Self {
        Self::Here(error)
    }
}

fn unreachable(text: String) -> RegistryError {
    RegistryError::Unreachable(text)
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
