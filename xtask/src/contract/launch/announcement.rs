//! The first line of a service: where it listens.

use std::net::SocketAddr;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// The public and the management address, if `line` announces them, in JSON or in the format for people.
pub fn addresses(line: &str) -> Option<(SocketAddr, SocketAddr)> {
    let found = |name: &str| match serde_json::from_str::<Value>(line) {
        Ok(object) if object["message"] == "listening" => object[name].as_str()?.parse().ok(),
        Ok(_) => None,
        Err(_) => in_text(line, name),
    };
    Some((found("address")?, found("management_address")?))
}

fn in_text(line: &str, name: &str) -> Option<SocketAddr> {
    static COLOURS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("\u{1b}\\[[0-9;]*m").ok());
    static FIELD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"([a-z_]+)[=:]\s*"?([0-9a-f.:\[\]]+:[0-9]+)"#).ok());
    let plain = COLOURS.as_ref()?.replace_all(line, "");
    if !plain.contains("listening") {
        return None;
    }
    let mut fields = FIELD.as_ref()?.captures_iter(&plain);
    fields.find(|field| &field[1] == name)?[2].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_announce_both_addresses() {
        let expected = Some((
            "127.0.0.1:41234".parse().unwrap(),
            "[::1]:9".parse().unwrap(),
        ));
        let json = r#"{"level":"INFO","message":"listening","address":"127.0.0.1:41234","management_address":"[::1]:9"}"#;
        assert_eq!(addresses(json), expected);
        for text in [
            "12:00 INFO listening address=127.0.0.1:41234 management_address=[::1]:9 version=1",
            "INFO listening management_address: \"[::1]:9\", address: \"127.0.0.1:41234\"",
            "\u{1b}[32mINFO\u{1b}[0m listening \u{1b}[3maddress\u{1b}[0m=127.0.0.1:41234 \u{1b}[3mmanagement_address\u{1b}[0m=[::1]:9",
        ] {
            assert_eq!(addresses(text), expected, "{text}");
        }
    }

    #[test]
    fn other_lines_announce_nothing() {
        let other =
            r#"{"message":"request","address":"127.0.0.1:1","management_address":"127.0.0.1:2"}"#;
        assert_eq!(addresses(other), None);
        assert_eq!(addresses("listening soon"), None);
    }
}
