//! The entry coach on the page: advice at its field, with a button that follows it.

use askama::Template;
use domain::advice::{self, Advice, Context};
use domain::finding::Finding;
use domain::rulepack::RulePack;
use domain::target::Target;
use serde::Serialize;
use web::query::Query;

use super::snapshot;
use super::store::record::Record;

/// All the advice on a target, by place.
#[derive(Debug, Clone, Default)]
pub(super) struct Coach {
    pub(super) count: usize,
    pub(super) of_goal: Vec<Hint>,
    pub(super) of_table: Vec<Hint>,
    /// In the order of the rows.
    pub(super) of_rows: Vec<Vec<Hint>>,
}

/// A piece of advice as the page shows it.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    pub(super) message: String,
    pub(super) mend: String,
    pub(super) source: &'static str,
    /// What the button sends; none where there is no text to put in.
    pub(super) order: Option<String>,
    /// Where the records behind a figure are listed; none where it is advice.
    pub(super) records: Option<String>,
}

/// The same as pieces of HTML, for a page on which somebody types.
#[derive(Debug, Serialize)]
pub(super) struct Pieces {
    count: usize,
    goal: String,
    table: String,
    rows: Vec<String>,
}

#[derive(Template)]
#[template(path = "target/coach.html")]
struct Piece<'a> {
    hints: &'a [Hint],
}

/// Advice on `target` as it stands in the fields. What the page already says of the record as
/// `shown`, and what is still so, is not said again.
pub(super) fn advise(
    pack: &RulePack,
    shown: &Record,
    target: &Target,
    context: &Context,
) -> Vec<Advice> {
    // Nobody is advised before the first word is typed.
    if target.is_blank() {
        return Vec::new();
    }
    let stands = snapshot::findings_of(pack, shown);
    let typed = Record {
        target: target.clone(),
        ..shown.clone()
    };
    let mut told = snapshot::findings_of(pack, &typed);
    told.retain(|told| {
        let same = |other: &Finding| (other.rule, &other.r#where) == (told.rule, &told.r#where);
        stands.iter().any(same)
    });
    advice::not_told(advice::advise(pack, target, context), &told)
}

impl Coach {
    /// The advice by place.
    pub(super) fn new(target: &Target, advice: &[Advice]) -> Self {
        let mut coach = Self {
            count: advice.len(),
            of_rows: vec![Vec::new(); target.rows.len()],
            ..Self::default()
        };
        for advice in advice {
            let path = &*advice.r#where;
            let row = target.rows.iter().position(|row| {
                let own = path.strip_prefix("indicators/");
                own.and_then(|rest| rest.split('/').next()) == Some(&*row.key)
            });
            let hint = hint(advice, row);
            match row.and_then(|row| coach.of_rows.get_mut(row)) {
                Some(hints) => hints.push(hint),
                None if path == "goal" => coach.of_goal.push(hint),
                None => coach.of_table.push(hint),
            }
        }
        coach
    }

    /// With what indicators of the same name and unit reached in earlier years, at their rows.
    #[must_use]
    pub(super) fn reached(mut self, id: &str, target: &Target, context: &Context) -> Self {
        for (row, hints) in target.rows.iter().zip(&mut self.of_rows) {
            let (name, unit) = (row.name.trim(), row.unit.trim());
            let key = (name.to_owned(), unit.to_owned());
            let Some(band) = context.reached.get(&key) else {
                continue;
            };
            let records = Query::new().with("name", name).with("unit", unit);
            hints.push(Hint {
                message: format!(
                    "中位 {}{unit}（P25 {}—P75 {}，n={}）",
                    band.median, band.first, band.third, band.count
                ),
                mend: String::new(),
                source: "同名同单位指标在已认定自评中的完成值，四分位数同 QUARTILE.INC",
                order: None,
                records: Some(records.at(&format!("/targets/{id}/reached"))),
            });
        }
        self
    }

    /// As pieces of HTML.
    ///
    /// # Errors
    /// The template cannot be written.
    pub(super) fn pieces(&self) -> Result<Pieces, askama::Error> {
        let piece = |hints: &[Hint]| Piece { hints }.render();
        let rows = self.of_rows.iter();
        Ok(Pieces {
            count: self.count,
            goal: piece(&self.of_goal)?,
            table: piece(&self.of_table)?,
            rows: rows.map(|hints| piece(hints)).collect::<Result<_, _>>()?,
        })
    }
}

fn hint(advice: &Advice, row: Option<usize>) -> Hint {
    let cell = advice.r#where.rsplit('/').next().unwrap_or_default();
    let place = row.map_or_else(|| cell.to_owned(), |row| format!("r{row}.{cell}"));
    let has_text = !advice.mend.puts.is_empty();
    Hint {
        message: advice.message.clone(),
        mend: advice.mend.sentence.clone(),
        source: advice.source,
        order: has_text.then(|| format!("adopt:{}:{place}", advice.rule)),
        records: None,
    }
}

/// The target with the advice of that rule at that place followed; unchanged where it is no longer
/// given.
pub(super) fn follow(
    target: &Target,
    advice: &[Advice],
    rule: &str,
    (row, cell): (Option<usize>, &str),
) -> Target {
    let path = match row {
        Some(row) => match target.rows.get(row) {
            Some(row) => format!("indicators/{}/{cell}", row.key),
            None => return target.clone(),
        },
        None => cell.to_owned(),
    };
    let wanted = |advice: &&Advice| advice.rule == rule && advice.r#where == path;
    let found = advice.iter().find(wanted);
    found.map_or_else(|| target.clone(), |advice| advice::adopted(target, advice))
}
