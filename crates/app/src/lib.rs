//! The features, the server and the command line of jixiao (绩效).
//!
//! One folder for each feature; `commands` holds the command line, one file for each command.

mod api;
mod attachment;
mod audit;
mod budget;
mod check;
pub mod commands;
mod database;
mod home;
mod identity;
mod indicator_library;
mod job;
mod keys;
mod list;
pub mod metrics;
mod notice;
mod object;
mod organisation;
mod overview;
mod permission;
mod receipt;
mod review;
mod sample_city;
mod serve;
pub mod statement;
mod target;
mod workflow;
