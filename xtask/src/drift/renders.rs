//! Templates as they were and what they render, each taken once however many services share it.

use std::collections::HashMap;
use std::rc::Rc;

use anyhow::Result;

use crate::history::{Past, Point};
use crate::pack::{Answers, Platform};
use crate::service::Record;
use crate::tree::Tree;

/// What was taken out of the pack's history so far.
#[derive(Debug, Default)]
pub(super) struct Renders {
    templates: HashMap<String, Rc<Past>>,
    trees: HashMap<String, Rc<Tree>>,
}

impl Renders {
    /// The template `name` at `point`.
    pub fn template(&mut self, point: &Point, name: &str) -> Result<Rc<Past>> {
        let key = key(point, name);
        if let Some(known) = self.templates.get(&key) {
            return Ok(Rc::clone(known));
        }
        let past = Rc::new(point.template(name)?);
        self.templates.insert(key, Rc::clone(&past));
        Ok(past)
    }

    /// The service of `record` as its template renders it at `point`.
    pub fn tree(
        &mut self,
        point: &Point,
        record: &Record,
        answers: &Answers,
        facts: &Platform,
    ) -> Result<Rc<Tree>> {
        let template = key(point, &record.template);
        let key = format!("{template} {} {answers:?} {facts:?}", record.name());
        if let Some(known) = self.trees.get(&key) {
            return Ok(Rc::clone(known));
        }
        let past = self.template(point, &record.template)?;
        let tree = Rc::new(past.tree(record.name(), answers, facts)?);
        self.trees.insert(key, Rc::clone(&tree));
        Ok(tree)
    }
}

/// The name tells a commit from the folder that has it checked out.
fn key(point: &Point, template: &str) -> String {
    format!("{} {} {template}", point.commit, point.name())
}
