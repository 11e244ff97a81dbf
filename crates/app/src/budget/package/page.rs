//! One package: what was submitted, the reply and its days, and what is published of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::number::Fen;
use domain::permission::{Action, may};
use domain::rulepack::ReplyRules;
use serde::Deserialize;
use time::format_description::well_known::Iso8601;
use time::{Date, Duration};
use web::{Error, Shell};

use super::compose::Content;
use crate::budget::Stop;
use crate::budget::store::package::{self as store, Member, Package};
use crate::permission::Refused;
use crate::serve::{App, Frame, days_between, today};
use crate::workflow;

/// Everything that the page shows.
struct Shown {
    package: Package,
    content: Content,
    members: BTreeMap<String, Member>,
    rules: ReplyRules,
    /// The last day of the publication.
    publication_due_on: Option<String>,
    /// Whether what is kept is what was submitted.
    is_intact: bool,
}

impl Shown {
    fn member(&self, target: &str) -> Option<&Member> {
        self.members.get(target)
    }

    fn excluded(&self) -> usize {
        let excluded = self.members.values().filter(|it| !it.is_publishable);
        excluded.count()
    }

    /// The last day of the reply.
    fn due_on(&self) -> Option<String> {
        let from = self.package.congress_approved_on.as_deref()?;
        later(from, self.rules.days)
    }

    /// Days of the reply beyond its last day, or until it.
    fn days_left(&self, today: &str) -> Option<i64> {
        let until = self.package.approved_on.as_deref().unwrap_or(today);
        days_between(until, &self.due_on()?)
    }
}

/// The day so many days later.
fn later(day: &str, days: u32) -> Option<String> {
    let date = Date::parse(day, &Iso8601::DATE).ok()?;
    let date = date.checked_add(Duration::days(days.into()))?;
    Some(date.to_string())
}

#[derive(Template)]
#[template(path = "budget/package/page.html")]
struct PackagePage {
    shell: Shell,
    shown: Shown,
    may_act: bool,
    today: String,
    done: Option<&'static str>,
    has_pdf: bool,
}

/// What the address says beside the package.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    done: String,
}

/// `GET /npc-packages/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Error> {
    let region = frame.region_code.clone();
    let shown = app.db.read(move |tx| read(tx, &id, &region)).await?;
    web::page(&PackagePage {
        may_act: may(&frame.actor, Action::EnterBudget).is_allowed(),
        shell: frame.shell.at("/npc-packages"),
        shown,
        today: today(),
        done: match &*told.done {
            "submitted" => Some("已报送。材料内容已留存，批复之前可以撤回。"),
            "dated" => Some("已登记人大批准日期。"),
            "approved" => Some("已批复：目标已锁定，年初预算的指标随批复下达。"),
            "withdrawn" => Some("已撤回：目标回到“已编入预算”，可以改正后重新报送。"),
            "excluded" => Some("公开范围已更新。"),
            _ => None,
        },
        has_pdf: cfg!(feature = "pdf"),
    })
}

fn read(tx: &mut Tx<'_>, id: &str, region: &str) -> Result<Shown, Stop> {
    let package = store::find(tx, id, region)?.ok_or(Refused::NotFound)?;
    let content = match &*package.content {
        // It came by an import, without its text.
        "" => Content::default(),
        text => Content::parse(text)?,
    };
    let members = store::members(tx, id)?;
    let members = members.into_iter().map(|it| (it.target.clone(), it));
    let rules = workflow::place_pack(tx)?.budget.reply;
    let replied = package.approved_on.as_deref();
    Ok(Shown {
        publication_due_on: replied.and_then(|day| later(day, rules.publication_days)),
        is_intact: package.digest == web::token::digest(&package.content),
        members: members.collect(),
        rules,
        package,
        content,
    })
}
