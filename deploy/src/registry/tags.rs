//! A list of tags that comes in pages, each naming the next in a `Link` header.

use serde::Deserialize;

/// One page.
#[derive(Deserialize)]
pub struct Page {
    /// Null where there are none.
    pub tags: Option<Vec<String>>,
}

/// The address of the next page on the same registry, from `</v2/x/tags/list?last=a&n=100>; rel="next"`.
///
/// An address on another host is none: our token would go there.
pub fn next(base: &str, link: &str) -> Option<String> {
    let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
    if !rest.replace('"', "").contains("rel=next") {
        return None;
    }
    if target.starts_with('/') && !target.starts_with("//") {
        return Some(format!("{base}{target}"));
    }
    let path = target.strip_prefix(base)?;
    path.starts_with('/').then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_on_the_same_registry() {
        let base = "https://ghcr.io";
        let page = "/v2/o/s/tags/list?last=b&n=100";
        let link = |target: &str| next(base, &format!("<{target}>; rel=\"next\""));
        assert_eq!(link(page), Some(format!("{base}{page}")));
        assert_eq!(
            link(&format!("{base}{page}")),
            Some(format!("{base}{page}"))
        );
        assert_eq!(link("https://ghcr.io.evil.example/v2/"), None);
        assert_eq!(link("//evil.example/v2/"), None);
        assert_eq!(next(base, &format!("<{page}>; rel=\"prev\"")), None);
        assert_eq!(next(base, "nonsense"), None);
    }
}
