//! Where files stand: renamed, in the way, and under any name.

use super::super::note::What;
use super::*;

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
    let other: String = lines(&[]).replace("line", "other");
    case(
        &[("dir", &base), ("s", &other)],
        &[("dir", &base), ("s", &other), ("shared", "mine\n")],
        &[("dir/b", &other), ("shared/x", &base)],
        &[("dir", &base), ("s", &other), ("shared", "mine\n")],
        &[("dir", by("shared/x", "shared")), ("s", by("dir/b", "dir"))],
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
