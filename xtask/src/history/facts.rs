//! A template's facts, stamped anew: those of the organisation that a service belongs to, not those that the pack had
//! at that commit.

use crate::pack::Platform;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_the_organisation_change_and_others_stay() {
        let platform = Platform {
            org: "AcmeCorp".into(),
            repo: "path".into(),
            registry: "r.example".into(),
            reference: "v2.0.0".into(),
            runner: "large".into(),
        };
        let script = "// x\nvariable::set(\"org\", \"o\");\nvariable::set(\"ref\", \"v1.0.0\");\nvariable::set(\"pack_version\", \"1.0.0\");\n    \"ref\",\n";
        assert_eq!(
            stamped(script, &platform),
            "// x\nvariable::set(\"org\", \"AcmeCorp\");\nvariable::set(\"ref\", \"v2.0.0\");\nvariable::set(\"pack_version\", \"1.0.0\");\n    \"ref\",\n"
        );
    }
}
