//! Forms in which a name stands more than once, as with check boxes in a list.

use axum::Form;
use axum::extract::{FromRequest, Request};
use web::Error;

use super::frame::FORM_TOKEN;
use super::{App, Person};

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
        let is_known = |name: &str| name == FORM_TOKEN || known.contains(&name);
        match self.0.iter().find(|(name, _)| !is_known(name)) {
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
        let person = request.extensions().get::<Person>().cloned();
        let path = request.uri().path().to_owned();
        let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
        let (Some(person), Ok(Form(pairs))) = (person, form) else {
            tracing::warn!(%path, "refused a form that cannot be read");
            return Err(Error::StalePage);
        };
        let (pairs, login) = (Self(pairs), &person.login);
        let tokens: Vec<&str> = pairs.all(FORM_TOKEN).collect();
        let is_ours = matches!(tokens[..], [token] if web::token::same(&person.form_token, token));
        if !is_ours {
            tracing::warn!(%login, %path, "refused a form without its session's token");
            return Err(Error::StalePage);
        }
        if pairs.0.iter().any(|(_, value)| value.contains('\0')) {
            // No text of ours has a NUL, and PostgreSQL takes none.
            tracing::warn!(%login, %path, "refused a form with a NUL in a text");
            return Err(Error::Unreadable);
        }
        Ok(pairs)
    }
}
