//! The second grouping: any name, any units, by year.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::permission::{Action, Decision, may};
use serde::Deserialize;
use web::{Error, Shell};

use super::store::{self, group as groups, group::Group};
use crate::audit;
use crate::serve::{App, Frame, Person, Signed, now_text, today};

/// Characters of a group's name.
const MOST_NAME_CHARACTERS: usize = 50;

#[derive(Template)]
#[template(path = "organisation/groups.html")]
struct GroupPage {
    shell: Shell,
    groups: Vec<Group>,
    /// Id and name of the group that is open.
    open: Option<(String, String)>,
    members: Vec<(String, String, String)>,
    may_manage: bool,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    group: String,
}

/// `GET /unit-groups`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (region, year) = (frame.region_code, frame.shell.year);
    let (groups, open, members) = app
        .db
        .read(move |tx| {
            let name = groups::find(tx, &chosen.group, &region)?;
            let members = groups::members(tx, &chosen.group, year)?;
            let open = name.map(|name| (chosen.group.clone(), name));
            Ok::<_, db::Error>((groups::groups(tx, &region, year)?, open, members))
        })
        .await?;
    web::page(&GroupPage {
        may_manage: may(&frame.actor, Action::ManageUnits).is_allowed(),
        shell: frame.shell.at("/units"),
        groups,
        open,
        members,
    })
}

/// What is done to a group: without a group, one is made.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    group: String,
    #[serde(default)]
    name: String,
    /// The code of a unit to put in.
    #[serde(default)]
    code: String,
    /// The id of a unit to take out.
    #[serde(default)]
    remove: String,
}

/// `POST /unit-groups`
pub(super) async fn change(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    if let Decision::Denied(reason) = may(&person.actor, Action::ManageUnits) {
        return Err(Error::Forbidden(reason));
    }
    let (region, year, now) = (frame.region_code, frame.shell.year, now_text());
    let new = format!("g-{}", web::token::secret()?);
    let done = app
        .db
        .write(move |tx| {
            let name = typed.name.trim();
            let (group, action) = if typed.group.is_empty() {
                if name.is_empty() || name.chars().count() > MOST_NAME_CHARACTERS {
                    return Ok::<_, db::Error>(Err("分组名称应为 1 至 50 个字，请修改。"));
                }
                if !groups::make(tx, &new, &region, name)? {
                    return Ok(Err("已有同名的分组，请换一个名称。"));
                }
                (new.clone(), "unit_group_made")
            } else {
                if groups::find(tx, &typed.group, &region)?.is_none() {
                    return Ok(Err("没有找到这个分组，请在列表中重新打开。"));
                }
                if typed.remove.is_empty() {
                    // A unit that has ended since stays in the groups of its years.
                    let day = today().min(format!("{year}-12-31"));
                    let code = typed.code.trim();
                    let unit = store::find_code(tx, (&region, &day), code)?;
                    let Some(unit) = unit else {
                        return Ok(Err("没有这个编码的单位，请核对编码。"));
                    };
                    if !groups::add(tx, (&typed.group, &unit.id.0), year, &region)? {
                        return Ok(Err("这个单位已经在本年度的分组里，不用再加。"));
                    }
                } else if !groups::remove(tx, (&typed.group, &typed.remove), year)? {
                    return Ok(Err(
                        "这个单位不在本年度的分组里，没有移出任何单位；请刷新页面，看看现在有哪些单位。",
                    ));
                }
                (typed.group.clone(), "unit_group_changed")
            };
            let after = serde_json::json!({"fiscal_year": year, "name": name,
                "code": typed.code.trim(), "removed": typed.remove});
            let event = audit::Change {
                actor: &person.login,
                action,
                record: ("unit_group", &group),
                before: None,
                after: Some(&after),
            };
            audit::append(tx, &region, &now, &event)?;
            Ok(Ok(group))
        })
        .await?;
    match done {
        Ok(group) => {
            Ok(Redirect::to(&format!("/unit-groups?year={year}&group={group}")).into_response())
        }
        Err(sentence) => Err(Error::Refused(sentence.to_owned())),
    }
}
