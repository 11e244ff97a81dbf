//! What becomes of a filed list of the budget or of payments, and writing it whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use db::{Error, Tx};
use domain::budget::{
    self, Compared, Counted, Fate, Filed, FundSource, Key, KnownLine, KnownUnit, Library, Planned,
    Refused, Scope, Texts,
};
use domain::number::Fen;

use super::labels::Kind;
use super::supplement::{self, Added};
use super::{paid, store};
use crate::audit::{self, Change};
use crate::organisation::import::first_day;
use crate::organisation::store as units;
use crate::target::keep_name;

/// What a list is asked to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) kind: Kind,
    pub(crate) region: &'a str,
    pub(crate) year: i64,
    /// The month of payments, where the list names none.
    pub(crate) month: Option<u8>,
}

/// What becomes of a row or of one of its amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Rejected,
    Changed,
    New,
    Unchanged,
}

impl Outcome {
    /// For programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Rejected => "rejected",
        }
    }

    /// On screen.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Changed => "变更",
            Self::Unchanged => "未变",
            Self::Rejected => "有误",
        }
    }
}

/// A row as an import shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) place: String,
    /// 项目编码
    pub(crate) code: Arc<str>,
    /// 项目名称
    pub(crate) name: Arc<str>,
    pub(crate) outcome: Outcome,
    pub(crate) message: String,
}

/// Our sum of a book or a unit beside the file's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) ours: Fen,
    /// None where the file prints no sum of it.
    pub(crate) file: Option<Fen>,
}

impl Sum {
    /// Ours less the file's.
    pub(crate) fn difference(&self) -> Option<Fen> {
        self.file.map(|file| self.ours - file)
    }
}

/// Our sums beside the file's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reconciliation {
    pub(crate) books: Vec<Sum>,
    pub(crate) units: Vec<Sum>,
    /// Every sum that the file prints, by its cell.
    pub(crate) totals: Vec<Compared>,
}

/// What an import of the file does.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<Line>,
    pub(crate) reconciliation: Reconciliation,
    /// What was taken for granted.
    pub(crate) notes: Vec<String>,
    pub(super) work: Work,
}

/// What is written.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Budget {
        /// New and changed lines.
        planned: Vec<Planned>,
        known: BTreeMap<Key, KnownLine>,
        library: Library,
    },
    Execution(Vec<paid::Step>),
}

impl Plan {
    /// How many rows are new, changed, unchanged and rejected.
    pub(crate) fn counts(&self) -> [usize; 4] {
        let order = [
            Outcome::New,
            Outcome::Changed,
            Outcome::Unchanged,
            Outcome::Rejected,
        ];
        order.map(|outcome| {
            let lines = self.lines.iter();
            lines.filter(|line| line.outcome == outcome).count()
        })
    }

    /// A digest of what is shown, so that a confirmation confirms that and nothing else.
    pub(crate) fn digest(&self) -> String {
        let mut told = String::new();
        for line in &self.lines {
            if !told.is_empty() {
                told.push('\n');
            }
            // Writing to a text does not fail.
            let _ = write!(
                told,
                "{} {} {}",
                line.place,
                line.outcome.name(),
                line.message
            );
        }
        web::token::digest(&told)
    }
}

/// What becomes of the list. Everything that is known is read at once: no statement runs for a row.
///
/// # Errors
/// The database fails.
pub(crate) fn look(tx: &mut Tx<'_>, asked: Asked<'_>, filed: &Filed) -> Result<Plan, Error> {
    let library = library(tx, asked)?;
    match asked.kind {
        Kind::Budget => look_budget(tx, asked, filed, library),
        Kind::Execution => paid::look(tx, asked, filed, &library),
    }
}

fn library(tx: &mut Tx<'_>, asked: Asked<'_>) -> Result<Library, Error> {
    let Asked { region, year, .. } = asked;
    let (first, last) = (first_day(year), format!("{year}-12-31"));
    let all = units::units_of_year(tx, region, (&first, &last))?;
    let codes: BTreeMap<String, String> = all
        .iter()
        .map(|unit| (unit.id.0.clone(), unit.code.clone()))
        .collect();
    let known = |unit: &domain::organisation::Unit| {
        let parent = unit.parent.as_ref().and_then(|id| codes.get(&id.0));
        let known = KnownUnit {
            id: unit.id.0.clone(),
            name: unit.name.clone(),
            parent_code: parent.cloned().unwrap_or_default(),
        };
        (unit.code.clone(), known)
    };
    let open = all.iter().map(known).collect();
    let closed = store::closed_units(tx, region, &first)?;
    let projects = store::projects(tx, (region, year), &codes)?;
    Ok(Library::new(open, closed, projects))
}

