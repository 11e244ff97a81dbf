//! 账号管理: who has an account, made, changed and imported by the system administrator.

mod edit;
mod import;
mod list;
mod new;
mod show;
mod wish;

pub(super) use new::login_flaw;

use axum::routing::{get, post};
use domain::permission::Action;

use crate::serve::{Access, Route};

/// The routes of the accounts' pages.
pub(super) fn routes() -> Vec<Route> {
    let view = Access::May(Action::ViewAccounts);
    let manage = Access::May(Action::ManageUsers);
    vec![
        Route::new("/accounts", "/accounts", view, get(list::show)),
        Route::new(
            "/accounts/new",
            "/accounts/new",
            manage,
            get(new::form).post(new::create),
        ),
        Route::new(
            "/accounts/import",
            "/accounts/import",
            manage,
            get(import::form).post(import::preview),
        ),
        Route::new(
            "/accounts/import/template",
            "/accounts/import/template",
            manage,
            get(import::template),
        ),
        Route::new(
            "/accounts/import/confirmation",
            "/accounts/import/confirmation",
            manage,
            post(import::confirm),
        ),
        Route::new("/accounts/{id}", "/accounts/none", view, get(show::show)),
        Route::new(
            "/accounts/{id}/edit",
            "/accounts/none/edit",
            manage,
            get(edit::form).post(edit::save),
        ),
        Route::new(
            "/accounts/{id}/requests",
            "/accounts/none/requests",
            Access::May(Action::MakeTogether),
            post(wish::ask),
        ),
    ]
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldError {
    pub(super) field: &'static str,
    pub(super) sentence: String,
}

impl FieldError {
    pub(super) fn new(field: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            field,
            sentence: sentence.into(),
        }
    }
}

/// A new account's id.
fn fresh_id() -> Result<String, web::Error> {
    let secret = web::token::secret()?;
    Ok(format!("ac-{}", secret.get(..16).unwrap_or(&secret)))
}
