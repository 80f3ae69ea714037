//! model
mod hooks;
mod liquid;
mod text;
mod vocabulary;
