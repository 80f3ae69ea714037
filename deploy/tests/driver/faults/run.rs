//! Runs a case, and looks at what stands then: in the registry, at the back end, in what the driver said.

use std::fmt::Write;
use std::process::Command;

use super::case::{Case, Fault, Then, faketime};
use crate::support::driver::Ran;
use crate::support::observe::{kept, names, newest, runs};
use crate::support::place::On;
use crate::support::registry::free_port;
use crate::support::world::{NAMES, World, sha, short};

/// What was seen.
#[derive(Debug)]
pub struct Observed {
    /// With the fault.
    pub then: Stood,
    /// After the next command.
    pub again: Option<Stood>,
    /// What the driver said, for a case that goes wrong.
    said: String,
    /// What is wrong whatever the row says.
    broken: Vec<String>,
}

/// What stood after a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Stood {
    /// Exit code; none for a driver that was killed.
    pub exit: Option<i32>,
    /// What ran.
    pub runs: String,
    /// The newest record.
    pub record: String,
    /// What the moving tag named.
    pub tag: String,
}

impl Observed {
    /// Where it is otherwise than the row says.
    pub fn against(&self, case: &Case) -> String {
        let mut text = String::new();
        for broken in &self.broken {
            let _ = write!(text, "\n  {broken}");
        }
        if !self.then.is(&case.then) {
            let _ = write!(text, "\n  wanted {:?}\n  saw    {:?}", case.then, self.then);
        }
        if let (Some((command, wanted)), Some(seen)) = (&case.again, &self.again)
            && !seen.is(wanted)
        {
            let _ = write!(
                text,
                "\n  then `{command}`\n  wanted {wanted:?}\n  saw    {seen:?}"
            );
        }
        if text.is_empty() {
            return text;
        }
        format!(
            "{}: `{}`{text}\n{}  again: DEPLOY_TEST_CASE='{}' cargo test -p deploy --features failpoints --test driver faults",
            case.name, case.command, self.said, case.name
        )
    }
}

impl Stood {
    fn is(&self, then: &Then) -> bool {
        let Then {
            exit,
            runs,
            record,
            tag,
        } = *then;
        self.exit == exit && self.runs == runs && self.record == record && self.tag == tag
    }
}

/// Runs it.
pub fn run(case: &Case, on: On) -> Observed {
    let world = World::on(on).expect("the registry was there a moment ago");
    world.tell(case.story, environment(case.command));
    let mut observed = Observed {
        then: stood(&world, case.command, None),
        again: None,
        said: String::new(),
        broken: vec![],
    };
    let before = kept(&world);
    let exit = inject(&world, case, &mut observed.said);
    observed.then = stood(&world, case.command, exit);
    for rule in world.proxy.unmet() {
        observed
            .broken
            .push(format!("nothing met {rule:?}: this is no test"));
    }
    let moved = matches!(case.fault, Fault::Moved(..));
    let mut check = |what: &str, now: &std::collections::BTreeMap<String, Option<String>>| {
        for (tag, digest) in &before {
            if now.get(tag) != Some(digest) && !moved {
                observed
                    .broken
                    .push(format!("{what}, `{tag}` is lost or names something else"));
            }
        }
    };
    check("afterwards", &kept(&world));
    if let Some((command, _)) = case.again {
        end(&world);
        let ran = world.run(command);
        observed.again = Some(stood(&world, command, ran.code));
        tell(&mut observed.said, command, &ran);
        check("in the end", &kept(&world));
    }
    observed.broken.extend(world.place.broken());
    if observed.said.contains("panicked") {
        observed.broken.push("a panic".to_owned());
    }
    observed
}

