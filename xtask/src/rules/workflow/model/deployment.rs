//! Workflows that deploy: the stages, and the jobs that take a stage back.

use super::views::{Job, Workflow};

/// The environments there may be, in the order in which a version passes them.
pub const ENVIRONMENTS: [&str; 3] = ["dev", "staging", "prod"];

/// A job that deploys to an environment.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// The job.
    pub job: Job<'a>,
    /// Which of [`ENVIRONMENTS`] it is for.
    pub rank: usize,
}

/// What a workflow deploys with.
#[derive(Clone, Debug)]
pub struct Deployment<'a> {
    /// The workflow.
    pub workflow: Workflow<'a>,
    /// Its stages.
    pub stages: Vec<Stage<'a>>,
    /// Jobs called `rollback…`, whether a stage of this workflow or none comes before.
    pub rollbacks: Vec<Job<'a>>,
}

impl<'a> Workflow<'a> {
    /// Its stages, if it deploys: if at least two environments occur in it.
    pub fn deployment(&self) -> Option<Deployment<'a>> {
        let mut seen = [false; ENVIRONMENTS.len()];
        let mut stages = Vec::new();
        let mut rollbacks = Vec::new();
        for job in self.jobs() {
            let by_id = rank(&job.id.text);
            let by_environment = job.environment().and_then(|node| rank(node.text()?));
            for found in [by_id, by_environment].into_iter().flatten() {
                seen[found] = true;
            }
            if is_rollback(&job) {
                rollbacks.push(job);
            } else if let Some(rank) = by_id.or(by_environment) {
                stages.push(Stage { job, rank });
            }
        }
        (seen.iter().filter(|seen| **seen).count() >= 2).then_some(Deployment {
            workflow: *self,
            stages,
            rollbacks,
        })
    }
}

impl<'a> Deployment<'a> {
    /// The stages and rollbacks that are jobs of this workflow, and not calls of another.
    pub fn own_jobs(&self) -> Vec<Job<'a>> {
        let stages = self.stages.iter().map(|stage| stage.job);
        let jobs = stages.chain(self.rollbacks.iter().copied());
        jobs.filter(|job| job.node.get("uses").is_none()).collect()
    }

    /// The stages of the environment of this rank.
    pub fn of(&self, rank: usize) -> impl Iterator<Item = &Stage<'a>> {
        self.stages.iter().filter(move |stage| stage.rank == rank)
    }

    /// Whether `job` is one of the stages.
    pub fn is_stage(&self, job: &Job<'_>) -> bool {
        self.stages
            .iter()
            .any(|stage| stage.job.id.text == job.id.text)
    }
}

/// Whether a job takes something back.
pub fn is_rollback(job: &Job<'_>) -> bool {
    job.id.text.to_ascii_lowercase().starts_with("rollback")
}

/// The place of an environment in [`ENVIRONMENTS`].
pub fn rank(name: &str) -> Option<usize> {
    ENVIRONMENTS.iter().position(|known| *known == name)
}

/// The environment that a job's id tells: `prod` of `prod` and of `rollback-prod`.
pub fn told_by_id(id: &str) -> Option<&'static str> {
    ENVIRONMENTS
        .into_iter()
        .find(|known| id.split(['-', '_']).next_back() == Some(*known))
}
