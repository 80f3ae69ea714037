//! What a workflow and an action may hold, key by key, as tables, and the walk that holds a file against them.
//!
//! The walk also gathers the expressions, since it knows what each may ask.

mod action;
mod container;
mod cron;
mod events;
mod job;
mod matrix;
mod permissions;
mod places;
mod step;
mod walk;
mod workflow;

pub use action::ACTION;
pub use events::event_names;
pub use job::{CALLING_KEYS, JOB_KEYS};
pub use permissions::{SCOPES, permission_levels};
pub use places::{CONTEXTS, MEMBERS, Place};
pub use walk::{Site, Walked, walk};
pub use workflow::WORKFLOW;

use super::yaml::{Fault, Node};

/// What may stand as a value.
pub enum Shape {
    /// Anything, expressions in it at this place.
    Any(&'static Place),
    /// Text, which any scalar is.
    Text(&'static Place),
    /// Text that is not empty.
    Filled(&'static Place),
    /// `true` or `false`.
    Flag(&'static Place),
    /// A number.
    Number(&'static Place),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A condition: an expression also without `${{ }}`.
    Condition(&'static Place),
    /// Nothing.
    Null,
    /// A map of keys that are known.
    Map(&'static [Key]),
    /// A map of which these keys are known, and the others somebody else's to judge.
    Partly(&'static [Key]),
    /// A map whose keys are anybody's names.
    Named(&'static Shape),
    /// A list.
    List(&'static Shape),
    /// One of these, told apart by their kind.
    Either(&'static [Shape]),
    /// The whole of it may be an expression, too.
    Or(&'static Place, &'static Shape),
    /// More than a table can say.
    Judged(&'static Shape, fn(&Node, &mut Vec<Fault>)),
    /// What the table says only when it is known what the map is for.
    Chosen(fn(&Node) -> &'static Shape),
}

/// A key that is known.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// Whether it has to be there.
    pub required: bool,
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        required: false,
    }
}

const fn required(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        required: true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml;
    use super::*;

    /// What is said of a job with these lines.
    fn of_job(lines: &str) -> Vec<String> {
        let text = format!("on: push\njobs:\n  a:\n    runs-on: x\n{lines}");
        let root = yaml::parse(&text).0.unwrap();
        let walked = walk(&root, &WORKFLOW, &text);
        let faults = walked.shapes.iter().chain(&walked.broken);
        faults.map(|fault| fault.message.clone()).collect()
    }

    #[test]
    fn a_step_does_one_thing_and_has_what_belongs_to_it() {
        for (step, said) in [
            ("run: x", &[][..]),
            ("wait-all:", &[]),
            ("{wait: [a, b], name: x, continue-on-error: true}", &[]),
            ("{run: x, background: true}", &[]),
            ("name: x", &["a step with neither `run` nor `uses`"]),
            ("{uses: x, run: x}", &["a step with both `run` and `uses`"]),
            (
                "{cancel: a, wait: b}",
                &["a step with both `wait` and `cancel`"],
            ),
            (
                "{run: x, with: {}}",
                &["`with` on a step that runs a command"],
            ),
            (
                "{uses: x, shell: sh}",
                &["`shell` on a step that uses an action"],
            ),
            (
                "{wait: a, if: true}",
                &["`if` on a step that waits for others or cancels one"],
            ),
        ] {
            assert_eq!(of_job(&format!("    steps:\n      - {step}\n")), said);
        }
    }

    #[test]
    fn an_expression_may_give_a_map_or_a_list_where_github_evaluates_it() {
        let steps = "    steps: [{run: x}]\n";
        for (line, fits) in [
            ("strategy: ${{ fromJSON(vars.X) }}", true),
            ("defaults: {run: '${{ fromJSON(vars.X) }}'}", true),
            (
                "container: {image: x, ports: '${{ fromJSON(vars.X) }}'}",
                true,
            ),
            (
                "services: {a: {image: x, credentials: '${{ fromJSON(vars.X) }}'}}",
                true,
            ),
            ("concurrency: {group: x, queue: '${{ vars.X }}'}", true),
            ("permissions: ${{ fromJSON(vars.X) }}", false),
            ("outputs: ${{ fromJSON(vars.X) }}", false),
            ("strategy: x", false),
        ] {
            let said = of_job(&format!("    {line}\n{steps}"));
            assert_eq!(said.is_empty(), fits, "{line}: {said:?}");
        }
    }

    #[test]
    fn a_permission_has_the_levels_that_github_knows() {
        assert!(SCOPES.is_sorted());
        for scope in SCOPES {
            for level in ["none", "read", "write"] {
                let line =
                    format!("    permissions: {{{scope}: {level}}}\n    steps: [{{run: x}}]\n");
                let fits = permission_levels(scope).contains(&level);
                assert_eq!(of_job(&line).is_empty(), fits, "{scope}: {level}");
            }
        }
        assert_eq!(permission_levels("vulnerability-alerts"), ["none", "read"]);
        assert_eq!(permission_levels("copilot-requests"), ["none", "write"]);
    }
}
