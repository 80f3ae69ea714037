//! Every rule of the merge, a few files at a time.

use super::note::Example;
use super::*;
use crate::service::{Entry, Kind};

const OWNERSHIP: &str = "[platform]\nfiles = [\"p\", \"p?\", \"platform/**\"]\n[shared]\nfiles = [\"s\", \"s?\", \"shared/**\", \"dir\", \"dir/**\"]\n[yours]\nfiles = [\"**\"]\n";

pub(super) fn classes() -> Classes {
    let parse = || Ownership::parse(OWNERSHIP).unwrap();
    Classes {
        base: parse(),
        theirs: parse(),
    }
}

pub(super) fn labels() -> Labels {
    Labels {
        base: "0.1.0".into(),
        theirs: "0.2.0".into(),
    }
}

/// A tree: a name ends with `*` for one that can be run, with `@` for a link.
fn tree(files: &[(&str, &str)]) -> Tree {
    files
        .iter()
        .map(|(path, text)| {
            let kind = match path.chars().last() {
                Some('*') => Kind::Executable,
                Some('@') => Kind::Link,
                _ => Kind::File,
            };
            let bytes = text.as_bytes().to_vec();
            (
                path.trim_end_matches(['*', '@']).to_owned(),
                Entry { kind, bytes },
            )
        })
        .collect()
}

/// As [`tree`], back.
fn shown(tree: &Tree) -> Vec<(String, String)> {
    tree.iter()
        .map(|(path, entry)| {
            let sign = match entry.kind {
                Kind::File => "",
                Kind::Executable => "*",
                Kind::Link => "@",
            };
            (
                format!("{path}{sign}"),
                String::from_utf8_lossy(&entry.bytes).into(),
            )
        })
        .collect()
}

type Files<'a> = &'a [(&'a str, &'a str)];

/// Merges three trees, and holds the result against a fourth, the notes against `notes`, and a second run against the
/// first.
#[track_caller]
fn case(
    base: Files<'_>,
    ours: Files<'_>,
    theirs: Files<'_>,
    result: Files<'_>,
    notes: &[(&str, What)],
) -> Merged {
    case_with(&classes(), base, ours, theirs, result, notes)
}

#[track_caller]
fn case_with(
    classes: &Classes,
    base: Files<'_>,
    ours: Files<'_>,
    theirs: Files<'_>,
    result: Files<'_>,
    notes: &[(&str, What)],
) -> Merged {
    let theirs = tree(theirs);
    let merged = merge(&tree(base), &tree(ours), &theirs, classes, &labels()).unwrap();
    assert_eq!(shown(&merged.tree), shown(&tree(result)));
    let said: Vec<_> = merged
        .notes
        .iter()
        .map(|note| (note.file.as_str(), note.what.clone()))
        .collect();
    assert_eq!(said, notes);
    let again = merge(&theirs, &merged.tree, &theirs, classes, &labels()).unwrap();
    assert_eq!(shown(&again.tree), shown(&merged.tree), "the second run");
    for note in &merged.notes {
        let line = note.said(&labels(), "aside");
        assert!(!line.is_empty() && !line.contains('\n'), "{line}");
        if line.contains("`aside/") {
            assert!(merged.aside.contains_key(&note.file), "{line}");
        }
    }
    merged
}

/// Ten lines, some of them replaced.
fn lines(changes: &[(usize, &str)]) -> String {
    (1..=10)
        .map(|at| {
            let change = changes.iter().find(|(line, _)| *line == at);
            change.map_or_else(|| format!("line {at}\n"), |(_, text)| (*text).to_owned())
        })
        .collect()
}

fn edited(marked: bool) -> What {
    What::EditedPlatform { marked }
}

fn from(path: &str) -> What {
    What::Renamed { from: path.into() }
}

fn yours(example: Example) -> What {
    What::KeptYours { example }
}

