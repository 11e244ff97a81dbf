//! One indicator: what it says, who uses it, and what it said before.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::content::{Content, Piece, pieces};
use domain::indicator_library::Entry;
use domain::permission::{Action, may};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::read::{self, Kept, Version, Whose};
use super::store::usage::{self, User};
use crate::permission::Reach;
use crate::serve::{App, Frame};

/// Most targets that the page lists.
const MOST_USERS: i64 = 500;

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    done: String,
}

/// A version with what it changed.
struct Step {
    version: Version,
    /// Label and text with its differences.
    changes: Vec<(&'static str, Vec<Piece>)>,
}

#[derive(Template)]
#[template(path = "indicator_library/show.html")]
struct ShowPage {
    shell: Shell,
    kept: Kept,
    successor: Option<Kept>,
    users: Vec<User>,
    steps: Vec<Step>,
    may_keep: bool,
    done: String,
}

impl ShowPage {
    /// Everything that it says but its name and code, in the order of the form.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let skipped = ["code", "name", "owner", "retired_on", "successor"];
        let fields = self.kept.entry.fields().into_iter();
        fields
            .filter(|(name, _, _)| !skipped.contains(name))
            .map(|(_, label, text)| (label, text))
            .collect()
    }

    /// Targets that the person may not see: they are counted, and not listed.
    fn unseen(&self) -> usize {
        self.users.iter().filter(|user| !user.is_seen).count()
    }

    fn seen(&self) -> Vec<&User> {
        self.users.iter().filter(|user| user.is_seen).collect()
    }

    fn state(name: &str) -> &'static str {
        let kind = RecordKind::PerformanceTarget;
        kind.state(name)
            .map_or("状态不明", |state| kind.machine().label(state))
    }

    fn day(moment: &str) -> &str {
        moment.get(..10).unwrap_or(moment)
    }
}

/// `GET /indicator-library/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (actor, region) = (frame.actor.clone(), frame.region_code.clone());
    let found = app
        .db
        .read(move |tx| {
            let Some(kept) = visible(tx, (&actor, &region), &id)? else {
                return Ok::<_, db::Error>(None);
            };
            let successor = match &*kept.entry.successor {
                "" => None,
                code => read::find_code(tx, &region, code)?,
            };
            let reach = Reach::of(&actor, Action::View);
            let users = usage::users(tx, &id, &reach, MOST_USERS)?;
            let versions = read::versions(tx, &id)?;
            Ok(Some((kept, successor, users, versions)))
        })
        .await?;
    let (kept, successor, users, versions) = found.ok_or(Error::NotFound)?;
    web::page(&ShowPage {
        may_keep: may(&frame.actor, Action::KeepIndicators).is_allowed(),
        shell: frame.shell.at("/indicator-library"),
        kept,
        successor,
        users,
        steps: steps(&versions),
        done: chosen.done,
    })
}

/// The indicator, if it is the bureau's or one that the person may use.
pub(super) fn visible(
    tx: &mut db::Tx<'_>,
    (actor, region): (&domain::permission::Actor, &str),
    id: &str,
) -> Result<Option<Kept>, db::Error> {
    let Some(kept) = read::find(tx, id)? else {
        return Ok(None);
    };
    let whose = Whose::of(tx, actor)?;
    let is_visible = read::is_visible(tx, (region, id), &whose)?;
    Ok(is_visible.then_some(kept))
}

/// Every version with what it changed against the one before it.
fn steps(versions: &[Version]) -> Vec<Step> {
    let entry = |version: &Version| {
        let content = Content::parse(&version.body).unwrap_or_default();
        Entry::of(&content)
    };
    let before: Vec<Option<Entry>> = versions.iter().skip(1).map(|it| Some(entry(it))).collect();
    let before = before.into_iter().chain([None]);
    versions
        .iter()
        .zip(before)
        .map(|(version, before)| Step {
            changes: before.map_or_else(Vec::new, |before| changes(&before, &entry(version))),
            version: version.clone(),
        })
        .collect()
}

fn changes(before: &Entry, after: &Entry) -> Vec<(&'static str, Vec<Piece>)> {
    let fields = before.fields().into_iter().zip(after.fields());
    fields
        .filter(|((_, _, before), (_, _, after))| before != after)
        .map(|((_, label, before), (_, _, after))| (label, pieces(before, after)))
        .collect()
}
