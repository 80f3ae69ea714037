//! Whose a file is, and what that means for it.

use super::super::note::{Example, What};
use super::*;

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
fn what_one_deleted_and_the_other_changed_is_named() {
    for file in ["s", "p"] {
        let (a, b) = (&[(file, "a\n")][..], &[(file, "b\n")][..]);
        let merged = case(a, &[], b, &[], &[(file, What::DeletedByYou)]);
        assert_eq!(shown(&merged.aside), [(file.to_owned(), "b\n".to_owned())]);
        case(a, b, &[], b, &[(file, What::DeletedByTemplate)]);
    }
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
