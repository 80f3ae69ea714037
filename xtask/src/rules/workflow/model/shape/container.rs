//! What a job's container and the services beside it may hold.

use super::places::{CONTAINER, CONTAINER_CREDENTIALS, CONTAINER_ENVS, SERVICES};
use super::{Key, Shape, key, required};

/// The container that a job runs in.
pub(super) const CONTAINER_KEYS: &[Key] = &[
    required("image", Shape::Filled(&CONTAINER)),
    key("credentials", CREDENTIALS),
    key("env", ENV),
    key("ports", LIST),
    key("volumes", LIST),
    key("options", Shape::Text(&CONTAINER)),
];

/// A container beside a job; without an image, as an expression may leave it, it is not started.
pub(super) const SERVICE_KEYS: &[Key] = &[
    required("image", Shape::Text(&SERVICES)),
    key("credentials", CREDENTIALS),
    key("env", ENV),
    key("ports", LIST),
    key("volumes", LIST),
    key("options", Shape::Text(&SERVICES)),
    key("command", Shape::Text(&SERVICES)),
    key("entrypoint", Shape::Text(&SERVICES)),
];

const CREDENTIALS: Shape = Shape::Map(&[
    required("username", Shape::Text(&CONTAINER_CREDENTIALS)),
    required("password", Shape::Text(&CONTAINER_CREDENTIALS)),
]);

const ENV: Shape = Shape::Or(
    &CONTAINER_ENVS,
    &Shape::Named(&Shape::Text(&CONTAINER_ENVS)),
);

const LIST: Shape = Shape::List(&Shape::Text(&CONTAINER));
