//! S21: a service with a database keeps its data there, starts before it, survives it, and never waits long for it.

use std::time::{Duration, Instant};

use super::envelope::problem;
use super::layers::{environments, printed, row};
use super::metrics::scrape;
use super::refusals::{CONFIGURATION, refused};
use super::samples::{ITEMS, create};
use super::secrets::TOKEN;
use crate::contract::bao::{Bao, PROGRAM};
use crate::contract::client::{PATIENCE, Request};
use crate::contract::fault::hold;
use crate::contract::launch::{NOWHERE, Power, Signal};
use crate::contract::reply::Reply;
use crate::contract::running::{Running, SOON, eventually};
use crate::contract::{Check, Fault, Need, Postgres, Setup, Subject};

const DATABASE: Need = Need::Answer("database", "postgres");
/// Where the URL is, for the `env` provider; its key in the configuration.
const VARIABLE: &str = "SECRET_DATABASE_URL";
const KEY: &str = "database.url";
/// How long a server that is back may go unnoticed.
const BACK: Duration = Duration::from_secs(30);
/// How long whoever asks for data may wait for a no, while settings would let them wait for much longer.
const FAST: Duration = Duration::from_secs(5);

pub const CHECKS: &[Check] = &[
    Check {
        id: "S21",
        name: "stores-items-in-the-database",
        title: "an item is there after a restart, as it was",
        needs: &[DATABASE, Need::Host],
        remedy: "src/items/store.rs",
        run: stores,
    },
    Check {
        id: "S21",
        name: "migrates-once-however-many-start",
        title: "instances that start at once on an empty database all become ready, and each migration ran once",
        needs: &[DATABASE, Need::Host],
        remedy: "src/dependencies/postgres/migrations.rs: the migrator's lock",
        run: migrates,
    },
    Check {
        id: "S21",
        name: "starts-before-its-database",
        title: "without its database it starts: live 200, ready 503 naming it, data 503; SIGTERM ends it at once",
        needs: &[DATABASE],
        remedy: "`Keeper::run` in src/dependencies/postgres/keeper.rs",
        run: starts_before,
    },
    Check {
        id: "S21",
        name: "ready-follows-the-database",
        title: "the database stopped: live 200, ready 503 naming it, `database_up` 0, data 503 without waiting; started again: all is well",
        needs: &[DATABASE],
        remedy: "src/dependencies/postgres/keeper.rs, and `Database::lease` in mod.rs beside it",
        run: follows,
    },
    Check {
        id: "S21",
        name: "bounds-database-waits",
        title: "a database that hangs is a 503 before the request's own time-out; when it goes on, so does the service",
        needs: &[DATABASE],
        remedy: "`Database::run` in src/dependencies/postgres/mod.rs",
        run: bounds,
    },
    Check {
        id: "S21",
        name: "takes-a-rotated-database-url",
        title: "a URL that changes in a vault is used once it works, without a restart, and without a request lost",
        needs: &[DATABASE, Need::Host, Need::Program(PROGRAM)],
        remedy: "`Keeper::wait` and `Keeper::rotate` in src/dependencies/postgres/keeper.rs",
        run: rotates,
    },
    Check {
        id: "S21",
        name: "refuses-a-bad-database-url",
        title: "a URL that is none, or dev's own outside dev, refuses to start by its key; no URL is ever shown",
        needs: &[DATABASE],
        remedy: "src/dependencies/postgres/settings.rs, and `is_placeholder` in src/secrets/mod.rs",
        run: bad_urls,
    },
];

/// Holds the reply to a request for data that can't be had.
fn no_data(running: &Running) -> Result<(), Fault> {
    for request in [create("nobody's"), Request::get(ITEMS)] {
        let began = Instant::now();
        let reply = running.call(&request)?;
        problem(&reply, 503)?;
        reply.header("retry-after")?;
        reply.hold(began.elapsed() < FAST, format!("an answer within {FAST:?}"))?;
    }
    Ok(())
}

/// Holds that readiness names the database, and that nothing else is amiss.
fn names_it(running: &Running, ready: &Reply) -> Result<(), Fault> {
    let status = &ready.json()?["checks"]["database"]["status"];
    ready.hold(
        status == "fail",
        "the check `database` with the status `fail`",
    )?;
    for path in ["/health/live", "/version"] {
        running.get(path)?.status(200)?;
    }
    Ok(())
}

fn stores(subject: &Subject) -> Result<(), Fault> {
    let setup = subject.setup().set(VARIABLE, fresh(subject)?);
    let first = subject.fresh(&setup)?;
    let made = first.call(&create("kept"))?.status(201)?;
    let place = made.header("location")?;
    first.signal(Signal::Term)?;
    let code = first.exit(PATIENCE)?;
    hold(code == 0, "exit code 0", || format!("exit code {code}"))?;
    let second = subject.fresh(&setup)?;
    let read = second.get(&place)?.status(200)?;
    read.hold(read.json()? == made.json()?, "the item as it was made")
}