fn look_budget(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    filed: &Filed,
    library: Library,
) -> Result<Plan, Error> {
    let known = store::lines(tx, asked.region, asked.year)?;
    let mut texts = Texts::default();
    let mut planned: Vec<Result<Planned, Refused>> = Vec::new();
    for sheet in filed.sheets.iter().enumerate() {
        planned.extend(budget::plan(asked.year, sheet, &library, &mut texts));
    }
    drop(texts);
    let fates = budget::compare(&planned, &known, &library);
    let mut lines = Vec::with_capacity(planned.len());
    for (planned, fate) in planned.iter().zip(fates) {
        lines.push(line(planned.as_ref().ok(), fate));
    }
    let kept = planned.iter().zip(&lines);
    let kept = kept.filter(|(_, line)| line.outcome != Outcome::Rejected);
    let counted: Vec<Counted<'_>> = kept
        .filter_map(|(planned, _)| planned.as_ref().ok())
        .map(|planned| Counted {
            at: planned.at,
            unit_code: &planned.unit_code,
            source: Some(planned.key.source),
            fen: planned.amount,
        })
        .collect();
    let reconciliation = reconcile(filed, &counted, &library);
    drop(counted);
    let is_written = |line: &Line| matches!(line.outcome, Outcome::New | Outcome::Changed);
    let planned = planned.into_iter().zip(&lines);
    let planned = planned.filter(|(_, line)| is_written(line));
    Ok(Plan {
        work: Work::Budget {
            planned: planned.filter_map(|(planned, _)| planned.ok()).collect(),
            known,
            library,
        },
        lines,
        reconciliation,
        notes: filed.notes.clone(),
    })
}

/// What is shown of a line, or of a row that is none.
fn line(planned: Option<&Planned>, fate: Fate) -> Line {
    let (place, outcome, message) = match fate {
        Fate::New { message } => (None, Outcome::New, message),
        Fate::Changed { message } => (None, Outcome::Changed, message),
        Fate::Unchanged => (None, Outcome::Unchanged, String::new()),
        Fate::Rejected(refused) => (Some(refused.place), Outcome::Rejected, refused.message),
    };
    let own = || planned.map_or_else(String::new, |planned| planned.place.to_string());
    Line {
        place: place.unwrap_or_else(own),
        code: planned.map_or_else(Arc::default, |planned| Arc::clone(&planned.key.project)),
        name: planned.map_or_else(Arc::default, |planned| Arc::clone(&planned.project_name)),
        outcome,
        message,
    }
}

