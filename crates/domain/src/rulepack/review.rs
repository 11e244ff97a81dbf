//! Review routes of a pack.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::workflow::{RecordKind, Route};

/// Who reviews, in which order.
///
/// Source: 财预〔2015〕88号 and 财预〔2020〕10号: units fill, departments review, the bureau's
/// sections review after them. House rule: a place may add steps and conditions, because the
/// documents leave 会审 and thresholds to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The route of every kind without one of its own; a kind walks those of its steps for which it
    /// has a state.
    pub default: Route,
    /// Routes of single kinds, by the kind's name.
    #[serde(default)]
    pub routes: BTreeMap<String, Route>,
}

impl Review {
    /// The route of a kind; without steps for a kind that has no review.
    pub fn route(&self, kind: RecordKind) -> Route {
        self.routes
            .get(kind.name())
            .unwrap_or(&self.default)
            .within(kind)
    }

    /// The first mistake, as a Chinese clause.
    pub(super) fn flaw(&self) -> Option<String> {
        let reviewed: Vec<RecordKind> = RecordKind::ALL
            .into_iter()
            .filter(|kind| kind.machine().review.is_some())
            .collect();
        for (name, route) in &self.routes {
            let Some(kind) = reviewed.iter().find(|kind| kind.name() == name) else {
                let names: Vec<&str> = reviewed.iter().map(|kind| kind.name()).collect();
                return Some(format!(
                    "「{name}」没有审核流程，可用的是：{}",
                    names.join("、")
                ));
            };
            if let Some(flaw) = route.flaw(*kind) {
                return Some(flaw);
            }
        }
        // The target's machine has every review state, so it judges the default as a whole.
        let whole = self.default.flaw(RecordKind::PerformanceTarget);
        whole.or_else(|| {
            reviewed
                .into_iter()
                .filter(|kind| !self.routes.contains_key(kind.name()))
                .find_map(|kind| self.default.within(kind).flaw(kind))
        })
    }
}
