//! A template's facts, stamped anew: those of the organisation that a service belongs to, not those that the pack had
//! at that commit.

use anyhow::Result;

use super::{History, Point};
use crate::pack::Platform;
use crate::service::Record;

/// The hook that carries them, relative to the template.
pub(super) use crate::sync::FACTS as FILE;

/// `script` with the facts of `platform`. Everything else in it (the version, the names that are reserved) is of that
/// commit, and stays.
pub(super) fn stamped(script: &str, platform: &Platform) -> String {
    let mut out = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let fact = platform
            .facts()
            .into_iter()
            .find(|(name, _)| line.starts_with(&format!("variable::set(\"{name}\", ")));
        match fact {
            Some((name, value)) => out += &crate::sync::fact(name, value),
            None => out += line,
        }
    }
    out
}

impl History<'_> {
    /// The facts that a service was stamped with when it was made from `point`: those that it recorded, or, where it did
    /// not yet, those that the pack had under the recorded name at that version.
    pub fn facts_of_record(&self, record: &Record, point: &Point) -> Result<Platform> {
        if let Some(platform) = &record.platform {
            return Ok(platform.clone());
        }
        let (org, repo) = record.address();
        let fits = |platform: &Platform| platform.org == org && platform.repo == repo;
        if fits(&point.platform) {
            return Ok(point.platform.clone());
        }
        // A fork: its own facts came after the commit that upstream released.
        let args = ["log", "--format=%H", "--", "platform.toml"];
        let commits = self.repository.git(&args)?;
        let mut points = commits
            .lines()
            .filter_map(|commit| self.point(commit, false).ok());
        let there = points.find(|there| fits(&there.platform) && there.version == point.version);
        if let Some(there) = there {
            return Ok(there.platform);
        }
        let here = &self.pack.platform;
        if fits(here) && self.pack.version == point.version {
            return Ok(here.clone());
        }
        Ok(Platform {
            org: org.to_owned(),
            repo: repo.to_owned(),
            ..point.platform.clone()
        })
    }

    /// The facts to stamp a service with that goes to `point`: the organisation's of today, and the ref that belongs to
    /// the version.
    pub fn facts_for(&self, point: &Point) -> Platform {
        let here = &self.pack.platform;
        let reference = if point.version == self.pack.version {
            &here.reference
        } else {
            &point.platform.reference
        };
        Platform {
            reference: reference.clone(),
            ..here.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_the_organisation_change_and_others_stay() {
        let platform = Platform {
            org: "Your-Corp".into(),
            repo: "path".into(),
            registry: "r.example".into(),
            reference: "v2.0.0".into(),
            runner: "large".into(),
        };
        let script = "// x\nvariable::set(\"org\", \"o\");\nvariable::set(\"ref\", \"v1.0.0\");\nvariable::set(\"pack_version\", \"1.0.0\");\n    \"ref\",\n";
        assert_eq!(
            stamped(script, &platform),
            "// x\nvariable::set(\"org\", \"Your-Corp\");\nvariable::set(\"ref\", \"v2.0.0\");\nvariable::set(\"pack_version\", \"1.0.0\");\n    \"ref\",\n"
        );
    }
}
