//! A page that offers to do as a job what a link asks for: a link changes nothing, and a job is
//! written down.

use askama::Template;
use web::Shell;

/// The page.
#[derive(Template)]
#[template(path = "job/offer.html")]
pub(crate) struct Offer {
    /// The frame.
    pub(crate) shell: Shell,
    /// What is made.
    pub(crate) title: String,
    /// Why it takes long.
    pub(crate) sentence: String,
    /// Where the form is sent.
    pub(crate) action: String,
    /// Its fields.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// The page that the link stands on.
    pub(crate) back: String,
}
