//! Ctrl-C, and SIGTERM from a runner that cancels: the step at hand ends early, and what it left half-way is removed by
//! the step itself. Nothing is removed here.

use std::sync::atomic::{AtomicBool, Ordering};

/// Asked, and not yet heeded.
static ASKED: AtomicBool = AtomicBool::new(false);

/// The exit code that a shell reports for a program that SIGINT ended.
const INTERRUPTED: i32 = 130;

/// From now on a first signal ends the step at hand, and a second one, before the first was heeded, the program.
///
/// A swap is not ended half-way: its end is nearer than its beginning.
pub fn install() {
    // Fails only where a handler is installed already.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(INTERRUPTED);
        }
    });
}

/// Whether a signal came. It is heeded with this: what follows, such as putting the version before back, goes on.
pub(super) fn heeded() -> bool {
    ASKED.swap(false, Ordering::SeqCst)
}
