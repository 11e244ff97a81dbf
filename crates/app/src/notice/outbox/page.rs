//! The system administrator's page: the mail server, and the mail that could not be sent.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use domain::permission::Action;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::{self, Counts, Mail, Troubled};
use crate::audit::{self, Change};
use crate::notice::list;
use crate::notice::mail::{self, Named, is_address};
use crate::serve::{Access, App, Frame, Person, Route, Signed, now_text};

/// Most mails that the page lists.
const MOST_ROWS: i64 = 200;

/// The routes of the system administrator.
pub(crate) fn routes() -> Vec<Route> {
    const SYSTEM: Access = Access::May(Action::ManageUsers);
    vec![
        Route::new("/mail", "/mail", SYSTEM, get(show)),
        Route::new("/mail/settings", "/mail/settings", SYSTEM, post(save)),
        Route::new("/mail/trial", "/mail/trial", SYSTEM, post(try_out)),
        Route::new("/mail/retries", "/mail/retries", SYSTEM, post(retry)),
    ]
}

#[derive(Template)]
#[template(path = "notice/outbox/page.html")]
struct MailPage {
    shell: Shell,
    named: Named,
    /// The names of the settings that the environment decides.
    fixed: Vec<&'static str>,
    /// What is wrong with the settings in force.
    problem: Option<String>,
    is_set: bool,
    counts: Counts,
    troubled: Vec<Troubled>,
    said: Option<Said>,
}

impl MailPage {
    fn is_fixed(&self, name: &str) -> bool {
        self.fixed.contains(&name)
    }

    fn is_tls(&self, name: &str) -> bool {
        self.named.tls == name || (self.named.tls.is_empty() && name == "tls")
    }
}

/// What came of what the administrator just did.
struct Said {
    is_good: bool,
    text: String,
}

impl Said {
    fn good(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            is_good: true,
            text,
        }
    }

    fn bad(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            is_good: false,
            text,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    done: String,
}

/// `GET /mail`
async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let said = match chosen.done.as_str() {
        "saved" => Some(Said::good(
            "邮件服务器的设置已保存；可以发一封测试邮件看看。",
        )),
        "queued" => Some(Said::good("已重新排队，一分钟内再发。")),
        _ => None,
    };
    page(&app, frame, None, said).await
}

/// The page; `tried` are settings that were not saved.
async fn page(
    app: &App,
    frame: Frame,
    tried: Option<Named>,
    said: Option<Said>,
) -> Result<Response, Error> {
    let environment = Arc::clone(&app.mail);
    let (named, counts, troubled) = app
        .db
        .read(move |tx| {
            Ok::<_, db::Error>((
                mail::read(tx, &environment)?,
                store::counts(tx)?,
                store::troubled(tx, MOST_ROWS)?,
            ))
        })
        .await?;
    let (problem, is_set) = match named.settings(&app.mail) {
        Ok(settings) => (None, settings.is_some()),
        Err(problem) => (Some(problem), false),
    };
    let settings = Named::NAMES.into_iter();
    let is_refused = said.as_ref().is_some_and(|said| !said.is_good);
    let mut answer = web::page(&MailPage {
        fixed: settings.filter(|name| app.mail.decides(name)).collect(),
        // What was tried and refused has its reason already.
        problem: problem.filter(|_| tried.is_none()),
        named: tried.unwrap_or(named),
        is_set,
        counts,
        troubled,
        said,
        shell: frame.shell.at("/mail"),
    })?;
    if is_refused {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

#[derive(Deserialize)]
struct NewSettings {
    #[serde(default)]
    host: String,
    #[serde(default)]
    port: String,
    #[serde(default)]
    tls: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    site: String,
}

/// `POST /mail/settings`
async fn save(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(new): Signed<NewSettings>,
) -> Result<Response, Error> {
    let new = Named {
        host: new.host.trim().to_owned(),
        port: new.port.trim().to_owned(),
        tls: new.tls.trim().to_owned(),
        user: new.user.trim().to_owned(),
        from: new.from.trim().to_owned(),
        site: new.site.trim().to_owned(),
    };
    let environment = Arc::clone(&app.mail);
    let before = app.db.read(move |tx| mail::read(tx, &environment)).await?;
    // What the environment decides stays, whatever the form says.
    let merged = new.under(&before, &app.mail);
    if let Err(problem) = merged.settings(&app.mail) {
        return page(&app, frame, Some(merged), Some(Said::bad(problem))).await;
    }
    let (now, environment) = (now_text(), Arc::clone(&app.mail));
    app.db
        .write(move |tx| {
            let before = mail::read(tx, &environment)?;
            mail::save(tx, &environment, &merged)?;
            let change = Change {
                actor: &person.login,
                action: "mail_server_set",
                record: ("setting", "mail"),
                before: Some(&before.to_json()),
                after: Some(&merged.to_json()),
            };
            audit::record(tx, &now, &change)
        })
        .await?;
    Ok(Redirect::to("/mail?done=saved").into_response())
}

#[derive(Deserialize)]
struct Trial {
    #[serde(default)]
    address: String,
}

/// `POST /mail/trial`: sends one mail at once and says what the server answered.
async fn try_out(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(Trial { address }): Signed<Trial>,
) -> Result<Response, Error> {
    app.uploads
        .pass(&person.account, std::time::Instant::now())?;
    let address = address.trim().to_owned();
    if !is_address(&address) {
        let said = Said::bad("请先填写收测试邮件的邮箱，例如 name@example.gov.cn");
        return page(&app, frame, None, Some(said)).await;
    }
    let environment = Arc::clone(&app.mail);
    let named = app.db.read(move |tx| mail::read(tx, &environment)).await?;
    let said = match named.settings(&app.mail) {
        Err(problem) => Said::bad(problem),
        Ok(None) => Said::bad("还没有设置邮件服务器：请先在下面填写并保存"),
        Ok(Some(settings)) => match mail::send(&settings, &trial_mail(&address)?).await {
            Ok(()) => Said::good(format!("邮件服务器已收下发给 {address} 的测试邮件。")),
            Err(trouble) => Said::bad(trouble.why),
        },
    };
    page(&app, frame, None, Some(said)).await
}

/// A mail that says that mail arrives.
pub(crate) fn trial_mail(address: &str) -> Result<Mail, Error> {
    Ok(Mail {
        id: web::token::secret()?,
        recipient: address.to_owned(),
        subject: "测试邮件".to_owned(),
        body: "收到这封邮件，说明邮件服务器设置正确，提醒和催报可以发到邮箱。".to_owned(),
        link: "/".to_owned(),
        tries: 0,
        queued_at: now_text(),
    })
}

#[derive(Deserialize)]
struct Again {
    /// Which mail; empty for all.
    #[serde(default)]
    id: String,
}

/// `POST /mail/retries`: queues again what was given up.
async fn retry(
    State(app): State<App>,
    person: Person,
    Signed(Again { id }): Signed<Again>,
) -> Result<Response, Error> {
    let now = now_text();
    app.db
        .write(move |tx| {
            let queued = if id.is_empty() {
                store::retry_all(tx, &now)?
            } else {
                u64::from(store::retry(tx, &id, &now)?)
            };
            if queued == 0 {
                return Ok(());
            }
            let after = serde_json::json!({"mails": queued});
            let change = Change {
                actor: &person.login,
                action: "mail_retried",
                record: ("mail", &id),
                before: None,
                after: Some(&after),
            };
            audit::record(tx, &now, &change)
        })
        .await?;
    Ok(Redirect::to("/mail?done=queued").into_response())
}
