//! What fuzz targets call: the whole of the rules over one template, or a few workflows, in memory, of which one file
//! is any bytes.
//!
//! Nothing is returned but the number of findings. A target is done when a call comes back, quickly and without a panic.

use std::io;
use std::sync::LazyLock;

use serde_json::json;

use crate::pack::Platform;
use crate::report::{Finding, Format, Source, print};
use crate::rules::template::check_in_memory;
use crate::rules::workflow::{File, FileKind, Model, check};

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

/// The facts of an organisation, as `platform.toml` has them.
const PLATFORM: &str = r#"
org = "your-labs"
repo = "golden-path"
registry = "registry.acme.example"
ref = "v1.2.3"
runner = "acme-linux"
"#;

/// A workflow that calls the one that is any bytes, and reads what comes of it.
const CALLER: &str = r#"
on: push
permissions: { contents: read }
jobs:
  called:
    uses: ./.github/workflows/any.yml
    with: { environment: prod, image: x }
    secrets: { token: "${{ secrets.TOKEN }}" }
  after:
    needs: called
    if: ${{ !cancelled() && needs.called.outputs.digest != '' }}
    runs-on: acme-linux
    timeout-minutes: 5
    steps:
      - uses: ./.github/actions/any
        with: { name: "${{ needs.called.outputs.digest }}" }
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
    template(&String::from_utf8_lossy(bytes), &files)
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
    template(MANIFEST, &files)
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
    template(MANIFEST, &files)
}

/// Any bytes as a workflow that another one calls, and as an action.
#[must_use]
pub fn workflow(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    workflows(&[
        (".github/workflows/caller.yml", FileKind::Workflow, CALLER),
        (".github/workflows/any.yml", FileKind::Workflow, &text),
        (".github/actions/any/action.yml", FileKind::Action, &text),
    ])
}

/// Any bytes as an expression: where conditions are evaluated, and where texts hold it.
#[must_use]
pub fn expression(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    // A text of JSON is one of YAML as well.
    let (bare, braced) = (json!(text), json!(format!("${{{{ {text} }}}}")));
    let job = format!(
        "{{ if: {bare}, environment: prod, runs-on: acme-linux, concurrency: {braced}, env: {{ A: {braced} }}, \
          strategy: {{ matrix: {{ a: {braced} }} }}, outputs: {{ digest: {braced} }}, \
          steps: [{{ if: {braced}, run: {braced} }}] }}"
    );
    let text = format!(
        "on: {{ workflow_call: {{ inputs: {{ environment: {{ type: string }} }} }} }}\njobs:\n  \
         first: {job}\n  second: {{ needs: first, if: {bare}, runs-on: acme-linux, steps: [{{ run: {braced} }}] }}\n"
    );
    workflows(&[
        (".github/workflows/caller.yml", FileKind::Workflow, CALLER),
        (".github/workflows/any.yml", FileKind::Workflow, &text),
    ])
}

/// What the template rules find.
fn template(manifest: &str, files: &[(&str, &[u8])]) -> usize {
    check_in_memory(manifest, files).map_or(0, |report| printed(&report.sorted()))
}

/// [`PLATFORM`], parsed once.
static FACTS: LazyLock<Option<Platform>> =
    LazyLock::new(|| Platform::parse(&Source::new("platform.toml", PLATFORM)).ok());

/// What the workflow rules find.
fn workflows(files: &[(&str, FileKind, &str)]) -> usize {
    let files = files
        .iter()
        .map(|(path, kind, text)| File::new(0, path, *kind, Source::new(*path, *text), None));
    let verdict = check(&Model::new(FACTS.clone(), Vec::new(), files.collect()));
    printed(&verdict.findings) + printed(&verdict.unused)
}

/// The number of findings, each printed for people and for GitHub. SARIF holds the same beside the texts of all rules, which
/// take longer to write than the rest takes to find.
fn printed(findings: &[Finding]) -> usize {
    for format in [Format::Human, Format::Json, Format::Github] {
        let _ = print(findings, format, &mut io::sink());
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
        assert!(workflow(b"on: push\njbos: {}") > 0);
        assert!(expression(b"inputs.typo") > expression(b"inputs.environment == 'prod'"));
        let long = |text: &str| text.repeat(20_000 / text.len()).into_bytes();
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
            "!",
            "a || ",
            "f(",
            "a: &a [*a]\n",
            "- - ",
            "${{ a }}",
        ];
        for bytes in bombs
            .map(long)
            .into_iter()
            .chain([b"\xff\xfe\x00\xc3".to_vec()])
        {
            let _ = (manifest(&bytes), liquid(&bytes), hook(&bytes));
            let _ = (workflow(&bytes), expression(&bytes));
        }
    }
}
