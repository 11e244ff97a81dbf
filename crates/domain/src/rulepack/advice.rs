//! What the entry coach goes by, as a place has it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Exact;
use crate::advice::RULES;
use crate::number::Decimal;

/// Switches, limits and word lists of the advice on a target (`domain::advice`).
///
/// House rule: no document gives figures or lists for any of these, so a place may set each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Ids of rules that are not used.
    pub off: Vec<String>,
    /// Two names of one table are the same from this likeness in percent on (contained).
    pub same_name_percent: Exact,
    /// A goal is a copy from this likeness in percent on (contained).
    pub copied_percent: Exact,
    /// Shorter goals are never held to be copies of another unit's; in letters.
    pub copied_from_letters: u32,
    /// A target below this percentage of last year's actual value is far below it.
    pub below_last_percent: Exact,
    /// So many rates, all of them 100 %, are too many to be meant.
    pub all_hundred_from: u32,
    /// So many rows, all of one weight, were not weighed.
    pub equal_weights_from: u32,
    /// One indicator has at most this percentage of all points.
    pub most_weight_percent: Exact,
    /// A table with fewer rows is not judged as a whole.
    pub table_from: u32,
    /// The least number of answers that is proposed for a survey.
    pub sample: u32,
    /// What is proposed in place of a satisfaction of 100 %, in percent.
    pub satisfaction_percent: Exact,
    /// What others reached in earlier years is told from so many values on: of fewer, a quartile
    /// says nothing and one may guess whose they are.
    pub band_from: u32,
    /// So many years before the target's count for it.
    pub band_years: u32,
    /// Lists of words.
    pub words: AdviceWords,
}

/// Lists of words; a child pack replaces a list as a whole.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceWords {
    /// Words of degree that nobody can measure.
    pub vague: Vec<String>,
    /// Values that say nothing where they stand alone.
    pub vague_alone: Vec<String>,
    /// Values that only say that it is done.
    pub bare: Vec<String>,
    /// Money coming and going, which is no output.
    pub input: Vec<String>,
    /// Work that is no result.
    pub process: Vec<String>,
    /// Endings of names that a number belongs to.
    pub counted: Vec<String>,
    /// What is better the less of it there is.
    pub worse: Vec<String>,
    /// Work against it, which is better the more of it there is.
    pub against: Vec<String>,
    /// How a satisfaction is asked for.
    pub survey: Vec<String>,
    /// What reaches beyond the year.
    pub long_term: Vec<String>,
    /// Left over from a template.
    pub template: Vec<String>,
    /// Marks of a project whose indicators are prescribed, so that its table is not judged.
    pub given: Vec<String>,
    /// Marks of works in a project's name.
    pub works: Vec<String>,
    /// Marks of procurement in a project's name.
    pub procurement: Vec<String>,
    /// Abbreviations that everybody knows.
    pub abbreviations: Vec<String>,
    /// Words too common to tell what a figure is about.
    pub common: Vec<String>,
    /// Units that are written otherwise, and how.
    pub units: BTreeMap<String, String>,
}

impl Advice {
    /// Whether the rule is used.
    pub fn is_on(&self, rule: &str) -> bool {
        !self.off.iter().any(|off| off == rule)
    }

    /// The first mistake, as a key and a Chinese clause.
    pub(super) fn flaw(&self) -> Option<(&'static str, String)> {
        let known = |id: &&String| !RULES.iter().any(|rule| rule.id == **id);
        if let Some(id) = self.off.iter().find(known) {
            return Some(("advice.off", format!("没有填报建议「{id}」")));
        }
        if self.band_from == 0 {
            return Some(("advice.band_from", "至少为 1".to_owned()));
        }
        [
            ("advice.same_name_percent", self.same_name_percent),
            ("advice.copied_percent", self.copied_percent),
            ("advice.below_last_percent", self.below_last_percent),
            ("advice.most_weight_percent", self.most_weight_percent),
            ("advice.satisfaction_percent", self.satisfaction_percent),
        ]
        .into_iter()
        .find(|(_, percent)| percent.0 <= Decimal::ZERO || percent.0 > Decimal::ONE_HUNDRED)
        .map(|(key, percent)| (key, format!("{} 不在 0（不含）至 100 之间", percent.0)))
    }
}
