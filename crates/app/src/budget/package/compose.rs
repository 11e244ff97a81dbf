//! What a package says: every department with its budget by book, its projects and their targets,
//! and what is missing; composed from what is stored, kept word for word once it is submitted.

use std::collections::{BTreeMap, BTreeSet};

use db::{Error, Tx};
use domain::number::Fen;
use serde::{Deserialize, Serialize};

use crate::budget::store::package::{self as store, Indicator, Object, Target};

/// A package as it is composed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) year: i64,
    /// 绵竹市
    pub(super) region: String,
    /// 绵竹市财政局
    pub(super) bureau: String,
    pub(super) departments: Vec<Department>,
}

/// A department.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Department {
    pub(super) id: String,
    pub(super) code: String,
    pub(super) name: String,
    /// The initial budget of all its projects by book, in fen.
    pub(super) budget: Vec<(String, i64)>,
    /// 部门整体绩效目标
    pub(super) whole: Option<Entry>,
    /// The projects whose targets are in the package.
    pub(super) projects: Vec<Entry>,
    /// The projects with a budget whose targets are not.
    pub(super) missing: Vec<Missing>,
}

/// A project with its target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) object: String,
    pub(super) target: String,
    pub(super) edition: i64,
    pub(super) version: i64,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) unit: String,
    /// The project's initial budget by book, in fen.
    pub(super) budget: Vec<(String, i64)>,
    pub(super) goal: String,
    /// 一级, 二级, 三级指标, 性质, 指标值, 单位, 权重
    pub(super) indicators: Vec<Indicator>,
}

/// A project with a budget that is not in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Missing {
    pub(super) object: String,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) amount: i64,
    /// The target's state by its name; empty where there is none.
    pub(super) state: String,
    pub(super) target: Option<String>,
    /// Whether its target went to the congress before.
    pub(super) is_earlier: bool,
}

fn sum(budget: &[(String, i64)]) -> Fen {
    Fen(budget.iter().map(|(_, fen)| fen).sum())
}

impl Entry {
    /// Its initial budget.
    pub(super) fn amount(&self) -> Fen {
        sum(&self.budget)
    }
}

impl Department {
    /// Its whole initial budget.
    pub(super) fn amount(&self) -> Fen {
        sum(&self.budget)
    }

    /// What its projects in the package have together.
    pub(super) fn listed(&self) -> Fen {
        self.projects.iter().map(Entry::amount).sum()
    }

    /// What its projects have whose targets went to the congress before.
    pub(super) fn earlier(&self) -> Fen {
        let earlier = self.missing.iter().filter(|it| it.is_earlier);
        Fen(earlier.map(|it| it.amount).sum())
    }

    /// What of the budget stands in no package.
    pub(super) fn difference(&self) -> Fen {
        self.amount() - self.listed() - self.earlier()
    }

    /// Projects that should be in the package and are not.
    pub(super) fn open(&self) -> impl Iterator<Item = &Missing> {
        self.missing.iter().filter(|it| !it.is_earlier)
    }

    /// The targets that are in the package.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.whole.iter().chain(&self.projects)
    }

    /// Whether anything of it is in the package.
    pub(super) fn is_in(&self) -> bool {
        self.entries().next().is_some()
    }
}

impl Content {
    /// The departments that have something in the package.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(|it| it.is_in())
    }

    /// Every target of the package.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.departments.iter().flat_map(Department::entries)
    }

    /// How many targets of projects there are.
    pub(super) fn projects(&self) -> usize {
        self.departments.iter().map(|it| it.projects.len()).sum()
    }

    /// How many projects should be in it and are not.
    pub(super) fn open(&self) -> usize {
        self.departments.iter().map(|it| it.open().count()).sum()
    }

    /// The initial budget of all departments.
    pub(super) fn amount(&self) -> Fen {
        self.departments.iter().map(Department::amount).sum()
    }

    /// What the projects in the package have together.
    pub(super) fn amount_listed(&self) -> Fen {
        self.departments.iter().map(Department::listed).sum()
    }

    /// What stands in no package.
    pub(super) fn difference(&self) -> Fen {
        self.departments.iter().map(Department::difference).sum()
    }

    /// The department of that code alone.
    pub(super) fn only(mut self, code: &str) -> Self {
        self.departments.retain(|it| it.code == code);
        self
    }

    /// As it is kept.
    ///
    /// # Errors
    /// Never for what was composed.
    pub(super) fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// A package as it was kept.
    ///
    /// # Errors
    /// The text is not one of ours.
    pub(super) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// Composes the package of the year from what is stored now. Lines, targets and indicators are read
