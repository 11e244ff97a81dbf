//! Who a program acts for.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use super::token::{self, store};
use crate::identity::store::session::{Proof, Stage};
use crate::serve::{App, Person, now_text};

/// Lets only a request with a good token pass, and tells the handlers whose it is. A session's
/// cookie counts for nothing here: a page of another site cannot make a browser send a token.
pub(crate) async fn require_token(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    match find_caller(&app, request.headers()).await {
        Ok(Some(person)) => {
            if let Err(error) = app.programs.pass(&person.session, Instant::now()) {
                return Problem::from(error).into_response();
            }
            request.extensions_mut().insert(person);
            next.run(request).await
        }
        Ok(None) => {
            tracing::warn!(path = %request.uri().path(), "a program without a good token");
            Problem::nobody().into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// The token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let token = token.trim();
    let is_ours = scheme.eq_ignore_ascii_case("Bearer") && token.starts_with(token::PREFIX);
    is_ours.then_some(token)
}

async fn find_caller(app: &App, headers: &HeaderMap) -> Result<Option<Person>, Problem> {
    let Some(token) = bearer(headers) else {
        return Ok(None);
    };
    let digest = web::token::digest(token);
    let (key, now) = (digest.clone(), now_text());
    let day = now.get(..10).unwrap_or_default().to_owned();
    let found = app
        .db
        .read(move |tx| store::find_holder(tx, &key, &now))
        .await?;
    let Some((holder, used_on)) = found else {
        return Ok(None);
    };
    if used_on.as_deref() != Some(&*day) {
        let key = digest.clone();
        app.db
            .write(move |tx| store::set_used(tx, &key, &day))
            .await?;
    }
    Ok(Some(Person {
        account: holder.actor.id.0.clone(),
        login: holder.login,
        name: holder.name,
        actor: holder.actor,
        // No form is ever filled with this; a page's form token cannot be made from it.
        form_token: web::token::digest(&format!("api:{token}")),
        session: digest,
        stage: Stage::Full,
        proof: Proof::Password,
        notice: None,
    }))
}
