//! Which combinations of a template's options are rehearsed: all of them, as long as they are few enough.

use crate::pack::manifest::Kind;
use crate::pack::{Case, Manifest, Matrix, Placeholder, cases};

/// How many combinations are tried; beyond it each value is tried by itself.
const COMBINATIONS: usize = 512;
/// How many names all combinations together may hold.
const NAMES: usize = 400_000;

/// The combinations that are tried, and whether these are all.
pub fn combinations(manifest: &Manifest, files: usize) -> (Vec<Case>, bool) {
    let values = |placeholder: &Placeholder| match placeholder.kind {
        Kind::Bool => 2,
        Kind::String => placeholder.choices.len().max(1),
    };
    let placeholders = manifest.placeholders.iter();
    let number = placeholders.fold(1_usize, |product, placeholder| {
        product.saturating_mul(values(placeholder))
    });
    if number <= COMBINATIONS && number.saturating_mul(files) <= NAMES {
        return (cases(manifest, Matrix::All), true);
    }
    let mut each = cases(manifest, Matrix::Each);
    each.truncate(COMBINATIONS.min(NAMES / files.max(1)).max(1));
    (each, false)
}
