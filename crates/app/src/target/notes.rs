//! What is said about a target's fields: at each of them, on top of the page and at its foot.

use askama::Template;
use domain::finding::Severity;
use domain::rulepack::RulePack;
use domain::target::Problem;
use serde::Serialize;

use super::edit::anchor;
use super::snapshot;
use super::store::record::Record;

/// Something about a field.
#[derive(Debug, Clone)]
pub(super) struct Note {
    /// `error`, `warn` or `info`.
    pub(super) class: &'static str,
    /// 必须改正 …
    pub(super) word: &'static str,
    /// The field's id on the page.
    pub(super) anchor: String,
    pub(super) text: String,
    pub(super) path: String,
}

/// Everything that is said about the fields.
#[derive(Debug, Clone)]
pub(super) struct Notes {
    pub(super) all: Vec<Note>,
    /// Whether it cannot even be saved.
    is_unsavable: bool,
    /// Whether nobody has typed anything yet.
    is_blank: bool,
}

/// The same for a page on which somebody types.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    /// The summary on top, as HTML.
    summary: String,
    foot: String,
    /// The sentences that are still so.
    sentences: Vec<String>,
}

#[derive(Template)]
#[template(path = "target/errors.html")]
struct Summary<'a> {
    notes: &'a Notes,
}

impl Notes {
    /// Why it cannot be saved; what the check finds, where it can.
    pub(super) fn of(pack: &RulePack, shown: &Record, problems: &[Problem]) -> Self {
        let note = |class, word, path: &str, text: &str| Note {
            class,
            word,
            anchor: anchor(path),
            text: text.to_owned(),
            path: path.to_owned(),
        };
        let own = problems.iter();
        let mut notes = Self {
            all: own
                .map(|problem| note("error", "无法保存", &problem.path, &problem.sentence))
                .collect(),
            is_unsavable: !problems.is_empty(),
            is_blank: shown.target.is_blank(),
        };
        // Nobody is told what is missing before the first word is typed.
        if notes.is_unsavable || notes.is_blank {
            return notes;
        }
        for finding in snapshot::findings_of(pack, shown) {
            let (class, word) = match finding.severity {
                Severity::E => ("error", "必须改正"),
                Severity::W => ("warn", "建议核对"),
                Severity::I => ("info", "提示"),
            };
            let (path, text) = (&finding.r#where, &finding.message);
            notes.all.push(note(class, word, path, text));
        }
        notes
    }

    /// What must be mended.
    pub(super) fn errors(&self) -> Vec<&Note> {
        let notes = self.all.iter();
        notes.filter(|note| note.class == "error").collect()
    }

    /// The line over what must be mended.
    pub(super) fn head(&self) -> String {
        let count = self.errors().len();
        if self.is_unsavable {
            format!("有 {count} 处无法保存")
        } else {
            format!("送审前还有 {count} 处必须改正")
        }
    }

    /// How it is announced: at once where it stops somebody.
    pub(super) fn role(&self) -> &'static str {
        if self.is_unsavable { "alert" } else { "status" }
    }

    /// The sentence at the foot of the page; empty before the first word is typed.
    pub(super) fn foot(&self) -> String {
        let warnings = self.all.iter().filter(|note| note.class == "warn").count();
        let mut words = Vec::new();
        match self.errors().len() {
            0 if self.is_blank => {}
            0 => words.push("没有必须改正的问题".to_owned()),
            _ => words.push(self.head()),
        }
        if warnings > 0 {
            words.push(format!("{warnings} 处建议核对"));
        }
        words.join("，")
    }

    /// For a page on which somebody types.
    ///
    /// # Errors
    /// The template cannot be written.
    pub(super) fn found(&self) -> Result<Found, askama::Error> {
        Ok(Found {
            summary: Summary { notes: self }.render()?,
            foot: self.foot(),
            sentences: self.all.iter().map(|note| note.text.clone()).collect(),
        })
    }
}