/// once each, however many projects there are.
///
/// # Errors
/// The database fails.
pub(super) fn compose(tx: &mut Tx<'_>, region: &str, year: i64) -> Result<Content, Error> {
    let place = (region, year);
    let (region_name, bureau) = store::names(tx, region)?;
    let mut indicators = store::indicators(tx, place)?;
    let mut departments: BTreeMap<String, Department> = BTreeMap::new();
    let mut budgets: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    let mut funded: Vec<Object> = Vec::new();
    for (object, book, fen) in store::initial(tx, place)? {
        add(&mut of(&mut departments, &object).budget, &book, fen.0);
        let budget = budgets.entry(object.id.clone()).or_default();
        if budget.is_empty() {
            funded.push(object);
        }
        budget.push((book, fen.0));
    }
    let mut standing: BTreeMap<String, Target> = BTreeMap::new();
    let mut listed: BTreeSet<String> = BTreeSet::new();
    for (object, target) in store::targets(tx, place)? {
        if target.state == "in_budget" && target.needs_congress {
            listed.insert(object.id.clone());
            let entry = Entry {
                budget: budgets.get(&object.id).cloned().unwrap_or_default(),
                indicators: indicators.remove(&target.id).unwrap_or_default(),
                ..entry(&object, &target)
            };
            let department = of(&mut departments, &object);
            if object.is_department {
                department.whole = Some(entry);
            } else {
                department.projects.push(entry);
            }
        }
        standing.insert(object.id, target);
    }
    for object in funded.iter().filter(|object| !listed.contains(&object.id)) {
        let budget = budgets.get(&object.id).map_or(&[][..], Vec::as_slice);
        let missing = missing(object, standing.get(&object.id), sum(budget));
        of(&mut departments, object).missing.push(missing);
    }
    let mut departments: Vec<Department> = departments.into_values().collect();
    departments.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(Content {
        year,
        region: region_name,
        bureau,
        departments,
    })
}

fn of<'a>(
    departments: &'a mut BTreeMap<String, Department>,
    object: &Object,
) -> &'a mut Department {
    let (id, code, name) = &object.department;
    departments.entry(id.clone()).or_insert_with(|| Department {
        id: id.clone(),
        code: code.clone(),
        name: name.clone(),
        ..Department::default()
    })
}

fn add(budget: &mut Vec<(String, i64)>, book: &str, fen: i64) {
    match budget.iter_mut().find(|(known, _)| known == book) {
        Some((_, sum)) => *sum += fen,
        None => budget.push((book.to_owned(), fen)),
    }
}

fn entry(object: &Object, target: &Target) -> Entry {
    Entry {
        object: object.id.clone(),
        target: target.id.clone(),
        edition: target.edition,
        version: target.version,
        code: object.code.clone(),
        name: object.name.clone(),
        unit: object.unit_name.clone(),
        goal: target.goal.clone(),
        budget: Vec::new(),
        indicators: Vec::new(),
    }
}

fn missing(object: &Object, target: Option<&Target>, amount: Fen) -> Missing {
    let state = target.map_or("", |target| &target.state);
    Missing {
        object: object.id.clone(),
        code: object.code.clone(),
        name: object.name.clone(),
        unit: object.unit_name.clone(),
        amount: amount.0,
        is_earlier: matches!(state, "submitted_to_npc" | "approved" | "adjusting"),
        state: state.to_owned(),
        target: target.map(|target| target.id.clone()),
    }
}
