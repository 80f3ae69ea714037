//! Which back end: the one place that knows them by name.

use super::compose::Compose;
use super::kubernetes::Kubernetes;
use super::{Backend, BackendError, command};
use crate::names::Image;

/// Where nobody chose.
pub const DEFAULT: &str = "compose";

/// Makes a back end for a service, or says what is missing for it.
type Open = fn(&Image) -> Result<Box<dyn Backend>, BackendError>;

/// Every back end. A new one is a file and a row.
const BACKENDS: &[(&str, Open)] = &[
    ("compose", |image| {
        Ok(Box::new(Compose::new(image.service(), HERE)))
    }),
    ("kubernetes", |image| {
        Ok(Box::new(Kubernetes::from_environment(
            image.service(),
            HERE,
        )))
    }),
    ("command", command::open),
];

/// Where the service's own files are: the checkout that a job, or a person, stands in.
const HERE: &str = ".";

/// Makes the back end of this name.
pub fn open(name: &str, image: &Image) -> Result<Box<dyn Backend>, BackendError> {
    if let Some((_, open)) = BACKENDS.iter().find(|(known, _)| *known == name) {
        return open(image);
    }
    let known: Vec<_> = BACKENDS.iter().map(|(known, _)| *known).collect();
    Err(BackendError::Unusable(format!(
        "there is no back end `{name}`; `--backend` or IDP_BACKEND is one of: {}",
        known.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let image = "localhost/orders".parse().unwrap();
        let Err(error) = open("ftp", &image) else {
            panic!("there is no such back end")
        };
        for (known, _) in BACKENDS {
            assert!(error.to_string().contains(known), "{error}");
        }
    }
}