fn fresh(subject: &Subject) -> Result<String, Fault> {
    let made = subject.service.database();
    let url = made.map_err(|error| Fault::new("a fresh database", format!("{error:#}")))?;
    url.ok_or_else(|| Fault::new("a fresh database", "there is no server to make one on"))
}

fn migrates(subject: &Subject) -> Result<(), Fault> {
    const INSTANCES: usize = 5;
    let trouble = |error: anyhow::Error| Fault::new("a database server", format!("{error:#}"));
    let server = Postgres::start().map_err(trouble)?;
    let url = server.database().map_err(trouble)?;
    let setup = subject.setup().set(VARIABLE, url.clone());
    // All of them have knocked when the door opens.
    server.power(Power::Freeze).map_err(trouble)?;
    let started: Result<Vec<_>, _> = (0..INSTANCES).map(|_| subject.unready(&setup)).collect();
    server.power(Power::Thaw).map_err(trouble)?;
    let started = started?;
    for running in &started {
        running.becomes(200, Duration::from_secs(10))?;
        running.call(&create("by each"))?.status(201)?;
    }
    let name = url.rsplit('/').next().unwrap_or_default();
    let sql = "SELECT count(*), count(DISTINCT version), bool_and(success) FROM _sqlx_migrations";
    let seen = server.sql(name, sql).map_err(trouble)?;
    let (count, rest) = seen.split_once('|').unwrap_or_default();
    let once = count != "0" && rest == format!("{count}|t");
    hold(once, "each migration once, and well", || seen.clone())
}

fn starts_before(subject: &Subject) -> Result<(), Fault> {
    let setup = subject
        .setup()
        .set(VARIABLE, NOWHERE)
        .set("APP__SERVER__DRAIN_DELAY", "0s");
    let running = subject.unready(&setup)?;
    let ready = running.becomes(503, PATIENCE)?;
    names_it(&running, &ready)?;
    no_data(&running)?;
    running.signal(Signal::Term)?;
    let code = running.exit(PATIENCE)?;
    hold(code == 0, "exit code 0", || format!("exit code {code}"))
}

/// A service on a server that may be stopped, and an item in it.
fn alone(subject: &Subject, setup: Setup) -> Result<(std::rc::Rc<Running>, String), Fault> {
    let running = subject.fresh(&setup.alone())?;
    let ready = running.get("/health/ready")?.status(200)?;
    let status = &ready.json()?["checks"]["database"]["status"];
    ready.hold(
        status == "pass",
        "the check `database` with the status `pass`",
    )?;
    let place = running
        .call(&create("kept"))?
        .status(201)?
        .header("location")?;
    Ok((running, place))
}

fn follows(subject: &Subject) -> Result<(), Fault> {
    // Who waits for this one waits too long: that the server refuses is to be noticed.
    let setup = subject.setup().set("APP__DATABASE__ACQUIRE_TIMEOUT", "9s");
    let (running, place) = alone(subject, setup)?;
    running.database(Power::Stop)?;
    no_data(&running)?;
    names_it(&running, &running.becomes(503, PATIENCE)?)?;
    is_up(subject, &running, false)?;
    running.database(Power::Start)?;
    running.becomes(200, BACK)?;
    is_up(subject, &running, true)?;
    running.get(&place)?.status(200)?;
    running.call(&create("after it"))?.status(201)?;
    Ok(())
}

/// Holds that the metrics say whether the database serves, where they are there to be read.
fn is_up(subject: &Subject, running: &Running, expected: bool) -> Result<(), Fault> {
    if subject.answer("metrics") != Some("prometheus") {
        return Ok(());
    }
    let expected = f64::from(u8::from(expected));
    let mut seen = None;
    let found = eventually(SOON, || {
        seen = scrape(running).ok()?.only("database_up");
        (seen == Some(expected)).then_some(())
    });
    hold(
        found.is_some(),
        format!("`database_up` to become {expected}"),
        || format!("{seen:?}"),
    )
}

fn bounds(subject: &Subject) -> Result<(), Fault> {
    let mut setup = subject.setup();
    for limit in ["ACQUIRE", "CONNECT", "READINESS", "STATEMENT"] {
        setup = setup.set(&format!("APP__DATABASE__{limit}_TIMEOUT"), "500ms");
    }
    let (running, place) = alone(subject, setup)?;
    running.database(Power::Freeze)?;
    let noticed = no_data(&running)
        .and_then(|()| running.becomes(503, PATIENCE))
        .and_then(|ready| names_it(&running, &ready));
    running.database(Power::Thaw)?;
    noticed?;
    running.becomes(200, BACK)?;
    running.get(&place)?.status(200)?;
    Ok(())
}