fn inject(world: &World, case: &Case, said: &mut String) -> Option<i32> {
    let mut run = |variables: &[(&str, &str)]| {
        let ran = world.run_with(case.command, variables);
        tell(said, case.command, &ran);
        ran.code
    };
    match case.fault {
        Fault::None => run(&[]),
        Fault::Killed(step) => run(&[("IDP_DEPLOY_FAILPOINT", step)]),
        Fault::KilledAfter(file, step) => {
            world.wrong(file);
            run(&[("IDP_DEPLOY_FAILPOINT", step)])
        }
        Fault::RegistryDown => {
            let arguments = world.arguments(case.command);
            let nowhere = format!("127.0.0.1:{}", free_port());
            let arguments: Vec<_> = arguments
                .iter()
                .map(|argument| argument.replace(&world.proxy.address, &nowhere))
                .collect();
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            let ran = world.run_raw(&arguments, &[]);
            tell(said, case.command, &ran);
            ran.code
        }
        Fault::Registry(rules) => {
            world.proxy.inject(rules);
            run(&[])
        }
        Fault::WrongLogin(rules) => {
            world.proxy.inject(rules);
            run(&[("REGISTRY_PASSWORD", "guessed")])
        }
        Fault::Engine(file) => {
            for what in file.split(' ') {
                world.wrong(what);
            }
            run(&[])
        }
        Fault::Impatient(file) => {
            world.wrong(file);
            run(&[("IDP_BACKEND_TIMEOUT", "1s")])
        }
        Fault::Moved(tag, name) => {
            world.repository.tag(&filled(tag), world.digest(name));
            run(&[])
        }
        Fault::Clock(there, back) => {
            let library = faketime().expect("asked for before");
            let skew = |by: &str| {
                let variables = skewed(&library, by);
                assert_ne!(year(&variables), year(&[]), "the clock is not off by {by}");
                world.start(case.command, &variables)
            };
            world.place.slow(world.version('B'), "1");
            // Two runners whose clocks are years apart, at the same time.
            let (first, second) = (skew(there), skew(back));
            let (first, second) = (world.finish(first), world.finish(second));
            tell(said, case.command, &first);
            tell(said, case.command, &second);
            // Whichever came first: the worse of both codes.
            first.code.max(second.code)
        }
        Fault::Together(act) => act(world, case.command),
    }
}

/// Files keep the time of the machine that holds them, as on a shared folder.
fn skewed<'a>(library: &'a str, by: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("LD_PRELOAD", library),
        ("FAKETIME", by),
        ("NO_FAKE_STAT", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ]
}

/// The year, for a program with these variables.
fn year(variables: &[(&str, &str)]) -> Vec<u8> {
    let date = Command::new("date")
        .arg("+%Y")
        .envs(variables.iter().copied())
        .output();
    date.unwrap().stdout
}

/// The fault is over.
fn end(world: &World) {
    world.proxy.inject(&[]);
    world.place.mend();
}

/// `…A12` and `…A40` with A's commit.
fn filled(text: &str) -> String {
    for name in NAMES {
        let places = [
            (format!("{name}12"), short(name)),
            (format!("{name}40"), sha(name)),
        ];
        for (place, value) in places {
            if let Some(start) = text.strip_suffix(&place) {
                return format!("{start}{value}");
            }
        }
    }
    text.to_owned()
}

/// The one that a command is about, if it is about one.
fn environment(command: &str) -> Option<&'static str> {
    let mut all = ["staging", "prod", "dev"].into_iter();
    all.find(|name| command.split(' ').any(|word| word == *name))
}

fn stood(world: &World, command: &str, exit: Option<i32>) -> Stood {
    let Some(environment) = environment(command) else {
        let commit = sha(command.chars().last().unwrap_or_default());
        let tags = [commit.as_str(), "latest-dev"].map(|tag| names(world, tag));
        return Stood {
            exit,
            runs: "-".to_owned(),
            record: "-".to_owned(),
            tag: tags.join(", "),
        };
    };
    Stood {
        exit,
        runs: runs(world, environment),
        record: newest(world, environment),
        tag: names(world, environment),
    }
}

fn tell(said: &mut String, command: &str, ran: &Ran) {
    let _ = write!(
        said,
        "  --- {command}: exit {:?}\n{}{}",
        ran.code, ran.out, ran.err
    );
}
