//! What act writes, line by line: `[caller/workflow/job] text`.

use std::collections::BTreeMap;

/// A run's output.
#[derive(Clone, Debug)]
pub(super) struct Log {
    text: String,
}

impl Log {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }

    /// Adds a line of ours.
    pub(super) fn note(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The jobs that ran to an end, by their own names, and whether they succeeded.
    pub(super) fn jobs(&self) -> BTreeMap<&str, bool> {
        let ended = self.lines().filter_map(|(job, text)| {
            let succeeded = match text.rsplit_once("Job ") {
                Some((before, "succeeded")) if before.ends_with("🏁  ") => true,
                Some((before, "failed")) if before.ends_with("🏁  ") => false,
                _ => return None,
            };
            Some((job, succeeded))
        });
        ended.collect()
    }

    /// The last value that a step of `job` gave to the output `name`, if it is not empty.
    pub(super) fn output(&self, job: &str, name: &str) -> Option<&str> {
        let found = self.lines().filter_map(|(from, text)| {
            let (_, output) = text.split_once("::set-output:: ")?;
            let (key, value) = output.split_once('=')?;
            (from == job && key == name && !value.is_empty()).then_some(value)
        });
        found.last()
    }

    /// The last lines.
    pub(super) fn tail(&self, count: usize) -> String {
        let lines: Vec<&str> = self.text.lines().collect();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    /// The job's own name, without those that called it, and what stands after it.
    fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text.lines().filter_map(|line| {
            let (place, text) = line.strip_prefix('[')?.split_once(']')?;
            Some((place.trim_end().rsplit('/').next()?, text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
[ci/service-ci/test    ] 🏁  Job succeeded
[deploy/deploy/image]   ⚙  ::set-output:: digest=sha256:1
[deploy/deploy/image]   ⚙  ::set-output:: digest=
[deploy/deploy/image]   | pushed it = done
[deploy/deploy/staging     ]   | Job failed
[deploy/deploy/staging     ] 🏁  Job failed
[deploy/deploy/rollback-staging]   ⚙  ::set-output:: action=noop
Error: Job 'staging' failed
";

    #[test]
    fn jobs_and_outputs_are_read_by_the_job_s_own_name() {
        let log = Log::new(LOG);
        let jobs = log.jobs();
        assert_eq!(jobs, BTreeMap::from([("test", true), ("staging", false)]));
        assert_eq!(log.output("image", "digest"), Some("sha256:1"));
        assert_eq!(log.output("rollback-staging", "action"), Some("noop"));
        assert_eq!(log.output("staging", "action"), None);
    }

    #[test]
    fn the_tail_is_the_end() {
        let mut log = Log::new(LOG);
        log.note("killed");
        assert_eq!(log.tail(2), "Error: Job 'staging' failed\nkilled");
        assert_eq!(log.tail(99).lines().count(), 9);
    }
}
