//! A PostgreSQL for the tests: the one that `DATABASE_URL` names (its user must be allowed to create databases), or one of
//! their own, of the programs on this machine or of a container, that is gone when they end.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;
use url::Url;
use uuid::{NoContext, Timestamp, Uuid};

const SCRIPT: &str = include_str!("start.sh");
/// Another program may take the port that was just found free.
const TRIES: usize = 3;
/// What a test of an hour ago left behind on a server that is not ours to throw away.
const OLD: Duration = Duration::from_hours(1);

/// The URL of a fresh, empty database.
pub(crate) async fn database() -> String {
    static CLEAN: OnceCell<()> = OnceCell::const_new();
    let server = server();
    let mut connection = PgConnection::connect(server.as_str())
        .await
        .unwrap_or_else(|error| panic!("cannot connect to the PostgreSQL for the tests: {error}"));
    CLEAN.get_or_init(|| sweep(&server)).await;
    let name = format!("tests_{}", Uuid::now_v7().simple());
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(create).await.unwrap();
    let mut url = server;
    url.set_path(&name);
    url.into()
}

/// Drops what tests that ended long ago left behind.
async fn sweep(server: &Url) {
    let long_ago = SystemTime::now() - OLD;
    let seconds = long_ago.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let before = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds.as_secs(), 0));
    let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
    let old =
        "SELECT datname FROM pg_database WHERE datname ~ '^tests_[0-9a-f]{32}$' AND datname < $1";
    let old: Vec<String> = sqlx::query_scalar(old)
        .bind(format!("tests_{}", before.simple()))
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for name in old {
        let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        connection.execute(drop).await.unwrap();
    }
}

/// The server, started once for all tests of a binary.
fn server() -> Url {
    static SERVER: OnceLock<Url> = OnceLock::new();
    #[expect(
        clippy::disallowed_methods,
        reason = "where the tests run is no configuration of the service"
    )]
    let given = || std::env::var("DATABASE_URL").ok();
    let server = SERVER.get_or_init(|| match given() {
        Some(url) => url.parse().unwrap(),
        None => start(),
    });
    server.clone()
}

fn start() -> Url {
    let mut said = String::new();
    for _ in 0..TRIES {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut script = Command::new("sh")
            .args(["-c", SCRIPT, "sh", &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C ends the tests; the script ends the server after them.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(script.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        if first == "ready\n" {
            // Its standard input closes with this process, however that ends: then the script throws the server away.
            std::mem::forget(script);
            return format!("postgres://tests:tests@127.0.0.1:{port}/postgres")
                .parse()
                .unwrap();
        }
        said = first;
        output.read_to_string(&mut said).unwrap();
        script.wait().unwrap();
    }
    panic!("no PostgreSQL for the tests: {said}");
}
