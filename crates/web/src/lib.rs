//! The web pages without their features: frame, assets, sessions, errors, tables and how values
//! are printed.
//!
//! Invariants: no feature's name and no SQL stands in here; an internal cause never reaches a
//! page; nothing a page shows needs a script or an inline style.

// Templates name their functions with the crate's name, here as in the crates that use them.
extern crate self as web;

pub mod assets;
mod csv_file;
pub mod error;
pub mod guard;
mod help;
pub mod https;
pub mod list;
pub mod pace;
pub mod password;
pub mod proxy;
pub mod query;
pub mod refusal;
pub mod shell;
pub mod show;
pub mod theme;
pub mod throttle;
pub mod token;

pub use csv_file::{CSV_TYPE, attach, csv_bytes, csv_file};
pub use error::Error;
pub use help::{Help, HelpList, help, help_list};
pub use shell::{NavEntry, NavGroup, NavItem, Notice, Shell, page};
pub use show::{date, icon, light, money, nothing, points};
pub use theme::Theme;
