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

/// A container beside a job: its image, or more than that.
pub(super) const SERVICE: Shape =
    Shape::Either(&[Shape::Filled(&SERVICES), Shape::Map(SERVICE_KEYS)]);

/// Without an image, as an expression may leave it, none is started.
const SERVICE_KEYS: &[Key] = &[
    required("image", Shape::Text(&SERVICES)),
    key("credentials", CREDENTIALS),
    key("env", ENV),
    key("ports", SERVICE_LIST),
    key("volumes", SERVICE_LIST),
    key("options", Shape::Text(&SERVICES)),
    key("command", Shape::Text(&SERVICES)),
    key("entrypoint", Shape::Text(&SERVICES)),
];

const CREDENTIALS: Shape = Shape::Or(
    &CONTAINER_CREDENTIALS,
    &Shape::Map(&[
        required("username", Shape::Text(&CONTAINER_CREDENTIALS)),
        required("password", Shape::Text(&CONTAINER_CREDENTIALS)),
    ]),
);

const ENV: Shape = Shape::Or(
    &CONTAINER_ENVS,
    &Shape::Named(&Shape::Text(&CONTAINER_ENVS)),
);

const LIST: Shape = Shape::Or(&CONTAINER, &Shape::List(&Shape::Text(&CONTAINER)));

const SERVICE_LIST: Shape = Shape::Or(&SERVICES, &Shape::List(&Shape::Text(&SERVICES)));
