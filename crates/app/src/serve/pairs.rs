//! Forms in which a name stands more than once, as with check boxes in a list.

use axum::Form;
use axum::extract::{FromRequest, Request};
use web::Error;

use super::{App, Person};

/// The fields of a form of one of our pages in their order, with the token of its session checked.
pub(crate) struct SignedPairs(Vec<(String, String)>);

impl SignedPairs {
    /// Every value of the name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
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
        let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
        let (Some(person), Ok(Form(pairs))) = (person, form) else {
            return Err(Error::StalePage);
        };
        let pairs = Self(pairs);
        if web::token::same(&person.form_token, pairs.one("form_token")) {
            Ok(pairs)
        } else {
            Err(Error::StalePage)
        }
    }
}
