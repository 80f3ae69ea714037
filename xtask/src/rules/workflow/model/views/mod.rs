//! A workflow's parts, read from its tree when they are asked for.

mod concurrency;
mod input;
mod job;
mod step;
mod workflow;

pub use concurrency::Concurrency;
pub use input::{Input, inputs};
pub use job::Job;
pub use step::Step;
pub use workflow::Workflow;
