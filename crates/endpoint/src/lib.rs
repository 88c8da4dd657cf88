//! The reference endpoint of Countersign as a library: `policy` evaluates, `store` keeps, `desk` decides, and
//! every other module speaks to the desk. The binary is `main.rs`. Rules without I/O are `oversight`'s.

#![forbid(unsafe_code)]

pub mod client;
pub mod command;
pub mod demo;
pub mod desk;
pub mod http;
pub mod policy;
pub mod store;
