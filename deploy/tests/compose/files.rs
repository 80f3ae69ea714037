//! A service's own files that do not allow a deployment.

use deploy::backend::{Backend, BackendError};
use deploy::names::Environment::{Prod, Staging};

use crate::support::docker::available;
use crate::support::{Behaviour, Place, shop};

#[test]
fn what_is_missing_is_named() {
    if !available() {
        return;
    }
    let one = shop('1', Behaviour::Good);
    let place = Place::new();
    let unusable = |environment, part: &str| {
        let refused = place.backend().deploy(environment, &one.image);
        let Err(BackendError::Unusable(error)) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            error.contains("docker-compose.yml") && error.contains(part),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    };
    unusable(Prod, "profile `prod`");
    place.write("services:\n  staging: { profiles: [staging], imge: x }\n");
    unusable(Staging, "imge");
    place.write("services: [");
    unusable(Staging, "Compose refuses it");
    place.write("services:\n  web: { profiles: [staging], image: x }\n");
    unusable(Staging, "no service `staging`");
    std::fs::remove_file(place.folder.path().join("docker-compose.yml")).unwrap();
    unusable(Staging, "no such file");
    assert_eq!(place.containers(""), [""; 0]);
}

#[test]
fn an_image_that_is_nowhere_is_named() {
    if !available() {
        return;
    }
    let mut gone = shop('1', Behaviour::Good).image;
    gone.digest = format!("sha256:{}", "0".repeat(64)).parse().unwrap();
    let refused = Place::new().backend().deploy(Staging, &gone);
    let Err(BackendError::Unreachable(error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(error.contains(&gone.to_string()), "{error}");
}
