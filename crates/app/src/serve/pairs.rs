//! Forms in which a name stands more than once, as with check boxes in a list.

use axum::extract::{FromRequest, Request};
use web::Error;

use super::App;
use super::frame::signed_fields;

/// The fields of a form of one of our pages in their order, with the token of its session checked.
pub(crate) struct SignedPairs(Vec<(String, String)>);

impl SignedPairs {
    /// Every value of the name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether all names are among those that the page has; what no page of ours sends comes from
    /// somebody who tries.
    ///
    /// # Errors
    /// There is another name.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Error> {
        match self.0.iter().find(|(name, _)| !known.contains(&&**name)) {
            None => Ok(()),
            Some((field, _)) => {
                tracing::warn!(%field, "refused a form that no page of ours sends");
                Err(Error::Unreadable)
            }
        }
    }

    /// The first value of the name; empty when there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }
}

impl FromRequest<App> for SignedPairs {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        signed_fields(request, app).await.map(Self)
    }
}
