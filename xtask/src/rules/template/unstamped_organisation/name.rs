//! Where the organisation's name stands in a text, and is the organisation.
//!
//! A name such as `your-labs` or `YourLabs` stands for nothing else. One such as `acme` or `axum` is a word too, which a
//! page or a `use` may hold: it counts where it is an address.

use std::ops::Range;

use crate::pack::Platform;

/// Hosts where an organisation has an address beside its own registry.
const HOSTS: [&str; 3] = ["github.com/", "github.com:", "ghcr.io/"];

/// The organisation of the guides' examples, which is nobody's.
pub(super) const EXAMPLE: &str = "your-org";

/// The organisation's name, in any case.
pub(super) struct Name {
    /// In lower case. An organisation is ASCII, so that bytes of one case stand where those of the other do.
    lower: String,
    /// Whether it is a word as well.
    is_word: bool,
    /// What comes before it in an address.
    before: Vec<String>,
    /// What comes behind it in the pack's own address.
    behind: String,
}

impl Name {
    pub(super) fn of(platform: &Platform) -> Self {
        let own = [format!("{}/", platform.registry), "@".into()];
        let hosts = HOSTS.iter().map(|host| (*host).to_owned());
        Self {
            lower: platform.org.to_ascii_lowercase(),
            is_word: is_word(&platform.org),
            before: hosts.chain(own).collect(),
            behind: format!("/{}", platform.repo.to_ascii_lowercase()),
        }
    }

    /// Whether it is a word, which made-up repositories of the pack's tests may hold as an address, too.
    pub(super) fn is_word(&self) -> bool {
        self.is_word
    }

    /// Whether it is the one that the pack's own examples have.
    pub(super) fn is_example(&self) -> bool {
        self.lower == EXAMPLE
    }

    /// Every place in `text`.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        let lower = text.to_ascii_lowercase();
        let all = lower.match_indices(&self.lower);
        let spans = all.map(|(at, name)| at..at + name.len());
        spans
            .filter(|span| self.is_meant(&lower[..span.start], &lower[span.end..]))
            .collect()
    }

    fn is_meant(&self, before: &str, behind: &str) -> bool {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-_".contains(c));
        if is_part(before.chars().next_back()) || is_part(behind.chars().next()) {
            return false;
        }
        if !self.is_word {
            return true;
        }
        // `@acme.example` is somebody's mail.
        let is_host = behind.starts_with('.') && is_part(behind.chars().nth(1));
        let is_address = self.before.iter().any(|host| before.ends_with(host));
        let rest = behind.strip_prefix(&self.behind);
        let is_pack = rest.is_some_and(|rest| !is_part(rest.chars().next()));
        is_pack || is_address && !is_host
    }
}

/// Whether an organisation is spelt as words are: no dash, and no capital but the first, or all.
fn is_word(org: &str) -> bool {
    let inner = org.get(1..).unwrap_or_default();
    let has_lower = inner.contains(|c: char| c.is_ascii_lowercase());
    let has_capital = inner.contains(|c: char| c.is_ascii_uppercase());
    !(org.contains('-') || has_lower && has_capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(org: &str, text: &str) -> usize {
        let platform = Platform {
            org: org.into(),
            repo: "golden-path".into(),
            registry: "registry.example.com:5000/mirror".into(),
            reference: "v1.2.3".into(),
            runner: "large".into(),
        };
        Name::of(&platform).places(text).len()
    }

    #[test]
    fn a_name_of_its_own_counts_wherever_it_is_no_part_of_another() {
        for org in ["your-labs", "YourLabs"] {
            let text = "ORG or ghcr.io/ORG/x; an ORGster, in-ORG and ORG_1 are somebody else. ÄORG";
            assert_eq!(count(org, &text.replace("ORG", org)), 2, "{org}");
            assert_eq!(count(org, &org.to_uppercase()), 1);
        }
    }

    #[test]
    fn a_word_counts_as_an_address_alone() {
        for org in ["axum", "Platform", "ACME"] {
            for text in [
                "use ORG::Router; // of ORG",
                "template-ORG, docs.rs/ORG, registry.ORG.example",
                "ada@ORG.example",
                "/ORG/golden",
                "ORG/golden-paths",
            ] {
                assert_eq!(count(org, &text.replace("ORG", org)), 0, "{org}: {text}");
            }
            for text in [
                "* @ORG/payments",
                "git@github.com:ORG/x",
                "https://github.com/ORG.",
                "registry.example.com:5000/mirror/ORG/orders",
                "uses: ORG/golden-path/x@v1",
            ] {
                assert_eq!(count(org, &text.replace("ORG", org)), 1, "{org}: {text}");
            }
        }
    }
}
