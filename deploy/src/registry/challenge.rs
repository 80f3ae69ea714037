//! `WWW-Authenticate`, parsed: what a registry wants to see.

/// How to get in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Challenge {
    /// A token from elsewhere, as GHCR and Docker Hub do it.
    Bearer {
        /// Where tokens are given out.
        realm: String,
        /// For which service.
        service: Option<String>,
        /// For which repository and actions.
        scope: Option<String>,
    },
    /// User and password with each request.
    Basic,
}

impl Challenge {
    /// The one to answer: a token where one is offered.
    pub fn choose<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Self> {
        let offered: Vec<_> = headers.filter_map(parse).collect();
        let bearer = offered.iter().find(|c| matches!(c, Self::Bearer { .. }));
        bearer.or(offered.first()).cloned()
    }
}

fn parse(header: &str) -> Option<Challenge> {
    let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let mut parameters = parameters(rest);
    let mut take = |name: &str| {
        let found = parameters
            .iter()
            .position(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|at| parameters.swap_remove(at).1)
    };
    Some(Challenge::Bearer {
        realm: take("realm")?,
        service: take("service"),
        scope: take("scope"),
    })
}

/// `a="b",c=d`, where a quoted value may hold commas.
fn parameters(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some((key, rest)) = text.split_once('=') {
        let key = key.trim_matches([' ', ',']).to_owned();
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        found.push((key, value.trim().to_owned()));
        text = rest;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_registries_send() {
        let ghcr = r#"Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:org/orders:pull,push""#;
        let Some(Challenge::Bearer {
            realm,
            service,
            scope,
        }) = Challenge::choose([ghcr].into_iter())
        else {
            panic!("no bearer challenge")
        };
        assert_eq!(realm, "https://ghcr.io/token");
        assert_eq!(service.as_deref(), Some("ghcr.io"));
        assert_eq!(scope.as_deref(), Some("repository:org/orders:pull,push"));
        let both = ["Basic realm=\"x\"", ghcr];
        assert!(matches!(
            Challenge::choose(both.into_iter()),
            Some(Challenge::Bearer { .. })
        ));
        assert_eq!(
            Challenge::choose(["basic realm=x"].into_iter()),
            Some(Challenge::Basic)
        );
        assert_eq!(Challenge::choose(["Negotiate"].into_iter()), None);
        assert_eq!(
            Challenge::choose(["Bearer service=\"x\""].into_iter()),
            None
        );
    }
}
