//! Planned lines beside the lines that there are.

use std::collections::BTreeMap;

use super::filed::Refused;
use super::library::{KnownProject, Library};
use super::line::{Key, Planned};
use super::place::Place;
use super::words::{ChangeKind, Nature, ProjectKind};
use crate::number::Fen;

/// A line that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLine {
    /// Its id.
    pub id: String,
    /// The amount.
    pub amount: Fen,
    /// 是否需人大批准
    pub requires_npc_approval: bool,
}

/// What becomes of a planned line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A line that there is not yet.
    New {
        /// What whoever imports it must know; empty for nothing.
        message: String,
    },
    /// A line, or its project, that becomes different.
    Changed {
        /// What becomes different.
        message: String,
    },
    /// A line as it is.
    Unchanged,
    /// The row is wrong.
    Rejected(Refused),
}

/// The fate of each planned line, in their order.
pub fn compare(
    planned: &[Result<Planned, Refused>],
    known: &BTreeMap<Key, KnownLine>,
    library: &Library,
) -> Vec<Fate> {
    let mut lines: BTreeMap<&Key, &Place> = BTreeMap::new();
    let mut projects: BTreeMap<&str, &Planned> = BTreeMap::new();
    let mut fates = Vec::with_capacity(planned.len());
    for planned in planned {
        let planned = match planned {
            Ok(planned) => planned,
            Err(refused) => {
                fates.push(Fate::Rejected(refused.clone()));
                continue;
            }
        };
        let refused = |message: String| {
            Fate::Rejected(Refused {
                place: planned.place.to_string(),
                message,
            })
        };
        if let Some(place) = lines.insert(&planned.key, &planned.place) {
            fates.push(refused(format!(
                "与 {place} 是同一笔预算（项目、资金、科目、变动和文号都相同），请合并为一行，\
                 或填上不同的文号。"
            )));
            continue;
        }
        let first = *projects.entry(&planned.key.project).or_insert(planned);
        if let Some(message) = disagreement(first, planned) {
            fates.push(refused(message));
            continue;
        }
        let is_first = std::ptr::eq(first, planned);
        fates.push(fate(planned, is_first, known.get(&planned.key), library));
    }
    fates
}

/// What two rows of a project say differently of it, if anything.
fn disagreement(first: &Planned, other: &Planned) -> Option<String> {
    let parts = [
        ("单位", &*first.unit_code, &*other.unit_code),
        ("名称", &*first.project_name, &*other.project_name),
    ];
    let (what, before, after) = parts.into_iter().find(|(_, one, other)| one != other)?;
    Some(format!(
        "同一项目的{what}在 {} 那一行是“{before}”，这里是“{after}”，请核对。",
        first.place
    ))
}

fn fate(planned: &Planned, is_first: bool, known: Option<&KnownLine>, library: &Library) -> Fate {
    let project = library.projects.get(&*planned.key.project);
    let mut told = Vec::new();
    // The first row of a project tells what becomes of the project.
    if let Some(project) = project.filter(|_| is_first) {
        told.extend(differences(planned, project));
    }
    let mut notes = Vec::new();
    if project.is_none() && is_first {
        notes.push("新项目，加入项目库".to_owned());
    }
    // V14: money that is added is released only with an approved target.
    let is_bare = !project.is_some_and(|project| project.has_approved_target);
    if planned.key.change == ChangeKind::Supplement && is_bare {
        notes.push(
            "该项目本年还没有批复的绩效目标，追加资金暂不能下达（V14），请先申报并批复目标"
                .to_owned(),
        );
    }
    match known {
        // A list prints 0.00 where there is no money.
        None if planned.amount == Fen::ZERO && told.is_empty() => return Fate::Unchanged,
        None if planned.amount == Fen::ZERO => {}
        None => {
            let (change, yuan) = (planned.key.change.label(), planned.amount.yuan());
            told.insert(0, format!("{change} {yuan} 元"));
            told.extend(notes);
            return Fate::New {
                message: told.join("；"),
            };
        }
        Some(known) => {
            if known.amount != planned.amount {
                told.push(format!(
                    "金额：{} → {} 元",
                    known.amount.yuan(),
                    planned.amount.yuan()
                ));
            }
            let says = planned.requires_npc_approval;
            if says.is_some_and(|says| says != known.requires_npc_approval) {
                told.push(format!(
                    "需人大批准：{}",
                    if known.requires_npc_approval {
                        "是 → 否"
                    } else {
                        "否 → 是"
                    }
                ));
            }
        }
    }
    if told.is_empty() {
        return Fate::Unchanged;
    }
    told.extend(notes);
    Fate::Changed {
        message: told.join("；"),
    }
}

/// What a row says differently of a project of the library.
fn differences(planned: &Planned, project: &KnownProject) -> Vec<String> {
    let mut told = Vec::new();
    if *planned.project_name != *project.name {
        told.push(format!(
            "项目名称：{} → {}",
            project.name, planned.project_name
        ));
    }
    if !planned.level_one.is_empty() && *planned.level_one != *project.level_one {
        let before = if project.level_one.is_empty() {
            "空"
        } else {
            &project.level_one
        };
        told.push(format!("一级项目：{before} → {}", planned.level_one));
    }
    if let Some(nature) = planned
        .nature
        .filter(|nature| Some(*nature) != project.nature)
    {
        let before = project.nature.map_or("空", Nature::label);
        told.push(format!("项目属性：{before} → {}", nature.label()));
    }
    if project.kind != Some(planned.kind) {
        let before = project.kind.map_or("空", ProjectKind::label);
        told.push(format!("项目类别：{before} → {}", planned.kind.label()));
    }
    told
}
