//! Payments of a filed list: what they make of the months that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::{Error, Tx};
use domain::budget::{self, Counted, Filed, Library, Paid, Refused, Told};
use domain::number::Fen;

use super::import::{Asked, Line, Outcome, Plan, Work, reconcile};
use super::store::{self, KnownMonth};

/// A month that is written.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The id of the row that there is.
    known: Option<String>,
    object_id: String,
    month: u8,
    executed: Fen,
    cumulative: Option<Fen>,
}

/// What becomes of the list.
pub(super) fn look(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    filed: &Filed,
    library: &Library,
) -> Result<Plan, Error> {
    let known = store::months(tx, asked.region, asked.year)?;
    let mut lines = Vec::new();
    let mut paid = Vec::new();
    for sheet in filed.sheets.iter().enumerate() {
        for row in budget::plan_paid(asked.year, asked.month, sheet, library) {
            match row {
                Ok(row) => paid.push(row),
                Err(refused) => lines.push(rejected(refused, library, None)),
            }
        }
    }
    let counted: Vec<Counted<'_>> = paid
        .iter()
        .map(|paid| Counted {
            at: paid.at,
            unit_code: &paid.unit_code,
            source: paid.key.source,
            fen: paid.fen,
        })
        .collect();
    let reconciliation = reconcile(filed, &counted, library);
    let mut steps = Vec::new();
    match budget::settle_file(&paid) {
        Err(wrong) => {
            for (place, refused) in wrong {
                lines.push(rejected(refused, library, paid.get(place)));
            }
        }
        Ok(told) => {
            let months = settled(&told, &known);
            steps = changes(&months, &known, library);
            lines.extend(shown(&paid, &told, &months, (&known, library)));
        }
    }
    Ok(Plan {
        lines,
        reconciliation,
        notes: filed.notes.clone(),
        work: Work::Execution(steps),
    })
}

fn name_of(library: &Library, code: &str) -> Arc<str> {
    let project = library.projects.get(code);
    project
        .map(|project| project.name.as_str().into())
        .unwrap_or_default()
}

fn rejected(refused: Refused, library: &Library, paid: Option<&Paid>) -> Line {
    let code = paid.map(|paid| paid.key.project.clone());
    let code = code.unwrap_or_default();
    Line {
        place: refused.place,
        name: name_of(library, &code),
        code: code.into(),
        outcome: Outcome::Rejected,
        message: refused.message,
    }
}

/// A project's months: what is told of each, and what was paid in it.
type Months = BTreeMap<u8, (Told, Fen)>;

/// The months of each project that the file tells of, with the months that there are.
fn settled(
    told: &BTreeMap<(String, u8), Told>,
    known: &BTreeMap<String, BTreeMap<u8, KnownMonth>>,
) -> BTreeMap<String, Months> {
    let codes: BTreeSet<&String> = told.keys().map(|(code, _)| code).collect();
    let of_project = |code: &String| {
        let mut all: BTreeMap<u8, Told> = BTreeMap::new();
        for (month, known) in known.get(code).into_iter().flatten() {
            all.insert(*month, known.told);
        }
        let from = (code.clone(), 0);
        let until = (code.clone(), u8::MAX);
        for ((_, month), told) in told.range(from..=until) {
            all.insert(*month, *told);
        }
        let paid = budget::settle(&all);
        let both = |(month, told): (u8, Told)| {
            (month, (told, paid.get(&month).copied().unwrap_or_default()))
        };
        (code.clone(), all.into_iter().map(both).collect())
    };
    codes.into_iter().map(of_project).collect()
}

fn cumulative(told: Told) -> Option<Fen> {
    match told {
        Told::Month(_) => None,
        Told::UpTo(fen) => Some(fen),
    }
}

/// The months that become different, those too whose sum from January on stays as it was told.
fn changes(
    months: &BTreeMap<String, Months>,
    known: &BTreeMap<String, BTreeMap<u8, KnownMonth>>,
    library: &Library,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for (code, months) in months {
        let Some(project) = library.projects.get(code) else {
            continue;
        };
        for (month, (told, executed)) in months {
            let found = known.get(code).and_then(|months| months.get(month));
            let is_same = found.is_some_and(|found| {
                found.executed == *executed && cumulative(found.told) == cumulative(*told)
            });
            if !is_same {
                steps.push(Step {
                    known: found.map(|found| found.id.clone()),
                    object_id: project.id.clone(),
                    month: *month,
                    executed: *executed,
                    cumulative: cumulative(*told),
                });
            }
        }
    }
    steps
}

/// Each row with what becomes of its month; a month of several rows is told with the first.
fn shown(
    paid: &[Paid],
    told: &BTreeMap<(String, u8), Told>,
    months: &BTreeMap<String, Months>,
    (known, library): (&BTreeMap<String, BTreeMap<u8, KnownMonth>>, &Library),
) -> Vec<Line> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::with_capacity(paid.len());
    for paid in paid {
        let (code, month) = (&paid.key.project, paid.key.month);
        let new = told.get(&(code.clone(), month)).copied();
        let found = known.get(code).and_then(|months| months.get(&month));
        let (outcome, mut message) = match (new, found) {
            (Some(_), None) => (Outcome::New, format!("{month} 月")),
            (Some(new), Some(found)) if new != found.told => (
                Outcome::Changed,
                format!("{month} 月：{} → {} 元", words(found.told), words(new)),
            ),
            _ => (Outcome::Unchanged, String::new()),
        };
        if !seen.insert((code, month)) && outcome != Outcome::Unchanged {
            message = format!("计入 {month} 月");
        }
        let executed = months.get(code).and_then(|months| months.get(&month));
        if let Some((_, fen)) = executed.filter(|(_, fen)| fen.0 < 0 && paid.key.is_cumulative) {
            // Money that is paid back makes a sum smaller; a wrong month does, too.
            let less = format!(
                "累计数比前几个月的合计少 {} 元，如非退款请核对月份",
                (-*fen).yuan()
            );
            message = if message.is_empty() {
                less
            } else {
                format!("{message}；{less}")
            };
        }
        lines.push(Line {
            place: paid.place.clone(),
            code: code.as_str().into(),
            name: name_of(library, code),
            outcome,
            message,
        });
    }
    lines
}

fn words(told: Told) -> String {
    match told {
        Told::Month(fen) => format!("当月 {}", fen.yuan()),
        Told::UpTo(fen) => format!("累计 {}", fen.yuan()),
    }
}

/// Writes the months.
pub(super) fn write(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    steps: &[Step],
) -> Result<(), Error> {
    for step in steps {
        let amounts = (step.executed, step.cumulative);
        if let Some(id) = &step.known {
            store::update_month(tx, id, amounts)?;
            continue;
        }
        let digest = format!("{region}/{year}/{}/{}", step.object_id, step.month);
        let id = format!("e-{}", web::token::digest(&digest));
        let owner = (&*id, region, &*step.object_id);
        store::insert_month(tx, owner, (year, step.month), amounts)?;
    }
    Ok(())
}
