//! The library: searched by parts of what an indicator says, or leafed through by its codes.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::{Action, may};
use domain::search::{asked, marked};
use domain::target::LEVELS1;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::read::{self, Asked, Kept, Whose};
use crate::serve::{App, Frame};

/// Indicators of a page.
const ROWS: i64 = 100;

/// What is asked for in an address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    pub(super) q: String,
    pub(super) level1: String,
    pub(super) sector: String,
    /// Anything: those that are no longer used too.
    pub(super) retired: String,
    after: String,
    done: String,
}

impl Chosen {
    pub(super) fn asked(&self, region: &str, whose: Whose) -> Asked {
        Asked {
            region: region.to_owned(),
            level1: self.level1.clone(),
            sector: self.sector.clone(),
            with_retired: !self.retired.is_empty(),
            whose,
        }
    }

    pub(super) fn is_search(&self) -> bool {
        !asked(&self.q).is_empty()
    }

    fn query(&self, year: i64) -> web::query::Query {
        web::query::Query::new()
            .with("year", year.to_string())
            .with("q", &*self.q)
            .with("level1", &*self.level1)
            .with("sector", &*self.sector)
            .with("retired", &*self.retired)
    }
}

#[derive(Template)]
#[template(path = "indicator_library/list.html")]
struct ListPage {
    shell: Shell,
    chosen: Chosen,
    sectors: Vec<String>,
    rows: Vec<Kept>,
    total: i64,
    next: Option<String>,
    may_keep: bool,
}

impl ListPage {
    fn marked(&self, text: &str) -> Vec<(String, bool)> {
        marked(text, &self.chosen.q)
    }

    fn address(&self, path: &str) -> String {
        self.chosen.query(self.shell.year).at(path)
    }

    fn is_chosen(&self) -> bool {
        let chosen = &self.chosen;
        chosen.is_search() || !(chosen.level1.is_empty() && chosen.sector.is_empty())
    }
}

/// `GET /indicator-library`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (actor, region) = (frame.actor.clone(), frame.region_code.clone());
    let wanted = chosen.clone();
    let (sectors, total, mut rows) = app
        .db
        .read(move |tx| {
            let whose = Whose::of(tx, &actor)?;
            let asked = wanted.asked(&region, whose);
            let rows = if wanted.is_search() {
                read::search(tx, &asked, &wanted.q, ROWS)?
            } else {
                read::list(tx, &asked, &wanted.after, ROWS + 1)?
            };
            let total = read::count(tx, &asked)?;
            Ok::<_, db::Error>((read::sectors(tx, &region)?, total, rows))
        })
        .await?;
    let full = usize::try_from(ROWS)?;
    let next = (rows.len() > full).then(|| {
        rows.truncate(full);
        let last = rows.last().map(|row| row.entry.code.clone());
        let query = chosen.query(frame.shell.year);
        let query = query.with("after", last.unwrap_or_default());
        query.at("/indicator-library")
    });
    web::page(&ListPage {
        may_keep: may(&frame.actor, Action::KeepIndicators).is_allowed(),
        shell: frame.shell.at("/indicator-library"),
        chosen,
        sectors,
        rows,
        total,
        next,
    })
}
