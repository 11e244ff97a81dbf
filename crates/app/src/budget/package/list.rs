//! The packages of a year, and what would be in the next one: who is ready, who is missing and why.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use db::{Question, Tx};
use domain::number::Fen;
use domain::permission::{Action, may};
use web::{Error, Shell};

use super::compose::{Content, compose};
use crate::budget::store::package::{self as store, Package};
use crate::object::words;
use crate::serve::{App, Frame, today};

/// Projects that are named in one department before the rest is counted.
const MOST_MISSING: usize = 50;

#[derive(Template)]
#[template(path = "budget/package/list.html")]
struct ListPage {
    shell: Shell,
    packages: Vec<Package>,
    /// What would be submitted now; none for who may not.
    draft: Option<Draft>,
}

/// What would be submitted now.
struct Draft {
    content: Content,
    digest: String,
    title: String,
    today: String,
}

/// The state of a package.
pub(super) fn state(code: &str) -> &'static str {
    match code {
        "submitted" => "已报人大",
        "approved" => "已批复",
        _ => "已撤回",
    }
}

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asking {
    region: String,
    year: i64,
    composes: bool,
}

impl Question for Asking {
    type Answer = (Vec<Package>, Option<Content>);
    type Error = db::Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Self::Answer, db::Error> {
        let content = if self.composes {
            Some(compose(tx, &self.region, self.year)?)
        } else {
            None
        };
        Ok((store::packages(tx, &self.region, self.year)?, content))
    }
}

/// `GET /npc-packages`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let question = Asking {
        region: frame.region_code.clone(),
        year: frame.shell.year,
        composes: may(&frame.actor, Action::EnterBudget).is_allowed(),
    };
    let found = app.db.recall(question).await?;
    let draft = match &found.1 {
        Some(content) => Some(Draft {
            digest: web::token::digest(&content.to_text()?),
            title: title(content),
            today: today(),
            content: content.clone(),
        }),
        None => None,
    };
    web::page(&ListPage {
        shell: frame.shell.at("/npc-packages"),
        packages: found.0.clone(),
        draft,
    })
}

/// What a package is called.
pub(super) fn title(content: &Content) -> String {
    format!(
        "{}{}年部门预算（草案）绩效目标",
        content.region, content.year
    )
}