#[test]
fn what_only_one_has_touched_is_that_one_s() {
    for (file, class) in [("s", Class::Shared), ("p", Class::Platform)] {
        let a = &[(file, "a\n")][..];
        let b = &[(file, "b\n")][..];
        let run = &["s*", "p*"][usize::from(class == Class::Platform)];
        case(a, a, a, a, &[]);
        case(a, a, b, b, &[(file, What::Replaced)]);
        case(a, b, b, b, &[]);
        case(
            a,
            a,
            &[(run, "a\n")],
            &[(run, "a\n")],
            &[(file, What::Replaced)],
        );
        case(a, a, &[], &[], &[(file, What::Removed)]);
        case(a, &[], &[], &[], &[]);
        case(&[], &[], a, a, &[(file, What::Added)]);
        case(&[], a, a, a, &[]);
        case(&[], a, &[], a, &[]);
    }
    // What the service did alone stays, and of the platform's is named.
    let (a, b) = (&[("s", "a\n")][..], &[("s*", "b\n")][..]);
    case(a, b, a, b, &[]);
    case(a, &[], a, &[], &[]);
    let (a, b) = (&[("p", "a\n")][..], &[("p", "b\n")][..]);
    case(a, b, a, b, &[("p", edited(false))]);
    case(
        a,
        &[("p*", "a\n")],
        a,
        &[("p*", "a\n")],
        &[("p", edited(false))],
    );
    case(a, &[], a, &[], &[("p", What::DeletedByYou)]);
}

#[test]
fn shared_texts_are_merged_line_by_line() {
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("s", &theirs)],
        &[("s", &both)],
        &[("s", What::Merged)],
    );
    // The mode is merged by itself.
    case(
        &[("s", &base)],
        &[("s*", &ours)],
        &[("s", &theirs)],
        &[("s*", &both)],
        &[("s", What::Merged)],
    );
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("s*", &base)],
        &[("s*", &ours)],
        &[("s", What::Merged)],
    );
    case(
        &[("s*", &base)],
        &[("s", &base)],
        &[("s*", &theirs)],
        &[("s", &theirs)],
        &[("s", What::Merged)],
    );
}

#[test]
fn where_both_changed_the_same_lines_both_stand_between_markers() {
    let torn = lines(&[(
        5,
        "<<<<<<< yours\nour 5\n||||||| 0.1.0\nline 5\n=======\ntheir 5\n>>>>>>> 0.2.0\n",
    )]);
    case(
        &[("s", &lines(&[]))],
        &[("s", &lines(&[(5, "our 5\n")]))],
        &[("s", &lines(&[(5, "their 5\n")]))],
        &[("s", &torn)],
        &[("s", What::Conflict)],
    );
    // Both made it: there is nothing that both come from.
    case(
        &[],
        &[("s", "a\nb\nc\n")],
        &[("s", "a\nB\nc\n")],
        &[("s", "a\n<<<<<<< yours\nb\n=======\nB\n>>>>>>> 0.2.0\nc\n")],
        &[("s", What::Conflict)],
    );
}

#[test]
fn what_one_deleted_and_the_other_changed_is_named() {
    for file in ["s", "p"] {
        let (a, b) = (&[(file, "a\n")][..], &[(file, "b\n")][..]);
        let merged = case(a, &[], b, &[], &[(file, What::DeletedByYou)]);
        assert_eq!(shown(&merged.aside), [(file.to_owned(), "b\n".to_owned())]);
        case(a, b, &[], b, &[(file, What::DeletedByTemplate)]);
    }
}

