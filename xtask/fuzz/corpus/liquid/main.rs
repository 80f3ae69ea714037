mod metrics;
mod labels;
mod store {
    mod table;
}
// mod comment;
const QUERY: &str = include_str!("../sql/items.sql");
fn main() {
    println!("{}{QUERY}", env!("CARGO_PKG_NAME"));
}
