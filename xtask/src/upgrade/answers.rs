//! Answers on their way from one version to the next: kept, given anew, by default, or gone.

use anyhow::{Context, Result};

use crate::create::{self, Define};
use crate::pack::{Answers, Manifest};
use crate::service::Record;

/// What became of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The wanted version asks what the recorded one did not.
    New {
        /// The question.
        name: String,
        /// What it is answered with.
        value: String,
    },
    /// The wanted version does not ask any more.
    Gone {
        /// The question.
        name: String,
        /// What it was answered with.
        value: String,
    },
    /// The answer is another one now: given anew, or by a migration.
    Other {
        /// The question.
        name: String,
        /// The answer that was recorded.
        from: String,
        /// The answer now.
        to: String,
    },
}

/// The answers to the questions of `manifest`, and how they differ from those `recorded`: what is given, else what
/// migrations made of the record (`carried`), else the default.
///
/// # Errors
/// When an answer is none that the question takes.
pub(super) fn carry(
    manifest: &Manifest,
    defines: &[Define],
    recorded: &Answers,
    carried: &Answers,
) -> Result<(Answers, Vec<Change>)> {
    let answers = create::carried_over(manifest, defines, carried)?;
    let mut changes = Vec::new();
    for (name, to) in &answers {
        match recorded.get(name) {
            Some(from) if from == to => {}
            Some(from) => changes.push(Change::Other {
                name: name.clone(),
                from: from.clone(),
                to: to.clone(),
            }),
            None => changes.push(Change::New {
                name: name.clone(),
                value: to.clone(),
            }),
        }
    }
    let kept = |name: &str| answers.contains_key(name) || name == Record::NAME;
    for (name, value) in recorded.iter().filter(|(name, _)| !kept(name)) {
        changes.push(Change::Gone {
            name: name.clone(),
            value: value.clone(),
        });
    }
    Ok((answers, changes))
}

/// A record that also says which commit it is from, which is no release.
pub(super) fn with_commit(record: &[u8], commit: &str) -> Result<Vec<u8>> {
    let text = std::str::from_utf8(record).context("the record is not UTF-8")?;
    let mut out = String::with_capacity(text.len() + 64);
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        out += line;
        inside = if line.starts_with('[') {
            line.trim_end() == "[template]"
        } else {
            inside
        };
        if inside && line.starts_with("version = ") {
            out += &format!("commit = \"{commit}\"\n");
        }
    }
    Ok(out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Source;

    fn carried(defines: &[&str], recorded: &[(&str, &str)]) -> Result<(Answers, Vec<Change>)> {
        let text = "[placeholders]\n\
            metrics = {prompt = 'm', choices = ['none', 'otlp'], default = 'none'}\n\
            team = {prompt = 't', default = 'platform', regex = '^[a-z]+$'}\n";
        let manifest = Manifest::parse(Source::new("cargo-generate.toml", text));
        let defines: Vec<Define> = defines
            .iter()
            .map(|define| define.parse().unwrap())
            .collect();
        let recorded: Answers = recorded
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        carry(&manifest, &defines, &recorded, &recorded)
    }

    #[test]
    fn each_answer_is_kept_given_by_default_or_gone() {
        let recorded = [
            ("project-name", "orders"),
            ("metrics", "none"),
            ("cache", "redis"),
        ];
        let (answers, changes) = carried(&["metrics=otlp"], &recorded).unwrap();
        assert_eq!(answers.len(), 2);
        assert_eq!(
            changes,
            [
                Change::Other {
                    name: "metrics".into(),
                    from: "none".into(),
                    to: "otlp".into()
                },
                Change::New {
                    name: "team".into(),
                    value: "platform".into()
                },
                Change::Gone {
                    name: "cache".into(),
                    value: "redis".into()
                },
            ]
        );
        let (_, changes) = carried(&[], &[("metrics", "otlp"), ("team", "a")]).unwrap();
        assert_eq!(changes, []);
    }

    #[test]
    fn an_answer_that_is_none_any_more_is_refused_with_the_remedy() {
        let error = carried(&[], &[("metrics", "statsd")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`metrics = statsd`") && error.contains("`-d metrics=VALUE`"),
            "{error}"
        );
        let error = carried(&["metric=none"], &[]).unwrap_err().to_string();
        assert!(error.contains("did you mean `metrics`?"), "{error}");
    }

    #[test]
    fn a_commit_stands_below_the_version_of_the_template() {
        let record =
            b"# x\n[template]\nname = \"t\"\nversion = \"1.0.0\"\n\n[values]\nversion = \"x\"\n";
        let text = String::from_utf8(with_commit(record, "abc").unwrap()).unwrap();
        assert_eq!(
            text,
            "# x\n[template]\nname = \"t\"\nversion = \"1.0.0\"\ncommit = \"abc\"\n\n[values]\nversion = \"x\"\n"
        );
    }
}