#[test]
fn an_edit_of_the_platform_s_is_kept_between_markers() {
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(4, "our 4\n"), (9, "")]);
    let marked = lines(&[
        (2, "their 2\n"),
        (
            4,
            "<<<<<<< edited by hand\nour 4\n=======\nline 4\n>>>>>>> 0.2.0\n",
        ),
        (
            9,
            "<<<<<<< edited by hand\n=======\nline 9\n>>>>>>> 0.2.0\n",
        ),
    ]);
    case(
        &[("p", &base)],
        &[("p", &ours)],
        &[("p", &theirs)],
        &[("p", &marked)],
        &[("p", edited(true))],
    );
    let torn = lines(&[(
        2,
        "<<<<<<< edited by hand\nour 2\n||||||| 0.1.0\nline 2\n=======\ntheir 2\n>>>>>>> 0.2.0\n",
    )]);
    let ours = lines(&[(2, "our 2\n")]);
    case(
        &[("p", &base)],
        &[("p", &ours)],
        &[("p", &theirs)],
        &[("p", &torn)],
        &[("p", edited(true))],
    );
    // What the template has done as well is no edit any more.
    let more = lines(&[(2, "their 2\n"), (8, "both 8\n")]);
    let ours = lines(&[(8, "both 8\n")]);
    case(
        &[("p", &base)],
        &[("p", &ours)],
        &[("p", &more)],
        &[("p", &more)],
        &[("p", What::Merged)],
    );
    // A mode has no lines.
    case(
        &[("p", &base)],
        &[("p*", &base)],
        &[("p", &theirs)],
        &[("p*", &theirs)],
        &[("p", edited(false))],
    );
    // One of the service's own, where the template now has one.
    case(
        &[],
        &[("p", "a\nb\n")],
        &[("p", "a\nB\n")],
        &[(
            "p",
            "a\n<<<<<<< edited by hand\nb\n=======\nB\n>>>>>>> 0.2.0\n",
        )],
        &[("p", edited(true))],
    );
}

#[test]
fn what_is_yours_is_never_touched() {
    let (a, b, c) = (
        &[("y", "a\n")][..],
        &[("y", "b\n")][..],
        &[("y", "c\n")][..],
    );
    case(a, b, a, b, &[]);
    case(a, b, c, b, &[("y", yours(Example::Changed))]);
    let merged = case(a, a, c, a, &[("y", yours(Example::Changed))]);
    assert_eq!(shown(&merged.aside), [("y".to_owned(), "c\n".to_owned())]);
    case(a, b, &[], b, &[("y", yours(Example::Removed))]);
    case(a, a, &[], a, &[("y", yours(Example::Removed))]);
    case(a, &[], c, &[], &[]);
    case(a, c, c, c, &[]);
    case(&[], c, c, c, &[]);
    case(a, &[], &[], &[], &[]);
    case(&[], &[], c, c, &[("y", What::Added)]);
    case(&[], b, c, b, &[("y", yours(Example::New))]);
    // Renamed by the template: stays, and the new one is an example of its own.
    let (old, new) = (lines(&[]), lines(&[(3, "new 3\n")]));
    case(
        &[("y", &old)],
        &[("y", &old)],
        &[("z", &new)],
        &[("y", &old), ("z", &new)],
        &[("y", yours(Example::Removed)), ("z", What::Added)],
    );
}

#[test]
fn what_the_service_alone_has_is_never_touched() {
    let own = ("platform/own", "x\r\ny\n\0");
    case(
        &[("s", "a\n")],
        &[own, ("s", "a\n"), ("z@", "nowhere")],
        &[("s", "b\n")],
        &[own, ("s", "b\n"), ("z@", "nowhere")],
        &[("s", What::Replaced)],
    );
}

#[test]
fn edits_go_along_with_what_the_template_renames() {
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    case(
        &[("s", &base)],
        &[("s", &base)],
        &[("s2", &theirs)],
        &[("s2", &theirs)],
        &[("s2", from("s")), ("s2", What::Replaced)],
    );
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("s2", &theirs)],
        &[("s2", &both)],
        &[("s2", from("s")), ("s2", What::Merged)],
    );
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("s2", &base)],
        &[("s2", &ours)],
        &[("s2", from("s"))],
    );
    case(
        &[("p", &base)],
        &[("p", &ours)],
        &[("p2", &base)],
        &[("p2", &ours)],
        &[("p2", from("p")), ("p2", edited(false))],
    );
    case(
        &[("s", &base)],
        &[],
        &[("s2", &theirs)],
        &[],
        &[("s2", What::DeletedByYou)],
    );
    case(&[("s", &base)], &[], &[("s2", &base)], &[], &[]);
    // What the template hands over to the developers takes their edits along.
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("y", &theirs)],
        &[("y", &both)],
        &[("y", from("s")), ("y", What::Merged)],
    );
    // A whole folder.
    case(
        &[("shared/a", &base), ("shared/b", "other\ntext\nhere\n")],
        &[
            ("shared/a", &ours),
            ("shared/b", "other\ntext\nhere\n"),
            ("shared/own", &base),
        ],
        &[
            ("shared/x/a", &theirs),
            ("shared/x/b", "other\ntext\nhere\n"),
        ],
        &[
            ("shared/own", &base),
            ("shared/x/a", &both),
            ("shared/x/b", "other\ntext\nhere\n"),
        ],
        &[
            ("shared/x/a", from("shared/a")),
            ("shared/x/a", What::Merged),
            ("shared/x/b", from("shared/b")),
        ],
    );
}

