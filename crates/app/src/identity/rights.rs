//! 我的权限: what one may do, how far, and why not the rest.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::permission::{Action, Decision, Role, grants, may, role_conflict};
use web::{Error, Shell};

use super::store::directory;
use crate::serve::{App, Frame};

/// One right.
struct Right {
    action: Action,
    /// Through which role, how far.
    through: Vec<(&'static str, &'static str)>,
}

/// One thing that the person may not do.
struct Wrong {
    action: Action,
    reason: String,
}

#[derive(Template)]
#[template(path = "identity/rights.html")]
struct RightsPage {
    shell: Shell,
    roles: Vec<Role>,
    place: String,
    tasks: usize,
    conflict: Option<String>,
    rights: Vec<Right>,
    wrongs: Vec<Wrong>,
}

/// `GET /rights`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let actor = frame.actor;
    let (unit, section) = (actor.unit.clone(), actor.section.clone());
    let place = app
        .db
        .read(move |tx| {
            Ok::<_, db::Error>(match (&unit, &section) {
                (Some(unit), _) => directory::unit(tx, &unit.0)?.map(|(_, name)| name),
                (None, Some(section)) => directory::section(tx, &section.0)?,
                (None, None) => None,
            })
        })
        .await?;
    let (mut rights, mut wrongs) = (Vec::new(), Vec::new());
    for action in Action::ALL {
        match may(&actor, action) {
            Decision::Allowed(_) => rights.push(Right {
                action,
                through: through(&actor.roles, action),
            }),
            denied => wrongs.push(Wrong {
                action,
                reason: denied.reason().to_owned(),
            }),
        }
    }
    // Lists of what was released are seen by that right, which has its own line.
    rights.retain(|right| !right.through.is_empty());
    web::page(&RightsPage {
        shell: frame.shell,
        conflict: role_conflict(&actor.roles),
        place: place.unwrap_or_default(),
        tasks: actor.tasks.len(),
        roles: actor.roles,
        rights,
        wrongs,
    })
}

fn through(roles: &[Role], action: Action) -> Vec<(&'static str, &'static str)> {
    grants(action)
        .iter()
        .filter(|(role, _)| roles.contains(role))
        .map(|(role, scope)| (role.label(), scope.label()))
        .collect()
}
