//! One project of the library: its money line by line, what each line waits for, the payments by
//! month, and the way to its target.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::budget::{ChangeKind, FundSource, Gate, Origin, Stage};
use domain::number::{Centi, Decimal, Fen, scaled};
use domain::permission::{Action, Actor, decide};
use serde::Deserialize;
use web::{Error, Shell};

use super::store::gate::{self as lines, Line};
use super::store::project::{self as store, Edition, Project};
use super::{Stop, gate};
use crate::object::words;
use crate::permission::Refused;
use crate::serve::{App, Frame};

/// A line with what it waits for.
pub(super) struct Gated {
    line: Line,
    gate: Gate,
}

impl Gated {
    /// 一般公共预算, 单位资金 …
    fn source(&self) -> &'static str {
        let source = match &*self.line.fund_source {
            "" => &self.line.book,
            own => own,
        };
        FundSource::from_name(source).map_or("", FundSource::label)
    }

    fn origin(&self) -> &'static str {
        Origin::from_name(&self.line.origin).map_or("", Origin::label)
    }

    fn change(&self) -> &'static str {
        ChangeKind::from_name(&self.line.change).map_or("", ChangeKind::label)
    }

    /// Whether it is only told, and nobody has to do anything.
    fn is_settled(&self) -> bool {
        matches!(
            self.gate.stage,
            Stage::Free | Stage::Released | Stage::Withheld
        )
    }
}

/// Sums of the lines and the payments.
#[derive(Default)]
pub(super) struct Sums {
    initial: Fen,
    supplement: Fen,
    reduction: Fen,
    transfer: Fen,
    executed: Fen,
}

impl Sums {
    fn adjusted(&self) -> Fen {
        self.initial + self.supplement + self.reduction + self.transfer
    }

    fn rate(&self) -> Option<String> {
        crate::object::rate(self.adjusted().0, self.executed.0)
    }
}

/// One month of the year.
pub(super) struct Month {
    number: i64,
    /// None where nothing is told of it.
    executed: Option<Fen>,
    /// Its height in the bar chart, in percent of the highest.
    height: Centi,
}

impl Month {
    /// The left edge of its bar.
    fn left(&self) -> i64 {
        (self.number - 1) * 20 + 4
    }

    /// The upper edge of its bar.
    fn top(&self) -> Decimal {
        (Decimal::ONE_HUNDRED - self.height.decimal()).normalize()
    }
}

/// Everything that the page shows.
pub(super) struct Shown {
    project: Project,
    lines: Vec<Gated>,
    sums: Sums,
    months: Vec<Month>,
    editions: Vec<Edition>,
    may_fill: bool,
    may_decide: bool,
}

impl Shown {
    /// The edition that stands for the year.
    fn target(&self) -> Option<&Edition> {
        let holds = |edition: &&Edition| matches!(&*edition.state, "approved" | "adjusting");
        let is_alive = |edition: &&Edition| !matches!(&*edition.state, "superseded" | "cancelled");
        let mut all = self.editions.iter();
        all.clone().find(holds).or_else(|| all.find(is_alive))
    }

    /// Where a target that is begun now comes from: from above or a supplement where there is no
    /// initial budget.
    fn origin(&self) -> &'static str {
        let has = |change: &str| self.lines.iter().any(|it| it.line.change == change);
        if has("initial") || !has("supplement") {
            return "initial";
        }
        let is_above = |it: &Gated| it.line.origin == Origin::TransferFromAbove.name();
        if self.lines.iter().any(is_above) {
            "transfer_from_above"
        } else {
            "supplement"
        }
    }

    /// Whether something is told of its payments.
    fn is_paid(&self) -> bool {
        self.months.iter().any(|month| month.executed.is_some())
    }

    /// How many lines wait for something, and their sum.
    fn waiting(&self) -> Option<(usize, Fen)> {
        let waits = |it: &&Gated| !it.is_settled();
        let waiting: Vec<&Gated> = self.lines.iter().filter(waits).collect();
        let sum = waiting.iter().map(|it| it.line.amount).sum();
        (!waiting.is_empty()).then_some((waiting.len(), sum))
    }

    /// Whether a reason beside the lines has to be read.
    fn has_reasons(&self) -> bool {
        self.lines
            .iter()
            .any(|it| !it.gate.reasons.is_empty() || !it.line.decision.is_empty())
    }
}

