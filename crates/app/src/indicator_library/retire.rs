//! Taking an indicator out of use, and back.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::indicator_library::Entry;
use serde::Deserialize;
use web::Error;

use super::edit::reason_problem;
use super::{Stop, put, show};
use crate::serve::{App, Frame, Person, Signed, now_text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    version: String,
    act: String,
    successor: String,
    reason: String,
}

/// `POST /indicator-library/{id}/retirement`
pub(super) async fn retire(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(wish): Signed<Wish>,
) -> Result<Response, Error> {
    let seen: i64 = wish.version.parse().map_err(|_| Error::Unreadable)?;
    let is_end = match wish.act.as_str() {
        "retire" => true,
        "restore" => false,
        _ => return Err(Error::Unreadable),
    };
    let reason = wish.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Error::Refused("请填写原因，以后看历史才明白。".to_owned()));
    }
    if let Some((_, sentence)) = reason_problem(&reason) {
        return Err(Error::Refused(sentence));
    }
    let (region, now) = (frame.region_code, now_text());
    let successor = wish.successor.trim().to_owned();
    let to = format!("/indicator-library/{id}?done=changed");
    app.db
        .write(move |tx| {
            let found = show::visible(tx, (&person.actor, &region), &id)?;
            let kept = found.ok_or(Stop::Told(Error::NotFound))?;
            if kept.version != seen {
                let sentence = "您打开以后别人保存了新版，请刷新页面看过新版再办。";
                return Err(Stop::Told(Error::Refused(sentence.to_owned())));
            }
            let entry = Entry {
                retired_on: if is_end {
                    now.get(..10).unwrap_or_default().to_owned()
                } else {
                    String::new()
                },
                successor: if is_end {
                    successor.clone()
                } else {
                    String::new()
                },
                ..kept.entry.clone()
            };
            if entry == kept.entry {
                return Ok(());
            }
            put(tx, (&person, &region, &now), (Some(&kept), &entry), &reason).map(drop)
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}
