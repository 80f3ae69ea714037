//! A list of names that fits into a message.

/// How many are named.
const NAMED: usize = 5;

/// The first of `names`, and how many there are beside them: "`a`, `b` and 3 more".
pub fn few<S: AsRef<str>>(names: &[S]) -> String {
    let shown = names.iter().take(NAMED);
    let shown: Vec<String> = shown.map(|name| format!("`{}`", name.as_ref())).collect();
    let mut text = shown.join(", ");
    if names.len() > NAMED {
        text += &format!(" and {} more", names.len() - NAMED);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_and_the_others_counted() {
        assert_eq!(few(&["a", "b"]), "`a`, `b`");
        let seven = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(few(&seven), "`a`, `b`, `c`, `d`, `e` and 2 more");
    }
}
