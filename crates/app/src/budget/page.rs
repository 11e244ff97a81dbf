//! 预算导入, 执行数导入: upload, preview of every difference and of the sums, confirmation.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::budget::{Compared, Filed, Scope};
use domain::number::Fen;
use office::workbook::Limits;
use serde::Deserialize;
use web::{Error, Shell};

use super::import::{self, Asked, Line, Outcome, Plan, Sum};
use super::labels::Kind;
use super::layout;
use super::store::{self, Waiting};
use crate::organisation::import_page::Sent;
use crate::serve::{App, Frame, Person, now_text, text_after};

/// How long a preview waits for its confirmation.
const WAITS_SECONDS: i64 = 24 * 60 * 60;

/// Rows that a preview shows.
const MOST_SHOWN: usize = 500;

/// Units that a preview shows the sums of.
const MOST_UNITS: usize = 200;

/// Years before this one whose figures are imported at the least: three years are alive at once.
const YEARS_BEFORE: i64 = 2;

/// The years that figures can be imported for, newest first: from the first to the last that is
/// open, two years ago or the next. The import of a year's first figures opens it.
fn years(open: &[i64], now: &str) -> Vec<i64> {
    let this = now.get(..4).and_then(|year| year.parse::<i64>().ok());
    let around = this
        .into_iter()
        .flat_map(|this| [this - YEARS_BEFORE, this + 1]);
    let all: Vec<i64> = open.iter().copied().chain(around).collect();
    match (all.iter().min(), all.iter().max()) {
        (Some(first), Some(last)) => (*first..=*last).rev().collect(),
        _ => Vec::new(),
    }
}

/// A form that carries its token alone.
#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Template)]
#[template(path = "budget/import.html")]
struct ImportPage {
    shell: Shell,
    kind: Kind,
    /// The years that can be chosen.
    years: Vec<i64>,
    /// The year that is chosen.
    year: i64,
    problem: Option<String>,
    preview: Option<Preview>,
}

impl ImportPage {
    fn new(kind: Kind, shell: Shell, year: i64) -> Self {
        Self {
            years: years(&shell.years, &now_text()),
            shell: shell.at(path(kind)),
            kind,
            year,
            problem: None,
            preview: None,
        }
    }

    fn is_budget(&self) -> bool {
        self.kind == Kind::Budget
    }

    fn path(&self) -> &'static str {
        path(self.kind)
    }
}

fn path(kind: Kind) -> &'static str {
    match kind {
        Kind::Budget => "/budget/import",
        Kind::Execution => "/execution/import",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Budget => "budget",
        Kind::Execution => "execution",
    }
}

/// What a preview shows.
struct Preview {
    id: String,
    file_name: String,
    counts: [usize; 4],
    notes: Vec<String>,
    /// Rejected rows first, then changed and new ones.
    lines: Vec<Line>,
    is_cut: bool,
    books: Vec<Sum>,
    /// Units whose sums differ first.
    units: Vec<Sum>,
    /// The file's sums over all, and those that differ, by their cells.
    rows: Vec<Sum>,
    /// Sums of the file that differ from ours.
    differing: usize,
    /// Sums that the file prints.
    printed: usize,
}

impl Preview {
    fn new(id: String, file_name: String, plan: Plan) -> Self {
        let counts = plan.counts();
        let mut lines = plan.lines;
        // Without an approved target money is not released: such a line is not passed over.
        lines.retain(|line| line.outcome != Outcome::Unchanged);
        lines.sort_by_key(|line| (line.outcome, line.message.is_empty()));
        let is_cut = lines.len() > MOST_SHOWN;
        lines.truncate(MOST_SHOWN);
        let totals = &plan.reconciliation.totals;
        let differs = totals.iter().filter(|it| it.ours != it.total.fen);
        let differing = differs.count();
        let printed = totals.len();
        // What the other two groups do not show: sums over all, and every sum that differs.
        let is_shown = |it: &&Compared| it.total.scope == Scope::Sheet || it.ours != it.total.fen;
        let rows = totals
            .iter()
            .filter(is_shown)
            .take(MOST_UNITS)
            .map(|it| Sum {
                code: String::new(),
                name: format!("{} {}", it.total.place, it.total.label),
                ours: it.ours,
                file: Some(it.total.fen),
            });
        let rows = rows.collect();
        let mut units = plan.reconciliation.units;
        units.sort_by_key(|sum| sum.difference().is_none_or(|it| it == Fen::ZERO));
        units.truncate(MOST_UNITS);
        Self {
            id,
            file_name,
            counts,
            notes: plan.notes,
            lines,
            is_cut,
            books: plan.reconciliation.books,
            units,
            rows,
            differing,
            printed,
        }
    }