#[test]
fn changes_go_along_with_what_the_service_renames() {
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    let followed = What::Followed { from: "s".into() };
    case(
        &[("s", &base)],
        &[("mine", &ours)],
        &[("s", &theirs)],
        &[("mine", &both)],
        &[("mine", followed), ("mine", What::Merged)],
    );
    // Half of it is another file.
    let other = lines(&[(6, "x\n"), (7, "y\n"), (8, "z\n"), (9, "a\n"), (10, "b\n")]);
    case(
        &[("s", &base)],
        &[("mine", &other)],
        &[("s", &theirs)],
        &[("mine", &other)],
        &[("s", What::DeletedByYou)],
    );
    // The platform's has its place.
    case(
        &[("p", &base)],
        &[("mine", &ours)],
        &[("p", &theirs)],
        &[("mine", &ours)],
        &[("p", What::DeletedByYou)],
    );
}

#[test]
fn what_both_rename_stays_where_the_service_has_it() {
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    let renamed = What::RenamedByBoth {
        theirs: "s2".into(),
    };
    case(
        &[("s", &base)],
        &[("mine", &ours)],
        &[("s2", &theirs)],
        &[("mine", &both)],
        &[("mine", renamed), ("mine", What::Merged)],
    );
    // To the same place.
    case(
        &[("s", &base)],
        &[("s2", &ours)],
        &[("s2", &theirs)],
        &[("s2", &both)],
        &[("s2", What::Merged)],
    );
    // To where the service has another: both stay, and nothing of either is lost.
    case(
        &[("s", &base)],
        &[("s", &ours), ("s2", "mine\n")],
        &[("s2", &base)],
        &[
            ("s", &ours),
            (
                "s2",
                &format!("<<<<<<< yours\nmine\n=======\n{base}>>>>>>> 0.2.0\n"),
            ),
        ],
        &[("s", What::DeletedByTemplate), ("s2", What::Conflict)],
    );
}

#[test]
fn a_file_where_the_other_has_a_folder_waits() {
    let by = |theirs: &str, by: &str| What::Blocked {
        theirs: theirs.into(),
        by: by.into(),
    };
    let merged = case(
        &[],
        &[("dir", "mine\n")],
        &[("dir/a", "a\n"), ("s", "s\n")],
        &[("dir", "mine\n"), ("s", "s\n")],
        &[("dir/a", by("dir/a", "dir")), ("s", What::Added)],
    );
    assert!(merged.aside.contains_key("dir/a"));
    case(
        &[],
        &[("dir/mine", "x\n")],
        &[("dir", "a\n")],
        &[("dir/mine", "x\n")],
        &[("dir", by("dir", "dir/mine"))],
    );
    // The template makes a folder of its own file.
    case(
        &[("dir", "a\n")],
        &[("dir", "a\n")],
        &[("dir/b", "b\n")],
        &[("dir/b", "b\n")],
        &[("dir", What::Removed), ("dir/b", What::Added)],
    );
    case(
        &[("dir", "a\n")],
        &[("dir", "x\n")],
        &[("dir/b", "b\n")],
        &[("dir", "x\n")],
        &[
            ("dir", What::DeletedByTemplate),
            ("dir/b", by("dir/b", "dir")),
        ],
    );
    let base = lines(&[]);
    case(
        &[("dir", &base)],
        &[("dir", &base)],
        &[("dir/b", &base)],
        &[("dir/b", &base)],
        &[("dir/b", from("dir"))],
    );
    // What can't move stays where another was to go, which then waits as well.
    let other: String = (1..=10).map(|at| format!("other {at}\n")).collect();
    case(
        &[("dir", &base), ("s", &other)],
        &[("dir", &base), ("s", &other), ("shared", "mine\n")],
        &[("dir/b", &other), ("shared/x", &base)],
        &[("dir", &base), ("s", &other), ("shared", "mine\n")],
        &[("dir", by("shared/x", "shared")), ("s", by("dir/b", "dir"))],
    );
}

