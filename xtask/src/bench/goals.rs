//! What figures are held to. It depends on the answers: spans and a database have a price that no tuning takes away.

use super::figure::Target;
use crate::pack::Answers;

/// The targets of one case; where there is none, the figure is there to be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goals {
    /// Throughput by the bare handler's.
    pub throughput: Option<Target>,
    /// Processor time a request by the bare handler's.
    pub processor: Option<Target>,
    /// Throughput by the bare handler's, where a body is checked.
    pub body: Option<Target>,
    /// p99 at a fixed rate by the bare handler's.
    pub p99: Option<Target>,
    /// Nanoseconds that the platform adds to a request in process.
    pub inside: Option<Target>,
    /// Milliseconds to ready.
    pub start: Option<Target>,
    /// MiB while idle.
    pub memory: Option<Target>,
    /// MB of the stripped binary.
    pub binary: Option<Target>,
}

impl Goals {
    /// Those of the case that `answers` make.
    pub fn of(answers: &Answers) -> Self {
        let is = |option: &str, value: &str| answers.get(option).is_some_and(|it| it == value);
        let at_least = |goal, floor| Some(Target::AtLeast { goal, floor });
        let at_most = |goal, floor| Some(Target::AtMost { goal, floor });
        let plain = Self {
            throughput: at_least(0.90, 0.85),
            processor: at_most(1.15, 1.25),
            body: at_least(0.80, 0.80),
            p99: at_most(1.1, 1.1),
            // The goal is not reached yet; the floor is, and nobody is to fall behind it.
            inside: at_most(900.0, 2000.0),
            start: at_most(10.0, 10.0),
            memory: at_most(6.0, 6.0),
            binary: at_most(3.5, 3.5),
        };
        if is("database", "postgres") {
            // The bare handler asks no database: a ratio to it says what a query costs, and that is not ours.
            return Self {
                throughput: None,
                processor: None,
                body: None,
                p99: None,
                inside: None,
                start: None,
                binary: None,
                ..plain
            };
        }
        if is("metrics", "otlp") {
            // A span for each request. The processor may take what such a throughput leaves it.
            return Self {
                throughput: at_least(0.75, 0.70),
                processor: at_most(1.33, 1.43),
                body: None,
                inside: None,
                binary: None,
                ..plain
            };
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_is_held_to_depends_on_its_answers() {
        let goals =
            |option: &str, value: &str| Goals::of(&[(option.to_owned(), value.to_owned())].into());
        let throughput = |goals: Goals| match goals.throughput {
            Some(Target::AtLeast { goal, floor }) => Some((goal, floor)),
            _ => None,
        };
        assert_eq!(
            throughput(goals("metrics", "prometheus")),
            Some((0.90, 0.85))
        );
        assert_eq!(throughput(goals("metrics", "otlp")), Some((0.75, 0.70)));
        assert_eq!(throughput(goals("database", "postgres")), None);
        assert_eq!(goals("metrics", "none"), Goals::of(&Answers::new()));
    }

    #[test]
    fn the_page_about_speed_says_the_same() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/speed.md");
        let page = crate::pack::read(&page).unwrap();
        let rows = |answers: &[(&str, &str)]| {
            let answers = answers
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
            let goals = Goals::of(&answers.collect());
            [
                ("throughput ÷ bare", goals.throughput, ""),
                ("processor time a request ÷ bare", goals.processor, ""),
                ("throughput of PUT ÷ bare", goals.body, ""),
                ("p99 at 20 000 requests a second ÷ bare", goals.p99, ""),
                ("added in process", goals.inside, " ns"),
                ("cold start to ready", goals.start, " ms"),
                ("idle memory", goals.memory, " MiB"),
                ("binary", goals.binary, " MB"),
            ]
        };
        let cases: [&[(&str, &str)]; 3] =
            [&[], &[("metrics", "otlp")], &[("database", "postgres")]];
        for row in 0..rows(&[]).len() {
            let cells = cases.map(|case| {
                let (name, target, unit) = rows(case)[row];
                let cell = match target {
                    None => "–".to_owned(),
                    Some(Target::AtLeast { goal, floor } | Target::AtMost { goal, floor }) => {
                        format!("{goal}{unit} ({floor}{unit})")
                    }
                };
                (name, cell)
            });
            let line = format!(
                "| {} | {} | {} | {} |\n",
                cells[0].0, cells[0].1, cells[1].1, cells[2].1
            );
            assert!(
                page.contains(&line),
                "docs/speed.md lacks `{}`",
                line.trim()
            );
        }
    }
}
