//! What a person was told, the newest first, and where the person's mail goes.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::query::{Cursor, Query as Address};
use web::{Error, Shell};

use super::mail::is_address;
use super::store::{self, Contact, Kept};
use crate::audit::{self, Change};
use crate::serve::{App, Frame, Person, Signed, now_text, today};

/// Notices of a page.
const ROWS: i64 = 50;

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    /// `unread` shows only those.
    show: String,
    after: String,
    /// `1` when the address for mail was just saved.
    saved: String,
}

/// A notice as it is printed.
struct Line {
    id: String,
    kind: &'static str,
    title: String,
    body: Vec<String>,
    from: String,
    at: String,
    is_unread: bool,
}

impl Line {
    fn new(kept: Kept) -> Self {
        Self {
            kind: word(&kept.kind),
            body: kept.body.lines().map(str::to_owned).collect(),
            from: kept.sent_by.unwrap_or_default(),
            at: minute(&kept.made_at),
            is_unread: kept.read_at.is_none(),
            id: kept.id,
            title: kept.title,
        }
    }
}

fn word(kind: &str) -> &'static str {
    match kind {
        "reminder" => "到期提醒",
        "urging" => "催报",
        "system" => "系统",
        _ => "待办",
    }
}

/// `2020-11-20 08:00`
pub(crate) fn minute(moment: &str) -> String {
    let minute = moment.chars().take(16);
    minute.map(|c| if c == 'T' { ' ' } else { c }).collect()
}

#[derive(Template)]
#[template(path = "notice/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    unread: i64,
    only_unread: bool,
    /// The newest notice on the page: what is marked as read had come until then.
    seen: String,
    next: Option<String>,
    first: Option<String>,
    contact: Contact,
    contact_problem: Option<&'static str>,
    is_saved: bool,
}

/// `GET /notices`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    page(&app, frame, person.account, chosen, None).await
}

/// The page; `refused` is an address for mail that is none.
async fn page(
    app: &App,
    frame: Frame,
    account: String,
    chosen: Chosen,
    refused: Option<Contact>,
) -> Result<Response, Error> {
    let only_unread = chosen.show == "unread";
    let after = Cursor::parse(&chosen.after);
    let is_first = after.is_none();
    let day = today();
    let (mut kept, unread, contact) = app
        .db
        .read(move |tx| {
            let after = after.as_ref().map_or(("", ""), |it| (&*it.key, &*it.id));
            Ok::<_, db::Error>((
                store::page(tx, &account, only_unread, after, ROWS + 1)?,
                store::unread(tx, &account)?,
                store::contact(tx, &account, &day)?,
            ))
        })
        .await?;
    let has_more = kept.len() > usize::try_from(ROWS)?;
    kept.truncate(usize::try_from(ROWS)?);
    let address = Address::new()
        .with("year", frame.shell.year.to_string())
        .with("show", if only_unread { "unread" } else { "" });
    let next = kept.last().filter(|_| has_more).map(|last| {
        let cursor = Cursor {
            key: last.made_at.clone(),
            id: last.id.clone(),
        };
        address
            .clone()
            .with("after", cursor.to_text())
            .at("/notices")
    });
    web::page(&ListPage {
        seen: kept
            .first()
            .map(|it| it.made_at.clone())
            .unwrap_or_default(),
        lines: kept.into_iter().map(Line::new).collect(),
        unread,
        only_unread,
        next,
        first: (!is_first).then(|| address.at("/notices")),
        contact_problem: refused.is_some().then_some(
            "这不是一个邮箱地址：请照 name@example.gov.cn 的样子填写，或清空后只在系统里看消息",
        ),
        contact: refused.unwrap_or(contact),
        is_saved: chosen.saved == "1",
        shell: frame.shell.at("/notices"),
    })
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /notices/{id}/reading`: marks one as read and opens what it is about.
pub(super) async fn read_one(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let now = now_text();
    let found = app
        .db
        .write(move |tx| {
            store::read_one(tx, &person.account, &id, &now)?;
            store::find(tx, &person.account, &id)
        })
        .await?;
    // Another person's notice is as if there were none.
    let notice = found.ok_or(Error::NotFound)?;
    let to = if notice.link.is_empty() {
        "/notices"
    } else {
        &notice.link
    };
    Ok(Redirect::to(to).into_response())
}

#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: String,
}

/// `POST /notices/reading`: marks as read what stood on the page; what came since stays unread.
pub(super) async fn read_all(
    State(app): State<App>,
    person: Person,
    Signed(Seen { seen }): Signed<Seen>,
) -> Result<Response, Error> {
    let now = now_text();
    app.db
        .write(move |tx| store::read_all(tx, &person.account, &seen, &now))
        .await?;
    Ok(Redirect::to("/notices").into_response())
}

#[derive(Deserialize)]
pub(super) struct NewContact {
    #[serde(default)]
    email: String,
    #[serde(default)]
    wants_mail: String,
}

/// `POST /notices/contact`: where the person's mail goes.
pub(super) async fn save_contact(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(new): Signed<NewContact>,
) -> Result<Response, Error> {
    let contact = Contact {
        email: new.email.trim().to_owned(),
        wants_mail: new.wants_mail == "1",
    };
    if !contact.email.is_empty() && !is_address(&contact.email) {
        let chosen = Chosen::default();
        let mut answer = page(&app, frame, person.account, chosen, Some(contact)).await?;
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(answer);
    }
    let now = now_text();
    app.db
        .write(move |tx| {
            let before = store::contact(tx, &person.account, &today())?;
            if before == contact {
                return Ok(());
            }
            store::set_contact(tx, &person.account, &contact)?;
            let change = Change {
                actor: &person.login,
                action: "contact_changed",
                record: ("account", &person.account),
                before: Some(&before.to_json()),
                after: Some(&contact.to_json()),
            };
            audit::record(tx, &now, &change)
        })
        .await?;
    Ok(Redirect::to("/notices?saved=1").into_response())
}