#[derive(Template)]
#[template(path = "budget/project.html")]
struct ProjectPage {
    shell: Shell,
    shown: Shown,
    done: Option<&'static str>,
    /// What was wrong with the line that was typed, and what was typed.
    problem: Option<String>,
    typed: super::enter::TypedLine,
}

/// What the address says beside the project.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    done: String,
}

/// `GET /budget/projects/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Error> {
    let done = match &*told.done {
        "released" => Some("指标已下达。"),
        "withheld" => Some("已决定不予安排，并登记了同样金额的调减。"),
        "added" => Some("这笔预算变动已登记。"),
        "target" => {
            Some("这笔预算变动已登记；项目还没有绩效目标，单位的待办里已有一份待填报的目标。")
        }
        "entered" => Some("项目已加入项目库。请接着编制绩效目标。"),
        _ => None,
    };
    page(
        &app,
        frame,
        id,
        done,
        (None, super::enter::TypedLine::default()),
    )
    .await
}

/// The page of the project with a notice, or with what was wrong with a typed line.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    id: String,
    done: Option<&'static str>,
    (problem, typed): (Option<String>, super::enter::TypedLine),
) -> Result<Response, Error> {
    let (actor, year) = (frame.actor, frame.shell.year);
    let shown = app.db.read(move |tx| read(tx, &actor, &id, year)).await?;
    web::page(&ProjectPage {
        shell: frame.shell.at("/budget"),
        shown,
        done,
        problem,
        typed,
    })
}

fn read(tx: &mut Tx<'_>, actor: &Actor, id: &str, year: i64) -> Result<Shown, Stop> {
    let subject = gate::demand_at_work(tx, actor, id)?;
    let project = store::find(tx, id, year)?.ok_or(Refused::NotFound)?;
    let mut all = Vec::new();
    let mut sums = Sums::default();
    for line in lines::lines_of(tx, id, year)? {
        let sum = match ChangeKind::from_name(&line.change) {
            Some(ChangeKind::Supplement) => &mut sums.supplement,
            Some(ChangeKind::Reduction) => &mut sums.reduction,
            Some(ChangeKind::Transfer) => &mut sums.transfer,
            _ => &mut sums.initial,
        };
        *sum = *sum + line.amount;
        let gate = gate::gate_of(tx, &line)?;
        all.push(Gated { line, gate });
    }
    let paid = store::months(tx, id, year)?;
    sums.executed = paid.iter().map(|(_, fen)| *fen).sum();
    let may = |action| decide(actor, action, &subject).is_allowed();
    Ok(Shown {
        project,
        lines: all,
        sums,
        months: months(&paid),
        editions: store::editions(tx, id, year)?,
        may_fill: may(Action::Fill),
        may_decide: may(Action::EnterBudget),
    })
}

/// The twelve months with the heights of their bars.
fn months(paid: &[(i64, Fen)]) -> Vec<Month> {
    let most = paid.iter().map(|(_, fen)| fen.0).max().unwrap_or(0).max(1);
    let month = |number: i64| {
        let executed = paid.iter().find(|(month, _)| *month == number);
        let executed = executed.map(|(_, fen)| *fen);
        // What was paid back has no height.
        let fen = executed.map_or(0, |fen| fen.0).max(0);
        let share = scaled(fen.into(), Decimal::ONE_HUNDRED, most.into());
        Month {
            number,
            executed,
            height: share.and_then(Centi::from_decimal).unwrap_or(Centi::ZERO),
        }
    };
    (1..=12).map(month).collect()
}
