//! The list of accounts.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::{Action, Role, may};
use serde::Deserialize;
use web::query::Query as Address;
use web::{Error, Shell};

use crate::identity::moment;
use crate::identity::store::directory::{self, Filter, Listed};
use crate::serve::{App, Frame, now_text};

/// Rows of a page.
const ROWS: i64 = 100;

/// What the states of an account are called.
const STATES: [(&str, &str); 4] = [
    ("active", "可用"),
    ("disabled", "已停用"),
    ("locked", "已锁定"),
    ("expired", "已过期"),
];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    text: String,
    role: String,
    state: String,
    after: String,
}

/// An account as it is printed.
struct Line {
    listed: Listed,
    state: &'static str,
    is_good: bool,
    last_login: String,
}

impl Line {
    fn new(listed: Listed, now: &str) -> Self {
        let today = now.get(..10).unwrap_or_default();
        let is_past = listed.valid_to.as_deref().is_some_and(|to| to < today);
        let is_locked = listed.locked_until.as_deref().is_some_and(|to| to > now);
        let state = match (listed.is_disabled, is_past, is_locked) {
            (true, ..) => "已停用",
            (_, true, _) => "已过期",
            (_, _, true) => "已锁定",
            _ => "可用",
        };
        Self {
            is_good: state == "可用",
            state,
            last_login: listed
                .last_login_at
                .as_deref()
                .map(moment)
                .unwrap_or_default(),
            listed,
        }
    }

    fn roles(&self) -> String {
        let labels: Vec<&str> = self.listed.roles.iter().map(|role| role.label()).collect();
        labels.join("、")
    }
}

#[derive(Template)]
#[template(path = "identity/accounts/list.html")]
struct ListPage {
    shell: Shell,
    chosen: Chosen,
    lines: Vec<Line>,
    total: i64,
    next: Option<String>,
    can_manage: bool,
}

/// `GET /accounts`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let now = now_text();
    let filter = Filter {
        text: chosen.text.trim().to_lowercase().replace('\0', ""),
        role: chosen.role.replace('\0', ""),
        state: chosen.state.replace('\0', ""),
        now: now.clone(),
    };
    let after = chosen.after.replace('\0', "");
    let (mut listed, total) = app
        .db
        .read(move |tx| directory::page(tx, &filter, &after, ROWS + 1))
        .await?;
    let has_more = listed.len() > usize::try_from(ROWS)?;
    listed.truncate(usize::try_from(ROWS)?);
    let next = listed.last().filter(|_| has_more).map(|last| {
        Address::new()
            .with("text", chosen.text.trim())
            .with("role", &*chosen.role)
            .with("state", &*chosen.state)
            .with("after", &*last.login)
            .at("/accounts")
    });
    web::page(&ListPage {
        can_manage: may(&frame.actor, Action::ManageUsers).is_allowed(),
        shell: frame.shell.at("/accounts"),
        lines: listed.into_iter().map(|one| Line::new(one, &now)).collect(),
        total,
        next,
        chosen,
    })
}
