//! A form of ours with fields that stand in it more than once, such as the rows of a batch.

use axum::Form;
use axum::extract::{FromRequest, Request};
use web::Error;

use crate::serve::{App, Person};

/// Most rows that a batch takes at once.
///
/// House rule: five pages of a list; what is more is chosen by conditions, not by hand.
pub(crate) const MOST_ROWS: usize = 500;

/// The fields of a form with the token of its session checked.
pub(crate) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The field `name`; empty where it is not there.
    pub(crate) fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// Every field `name`, in the order of the form.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let found = self.0.iter().filter(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).collect()
    }

    /// The rows of a batch, each once.
    ///
    /// # Errors
    /// None is chosen, or too many.
    pub(crate) fn rows(&self) -> Result<Vec<String>, Error> {
        let mut rows = self.all("id");
        rows.sort_unstable();
        rows.dedup();
        if rows.is_empty() {
            let sentence = "还没有勾选：请返回列表，勾选要处理的行后再试";
            return Err(Error::Refused(sentence.to_owned()));
        }
        if rows.len() > MOST_ROWS {
            return Err(Error::Refused(format!(
                "一次最多处理 {MOST_ROWS} 行：请分几次勾选"
            )));
        }
        Ok(rows)
    }
}

impl FromRequest<App> for Pairs {
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
