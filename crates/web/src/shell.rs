//! The frame of every page: header, sidebar, title line, and the sentence that says what the page
//! is for.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

use crate::error::Error;
use crate::theme::Theme;

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

/// Entries of the sidebar that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavGroup {
    /// What they are about; empty for those that come first.
    pub label: &'static str,
    /// The entries.
    pub entries: Vec<NavEntry>,
}

/// An entry, and how much of it waits for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavEntry {
    /// The entry.
    pub item: NavItem,
    /// How many records or notices wait; 0 for none.
    pub waiting: i64,
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
    pub nav: Vec<NavGroup>,
    /// The path of the sidebar's entry that the page belongs to.
    pub active: &'static str,
    /// Whether the figures are of the sample city.
    pub is_sample: bool,
    /// Light or dark.
    pub theme: Theme,
    /// The page's own path and query, to come back to.
    pub here: String,
    /// What the person must know of the account, on every page: when it was last used.
    pub notice: Option<Notice>,
}

/// A sentence above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub sentence: String,
    /// Whether something is wrong.
    pub is_bad: bool,
    /// The path and the word of the link that leads on.
    pub link: (&'static str, &'static str),
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
