//! The overview page.

use askama::Template;
use axum::response::Response;
use web::{Error, Shell};

use crate::serve::Frame;

#[derive(Template)]
#[template(path = "overview/overview.html")]
struct OverviewPage {
    shell: Shell,
}

/// `GET /`
pub(super) async fn show(frame: Frame) -> Result<Response, Error> {
    web::page(&OverviewPage {
        shell: frame.shell.at("/"),
    })
}
