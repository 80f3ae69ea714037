//! What each feature of the platform adds to a request, in nanoseconds: the whole, and the whole without one part.
//!
//! In one process and without a socket, which is the steadiest figure there is. A part is taken out by editing a copy
//! of the rendered sources, so that the product has no switches for it; an edit that no longer fits fails the bench.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::figure::Figure;
use super::machine;
use super::rig::Rig;
use super::table::Sheet;

/// A feature, and the edit that takes it out: file, what stands there once, and what is put in its place.
pub struct Part {
    name: &'static str,
    file: &'static str,
    needle: &'static str,
    replacement: &'static str,
}

/// What is taken out, each by itself.
const PARTS: &[Part] = &[
    Part {
        name: "access line",
        file: "src/platform/serving.rs",
        needle: "access::log(&sample",
        replacement: "let _ = (&sample",
    },
    Part {
        name: "metrics",
        file: "src/platform/serving.rs",
        needle: "if let Some(recorder) = recorder {",
        replacement: "if let Some(recorder) = recorder.filter(|_| false) {",
    },
    Part {
        name: "request id and trace context",
        file: "src/platform/context.rs",
        needle: "let fresh = fresh_id(at);",
        replacement: "static SAME: std::sync::OnceLock<Context> = std::sync::OnceLock::new();\n\
            return SAME.get_or_init(|| Self(Arc::new(Ids {\n\
                request_id: RequestId::Made(*b\"0197a1d2-0000-7000-8000-000000000000\"),\n\
                traceparent: *b\"00-0197a1d2000070008000000000000000-8000000000000000-00\",\n\
                tracestate: None,\n\
                span: None,\n\
            }))).clone();\n\
            let fresh = fresh_id(at);",
    },
    Part {
        name: "context around each poll",
        file: "src/platform/context.rs",
        needle: "TaskLocalFuture<Context, F>;\n\n\
            /// As [`Context::scope`], of a future that enters the span by itself: so it has a name, and needs no box.\n\
            pub(super) fn scoped<F: Future>(context: Context, future: F) -> Scoped<F> {\n    \
                CURRENT.scope(context, future)\n",
        replacement: "F;\n\n\
            pub(super) fn scoped<F: Future>(_: Context, future: F) -> Scoped<F> {\n    \
                future\n",
    },
    Part {
        name: "panic catching",
        file: "src/platform/serving.rs",
        needle: "match catch_unwind(AssertUnwindSafe(|| Pin::new(handler).poll(cx))) {",
        replacement: "match Ok::<_, ()>(Pin::new(handler).poll(cx)) {",
    },
    Part {
        name: "limits, counting in flight",
        file: "src/platform/edge.rs",
        needle: "match edge.admit(&mut request, end.probe) {",
        replacement: "match Ok::<Option<Ticket>, ApiError>(None) {",
    },
    Part {
        name: "request id and security headers",
        file: "src/platform/edge.rs",
        needle: "headers.reserve(4);",
        replacement: "if true { return; }",
    },
    Part {
        name: "error envelope",
        file: "src/platform/serving.rs",
        needle: "enveloped(answer, context)",
        replacement: "answer",
    },
];

/// How many batches of how many requests one reading takes the fastest of.
const BATCHES: &str = "10";
const REQUESTS: &str = "20000";

/// Measures the whole, and with `each` every part.
pub fn measure(rig: &Rig, rounds: u32, each: bool, sheet: &mut Sheet) -> Result<()> {
    let whole = rig.built("loop");
    let mut parts = Vec::new();
    if each {
        for (number, part) in PARTS.iter().enumerate() {
            eprintln!("building without {}", part.name);
            let edit = [(part.file, part.needle, part.replacement)];
            parts.push((part.name, rig.patched(&number.to_string(), &edit)?));
        }
        // The last patched loop stands where the whole one was.
        rig.build(false)?;
    }
    let run = |binary: &Path, what: &str| run(rig, binary, what);
    let (mut bare, mut full) = (Vec::new(), Vec::new());
    let mut without = vec![Vec::new(); parts.len()];
    for _ in 0..rounds {
        bare.push(run(&whole, "bare")?);
        full.push(run(&whole, "full")?);
        for (readings, (_, binary)) in without.iter_mut().zip(&parts) {
            readings.push(run(binary, "full")?);
        }
    }
    let added = |more: &[f64], less: &[f64]| -> Vec<f64> {
        more.iter()
            .zip(less)
            .map(|(more, less)| more - less)
            .collect()
    };
    let in_process = Figure::pair("in process: a request", "ns", &full, &bare);
    let total = Figure::alone(
        "in process: added by the platform",
        "ns",
        &added(&full, &bare),
    );
    sheet.add([
        in_process,
        total.map(|total| total.held_to(rig.goals.inside)),
    ]);
    for ((name, _), readings) in parts.iter().zip(&without) {
        let name = format!("in process: of which {name}");
        sheet.add([Figure::alone(name, "ns", &added(&full, readings))]);
    }
    Ok(())
}

/// What a request took in the fastest batch, on one core where that can be asked for: there, what the log's own thread
/// does counts as well.
fn run(rig: &Rig, binary: &Path, what: &str) -> Result<f64> {
    let path = rig.folder.join("loop.log");
    let log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut command = if machine::has("taskset") {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(binary);
        command
    } else {
        Command::new(binary)
    };
    let output = command
        .args([what, BATCHES, REQUESTS])
        .current_dir(&rig.service)
        .env("APP_ENV", "staging")
        .envs(rig.beside.env().to_vec())
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("the loop failed: {}", text.trim());
    }
    text.trim()
        .parse()
        .with_context(|| format!("the loop printed `{}`", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::rig::replace_once;
    use super::*;

    #[test]
    fn every_part_can_be_taken_out_of_the_template() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for part in PARTS {
            let path = pack.join("template-axum").join(part.file);
            let text = crate::pack::read(&path).unwrap();
            replace_once(&text, part.needle, part.replacement, part.file).unwrap();
        }
    }

    #[test]
    fn a_part_that_is_not_there_fails_by_name() {
        for text in ["", "here and here"] {
            let error = replace_once(text, "here", "", "src/a.rs").unwrap_err();
            assert!(
                error.to_string().contains("src/a.rs holds `here`"),
                "{error}"
            );
        }
    }
}
