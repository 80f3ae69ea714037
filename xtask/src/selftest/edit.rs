//! The edits that faults are made of, as data and as constructors that keep the table short.

/// A change of one file, or of one folder.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// The first occurrence of a text becomes another.
    Swap(&'static str, &'static str, &'static str),
    /// The same in the file of that path of each template, however many there are.
    Each(&'static str, &'static str, &'static str),
    /// A text follows the end of a file.
    Append(&'static str, &'static str),
    /// A file that was not there, or not so, holds these bytes.
    Write(&'static str, &'static [u8]),
    /// A file is gone.
    Remove(&'static str),
    /// A file has another path.
    Move(&'static str, &'static str),
    /// A path is a symbolic link to a target.
    Link(&'static str, &'static str),
    /// A file may be executed.
    Executable(&'static str),
    /// A folder is there once more, under another name.
    Twin(&'static str, &'static str),
}

impl Edit {
    /// The file that has to be there for this edit, or the folder; of [`Self::Each`], relative to a template.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Swap(path, ..)
            | Self::Each(path, ..)
            | Self::Append(path, _)
            | Self::Write(path, _)
            | Self::Remove(path)
            | Self::Move(path, _)
            | Self::Link(path, _)
            | Self::Executable(path)
            | Self::Twin(path, _) => path,
        }
    }
}

/// In `file`, the first `old` becomes `new`.
pub(super) const fn swap(file: &'static str, old: &'static str, new: &'static str) -> Edit {
    Edit::Swap(file, old, new)
}

/// In `file` of each template, the first `old` becomes `new`.
pub(super) const fn each(file: &'static str, old: &'static str, new: &'static str) -> Edit {
    Edit::Each(file, old, new)
}

/// `file` goes on with `text`.
pub(super) const fn append(file: &'static str, text: &'static str) -> Edit {
    Edit::Append(file, text)
}

/// `file` holds `text`.
pub(super) const fn write(file: &'static str, text: &'static str) -> Edit {
    Edit::Write(file, text.as_bytes())
}