/// Our sums by book and by unit beside those that the file prints.
pub(super) fn reconcile(
    filed: &Filed,
    counted: &[Counted<'_>],
    library: &Library,
) -> Reconciliation {
    let totals = budget::reconcile(budget::totals(filed, library), counted, library);
    let mut by_book: BTreeMap<FundSource, Fen> = BTreeMap::new();
    let mut by_unit: BTreeMap<&str, Fen> = BTreeMap::new();
    for line in counted {
        if let Some(source) = line.source {
            let sum = by_book.entry(source).or_default();
            *sum = *sum + line.fen;
        }
        let sum = by_unit.entry(line.unit_code).or_default();
        *sum = *sum + line.fen;
    }
    let books = by_book.into_iter().map(|(source, ours)| Sum {
        code: source.name().to_owned(),
        name: source.label().to_owned(),
        ours,
        file: printed(&totals, |total| {
            total.scope == Scope::Sheet && total.source == Some(source)
        })
        .map(|(_, file)| file),
    });
    let books = books.collect();
    // A unit that the file prints a sum of is shown with what stands below it.
    let named = totals
        .iter()
        .filter_map(|compared| match &compared.total.scope {
            Scope::Unit(code) => Some(&**code),
            _ => None,
        });
    let codes: BTreeSet<&str> = named.chain(by_unit.keys().copied()).collect();
    let units = codes.into_iter().map(|code| {
        let printed = printed(&totals, |total| {
            total.scope == Scope::Unit(code.to_owned()) && total.source.is_none()
        })
        .or_else(|| printed(&totals, |total| total.scope == Scope::Unit(code.to_owned())));
        let ours = printed.map(|(ours, _)| ours).or(by_unit.get(code).copied());
        Sum {
            code: code.to_owned(),
            name: library
                .units
                .get(code)
                .map(|unit| unit.name.clone())
                .unwrap_or_default(),
            ours: ours.unwrap_or_default(),
            file: printed.map(|(_, file)| file),
        }
    });
    let units = units.collect();
    Reconciliation {
        books,
        units,
        totals,
    }
}

/// Our sum and the file's over the sums that are asked for, each sheet and column once; the sum
/// over all columns where the file prints it.
fn printed(totals: &[Compared], is_asked: impl Fn(&budget::Total) -> bool) -> Option<(Fen, Fen)> {
    let mut seen = BTreeSet::new();
    let mut sums: Option<(Fen, Fen)> = None;
    let has_whole: BTreeSet<usize> = totals
        .iter()
        .filter(|compared| is_asked(&compared.total) && compared.total.column.is_none())
        .map(|compared| compared.total.sheet)
        .collect();
    for Compared { total, ours } in totals.iter().filter(|c| is_asked(&c.total)) {
        let is_part = has_whole.contains(&total.sheet) && total.column.is_some();
        if is_part || !seen.insert((total.sheet, total.column, total.source)) {
            continue;
        }
        let (before, file) = sums.unwrap_or_default();
        sums = Some((before + *ours, file + total.fen));
    }
    sums
}

/// Writes what the plan says, and the event that tells of it. Nothing is written when a row is
/// rejected.
///
/// # Errors
/// The database fails.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    (actor, now): (&str, &str),
    plan: &Plan,
) -> Result<(), Error> {
    let [new, changed, unchanged, rejected] = plan.counts();
    if rejected > 0 || new + changed == 0 {
        return Ok(());
    }
    let Asked { region, year, .. } = asked;
    let mut after = serde_json::json!({"fiscal_year": year, "new_rows": new,
                                       "changed_rows": changed, "unchanged_rows": unchanged});
    if let Some(carried) = units::year::open(tx, region, year)? {
        after["sections_carried_over"] = carried.into();
    }
    let action = match &plan.work {
        Work::Budget {
            planned,
            known,
            library,
        } => {
            let written = (&**planned, now);
            let begun = write_budget(tx, (region, year), written, (known, library))?;
            if begun > 0 {
                after["begun_targets"] = begun.into();
            }
            "budget_imported"
        }
        Work::Execution(steps) => {
            paid::write(tx, (region, year), steps)?;
            "execution_imported"
        }
    };
    let event = Change {
        actor,
        action,
        record: ("budget", region),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, region, now, &event)
}

/// Writes the lines; how many targets they began.
fn write_budget(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    (planned, now): (&[Planned], &str),
    (known, library): (&BTreeMap<Key, KnownLine>, &Library),
) -> Result<usize, Error> {
    let mut objects: BTreeMap<&str, String> = BTreeMap::new();
    let mut begun = 0;
    for planned in planned {
        let code = &*planned.key.project;
        let object = match (objects.get(code), library.projects.get(code)) {
            (Some(id), _) => id.clone(),
            (None, Some(project)) => {
                if is_different(project, planned) {
                    store::update_project(tx, project, planned)?;
                    keep_name(tx, (&project.id, region), &planned.project_name)?;
                }
                project.id.clone()
            }
            (None, None) => {
                let id = format!("p-{}", web::token::digest(&format!("{region}/{code}")));
                let unit = library.units.get(&*planned.unit_code);
                let unit = unit.map(|unit| &*unit.id).unwrap_or_default();
                store::insert_project(tx, (&id, region, unit), planned)?;
                keep_name(tx, (&id, region), &planned.project_name)?;
                id
            }
        };
        objects.insert(code, object.clone());
        match known.get(&planned.key) {
            Some(line) => store::update_line(tx, line, planned)?,
            None if planned.amount == Fen::ZERO => {}
            None => {
                let digest = web::token::digest(&format!("{region}/{year}/{:?}", planned.key));
                let id = format!("b-{digest}");
                store::insert_line(tx, (&id, region, &object), year, planned)?;
                let added = Added {
                    object: &object,
                    year,
                    change: planned.key.change,
                    origin: planned.key.origin,
                };
                begun += usize::from(supplement::ask(tx, added, now)?);
            }
        }
    }
    Ok(begun)
}

/// Whether the list says something else of the project than the library.
fn is_different(project: &budget::KnownProject, planned: &Planned) -> bool {
    let is_other_level = !planned.level_one.is_empty() && *planned.level_one != *project.level_one;
    *planned.project_name != *project.name
        || is_other_level
        || project.kind != Some(planned.kind)
        || planned
            .nature
            .is_some_and(|nature| Some(nature) != project.nature)
}
