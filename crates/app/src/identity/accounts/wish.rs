//! Asking for a change of an account.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::identity::Change;
use domain::permission::Role;
use serde::Deserialize;
use web::Error;

use super::new::{ROLE, are_boxes};
use super::{fresh_id, show};
use crate::identity::privileged::{self, Grant, Payload, Refused, Wish};
use crate::identity::store::directory;
use crate::identity::store::privileged::Place;
use crate::identity::store::{self};
use crate::serve::{App, Frame, Person, Signed, now_text};

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Typed {
    change: Change,
    reason: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    successor: String,
    /// The check boxes of the roles.
    #[serde(flatten)]
    boxes: BTreeMap<String, String>,
}

/// `POST /accounts/{id}/requests`
pub(super) async fn ask(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    if !are_boxes(&typed.boxes) {
        return Err(Error::Unreadable);
    }
    let request = fresh_id()?.replace("ac-", "pc-");
    let (account, key, wanted) = (id.clone(), request.clone(), typed.clone());
    let done = app.db.write(move |tx| {
        if wanted.change == Change::SetRetention {
            return Err(Refused::NotFound);
        }
        store::find_by_id(tx, &account)?.ok_or(Refused::NotFound)?;
        let wish = Wish {
            change: wanted.change,
            payload: payload(tx, &account, &wanted)?,
            subject: account.clone(),
            reason: wanted.reason.clone(),
        };
        let who = (&person.actor, &*person.login);
        privileged::ask(tx, who, &wish, &key, &now_text())
    });
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/privileged-changes/{request}")).into_response()),
        Err(Refused::Because(sentence)) => {
            show::page(&app, frame, id, Some(sentence), typed.reason).await
        }
        Err(refused) => Err(refused.into()),
    }
}

/// What exactly is asked for.
fn payload(tx: &mut Tx<'_>, account: &str, typed: &Typed) -> Result<Payload, Refused> {
    let mut payload = Payload::default();
    match typed.change {
        Change::GrantRoles | Change::RevokeRoles => {
            let ticked = |role: &Role| typed.boxes.contains_key(&format!("{ROLE}{}", role.name()));
            let roles = Role::ALL.into_iter().filter(ticked);
            payload.grants = vec![Grant {
                account: account.to_owned(),
                roles: roles.map(|role| role.name().to_owned()).collect(),
            }];
        }
        Change::Rebind => payload.place = Some(place(tx, typed)?),
        Change::HandOver => {
            let successor = store::find_account(tx, typed.successor.trim())?;
            payload.successor = successor.map(|successor| successor.id);
        }
        _ => {}
    }
    Ok(payload)
}

fn place(tx: &mut Tx<'_>, typed: &Typed) -> Result<Place, Refused> {
    let code = typed.unit.trim();
    let unit = match code {
        "" => None,
        code => {
            let found = directory::unit_by_code(tx, code)?;
            let unknown = || Refused::Because(format!("没有编码为 {code} 的单位，请核对。"));
            Some(found.ok_or_else(unknown)?.0)
        }
    };
    let or_none = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Place {
        unit,
        section: or_none(&typed.section),
        subject: or_none(&typed.subject),
    })
}
