//! Rule packs: the parameters of scoring and checking as data, inherited from parent to child.
//!
//! A pack is a TOML text. A child names its parent and overrides single keys. What a regulation
//! leaves to the place, and what is not certain, is a parameter in here and never code. A finished
//! record keeps the id and the version of the pack that it was computed with.

mod advice;
mod attachments;
mod bands;
mod budget;
mod parameters;
mod resolve;
mod review;
mod security;
pub mod target_form;
mod target_review;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use advice::{Advice, AdviceWords};
pub use attachments::Attachments;
pub use bands::{Band, Bands, Closed};
pub use budget::{AdjustmentRules, BudgetRules, ProjectKindName, ReplyRules};
pub use parameters::Exact;
pub use parameters::{
    BlueBasis, Check, Clauses, Consistency, ExAnte, Execution, ExecutionMode, Framework, Light,
    Monitoring, Over, OverPenalty, Qualitative, Quantity, Ratings, Rectification, ReverseMode,
    RulePack, Sampling, Satisfaction, SatisfactionMethod, Weights, WithoutSatisfaction, ZeroBudget,
};
pub use resolve::{Difference, PackError, diff, resolve, values};
pub use review::Review;
pub use security::{
    AuditRules, LEGAL_RETENTION_DAYS, LockRules, PasswordRules, PrivilegedRules, SecondFactorRules,
    Security, SessionRules,
};
pub use target_review::{ReviewItem, TargetReview};

/// The packs that the program brings along, parents before children.
const TEXTS: [(&str, &str); 6] = [
    ("national-2020", include_str!("packs/national-2020.toml")),
    (
        "national-2021-cost",
        include_str!("packs/national-2021-cost.toml"),
    ),
    ("sichuan", include_str!("packs/sichuan.toml")),
    ("mianzhu-2020", include_str!("packs/mianzhu-2020.toml")),
    ("linear-cap", include_str!("packs/linear-cap.toml")),
    ("execution-20", include_str!("packs/execution-20.toml")),
];

/// The pack used where none is named.
pub const DEFAULT: &str = "national-2020";

/// The packs that the program brings along, resolved once.
///
/// # Panics
/// Never: a test resolves every one of them.
pub fn builtin_packs() -> &'static [RulePack] {
    static PACKS: OnceLock<Vec<RulePack>> = OnceLock::new();
    PACKS.get_or_init(|| {
        TEXTS
            .iter()
            .map(|(id, _)| resolve(id, &TEXTS).expect("every pack is resolved in a test"))
            .collect()
    })
}

/// One of the packs that the program brings along.
pub fn builtin(id: &str) -> Option<&'static RulePack> {
    builtin_packs().iter().find(|pack| *pack.id == *id)
}

/// The pack used where none is named.
///
/// # Panics
/// Never: the default pack is among the ones brought along.
pub fn default_pack() -> &'static RulePack {
    builtin(DEFAULT).expect("the default pack is brought along")
}

/// The pack of a place, or the one used where none is named.
pub fn of_region(region_code: &str) -> &'static RulePack {
    let own = |pack: &&RulePack| pack.region.as_deref() == Some(region_code);
    builtin_packs()
        .iter()
        .find(own)
        .unwrap_or_else(default_pack)
}

/// The text of a pack that the program brings along, as written.
pub fn builtin_text(id: &str) -> Option<&'static str> {
    TEXTS
        .iter()
        .find(|(name, _)| *name == id)
        .map(|(_, text)| *text)
}

/// Every key in which two packs that are brought along differ.
///
/// # Errors
/// An id that is not among them.
pub fn builtin_diff(first: &str, second: &str) -> Result<Vec<Difference>, PackError> {
    diff(first, second, &TEXTS)
}

/// All values of a pack that is brought along, by dotted key, inherited ones included.
///
/// # Errors
/// An id that is not among them.
pub fn builtin_values(id: &str) -> Result<BTreeMap<String, serde_json::Value>, PackError> {
    values(id, &TEXTS)
}