#[test]
fn a_class_that_changes_is_what_it_becomes() {
    let with = |base: &str, theirs: &str| Classes {
        base: Ownership::parse(base).unwrap(),
        theirs: Ownership::parse(theirs).unwrap(),
    };
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    let shared = "[shared]\nfiles = [\"f\"]\n";
    let platform = "[platform]\nfiles = [\"f\"]\n";
    let (b, o, t) = (
        &[("f", &base[..])][..],
        &[("f", &ours[..])][..],
        &[("f", &theirs[..])][..],
    );
    case_with(
        &with("", shared),
        b,
        o,
        t,
        &[("f", &both)],
        &[("f", What::Merged)],
    );
    case_with(
        &with(shared, ""),
        b,
        o,
        t,
        o,
        &[("f", yours(Example::Changed))],
    );
    case_with(&with("", platform), b, o, b, o, &[("f", edited(false))]);
    case_with(
        &with(platform, shared),
        b,
        o,
        t,
        &[("f", &both)],
        &[("f", What::Merged)],
    );
    // Of what the new version no longer has, the old one says whose it is.
    case_with(&with(platform, ""), b, b, &[], &[], &[("f", What::Removed)]);
    case_with(
        &with("", platform),
        b,
        b,
        &[],
        b,
        &[("f", yours(Example::Removed))],
    );
}

#[test]
fn what_is_no_text_gets_no_markers() {
    for file in ["s", "p"] {
        case(
            &[(file, "a\0")],
            &[(file, "b\0")],
            &[(file, "c\0")],
            &[(file, "b\0")],
            &[(file, What::Binary)],
        );
        case(
            &[(file, "a\n")],
            &[(file, "b\n")],
            &[(file, "c\0")],
            &[(file, "b\n")],
            &[(file, What::Binary)],
        );
        case(
            &[(file, "a\0")],
            &[(file, "a\0")],
            &[(file, "c\0")],
            &[(file, "c\0")],
            &[(file, What::Replaced)],
        );
        let link = &["s@", "p@"][usize::from(file == "p")];
        case(
            &[(link, "a")],
            &[(link, "b")],
            &[(link, "c")],
            &[(link, "b")],
            &[(file, What::Link)],
        );
        case(
            &[(link, "a")],
            &[(link, "a")],
            &[(link, "c")],
            &[(link, "c")],
            &[(file, What::Replaced)],
        );
        case(
            &[(file, "a\n")],
            &[(file, "b\n")],
            &[(link, "x")],
            &[(file, "b\n")],
            &[(file, What::Link)],
        );
    }
    let latin = |byte| {
        let entry = Entry {
            kind: Kind::File,
            bytes: vec![b'a', byte, b'\n'],
        };
        Tree::from([("s".to_owned(), entry)])
    };
    let merged = merge(
        &latin(0xe4),
        &latin(0xf6),
        &latin(0xfc),
        &classes(),
        &labels(),
    )
    .unwrap();
    assert_eq!(merged.tree, latin(0xf6));
    assert_eq!(merged.notes[0].what, What::Binary);
}

