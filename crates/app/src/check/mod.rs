//! Checks filed forms offline: reads a file and says what is wrong with it.

mod answer;
mod page;
pub(crate) mod read;
pub(crate) mod report;
mod transcribed_money;
mod transcription;
mod upload;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::serve::{Access, Route};

pub(crate) use upload::{Content, Upload};

/// Bytes of the findings that a page sends back to have them as a file.
const MOST_FINDINGS_BYTES: usize = 16 * 1024 * 1024;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/check",
            "/check",
            Access::Person,
            // The guard around all routes limits the body, and each file has its own limit.
            get(page::show)
                .post(page::check)
                .layer(DefaultBodyLimit::disable()),
        ),
        Route::new(
            "/check/findings",
            "/check/findings",
            Access::Person,
            post(page::save).layer(DefaultBodyLimit::max(MOST_FINDINGS_BYTES)),
        ),
    ]
}

#[cfg(test)]
mod damage;
#[cfg(test)]
mod layout_tests;
#[cfg(test)]
mod layouts;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod report_tests;
