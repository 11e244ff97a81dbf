//! Files that people exchange: workbooks, Word documents and plain documents.
//!
//! This crate knows tables and text; it does not know what they are about.

pub mod document;
pub mod docx;
pub mod html;
pub mod markdown;
#[cfg(test)]
mod sample;
pub mod workbook;
