//! 得分回执: any receipt as a part of a page, its recomputation before the reader's eyes, and its
//! file.

#[cfg(test)]
mod tests;
mod verification;
mod view;
mod words;

use axum::routing::{get, post};

pub(crate) use view::ReceiptPart;

use crate::serve::{Access, Route};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/receipts/verification",
            "/receipts/verification",
            Access::Person,
            get(verification::form).post(verification::verify),
        ),
        Route::new(
            "/receipts/file",
            "/receipts/file",
            Access::Person,
            post(verification::file),
        ),
    ]
}
