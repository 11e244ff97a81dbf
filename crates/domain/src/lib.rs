//! The rules of budget performance management (预算绩效管理), as functions of their arguments.
//!
//! Nothing in here reads a clock, a file, the network or chance, and nothing is asynchronous:
//! the server, the command line and the importer call the same functions and get the same
//! findings, scores and receipts.
#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::float_arithmetic,
        clippy::float_cmp,
        reason = "a score must be the same on every machine, and a bad form must never panic"
    )
)]

pub mod advice;
pub mod attachment;
pub mod audit;
pub mod budget;
pub mod check;
pub mod content;
pub mod deadline;
pub mod distribution;
pub mod finding;
pub mod form;
pub mod form_reader;
pub mod help;
pub mod identity;
pub mod indicator;
pub mod indicator_library;
pub mod metrics;
pub mod number;
pub mod organisation;
pub mod permission;
pub mod receipt;
pub mod review;
pub mod rulepack;
pub mod scoring;
pub mod search;
pub mod statement;
pub mod target;
pub mod verify;
pub mod workflow;
