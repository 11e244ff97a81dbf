//! Checks of one filed form: what can be told from the form alone.
//!
//! House rules: E is arithmetic and missing obligatory parts alone; a part that the form does not
//! have is never complained about; the same form gets the same findings whichever file it came
//! from, because nothing here looks at anything but the [`Form`].

mod amounts;
mod consistency;
mod context;
mod costs;
pub mod cycle;
mod execution;
mod figures;
mod gaps;
pub(crate) mod headings;
mod indicators;
mod money;
mod names;
mod rules;
mod sums;
mod targets;
pub(crate) mod text;
mod values;
mod wording;

#[cfg(test)]
mod tests;

pub use amounts::{ADJUSTMENT, PRODUCT};
pub use rules::{RULES, Rule, find as find_rule};

use crate::finding::Finding;
use crate::form::Form;
use crate::rulepack::RulePack;
use context::{Context, Found};

/// Everything that the form itself shows to be wrong or odd, worst first.
pub fn check(pack: &RulePack, form: &Form) -> Vec<Finding> {
    let context = Context::new(pack, form);
    let mut found = Found::new(pack);
    money::check(&context, &mut found);
    amounts::check(&context, &mut found);
    execution::check(&context, &mut found);
    sums::check(&context, &mut found);
    indicators::check(&context, &mut found);
    values::check(&context, &mut found);
    gaps::check(&context, &mut found);
    targets::check(&context, &mut found);
    headings::check(&context, &mut found);
    names::check(&context, &mut found);
    costs::check(&context, &mut found);
    consistency::check(&context, &mut found);
    wording::check(&context, &mut found);
    figures::check(&context, &mut found);
    found.finish()
}
