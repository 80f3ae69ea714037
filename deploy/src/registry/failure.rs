//! What goes wrong below HTTP: what may pass, and what would be met again.

use rustls::Error as TlsError;
use ureq::Error as HttpError;

/// What a further try would meet again.
pub fn lasting(error: &HttpError) -> Option<String> {
    match error {
        HttpError::BodyExceedsLimit(limit) => {
            Some(format!("an answer of more than {limit} bytes: refused"))
        }
        HttpError::Rustls(error) => Some(untrusted(error)),
        // The handshake is part of reading and writing, so what is wrong with a certificate comes as an error of those.
        HttpError::Io(error) => {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            inner
                .filter(|error| matches!(error, TlsError::InvalidCertificate(_)))
                .map(untrusted)
        }
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
pub fn brief(error: &HttpError) -> String {
    match error {
        HttpError::Timeout(_) => "no answer in time".to_owned(),
        HttpError::HostNotFound => "no such host".to_owned(),
        HttpError::Io(error) => format!("connection failed or torn ({error})"),
        error => error.to_string(),
    }
}

fn untrusted(error: &TlsError) -> String {
    format!(
        "no trusted connection: {error}; add the registry's authority to this machine's certificates"
    )
}
