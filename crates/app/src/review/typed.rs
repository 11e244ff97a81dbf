//! What a reviewer typed into the form.

use domain::number::Centi;
use domain::review::{Answers, Mark, read_points};
use domain::rulepack::TargetReview;
use web::Error;

use super::store::form::Form;
use crate::serve::SignedPairs;

/// Most letters of an opinion, and of what was agreed. House rule: as of every comment.
pub(super) const MOST_LETTERS: usize = 2_000;

/// The names of the form's fields, each row's by its number from 1.
const FIELDS: [&str; 9] = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"];

/// The form as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) answers: Answers,
    /// The texts of rows that are no points, as they were typed, by their places.
    pub(super) unread: Vec<(usize, String)>,
    pub(super) opinion: String,
    pub(super) corrections: String,
    /// What is wrong with it, as sentences.
    pub(super) problems: Vec<String>,
}

/// The names that a form of this page may send beside its own.
pub(super) fn names<'a>(own: &[&'a str]) -> Vec<&'a str> {
    let shared = ["opinion", "corrections"];
    FIELDS
        .into_iter()
        .chain(shared)
        .chain(own.iter().copied())
        .collect()
}

impl Typed {
    /// A form in which nothing is filled.
    pub(super) fn blank(rules: &TargetReview, is_key: bool) -> Self {
        let rows = rules.items.len();
        Self {
            answers: if is_key {
                Answers::Points(vec![None; rows])
            } else {
                Answers::Marks(vec![None; rows])
            },
            unread: Vec::new(),
            opinion: String::new(),
            corrections: String::new(),
            problems: Vec::new(),
        }
    }

    /// What a kept form says, as far as its rows are those of the rules.
    pub(super) fn of(form: &Form, rules: &TargetReview, is_key: bool) -> Self {
        let row = |name: &str| form.items.iter().find(|item| item.name == name);
        let items = rules.items.iter();
        Self {
            answers: if is_key {
                Answers::Points(items.map(|item| row(&item.name)?.scored).collect())
            } else {
                Answers::Marks(items.map(|item| row(&item.name)?.mark).collect())
            },
            opinion: form.opinion.clone(),
            corrections: form.corrections.clone(),
            ..Self::blank(rules, is_key)
        }
    }

    /// The rows as the page shows them.
    pub(super) fn rows(&self, rules: &TargetReview) -> Vec<FormRow> {
        let rows = rules.items.iter().enumerate();
        rows.map(|(place, item)| FormRow {
            number: place + 1,
            aspect: item.aspect.to_string(),
            name: item.name.to_string(),
            points: item.points.to_string(),
            full: item.full.0.normalize().to_string(),
            mark: self.mark(place),
            scored: self.points(place),
        })
        .collect()
    }

    /// The mark of a row, by its place.
    pub(super) fn mark(&self, place: usize) -> Option<Mark> {
        match &self.answers {
            Answers::Marks(marks) => marks.get(place).copied().flatten(),
            Answers::Points(_) => None,
        }
    }

    /// The points of a row as its field shows them.
    fn points(&self, place: usize) -> String {
        if let Some((_, text)) = self.unread.iter().find(|(row, _)| *row == place) {
            return text.clone();
        }
        match &self.answers {
            Answers::Points(points) => {
                let points = points.get(place).copied().flatten();
                points.map_or_else(String::new, |points: Centi| {
                    points.decimal().normalize().to_string()
                })
            }
            Answers::Marks(_) => String::new(),
        }
    }
}

/// A row as the page shows it.
pub(super) struct FormRow {
    /// From 1.
    pub(super) number: usize,
    pub(super) aspect: String,
    pub(super) name: String,
    /// 审核要点
    pub(super) points: String,
    /// What it is worth for a key project.
    pub(super) full: String,
    mark: Option<Mark>,
    /// Points as the field shows them.
    pub(super) scored: String,
}

impl FormRow {
    /// Each mark's word, and whether it is chosen.
    pub(super) fn marks(&self) -> Vec<(&'static str, bool)> {
        let chosen = |mark: Mark| (mark.word(), self.mark == Some(mark));
        Mark::ALL.into_iter().map(chosen).collect()
    }
}

/// Reads the form.
///
/// # Errors
/// It was not made by a page of ours.
pub(super) fn read(form: &SignedPairs, rules: &TargetReview, is_key: bool) -> Result<Typed, Error> {
    let mut typed = Typed::blank(rules, is_key);
    for ((place, item), name) in rules.items.iter().enumerate().zip(FIELDS) {
        let text = form.one(name).trim();
        match &mut typed.answers {
            Answers::Marks(marks) if !text.is_empty() => {
                marks[place] = Some(Mark::find(text).ok_or(Error::Unreadable)?);
            }
            Answers::Points(points) => match read_points(text, item.full()) {
                Ok(read) => points[place] = read,
                Err(clause) => {
                    typed.unread.push((place, text.chars().take(20).collect()));
                    let name = &item.name;
                    typed
                        .problems
                        .push(format!("第 {} 项{name}：{clause}。", place + 1));
                }
            },
            Answers::Marks(_) => {}
        }
    }
    for (name, label) in [("opinion", "总体意见"), ("corrections", "商定的修改意见")] {
        let text = form.one(name).trim().replace("\r\n", "\n");
        if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(Error::Unreadable);
        }
        if text.chars().count() > MOST_LETTERS {
            typed
                .problems
                .push(format!("{label}超过 {MOST_LETTERS} 字，请写要点。"));
        }
        if name == "opinion" {
            typed.opinion = text;
        } else {
            typed.corrections = text;
        }
    }
    Ok(typed)
}

/// The key that a form was made with.
///
/// # Errors
/// There is none, or it is not one of ours.
pub(super) fn key(form: &SignedPairs) -> Result<String, Error> {
    let key = form.one("key");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if (8..=80).contains(&key.len()) && key.chars().all(is_plain) {
        Ok(key.to_owned())
    } else {
        Err(Error::Unreadable)
    }
}
