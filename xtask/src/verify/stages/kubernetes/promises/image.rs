//! The image: a placeholder in the files, a digest in what is applied.

use crate::verify::stages::kubernetes::fault::Fault;
use crate::verify::stages::kubernetes::overlay::{Overlay, text};
use crate::verify::stages::kubernetes::{PINNED, PLACEHOLDER};

/// The files name no image of their own, and no tag.
pub(super) fn placeholder(overlay: &Overlay, faults: &mut Vec<Fault>) {
    for image in overlay.images.iter().filter(|image| *image != PLACEHOLDER) {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "the image is `{image}`; write `image: {PLACEHOLDER}`, without a tag: a release puts name and digest there"
            ),
        ));
    }
}

/// A release reaches every container.
pub(super) fn pinned(overlay: &Overlay, faults: &mut Vec<Fault>) {
    for container in overlay.containers().filter(|c| c["image"] != PINNED) {
        faults.push(overlay.fault(
            "Deployment",
            format!(
                "with `{PINNED}` released, `{}` would run `{}`; kustomize's `images` has to reach `{PLACEHOLDER}`, and no \
                 patch may set it",
                text(&container["name"]),
                text(&container["image"])
            ),
        ));
    }
}
