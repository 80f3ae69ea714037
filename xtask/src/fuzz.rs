//! What fuzz targets call: the whole of the rules over one template in memory, of which one file is any bytes.
//!
//! Nothing is returned but the number of findings. A target is done when a call comes back, quickly and without a panic.

use std::io;

use crate::report::{Format, print};
use crate::rules::template::check_in_memory;

/// A manifest that reads everything there is, for targets about other files.
const MANIFEST: &str = r#"
[template]
cargo_generate_version = ">=0.23.14"
fmt = false

[placeholders.metrics]
prompt = "How?"
choices = ["none", "prometheus"]
default = "none"

[placeholders.docs]
type = "bool"
prompt = "With?"
default = true

[hooks]
pre = ["hooks/wiring.rhai"]

[conditional.'metrics == "none" && !docs']
ignore = ["docs"]
"#;

/// Any bytes as a template's manifest.
#[must_use]
pub fn manifest(bytes: &[u8]) -> usize {
    let files: [(&str, &[u8]); 3] = [
        (
            "hooks/wiring.rhai",
            b"variable::set(\"owner\", variable::get(\"team\"));",
        ),
        (
            "README.md",
            b"{{ owner }} {% if metrics == \"none\" %}x{% endif %}",
        ),
        (
            "options/metrics-prometheus/src/metrics.rs",
            b"mod exporter;",
        ),
    ];
    findings(&String::from_utf8_lossy(bytes), &files)
}

/// Any bytes as a file that Liquid renders, as Rust, as a Dockerfile and as configuration.
#[must_use]
pub fn liquid(bytes: &[u8]) -> usize {
    let name = String::from_utf8_lossy(bytes.get(..40).unwrap_or(bytes)).replace(['/', '\0'], "_");
    let files: [(&str, &[u8]); 6] = [
        ("hooks/wiring.rhai", b"variable::set(\"owner\", \"x\");"),
        ("README.md", bytes),
        ("src/main.rs", bytes),
        ("Dockerfile", bytes),
        ("config/default.yaml", bytes),
        (&name, b""),
    ];
    findings(MANIFEST, &files)
}

/// Any bytes as a hook, which is compiled and rehearsed.
#[must_use]
pub fn hook(bytes: &[u8]) -> usize {
    let files: [(&str, &[u8]); 4] = [
        ("hooks/wiring.rhai", bytes),
        ("README.md", b"{{ owner }}"),
        ("src/main.rs", b"mod a;"),
        ("options/metrics-prometheus/src/a.rs", b""),
    ];
    findings(MANIFEST, &files)
}

/// The findings, each printed in every format.
fn findings(manifest: &str, files: &[(&str, &[u8])]) -> usize {
    let Ok(report) = check_in_memory(manifest, files) else {
        return 0;
    };
    let findings = report.sorted();
    for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
        let _ = print(&findings, format, &mut io::sink());
    }
    findings.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_it_is_it_comes_back() {
        assert!(manifest(b"[template]\nignroe = []") > 0);
        assert!(liquid(b"{{ typo }}") > 0);
        assert!(hook(b"file::remove(1);") > 0);
        let long = |text: &str| text.repeat(60_000 / text.len()).into_bytes();
        let bombs = [
            "(",
            "[",
            "{",
            "{{",
            "{%",
            "{% if a %}",
            "mod a{",
            "/*",
            "r#\"",
            "`${",
            "'",
            "a.",
            "[a.",
            "{a=",
            "\u{feff}",
            "\r\n",
            "\0",
            "fn f(){",
            "if true {",
            "password: ",
            "COPY a b\n",
            "x://a:b@",
            "{% case metrics %}{% when 'a' %}",
        ];
        for bytes in bombs
            .map(long)
            .into_iter()
            .chain([b"\xff\xfe\x00\xc3".to_vec()])
        {
            let _ = (manifest(&bytes), liquid(&bytes), hook(&bytes));
        }
    }
}
