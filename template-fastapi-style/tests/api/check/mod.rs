//! What types accept: how a schema is compiled, and what serde's compositions become.

mod compile;
mod fit;
mod pairs;
mod shapes;
