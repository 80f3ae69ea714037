//! The functions that expressions may call.

/// A function of GitHub's.
#[derive(Debug)]
pub struct Function {
    /// Its name; letters of either case are the same.
    pub name: &'static str,
    /// How many arguments it takes at least.
    pub least: usize,
    /// And at most.
    pub most: usize,
    /// Whether it may stand everywhere, or where a table says so.
    pub everywhere: bool,
}

const fn function(name: &'static str, least: usize, most: usize, everywhere: bool) -> Function {
    Function {
        name,
        least,
        most,
        everywhere,
    }
}

/// All of them.
pub const FUNCTIONS: &[Function] = &[
    function("always", 0, 0, false),
    function("cancelled", 0, 0, false),
    function("case", 3, 255, true),
    function("contains", 2, 2, true),
    function("endsWith", 2, 2, true),
    function("failure", 0, 255, false),
    function("format", 1, 255, true),
    function("fromJSON", 1, 1, true),
    function("hashFiles", 1, 255, false),
    function("join", 1, 2, true),
    function("startsWith", 2, 2, true),
    function("success", 0, 255, false),
    function("toJSON", 1, 1, true),
];
