//! What a planted fault is.

use super::edit::Edit;
use crate::rules::workflow;

/// The rules that one checker knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Those of `validate`.
    Templates,
    /// Those of `lint`.
    Workflows,
}

impl Family {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Templates, Self::Workflows];
}

/// A mistake that somebody could make in this pack, and the rule that has to find it.
#[derive(Debug)]
pub struct Fault {
    /// What is wrong, in words.
    pub name: &'static str,
    /// The id of the rule that finds it.
    pub rule: &'static str,
    /// The file in which it is found, relative to the pack's root.
    pub file: &'static str,
    /// What makes the mistake.
    pub edits: &'static [Edit],
}

/// A row of the table.
pub(super) const fn fault(
    name: &'static str,
    rule: &'static str,
    file: &'static str,
    edits: &'static [Edit],
) -> Fault {
    Fault {
        name,
        rule,
        file,
        edits,
    }
}

impl Fault {
    /// The part of its rule's id that comes first: of a workflow rule, its code.
    fn code(&self) -> &'static str {
        self.rule.split('-').next().unwrap_or(self.rule)
    }

    /// Whether `wanted` means this fault: as its rule, or its rule's code, or a part of its name or of its rule's id.
    pub(super) fn is(&self, wanted: &str) -> bool {
        let wanted = wanted.to_lowercase();
        let rule = self.rule.to_lowercase();
        let is_code = wanted.len() <= 3
            && wanted.starts_with(|first: char| first.is_ascii_lowercase())
            && wanted[1..].parse::<u8>().is_ok();
        if is_code {
            return self.code().to_lowercase() == wanted;
        }
        rule.contains(&wanted) || self.name.to_lowercase().contains(&wanted)
    }

    /// What finds it.
    pub(super) fn family(&self) -> Family {
        match workflow::named(self.rule) {
            Some(_) => Family::Workflows,
            None => Family::Templates,
        }
    }

    /// Whether a template is another one with it, so that it has to be rendered anew.
    pub(super) fn touches_templates(&self) -> bool {
        let mut edits = self.edits.iter();
        edits.any(|edit| matches!(edit, Edit::Each(..)) || edit.path().starts_with("template-"))
    }
}
