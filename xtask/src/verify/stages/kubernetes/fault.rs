//! What is wrong with a manifest, told once however many environments it is wrong in.

/// A fault that was seen in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The file that the object comes from; a patch of the overlay may have changed it.
    pub file: String,
    /// What is wrong, and what to do.
    pub text: String,
    /// Whose overlay it is.
    pub environment: String,
}

/// A line for each fault, in the order in which they were seen.
pub(super) fn told(faults: &[Fault]) -> Vec<String> {
    let mut merged: Vec<(&Fault, Vec<&str>)> = Vec::new();
    for fault in faults {
        let same = |(known, _): &&mut (&Fault, Vec<&str>)| {
            (&known.file, &known.text) == (&fault.file, &fault.text)
        };
        match merged.iter_mut().find(same) {
            Some((_, places)) if places.contains(&fault.environment.as_str()) => {}
            Some((_, places)) => places.push(&fault.environment),
            None => merged.push((fault, vec![&fault.environment])),
        }
    }
    let line = |(fault, places): (&Fault, Vec<&str>)| {
        format!(
            "{} (overlay {}): {}",
            fault.file,
            places.join(", "),
            fault.text
        )
    };
    merged.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fault_of_several_environments_is_one_line() {
        let fault = |text: &str, environment: &str| Fault {
            file: "base/service.yaml".into(),
            text: text.into(),
            environment: environment.into(),
        };
        let faults = [
            fault("a", "dev"),
            fault("a", "prod"),
            fault("b", "prod"),
            fault("b", "prod"),
        ];
        let expected = [
            "base/service.yaml (overlay dev, prod): a",
            "base/service.yaml (overlay prod): b",
        ];
        assert_eq!(told(&faults), expected);
    }
}