/// The old user may not log in any more; connections that are open notice nothing of it, and new ones would.
fn rotates(subject: &Subject) -> Result<(), Fault> {
    const NAME: &str = "database-url";
    let trouble = |error: anyhow::Error| Fault::new("a database server", format!("{error:#}"));
    let server = Postgres::start().map_err(trouble)?;
    let url = server.database().map_err(trouble)?;
    let database = url.rsplit('/').next().unwrap_or_default();
    let sql = |statement: &str| server.sql(database, statement).map_err(trouble);
    sql("CREATE ROLE first LOGIN SUPERUSER; CREATE ROLE second LOGIN SUPERUSER")?;
    let of = |user: &str| {
        let at = url.rsplit('@').next().unwrap_or_default();
        format!("postgres://{user}:{TOKEN}@{at}")
    };
    let bao = Bao::start()?;
    bao.put(NAME, &of("first"))?;
    let running = subject.fresh(&bao.by_token(subject.setup()))?;
    let users = "SELECT string_agg(DISTINCT usename, ',') FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let works = |user: &str| {
        let seen = eventually(BACK, || {
            let answer = running.call(&create("while it rotates"));
            let lost = answer.and_then(|reply| reply.status(201)).err();
            let now = sql(users);
            (lost.is_some() || now.as_ref().is_ok_and(|now| now == user)).then_some((lost, now))
        });
        match seen {
            Some((Some(lost), _)) => Err(lost),
            Some((None, now)) => now.map(drop),
            None => Err(Fault::new(
                format!("connections of `{user}` alone"),
                sql(users)?,
            )),
        }
    };
    works("first")?;
    bao.put(NAME, &of("second"))?;
    works("second")?;
    sql("ALTER ROLE first NOLOGIN")?;
    works("second")?;
    running.get("/health/ready")?.status(200)?;
    // One that does not work yet takes nothing from the one that does, whatever becomes of the server meanwhile.
    bao.put(NAME, &of("third"))?;
    running.line("message `the rotated secret does not work yet`", |line| {
        line["message"] == "the rotated secret does not work yet"
    })?;
    server.power(Power::Stop).map_err(trouble)?;
    running.becomes(503, PATIENCE)?;
    server.power(Power::Start).map_err(trouble)?;
    running.becomes(200, BACK)?;
    works("second")?;
    sql("CREATE ROLE third LOGIN SUPERUSER")?;
    works("third")
}

fn bad_urls(subject: &Subject) -> Result<(), Fault> {
    let url = |text: &str| subject.setup().set(VARIABLE, text);
    for text in [
        TOKEN.to_owned(),
        format!("mysql://user:{TOKEN}@127.0.0.1/orders"),
        format!("postgres://user:{TOKEN}@127.0.0.1"),
        format!("postgres://user:{TOKEN}@127.0.0.1:port/orders"),
        format!("postgres://user:{TOKEN}@127.0.0.1/orders?sslmode={TOKEN}"),
        format!("postgres://user:{TOKEN}@127.0.0.1/orders?{TOKEN}=1"),
    ] {
        let finished = subject.run(&[], &url(&text))?;
        refused(
            subject,
            &text,
            &finished,
            CONFIGURATION,
            &[KEY, "postgres://"],
        )?;
        hold(
            !finished.excerpt().contains(TOKEN),
            "the URL not to be quoted",
            || finished.excerpt(),
        )?;
    }
    let dev = format!("postgres://user:dev-only-{TOKEN}@127.0.0.1:1/orders");
    for environment in environments(subject)
        .into_iter()
        .filter(|name| *name != "dev")
    {
        let finished = subject.run(&[], &url(&dev).set("APP_ENV", environment))?;
        let what = format!("the password of dev in {environment}");
        refused(
            subject,
            &what,
            &finished,
            CONFIGURATION,
            &[KEY, "dev-only-"],
        )?;
    }

    let good =
        url(&format!("postgres://user:{TOKEN}@127.0.0.1:1/orders")).set("APP__LOG__LEVEL", "trace");
    let printed = printed(subject, &good)?;
    let line = row(&printed, KEY)?;
    hold(
        line.contains("•••"),
        format!("`{KEY}` as `•••`"),
        || line.to_owned(),
    )?;
    let running = subject.unready(&good)?;
    running.becomes(503, PATIENCE)?;
    running.line("that the database is down", |line| line["level"] == "ERROR")?;
    let lines = running.lines();
    let leak = printed.lines().chain(lines.iter().map(String::as_str));
    let leak: Vec<_> = leak.filter(|line| line.contains(TOKEN)).collect();
    hold(
        leak.is_empty(),
        "no URL in `config`, and none in the log at level trace",
        || leak.join("\n"),
    )
}