#[test]
fn line_endings_are_the_service_s() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    case(
        &[("s", &base)],
        &[("s", &crlf(&base))],
        &[("s", &theirs)],
        &[("s", &crlf(&theirs))],
        &[("s", What::Replaced)],
    );
    case(
        &[("s", &base)],
        &[("s", &crlf(&ours))],
        &[("s", &theirs)],
        &[("s", &crlf(&both))],
        &[("s", What::Merged)],
    );
    let torn = lines(&[(
        2,
        "<<<<<<< yours\nx\n||||||| 0.1.0\nline 2\n=======\ntheir 2\n>>>>>>> 0.2.0\n",
    )]);
    let clash = lines(&[(2, "x\n")]);
    case(
        &[("s", &base)],
        &[("s", &crlf(&clash))],
        &[("s", &theirs)],
        &[("s", &crlf(&torn))],
        &[("s", What::Conflict)],
    );
    // For the platform's they are no edit.
    case(
        &[("p", &base)],
        &[("p", &crlf(&base))],
        &[("p", &base)],
        &[("p", &crlf(&base))],
        &[],
    );
    case(
        &[("p", &base)],
        &[("p", &crlf(&base))],
        &[("p", &theirs)],
        &[("p", &crlf(&theirs))],
        &[("p", What::Replaced)],
    );
    case(
        &[("p", &base)],
        &[("p", &crlf(&base))],
        &[],
        &[],
        &[("p", What::Removed)],
    );
    // The template's own change of them is a change.
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("s", &crlf(&base))],
        &[("s", &crlf(&ours))],
        &[("s", What::Merged)],
    );
    // A mixed one is merged as it is.
    let odd = |text: &str| crlf(text).replace("line 8\r\n", "line 8\n");
    case(
        &[("s", &crlf(&base))],
        &[("s", &odd(&base))],
        &[("s", &crlf(&theirs))],
        &[("s", &odd(&theirs))],
        &[("s", What::Merged)],
    );
    let mixed = lines(&[(8, "line 8\r\n")]);
    let kept = lines(&[(2, "their 2\n"), (8, "line 8\r\n")]);
    case(
        &[("s", &base)],
        &[("s", &mixed)],
        &[("s", &base)],
        &[("s", &mixed)],
        &[],
    );
    case(
        &[("s", &base)],
        &[("s", &mixed)],
        &[("s", &theirs)],
        &[("s", &kept)],
        &[("s", What::Merged)],
    );
}

#[test]
fn any_name_and_any_end_will_do() {
    let (base, theirs) = (lines(&[]), lines(&[(2, "their 2\n")]));
    let ours = lines(&[(9, "our 9\n")]);
    let both = lines(&[(2, "their 2\n"), (9, "our 9\n")]);
    for name in ["a b", "a\"b", "a\\b", "größe", "a\nb", "a\tb", "-x", " "] {
        let (old, new) = (format!("shared/{name}"), format!("shared/new/{name}"));
        case(
            &[(&old, &base)],
            &[(&old, &ours)],
            &[(&new, &theirs)],
            &[(&new, &both)],
            &[(&new, from(&old)), (&new, What::Merged)],
        );
    }
    case(
        &[("s", "")],
        &[("s", "")],
        &[("s", "a\n")],
        &[("s", "a\n")],
        &[("s", What::Replaced)],
    );
    case(
        &[("s", "")],
        &[("s", "b\n")],
        &[("s", "a\n")],
        &[(
            "s",
            "<<<<<<< yours\nb\n||||||| 0.1.0\n=======\na\n>>>>>>> 0.2.0\n",
        )],
        &[("s", What::Conflict)],
    );
    case(
        &[("s", "a\n")],
        &[("s", "")],
        &[("s2", "")],
        &[("s", ""), ("s2", "")],
        &[("s", What::DeletedByTemplate), ("s2", What::Added)],
    );
    case(
        &[("s", "")],
        &[("s", "")],
        &[("s2", "")],
        &[("s2", "")],
        &[("s", What::Removed), ("s2", What::Added)],
    );
    let open = |text: &str| text.trim_end().to_owned();
    case(
        &[("s", &open(&base))],
        &[("s", &open(&ours))],
        &[("s", &open(&theirs))],
        &[("s", &open(&both))],
        &[("s", What::Merged)],
    );
    case(
        &[("s", "a")],
        &[("s", "b")],
        &[("s", "c")],
        &[(
            "s",
            "<<<<<<< yours\nb\n||||||| 0.1.0\na\n=======\nc\n>>>>>>> 0.2.0\n",
        )],
        &[("s", What::Conflict)],
    );
}

