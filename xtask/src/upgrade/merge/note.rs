//! What became of a file, for whoever has to decide something or wants to know.

use super::Labels;
use crate::service::Class;

/// One thing that became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file, where it stands in the result; of one that is gone, where it stood.
    pub file: String,
    /// Whose it is.
    pub class: Class,
    /// What became of it.
    pub what: What,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Both changed the same lines: markers stand in the file.
    Conflict,
    /// A platform file was edited by hand; the edit is kept.
    EditedPlatform {
        /// Whether it stands between markers; else the file is as it was, or differs in its mode alone.
        marked: bool,
    },
    /// Deleted in the service; the template has changed it, or the platform owns it. It stays deleted.
    DeletedByYou,
    /// Changed in the service, and no longer in the template. It stays.
    DeletedByTemplate,
    /// Both changed it, and it is no text. The service's stays.
    Binary,
    /// Both changed it, and it is a symbolic link in one of them. The service's stays.
    Link,
    /// Both renamed it. It stays where the service has it.
    RenamedByBoth {
        /// Where the template has it.
        theirs: String,
    },
    /// The template wants it where a file or folder of the service's is in the way.
    Blocked {
        /// Where the template has it.
        theirs: String,
        /// What is in the way.
        by: String,
    },

    /// New from the template.
    Added,
    /// Not changed in the service: now as the template has it.
    Replaced,
    /// Changed by both, in different places.
    Merged,
    /// Not changed in the service, and no longer in the template.
    Removed,
    /// The template renamed it; changes of the service's went along.
    Renamed {
        /// Where it stood.
        from: String,
    },
    /// The service renamed it; changes of the template's went along.
    Followed {
        /// Where the template has it.
        from: String,
    },
    /// One of the developers' own, about which the template has something to say. It stays as it is.
    KeptYours {
        /// What the template did.
        example: Example,
    },
}

/// What the template did to a file that is the developers' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// It has one where the service already has another.
    New,
    /// It has another than it had.
    Changed,
    /// It has none any more.
    Removed,
}

impl What {
    /// Whether somebody has to decide.
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Conflict
            | Self::EditedPlatform { .. }
            | Self::DeletedByYou
            | Self::DeletedByTemplate
            | Self::Binary
            | Self::Link
            | Self::RenamedByBoth { .. }
            | Self::Blocked { .. } => true,
            Self::Added
            | Self::Replaced
            | Self::Merged
            | Self::Removed
            | Self::Renamed { .. }
            | Self::Followed { .. }
            | Self::KeptYours { .. } => false,
        }
    }
}

impl Note {
    /// What happened, and what to do about it, in a line. `aside` is the folder that [`super::Merged::aside`] was
    /// written to.
    pub fn said(&self, labels: &Labels, aside: &str) -> String {
        let version = &labels.theirs;
        let file = self.file.escape_debug();
        let copy = format!("the template's is `{aside}/{file}`");
        match &self.what {
            What::Conflict => {
                format!("you and {version} changed the same lines; decide between the markers")
            }
            What::EditedPlatform { marked: true } => format!(
                "the platform's, edited by hand; decide between the markers, of which the lower side is {version}"
            ),
            What::EditedPlatform { marked: false } => {
                "the platform's, edited by hand; kept, take the edit back or move it to a file of yours".into()
            }
            What::DeletedByYou => format!("you deleted it, {version} has it; stays deleted, {copy}"),
            What::DeletedByTemplate => {
                format!("you changed it, {version} has it no more; stays, delete it if nothing needs it")
            }
            What::Binary => format!("you and {version} changed it, and it is no text; yours stays, {copy}"),
            What::Link => format!("you and {version} changed it, and it is or was a link; yours stays, {copy}"),
            What::RenamedByBoth { theirs } => format!(
                "{version} renamed it to `{}`; stays where you have it, rename it if you want",
                theirs.escape_debug()
            ),
            What::Blocked { theirs, by } if *theirs == self.file => format!(
                "{version} has it where `{}` is in the way; rename that, {copy}",
                by.escape_debug()
            ),
            What::Blocked { theirs, by } => format!(
                "{version} has it as `{}`, where `{}` is in the way; rename that and then this",
                theirs.escape_debug(),
                by.escape_debug()
            ),
            What::Added => "added".into(),
            What::Replaced => "replaced".into(),
            What::Merged => "merged".into(),
            What::Removed => "removed".into(),
            What::Renamed { from } => format!("renamed from `{}`", from.escape_debug()),
            What::Followed { from } => {
                format!("changed as the template's `{}`, which you renamed", from.escape_debug())
            }
            What::KeptYours { example: Example::New } => {
                format!("yours stays; {version} has an example of that name, `{aside}/{file}`")
            }
            What::KeptYours { example: Example::Changed } => {
                format!("yours stays; the template's example has changed, look with `diff {file} {aside}/{file}`")
            }
            What::KeptYours { example: Example::Removed } => {
                "yours stays; the template has no such example any more".into()
            }
        }
    }
}
