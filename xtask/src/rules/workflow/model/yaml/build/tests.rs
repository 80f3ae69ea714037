//! Places, keys that stand twice, and bounds.

use super::*;

#[test]
fn every_key_and_scalar_knows_its_place() {
    let text = "größe: 1\njobs:\n  a:\n    - 'x ''y'\n    - |\n      long\n  b: {c: ü}\nq: \"a\\\"#\" # 'b'\n";
    let (root, faults) = parse(text);
    let root = root.unwrap();
    assert_eq!(faults, []);
    let entry = root.entry("größe").unwrap();
    assert_eq!(&text[entry.key.span.clone()], "größe");
    let items = root.at(&["jobs", "a"]).unwrap().items();
    assert_eq!(&text[items[0].span.clone()], "'x ''y'");
    assert_eq!(items[0].text(), Some("x 'y"));
    assert_eq!(items[1].text(), Some("long\n"));
    let c = root.at(&["jobs", "b", "c"]).unwrap();
    assert_eq!(&text[c.span.clone()], "ü");
    let quoted = root.get("q").unwrap();
    assert_eq!(&text[quoted.span.clone()], "\"a\\\"#\"");
    assert_eq!(quoted.text(), Some("a\"#"));
}

#[test]
fn a_key_that_stands_twice_is_named_where_it_stands_again() {
    let text = "a: 1\nb: 2\na: 3\n";
    let (root, faults) = parse(text);
    assert_eq!(root.unwrap().get("a").unwrap().text(), Some("1"));
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].span,
        text.rfind('a').unwrap()..text.rfind('a').unwrap() + 1
    );
}

#[test]
fn bombs_are_bounded() {
    let mut aliases = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..30 {
        let list = vec![format!("*a{}", n - 1); 9].join(", ");
        aliases += &format!("a{n}: &a{n} [{list}]\n");
    }
    for (text, word) in [
        (aliases, "aliases"),
        ("[".repeat(200), "levels deep"),
        // The parser has a bound of its own.
        ("[".repeat(100_000), ""),
        ("{a: ".repeat(200), "levels deep"),
        ("{a: ".repeat(100_000), ""),
        ("- ".repeat(200), "levels deep"),
        ("- ".repeat(100_000), ""),
        ("x".repeat(10 << 20), "bytes"),
        ("a: &a [*a]".into(), "inside of what it stands for"),
        ("---\na: 1\n---\nb: 2\n".into(), "second document"),
        ("? [a]\n: b".into(), "a key that is a map"),
        ("a: [".into(), "no YAML"),
        ("a: \t- b\n  c: d: e".into(), "no YAML"),
    ] {
        let (root, faults) = parse(&text);
        assert!(root.is_none());
        let found = &faults.last().unwrap().message;
        assert!(found.contains(word), "{found}");
    }
}
