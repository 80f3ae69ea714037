//! Scripts whose name is rendered.

use super::Rule;
use super::model::Model;
use crate::report::Report;

/// The rule.
pub const RULE: Rule = Rule {
    id: "templated-exec",
    summary: "a rendered file with an exec bit whose path holds Liquid",
    why: "cargo-generate writes a file anew when its path is rendered, and the exec bit is lost: the service has a script \
          that cannot be started.",
    example: "template-demo/bin/{{project-name}}.sh, mode 755",
    remedy: "Give the script a fixed name, or start it through its interpreter and take the bit away.",
    check,
};

fn check(model: &Model, report: &mut Report) {
    for template in &model.templates {
        for file in template.rendered() {
            if file.is_executable && file.names.iter().any(|name| name.first.is_some()) {
                let message = "the exec bit is lost, because the path is rendered";
                let help = format!(
                    "give it a fixed name, or run `chmod -x '{}'` and start it through its interpreter",
                    file.place
                );
                report.error_in_file(RULE.id, &file.place, message, help);
            }
        }
    }
}
