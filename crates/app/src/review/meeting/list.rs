//! The year's meetings.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::permission::{Action, may};
use web::{Error, Shell};

use crate::review::store::agenda::{self, Filter};
use crate::review::store::session::{self, Session, Whose};
use crate::serve::{App, Frame};

#[derive(Template)]
#[template(path = "review/meeting/list.html")]
struct ListPage {
    shell: Shell,
    sessions: Vec<Session>,
    /// How many targets wait for a meeting.
    waiting: i64,
    may_arrange: bool,
}

/// `GET /joint-reviews`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let whose = Whose::of(&frame.actor);
    let may_arrange = may(&frame.actor, Action::Arrange).is_allowed();
    let (region, year) = (frame.region_code.clone(), frame.shell.year);
    let (sessions, waiting) = app
        .db
        .read(move |tx| {
            let waiting = if may_arrange {
                agenda::waiting(tx, (&region, year), &Filter::default(), 0)?.1
            } else {
                0
            };
            Ok::<_, db::Error>((session::all(tx, &whose, year)?, waiting))
        })
        .await?;
    web::page(&ListPage {
        shell: frame.shell.at("/joint-reviews"),
        sessions,
        waiting,
        may_arrange,
    })
}
