//! A filled form as the official sheet, which prints alone.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::permission::{Action, Actor};
use web::{Error, Shell};

use super::store::form::{self as store, Form};
use super::store::last;
use super::{KIND, Stop};
use crate::permission::{Refused, demand};
use crate::serve::{App, Frame, now_text};
use crate::target;
use crate::workflow;

/// What the sheet says of the target.
struct Sheet {
    form: Form,
    name: String,
    unit: String,
    kind: &'static str,
    year: i64,
    budget: Option<domain::number::Fen>,
}

#[derive(Template)]
#[template(path = "review/form.html")]
struct FormPage {
    shell: Shell,
    sheet: Sheet,
}

/// `GET /targets/{id}/review/forms/{form}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path((id, form)): Path<(String, String)>,
) -> Result<Response, Error> {
    let actor = frame.actor;
    let now = now_text();
    let sheet = app
        .db
        .read(move |tx| read(tx, &actor, (&id, &form), &now))
        .await?;
    web::page(&FormPage {
        shell: frame.shell.at("/objects"),
        sheet,
    })
}

/// House rule: whoever sees the target sees its forms, because the unit mends by them; those of a
/// step that is not over are the reviewers'.
fn read(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (id, form): (&str, &str),
    now: &str,
) -> Result<Sheet, Stop> {
    let subject = demand(tx, actor, Action::View, KIND, id)?;
    let found = store::find(tx, form)?.filter(|found| found.target_id == id);
    let form = found.ok_or(Refused::NotFound)?;
    let reviews = domain::permission::decide(actor, Action::Review, &subject).is_allowed();
    if !form.is_decisive && !reviews {
        return Err(Refused::NotFound.into());
    }
    let kind = domain::workflow::RecordKind::PerformanceTarget;
    let pack = workflow::read(tx, kind, id, now)?.pack;
    let beside = target::beside(tx, id, None, pack)?.ok_or(Refused::NotFound)?;
    Ok(Sheet {
        budget: last::money(tx, &beside.object_id, beside.year)?.budget(),
        form,
        name: beside.object_name,
        unit: beside.unit_name,
        kind: beside.kind,
        year: beside.year,
    })
}

impl FormPage {
    fn budget(&self) -> Option<domain::number::Fen> {
        self.sheet.budget
    }
}

impl Sheet {
    /// How many rows from here on have the same aspect; 0 where the one before has it too.
    fn span(&self, place: usize) -> usize {
        let items = &self.form.items;
        let Some(item) = items.get(place) else {
            return 0;
        };
        let is_begun = place
            .checked_sub(1)
            .and_then(|before| items.get(before))
            .is_some_and(|before| before.aspect == item.aspect);
        if is_begun {
            return 0;
        }
        let same = |other: &&store::Item| other.aspect == item.aspect;
        items.iter().skip(place).take_while(same).count()
    }

    /// 2020-11-28
    fn day(&self) -> &str {
        self.form.written_at.get(..10).unwrap_or_default()
    }
}
