//! Places are those of the template.

use super::*;

#[test]
fn lines_are_found_again_around_liquid() {
    let template = "a: 1\n{% if x == \"y\" -%}\nb: {{ name }}/c@{{ref}}\n{%- raw %}\nc: ${{ d }}\n{%- endraw %}\ne: 2\n";
    let rendered = "a: 1\nb: orders/c@v1\nc: ${{ d }}\ne: 2\n";
    assert_eq!(
        lines(template, rendered),
        [Some(0), Some(2), Some(4), Some(6)]
    );
}

#[test]
fn a_line_that_nothing_gives_is_left_open() {
    assert_eq!(lines("a: 1\n{{ all }}\n", "b: 2\na: 1\n"), [None, Some(0)]);
}

#[test]
fn long_texts_are_found_as_far_as_they_begin_the_same() {
    let many = "a: 1\n".repeat(3_000);
    let found = lines(&format!("x\n{many}"), &format!("x\ny\n{many}"));
    assert_eq!(found[..2], [Some(0), None]);
    assert_eq!(lines(&many, &many)[2_999], Some(2_999));
}

#[test]
fn a_word_is_where_it_stands_or_the_tags_that_gave_it() {
    let template = "a: 1\n{%- if x %}\nname: \"{{n}}-app\"\n{%- else %}\nname: other\n{%- endif %}\nuses: {{o}}/x@{{ref}} # y\n";
    let rendered = "a: 1\nname: \"orders-app\"\nuses: acme/x@v1 # y\n";
    let of = |word: &str| {
        let at = rendered.find(word).unwrap();
        &template[place(template, rendered, &(at..at + word.len()))]
    };
    assert_eq!(of("\"orders-app\""), "\"{{n}}-app\"");
    assert_eq!(of("1"), "1");
    assert_eq!(of("a"), "a");
    assert_eq!(of("acme/x@v1"), "{{o}}/x@{{ref}}");
    assert_eq!(of("v1"), "{{o}}/x@{{ref}}");
    assert_eq!(of("y"), "y");
}

#[test]
fn a_line_without_origin_is_looked_for_behind_the_last_that_has_one() {
    let line = |template, rendered: &str, number: usize| {
        let start: usize = rendered
            .split_inclusive('\n')
            .take(number)
            .map(str::len)
            .sum();
        place(template, rendered, &(start..start))
    };
    let template = "a: 1\nb: 2\n{%- if x -%}\nc: {{d}}\n{%- endif %}\ne: 3\n";
    // The tag has taken the line break away.
    let rendered = "a: 1\nb: 2c: 4\ne: 3\n";
    assert_eq!(&template[line(template, rendered, 1)], "{%- if x -%}");
    assert_eq!(line("", "", 3), 0..0);
    assert_eq!(line("x {{y}}", "", 9), 0..7);
    assert_eq!(line("ü", "ä\nü\n", 9), 0..2);
}
