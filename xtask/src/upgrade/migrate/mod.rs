//! stub
use crate::{
    pack::{Answers, Template},
    service::Tree,
};
use anyhow::Result;
use semver::Version;
#[derive(Clone, Debug)]
pub struct Done {
    pub version: Version,
    pub sentence: String,
}
impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.version, self.sentence)
    }
}
pub fn migrate(
    _: &Template,
    _: &Version,
    _: &Version,
    _: &mut Tree,
    _: &mut Answers,
) -> Result<Vec<Done>> {
    Ok(vec![])
}
