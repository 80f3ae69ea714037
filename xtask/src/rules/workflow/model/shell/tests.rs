use super::super::yaml;
use super::{End, Script};

fn read(run: &str, judge: impl Fn(&Script<'_>)) {
    let source = format!("run: |\n  {}\n", run.replace('\n', "\n  "));
    let root = yaml::parse(&source).0.unwrap();
    judge(&Script::of(root.get("run").unwrap(), &source).unwrap());
}

#[test]
fn what_is_only_said_is_blanked() {
    for (run, kept) in [
        ("# docker build\nmake", false),
        ("make # docker build", false),
        ("make x#docker build", true),
        ("echo 'no docker build'", false),
        ("echo no \\\n  docker build", false),
        ("echo \"no docker build\" >>\"$GITHUB_STEP_SUMMARY\"", false),
        (
            "echo \"no docker build\" | tee -a \"$GITHUB_STEP_SUMMARY\"",
            false,
        ),
        ("echo \"$(docker build -q . # it\n)\"", true),
        ("echo \"docker build .\" | sh", true),
        ("echo \"X=docker build\" >>\"$GITHUB_ENV\"", true),
        ("cat <<END\ndocker build\nEND", false),
        ("cat <<END | sh\ndocker build\nEND", true),
        ("if true; then docker build .; fi", true),
        ("true && docker build .", true),
        ("(docker build .)", true),
        ("x=`docker build -q .`", true),
        ("bash -c 'docker build .'", true),
        ("docker build $'it\\'s ${{ x }} .", true),
    ] {
        read(run, |script| {
            assert_eq!(script.done.contains("docker build"), kept, "{run}");
        });
    }
}

#[test]
fn commands_have_words_and_ends() {
    read(
        "A=b sudo /bin/run --to \"a b\" || true\nx=$(date) &\nlast 2>&1",
        |script| {
            let calls: Vec<(&str, usize, End)> = script
                .commands
                .iter()
                .map(|command| (command.name(), command.call().len(), command.end))
                .collect();
            assert_eq!(
                calls,
                [
                    ("run", 3, End::Or),
                    ("true", 1, End::Line),
                    ("", 0, End::Background),
                    ("last", 2, End::Script)
                ]
            );
            assert!(script.commands[0].call()[2].text == "a b");
        },
    );
}

#[test]
fn no_text_is_too_odd() {
    for run in [
        "'", "\"", "$(", "`", "${{", "<<", "a <<X", "((((", "))", "&|;<>", "é\\", "$((", "<(", "\\",
    ] {
        read(run, |script| assert!(script.done.len() >= run.len()));
        read(&run.repeat(400), |script| assert!(!script.done.is_empty()));
    }
}