#[test]
fn lines_that_look_like_markers_are_lines() {
    let like = "<<<<<<< ours\n||||||| idp-merge-0-ours\n=======\n>>>>>>> theirs\n";
    let base = lines(&[(5, like)]);
    let ours = lines(&[(5, like), (1, "our 1\n")]);
    let theirs = lines(&[(5, like), (1, "their 1\n"), (10, "their 10\n")]);
    let torn = lines(&[
        (
            1,
            "<<<<<<< yours\nour 1\n||||||| 0.1.0\nline 1\n=======\ntheir 1\n>>>>>>> 0.2.0\n",
        ),
        (5, like),
        (10, "their 10\n"),
    ]);
    case(
        &[("s", &base)],
        &[("s", &ours)],
        &[("s", &theirs)],
        &[("s", &torn)],
        &[("s", What::Conflict)],
    );
}

#[test]
fn attributes_of_the_service_change_nothing() {
    let attributes = (
        ".gitattributes",
        "* merge=union -text binary conflict-marker-size=3\n",
    );
    case(
        &[("s", "a\n")],
        &[attributes, ("s", "b\n")],
        &[("s", "c\n")],
        &[
            attributes,
            (
                "s",
                "<<<<<<< yours\nb\n||||||| 0.1.0\na\n=======\nc\n>>>>>>> 0.2.0\n",
            ),
        ],
        &[("s", What::Conflict)],
    );
}

/// Everything above once more, with all that a user and a machine can set for git.
#[test]
fn the_user_s_git_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    };
    let attributes = "* merge=union text eol=crlf conflict-marker-size=3\n";
    let settings = "[core]\nautocrlf = true\neol = crlf\nabbrev = 4\n[merge]\nconflictStyle = zdiff3\nrenames = false\ndefault = union\nrenormalize = true\n[diff]\nrenames = false\nrenameLimit = 1\nalgorithm = patience\n[safe]\nbareRepository = explicit\n[init]\ndefaultObjectFormat = sha256\n[extensions]\nunheardOf = true\n";
    let config = write("gitconfig", settings);
    write("xdg/git/config", settings);
    write("xdg/git/attributes", attributes);
    write("template/info/attributes", attributes);
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["upgrade::merge::tests::", "--skip", "the_user_s_git"])
        .env("GIT_CONFIG_GLOBAL", &config)
        .env("GIT_CONFIG_SYSTEM", &config)
        .env("GIT_CONFIG_NOSYSTEM", "0")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "merge.conflictStyle")
        .env("GIT_CONFIG_VALUE_0", "merge")
        .env(
            "GIT_CONFIG_PARAMETERS",
            "'merge.conflictstyle'='zdiff3' 'merge.default'='union'",
        )
        .env("GIT_TEMPLATE_DIR", dir.path().join("template"))
        .env("GIT_DIR", dir.path())
        .env("GIT_DEFAULT_HASH", "sha256")
        .env("XDG_CONFIG_HOME", dir.path().join("xdg"))
        .env("HOME", dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && !said.contains(" 0 passed"),
        "{said}"
    );
}

#[test]
fn what_somebody_has_to_decide_is_a_conflict() {
    let path = String::new;
    let blocked = What::Blocked {
        theirs: path(),
        by: path(),
    };
    for what in [
        What::Conflict,
        edited(true),
        edited(false),
        What::DeletedByYou,
        What::DeletedByTemplate,
        What::Binary,
        What::Link,
        What::RenamedByBoth { theirs: path() },
        blocked,
    ] {
        assert!(what.is_conflict(), "{what:?}");
    }
    for what in [
        What::Added,
        What::Replaced,
        What::Merged,
        What::Removed,
        from(""),
        What::Followed { from: path() },
        yours(Example::Changed),
    ] {
        assert!(!what.is_conflict(), "{what:?}");
    }
}
