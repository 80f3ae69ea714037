//! What cargo-generate offers to templates and hooks: variables, filters, tags, modules and functions.
//!
//! Only what both ends of the supported range have (0.23.14 and 0.26.0), read off their sources. Tests hold the Liquid
//! lists against the `liquid` crate; nothing here looks at a template.

/// The oldest cargo-generate that templates are held against.
pub const FLOOR: (u64, u64, u64) = (0, 23, 14);

/// Variables that hold text without anybody asking for it.
pub const TEXT_VARIABLES: &[&str] = &[
    "authors",
    "crate_name",
    "crate_type",
    "os-arch",
    "project-name",
    "username",
];

/// Variables that hold yes or no without anybody asking for it.
pub const BOOL_VARIABLES: &[&str] = &["is_init", "within_cargo_project"];

/// Names that cargo-generate refuses as placeholders.
pub const RESERVED: &[&str] = &[
    "authors",
    "crate_name",
    "crate_type",
    "is_init",
    "os-arch",
    "project-name",
    "within_cargo_project",
];

/// Every variable that stands without anybody asking for it.
pub fn built_in() -> impl Iterator<Item = &'static str> {
    TEXT_VARIABLES.iter().chain(BOOL_VARIABLES).copied()
}

/// Liquid's filters, and cargo-generate's at the end.
pub const FILTERS: &[&str] = &[
    "abs",
    "append",
    "at_least",
    "at_most",
    "capitalize",
    "ceil",
    "compact",
    "concat",
    "date",
    "default",
    "divided_by",
    "downcase",
    "escape",
    "escape_once",
    "first",
    "floor",
    "join",
    "last",
    "lstrip",
    "map",
    "minus",
    "modulo",
    "newline_to_br",
    "plus",
    "prepend",
    "remove",
    "remove_first",
    "replace",
    "replace_first",
    "reverse",
    "round",
    "rstrip",
    "size",
    "slice",
    "sort",
    "sort_natural",
    "split",
    "strip",
    "strip_html",
    "strip_newlines",
    "times",
    "truncate",
    "truncatewords",
    "uniq",
    "upcase",
    "url_decode",
    "url_encode",
    "where",
    "kebab_case",
    "lower_camel_case",
    "pascal_case",
    "rhai",
    "shouty_kebab_case",
    "shouty_snake_case",
    "snake_case",
    "title_case",
    "upper_camel_case",
];

/// The filters that cargo-generate adds to Liquid's; each takes no arguments.
pub fn own_filters() -> &'static [&'static str] {
    FILTERS.split_at(FILTERS.len() - 9).1
}

/// Tags that open a block, each with the tag that ends it.
pub const BLOCKS: &[(&str, &str)] = &[
    ("raw", "endraw"),
    ("if", "endif"),
    ("unless", "endunless"),
    ("ifchanged", "endifchanged"),
    ("for", "endfor"),
    ("tablerow", "endtablerow"),
    ("comment", "endcomment"),
    ("capture", "endcapture"),
    ("case", "endcase"),
];

/// Tags that stand alone. `include` and `render` are left out: cargo-generate has no partials to include.
pub const TAGS: &[&str] = &[
    "assign",
    "break",
    "continue",
    "cycle",
    "decrement",
    "else",
    "elsif",
    "increment",
    "when",
];

/// What a script can call.
pub struct Offered {
    /// Modules with their functions.
    pub modules: &'static [(&'static str, Functions)],
    /// Functions beside Rhai's own, each of one argument.
    pub functions: &'static [&'static str],
}

/// What hooks can call.
pub const HOOKS: Offered = Offered {
    modules: MODULES,
    functions: FUNCTIONS,
};

/// Functions, each with the numbers of arguments that it takes.
pub type Functions = &'static [(&'static str, &'static [usize])];

/// The modules that hooks have.
pub const MODULES: &[(&str, Functions)] = &[
    (
        "variable",
        &[
            ("get", &[1]),
            ("is_set", &[1]),
            ("prompt", &[1, 2, 3]),
            ("set", &[2]),
        ],
    ),
    (
        "file",
        &[
            ("delete", &[1]),
            ("exists", &[1]),
            ("listdir", &[0, 1]),
            ("rename", &[2]),
            ("write", &[2]),
        ],
    ),
    ("system", &[("command", &[1, 2]), ("date", &[0])]),
    ("env", &[]),
];

/// The constants of the module `env`.
pub const ENV: &[&str] = &["working_directory", "destination_directory"];

/// The functions that hooks have beside Rhai's own, each of one argument.
pub const FUNCTIONS: &[&str] = &[
    "abort",
    "to_kebab_case",
    "to_lower_camel_case",
    "to_pascal_case",
    "to_shouty_kebab_case",
    "to_shouty_snake_case",
    "to_snake_case",
    "to_title_case",
    "to_upper_camel_case",
];

/// What Rhai treats as a function without having it in a list, of any number of arguments.
pub const KEYWORDS: &[&str] = &[
    "Fn",
    "call",
    "curry",
    "debug",
    "eval",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "print",
    "type_of",
];
