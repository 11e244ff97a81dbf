//! Files that people exchange: workbooks, Word documents, plain documents, and what is attached.
//!
//! This crate knows tables and text; it does not know what they are about.

pub mod document;
pub mod docx;
pub mod html;
pub mod markdown;
pub mod media;
#[cfg(test)]
mod sample;
pub mod workbook;
