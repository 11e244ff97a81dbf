//! Light or dark: a form of three buttons, kept in a cookie.

use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::query::inside;
use web::{Error, Theme};

use super::Signed;

#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /appearance`: back to the page with the other colours.
pub(super) async fn choose(Signed(choice): Signed<Choice>) -> Result<Response, Error> {
    let theme = Theme::find(&choice.theme).ok_or(Error::Unreadable)?;
    let back = Redirect::to(inside(&choice.back).unwrap_or("/"));
    Ok(([(SET_COOKIE, theme.cookie()?)], back).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::http::header::{LOCATION, SET_COOKIE};
    use db::testing::TestDb;

    use crate::database::MIGRATIONS;
    use crate::serve::testing::TestSite;

    #[test]
    fn a_choice_of_colours_leads_back_to_the_page_and_nowhere_else() {
        let test = TestDb::sqlite(MIGRATIONS);
        let site = TestSite::logged_in(&test);
        for (back, to) in [
            ("%2Fobjects%3Fyear%3D2020", "/objects?year=2020"),
            ("%2F%2Fevil.example", "/"),
            ("https%3A%2F%2Fevil.example", "/"),
            ("%2F%5Cevil.example", "/"),
        ] {
            let answer = site.post("/appearance", &format!("theme=dark&back={back}"));
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert_eq!(answer.headers[LOCATION], to);
            let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
            assert!(cookie.starts_with("jixiao_theme=dark;"), "{cookie}");
        }
        let unknown = site.post("/appearance", "theme=pink&back=%2F");
        assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    }
}
