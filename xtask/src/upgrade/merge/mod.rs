//! stub
use crate::service::{Class, Ownership, Tree};
use anyhow::Result;
#[derive(Debug)]
pub struct Merged {
    pub tree: Tree,
    pub notes: Vec<Note>,
}
#[derive(Clone, Debug)]
pub struct Note {
    pub file: String,
    pub class: Class,
    pub what: What,
}
#[derive(Clone, Debug)]
pub enum What {
    Conflict,
    Other,
}
impl What {
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict)
    }
}
impl Note {
    pub fn message(&self) -> String {
        String::new()
    }
    pub fn remedy(&self) -> String {
        String::new()
    }
}
pub struct Classes {
    pub base: Ownership,
    pub theirs: Ownership,
}
pub struct Labels {
    pub base: String,
    pub theirs: String,
}
pub fn merge(
    _base: &Tree,
    ours: &Tree,
    _theirs: &Tree,
    _classes: &Classes,
    _labels: &Labels,
) -> Result<Merged> {
    Ok(Merged {
        tree: ours.clone(),
        notes: vec![],
    })
}
