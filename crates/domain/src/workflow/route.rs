//! Review routes: which steps a record of a kind goes through, and who signs at each.

use std::sync::Arc;

use serde::Deserialize;

use super::machine::RecordKind;
use super::standing::Case;
use crate::permission::{Action, Role, Scope, grants};

/// Whoever holds this role, seen from where they work, may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// The role.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
}

/// 项目, 部门整体 or 政策.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// 项目
    Project,
    /// 部门整体
    Department,
    /// 政策
    Policy,
}

/// When a step is walked; a step without conditions always is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The smallest amount of money, in fen.
    #[serde(default)]
    pub amount_from_fen: Option<i64>,
    /// The objects; empty when all.
    #[serde(default)]
    pub objects: Vec<ObjectKind>,
}

impl When {
    fn holds(&self, case: &Case) -> bool {
        self.amount_from_fen
            .is_none_or(|least| case.amount_fen >= least)
            && (self.objects.is_empty() || self.objects.contains(&case.object))
    }

    fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

/// One step: the state in which the record waits, and all who must sign, in parallel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// A review state of the kind's machine.
    pub state: Arc<str>,
    /// All of them must sign, in any order.
    pub signers: Vec<Signer>,
    /// When it is walked.
    #[serde(default)]
    pub when: When,
}

/// The steps in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// At most one for each state.
    pub steps: Vec<Step>,
}

impl Route {
    /// The steps that this record goes through.
    pub(super) fn steps_for<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = &'a Step> {
        self.steps.iter().filter(|step| step.when.holds(case))
    }

    /// The route as far as the kind has its states: a kind without a department's review starts
    /// with the section's.
    #[must_use]
    pub fn within(&self, kind: RecordKind) -> Self {
        let states = kind.machine().review.map_or(&[][..], |part| part.steps);
        let known = |step: &&Step| states.contains(&&*step.state);
        Self {
            steps: self.steps.iter().filter(known).cloned().collect(),
        }
    }

    /// Why the route cannot be walked by the kind, if it cannot: as a Chinese clause.
    pub fn flaw(&self, kind: RecordKind) -> Option<String> {
        let states = kind.machine().review.map_or(&[][..], |part| part.steps);
        let mut place = 0;
        for step in &self.steps {
            let state = &step.state;
            let Some(found) = states.iter().position(|known| *known == &**state) else {
                return Some(format!(
                    "{} 没有审核环节「{state}」，可用的是：{}",
                    kind.name(),
                    states.join("、")
                ));
            };
            if found < place {
                return Some(format!("审核环节「{state}」的先后次序不对，或重复了"));
            }
            place = found + 1;
            if let Some(flaw) = signers_flaw(step) {
                return Some(flaw);
            }
        }
        (!self.steps.iter().any(|step| step.when.is_always()))
            .then(|| "至少要有一个不带条件的审核环节".to_owned())
    }
}

fn signers_flaw(step: &Step) -> Option<String> {
    if step.signers.is_empty() {
        return Some(format!("审核环节「{}」没有审核人", step.state));
    }
    let reviewers = grants(Action::Review);
    let stranger = step
        .signers
        .iter()
        .find(|signer| !reviewers.contains(&(signer.role, signer.scope)))?;
    Some(format!(
        "{}没有「{}」的审核权，不能放在审核环节「{}」",
        stranger.role.label(),
        stranger.scope.label(),
        step.state
    ))
}
