//! "Did you mean …?"

/// The candidate that is nearest to `name` by edit distance, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the letters may be wrong, at least one: what rustc allows.
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["metrics", "description", "team"];
        assert_eq!(nearest("metric", known), Some("metrics"));
        assert_eq!(nearest("tema", known), Some("team"));
        assert_eq!(nearest("database", known), None);
    }
}
