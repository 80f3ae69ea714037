//! What files hold: lines, line endings, and what has neither.

use super::super::note::What;
use super::*;

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
fn markers_in_a_mixed_file_have_the_names_that_people_know() {
    let crlf = |changes| {
        lines(changes)
            .replace('\n', "\r\n")
            .replace("line 8\r", "line 8")
    };
    let merged = merge(
        &tree(&[("s", &crlf(&[]))]),
        &tree(&[("s", &crlf(&[(2, "our 2\n")]))]),
        &tree(&[("s", &crlf(&[(2, "their 2\n")]))]),
        &classes(),
        &labels(),
    )
    .unwrap();
    let torn = [
        "<<<<<<< yours",
        "our 2",
        "||||||| 0.1.0",
        "line 2",
        "=======",
        "their 2",
        ">>>>>>> 0.2.0\n",
    ];
    let torn = crlf(&[(2, &torn.join("\n"))]);
    assert_eq!(shown(&merged.tree), [("s".to_owned(), torn)]);
}
