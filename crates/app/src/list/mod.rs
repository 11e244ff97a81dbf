//! 列表: what each person keeps of each list, the rows of a batch, and lists as files. How a list
//! is printed is [`web::list`]'s.

mod export;
mod file;
mod keep;
mod rows;
mod store;
#[cfg(test)]
mod tests;

use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use web::Error;
use web::list::{Definition, Kept};

pub(crate) use export::{Asked, Source, export, save};
pub(crate) use file::{Format, MOST_FILE_ROWS, file};
pub(crate) use rows::chosen_rows;

use crate::serve::{Access, App, Frame, Route};
use crate::{audit, budget, home, object, review};

/// Every list of which a person can keep something.
pub(crate) const LISTS: &[&Definition] = &[
    &object::LIST,
    &audit::LIST,
    &home::LIST,
    &review::LIST,
    &budget::LIST,
];

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/lists/{list}/layout",
            "/lists/objects/layout",
            Access::Person,
            post(keep::layout),
        ),
        Route::new(
            "/lists/{list}/files",
            "/lists/objects/files",
            Access::Person,
            post(export::begin),
        ),
        Route::new(
            "/lists/{list}/views",
            "/lists/objects/views",
            Access::Person,
            post(keep::keep),
        ),
        Route::new(
            "/lists/{list}/views/deletion",
            "/lists/objects/views/deletion",
            Access::Person,
            post(keep::forget),
        ),
    ]
}

/// What the person keeps of the list.
///
/// # Errors
/// The database fails.
pub(crate) async fn kept(
    app: &App,
    frame: &Frame,
    definition: &'static Definition,
) -> Result<Kept, Error> {
    let actor = frame.actor.clone();
    let read = app
        .db
        .read(move |tx| store::kept(tx, &actor, definition.name));
    Ok(read.await?)
}

/// How a list opens.
pub(crate) enum Opened {
    /// With what the person keeps of it.
    Here(Kept),
    /// With the person's usual view, which lies at another address.
    Elsewhere(Response),
}

/// Opens the list at an address with the query string `query`: where it chooses nothing, with the
/// person's usual view.
///
/// # Errors
/// The database fails.
pub(crate) async fn open(
    app: &App,
    frame: &Frame,
    definition: &'static Definition,
    query: Option<&str>,
) -> Result<Opened, Error> {
    let kept = kept(app, frame, definition).await?;
    let chooses = query.unwrap_or_default().split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && name != "year"
    });
    let usual = kept.views.iter().find(|view| view.is_usual && !chooses);
    Ok(match usual {
        Some(view) => {
            let (path, year, query) = (definition.path, frame.shell.year, &view.query);
            let address = format!("{path}?year={year}&view=-&{query}");
            Opened::Elsewhere(Redirect::to(&address).into_response())
        }
        None => Opened::Here(kept),
    })
}
