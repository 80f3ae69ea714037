//! How many releases a service is behind.

use semver::Version;

use super::look::{Found, Subject, Target};
use crate::history::Point;

/// Adds the finding, and counts. `differs` says whether both versions render the service differently.
pub(super) fn judge(
    target: &Target<'_>,
    subject: &Subject,
    from: &Point,
    differs: bool,
    found: &mut Found,
) {
    let behind = count(target, from, differs);
    found.counts.behind = Some(behind);
    if behind == 0 {
        return;
    }
    let distance = match behind {
        1 => "1 release".to_owned(),
        more => format!("{more} releases"),
    };
    let (wanted, option) = match target.asked {
        None => ("newest", String::new()),
        Some(reference) => ("wanted", format!(" --to {reference}")),
    };
    let message = format!(
        "`{}` is {distance} behind: {}, {wanted} {}",
        subject.service.record.name(),
        from.name(),
        target.name
    );
    let help = format!("run `cargo xtask upgrade {}{option}`", subject.shown);
    let span = subject.place("template", "version");
    found
        .report
        .error(super::BEHIND, &subject.record, span, message, help);
}

/// Releases after what the service was made from, up to what it is compared with. What is compared with and was never
/// released counts as one, where it is newer or renders something else.
fn count(target: &Target<'_>, from: &Point, differs: bool) -> usize {
    let to = &target.point;
    let (Ok(old), Ok(new)) = (Version::parse(&from.version), Version::parse(&to.version)) else {
        return usize::from(differs && from.commit != to.commit);
    };
    let releases = target.history.releases();
    let after = |release: &&crate::pack::Release| release.version > old && release.version <= new;
    let between = releases.all().iter().filter(after).count();
    let ahead_of_all = new > old && releases.of(&new).is_none();
    let same = new == old && !to.is_release && from.name() != to.name();
    between + usize::from(ahead_of_all || (same && differs))
}
