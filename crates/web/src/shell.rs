//! The frame of every page: header, sidebar, title line, and the sentence that says what the page
//! is for.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

use crate::error::Error;

/// One entry of the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavItem {
    /// The path.
    pub href: &'static str,
    /// An icon of the sprite.
    pub icon: &'static str,
    /// The word.
    pub label: &'static str,
}

/// What the frame shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// The region's name.
    pub region: String,
    /// The years that have data, newest first.
    pub years: Vec<i64>,
    /// The year that the page shows.
    pub year: i64,
    /// Who is logged in.
    pub person: String,
    /// What a form must send back.
    pub form_token: String,
    /// The sidebar.
    pub nav: Vec<NavItem>,
    /// The path of the sidebar's entry that the page belongs to.
    pub active: &'static str,
    /// Whether the figures are of the sample city.
    pub is_sample: bool,
}

impl Shell {
    /// The same frame with `active` marked in the sidebar.
    #[must_use]
    pub fn at(mut self, active: &'static str) -> Self {
        self.active = active;
        self
    }

    /// `aria-current` of a sidebar entry.
    pub fn is_active(&self, item: &NavItem) -> bool {
        item.href == self.active
    }
}

/// The template as an answer.
///
/// # Errors
/// It cannot be printed.
pub fn page(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}
