//! The twin in FastAPI: what it has answered lies in `xtask/parity/`, and a service that a template generates is held
//! against it by a test of its own. Here that test gets its service, and `docs/parity.md` its figures.
//!
//! Nothing here runs Python, and nothing here judges an answer: `xtask/parity/service/tests/parity/` does.

mod differences;
mod overlay;
mod page;

pub(crate) use overlay::lay;
pub(crate) use page::page;

/// The template that promises to answer as FastAPI does.
pub(crate) const TEMPLATE: &str = "template-fastapi-style";

/// Where the recording is, relative to the pack's root.
pub(crate) const FOLDER: &str = "xtask/parity";

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// A guide whose code nobody compiles is wrong after a year.
    #[test]
    fn every_block_of_the_guide_is_compiled() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
        let (guide, code) = (
            read("docs/from-fastapi.md"),
            read("xtask/parity/service/src/guide.rs"),
        );
        let blocks: Vec<&str> = guide
            .split("```rust\n")
            .skip(1)
            .filter_map(|block| block.split("```").next())
            .collect();
        assert!(blocks.len() > 10);
        for block in blocks {
            assert!(
                code.contains(block.trim()),
                "write this into xtask/parity/service/src/guide.rs too, so that it is compiled:\n{block}"
            );
        }
    }
}