    fn rejected(&self) -> usize {
        self.counts[3]
    }

    /// How many rows a confirmation writes.
    fn written(&self) -> usize {
        self.counts[0] + self.counts[1]
    }

    /// Each group of sums with its name.
    fn sums(&self) -> [(&'static str, &[Sum]); 3] {
        [
            ("文件的合计行", &self.rows),
            ("按资金", &self.books),
            ("按单位", &self.units),
        ]
    }
}

/// `GET /budget/import`, `GET /execution/import`
pub(super) fn form(kind: Kind, frame: Frame) -> Result<Response, Error> {
    let year = frame.shell.year;
    web::page(&ImportPage::new(kind, frame.shell, year))
}

/// `POST /budget/import`, `POST /execution/import`: the differences and the sums.
pub(super) async fn preview(
    kind: Kind,
    app: App,
    (person, frame): (Person, Frame),
    sent: Sent,
) -> Result<Response, Error> {
    let asked = sent.fiscal_year.trim().parse().ok();
    let known = years(&frame.shell.years, &now_text());
    let year = asked.unwrap_or(frame.shell.year);
    if asked.is_some() && !known.contains(&year) {
        return Err(Error::Unreadable);
    }
    let month = sent.month.trim().parse::<u8>().ok();
    let month = month.filter(|month| (1..=12).contains(month));
    let bytes = sent.bytes;
    let permit = app.checking.acquire().await?;
    let read =
        tokio::task::spawn_blocking(move || layout::read(&bytes, &Limits::default(), kind, year));
    let read = read.await?;
    drop(permit);
    let filed = match read {
        Ok(filed) => filed,
        Err(problem) => {
            let page = web::page(&ImportPage {
                problem: Some(problem),
                ..ImportPage::new(kind, frame.shell, year)
            })?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let mut waiting = Waiting {
        year,
        month: month.map(i64::from),
        filed: serde_json::to_string(&filed)?,
        plan_digest: String::new(),
    };
    let region = frame.region_code.clone();
    let plan = app.db.read(move |tx| {
        let asked = Asked {
            kind,
            region: &region,
            year,
            month,
        };
        import::look(tx, asked, &filed)
    });
    let plan = plan.await?;
    waiting.plan_digest = plan.digest();
    let id = web::token::secret()?;
    let shown = Preview::new(id.clone(), sent.name.clone(), plan);
    // What cannot be confirmed is not kept.
    if shown.rejected() == 0 && shown.written() > 0 {
        let (region, account) = (frame.region_code.clone(), person.account.clone());
        let (now, too_old) = (now_text(), text_after(-WAITS_SECONDS));
        let name = sent.name;
        let keep = app.db.write(move |tx| {
            let owner = (&*id, &*region, &*account);
            let file = (kind_name(kind), &*name);
            store::keep_import(tx, owner, file, &waiting, (&now, &too_old))
        });
        keep.await?;
    }
    web::page(&ImportPage {
        preview: Some(shown),
        ..ImportPage::new(kind, frame.shell, year)
    })
}

/// `POST /budget/import/{id}`, `POST /execution/import/{id}`: writes what the preview showed, if it
/// would still show the same.
pub(super) async fn confirm(
    kind: Kind,
    app: App,
    (person, frame): (Person, Frame),
    id: String,
) -> Result<Response, Error> {
    let (region, now) = (frame.region_code, now_text());
    let done = app.db.write(move |tx| {
        let owner = (&*id, &*person.account);
        let Some(waiting) = store::find_import(tx, owner, kind_name(kind))? else {
            return Ok::<_, db::Error>(Err("这份导入已经办完或已过期，请重新上传。"));
        };
        let filed: Filed = serde_json::from_str(&waiting.filed).unwrap_or_default();
        let asked = Asked {
            kind,
            region: &region,
            year: waiting.year,
            month: waiting.month.and_then(|month| u8::try_from(month).ok()),
        };
        let plan = import::look(tx, asked, &filed)?;
        if plan.digest() != waiting.plan_digest {
            return Ok(Err(
                "预览之后预算又有变动，请重新上传，核对新的差异后再确认。",
            ));
        }
        store::drop_import(tx, &id)?;
        import::write(tx, asked, (&person.login, &now), &plan)?;
        Ok(Ok(waiting.year))
    });
    match done.await? {
        Ok(year) => Ok(Redirect::to(&format!("/objects?year={year}")).into_response()),
        Err(sentence) => Err(Error::Refused(sentence.to_owned())),
    }
}
