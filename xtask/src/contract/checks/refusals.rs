//! S6: what keeps a service from starting ends it at once, with one line and the right exit code.

use std::net::TcpListener;

use crate::contract::fault::hold;
use crate::contract::launch::Edit;
use crate::contract::{Check, Fault, Need, Setup, Subject};
use crate::process::finish::Finished;

/// `EX_CONFIG`: a restart without a change does not help.
pub const CONFIGURATION: i32 = 78;

pub const CHECKS: &[Check] = &[
    Check {
        id: "S6",
        name: "refuses-a-taken-port",
        title: "a taken port, public or management, ends it with exit code 1 and one line",
        needs: &[Need::Host],
        remedy: "`bind` in src/start.rs, and how src/main.rs prints its error",
        run: taken_port,
    },
    Check {
        id: "S6",
        name: "refuses-a-bad-setting",
        title: "an unknown environment, an unknown key or a bad value ends it with exit code 78 and one line",
        needs: &[],
        remedy: "`ConfigError` in src/config/, and its exit code in src/start.rs",
        run: bad_settings,
    },
    Check {
        id: "S6",
        name: "refuses-a-bad-file",
        title: "a configuration file that is missing, unreadable or no YAML ends it with exit code 78 and one line",
        needs: &[Need::Host],
        remedy: "where src/config/ reads the files",
        run: bad_files,
    },
    Check {
        id: "S6",
        name: "refuses-an-unknown-argument",
        title: "an argument it does not know ends it with exit code 2 and one line",
        needs: &[],
        remedy: "the match on arguments in src/main.rs",
        run: unknown_argument,
    },
];

/// Holds a refusal: the code, one line that begins with the service's name and holds `words` and a remedy, no panic.
pub fn refused(
    subject: &Subject,
    what: &str,
    finished: &Finished,
    code: i32,
    words: &[&str],
) -> Result<(), Fault> {
    let expected = |text: String| format!("{what}: {text}");
    let seen = || finished.excerpt();
    hold(
        finished.code == Some(code),
        expected(format!("exit code {code}")),
        seen,
    )?;
    let line = finished.stderr.trim_end();
    hold(
        !line.is_empty() && !line.contains('\n'),
        expected("one line on standard error".into()),
        seen,
    )?;
    let start = format!("{}: ", subject.name);
    hold(
        line.starts_with(&start),
        expected(format!("a line that begins with `{start}`")),
        seen,
    )?;
    for word in words {
        hold(
            line.contains(word),
            expected(format!("a line that names `{word}`")),
            seen,
        )?;
    }
    let remedy = line
        .rsplit_once("; ")
        .is_some_and(|(_, remedy)| remedy.len() > 3);
    hold(
        remedy,
        expected("a line that ends with a remedy after `; `".into()),
        seen,
    )?;
    let all = format!("{}{}", finished.stdout, finished.stderr);
    hold(!all.contains("panicked"), expected("no panic".into()), seen)
}

fn taken_port(subject: &Subject) -> Result<(), Fault> {
    let taken =
        TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr().map(|at| (taken, at)));
    let (_taken, address) =
        taken.map_err(|error| Fault::new("a port to take", error.to_string()))?;
    for (variable, key) in [
        ("APP__SERVER__PORT", "server.port"),
        ("APP__MANAGEMENT__PORT", "management.port"),
    ] {
        let port = address.port().to_string();
        let finished = subject.run(&[], &subject.setup().set(variable, port.clone()))?;
        refused(subject, "a taken port", &finished, 1, &[key, &port])?;
    }
    Ok(())
}

fn bad_settings(subject: &Subject) -> Result<(), Fault> {
    let with = |name: &str, value: &str| subject.setup().set(name, value);
    let cases: [(&str, Setup, &[&str]); 4] = [
        (
            "an unknown environment",
            with("APP_ENV", "production"),
            &["APP_ENV", "production"],
        ),
        (
            "an unknown key",
            with("APP__SERVER__PROT", "1"),
            &["server.prot"],
        ),
        (
            "a bad port",
            with("APP__SERVER__PORT", "eighty"),
            &["server.port"],
        ),
        (
            "a bad level",
            with("APP__LOG__LEVEL", "infoo"),
            &["log.level"],
        ),
    ];
    for (what, setup, words) in cases {
        refused(
            subject,
            what,
            &subject.run(&[], &setup)?,
            CONFIGURATION,
            words,
        )?;
    }
    Ok(())
}

fn bad_files(subject: &Subject) -> Result<(), Fault> {
    let own = format!("config/{}.yaml", subject.environment);
    for (path, edit) in [
        ("config/default.yaml", Edit::NoFile),
        ("config/default.yaml", Edit::Folder),
        ("config/default.yaml", Edit::Text("server: [".into())),
        (&own, Edit::NoFile),
        (&own, Edit::Folder),
        (&own, Edit::Text("- a\n- b\n".into())),
    ] {
        let what = format!("{path} {edit}");
        let finished = subject.run(&[], &subject.setup().edit(path, edit))?;
        refused(subject, &what, &finished, CONFIGURATION, &[path])?;
    }
    Ok(())
}

fn unknown_argument(subject: &Subject) -> Result<(), Fault> {
    for args in [
        &["srve"][..],
        &["config", "--chek"],
        &["healthcheck", "extra"],
    ] {
        let finished = subject.run(args, &subject.setup())?;
        refused(
            subject,
            "an unknown argument",
            &finished,
            2,
            &[args[args.len() - 1]],
        )?;
    }
    Ok(())
}
