//! SQL of the reviewers' forms (审核表).

use db::{Error, Row, ToValue, Tx};
use domain::number::Centi;
use domain::permission::PersonId;
use domain::review::Mark;

/// How often the target had been sent.
macro_rules! round {
    () => {
        "(SELECT COUNT(*) FROM record_step s WHERE s.record_kind = 'performance_target' \
         AND s.record_id = $1 AND s.verb = 'submit')"
    };
}

macro_rules! columns {
    () => {
        "SELECT v.id, v.target_id, v.round, v.step, v.reviewer_id, v.session_id, v.is_scored, \
         v.grade, v.score_centi, v.reason, v.opinion, v.corrections, v.is_decisive, v.rule_pack, \
         v.written_at, a.name AS reviewer, COALESCE(s.name, '') AS section FROM target_review v \
         JOIN account a ON a.id = v.reviewer_id \
         LEFT JOIN business_section s ON s.id = a.section_id "
    };
}

db::statements! {
    ROUND = concat!("SELECT CAST(", round!(), " AS BIGINT) AS round");
    OF_STEP = concat!("SELECT v.reviewer_id, v.grade, v.corrections FROM target_review v \
             WHERE v.target_id = $1 \
             AND v.step = $2 AND v.round = ", round!(), " ORDER BY v.reviewer_id");
    OF_TARGET = concat!(columns!(), "WHERE v.target_id = $1 \
                ORDER BY v.round DESC, v.written_at DESC, v.id");
    ONE = concat!(columns!(), "WHERE v.id = $1");
    ITEMS = "SELECT i.review_id, i.aspect, i.name, i.points, i.mark, i.points_centi, \
             i.full_centi FROM target_review_item i JOIN target_review v ON v.id = i.review_id \
             WHERE v.target_id = $1 ORDER BY i.review_id, i.position";
    DECISIVE = "SELECT v.id, v.written_at FROM target_review v WHERE v.target_id = $1 \
                AND v.is_decisive ORDER BY v.round DESC, v.written_at DESC, v.id LIMIT 5";
    AGREED = "SELECT v.corrections FROM target_review v WHERE v.target_id = $1 AND v.is_decisive \
              ORDER BY v.round DESC, v.written_at DESC, v.id LIMIT 1";
    SAVE = "INSERT INTO target_review (id, region_code, target_id, round, step, reviewer_id, \
            session_id, is_scored, grade, score_centi, reason, opinion, corrections, is_decisive, \
            rule_pack, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
            $14, $15, $16) ON CONFLICT (id) DO UPDATE SET \
            session_id = excluded.session_id, is_scored = excluded.is_scored, \
            grade = excluded.grade, score_centi = excluded.score_centi, \
            reason = excluded.reason, opinion = excluded.opinion, \
            corrections = excluded.corrections, is_decisive = excluded.is_decisive, \
            rule_pack = excluded.rule_pack, written_at = excluded.written_at";
    DECIDE = "UPDATE target_review SET is_decisive = TRUE WHERE id = $1";
    UNDECIDE = concat!("UPDATE target_review SET is_decisive = FALSE WHERE target_id = $1 \
               AND is_decisive AND round = ", round!());
    DROP_ITEMS = "DELETE FROM target_review_item WHERE review_id = $1";
    INSERT_ITEM = "INSERT INTO target_review_item (review_id, position, region_code, aspect, name, \
                   points, mark, points_centi, full_centi) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// A row of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) aspect: String,
    pub(crate) name: String,
    /// 审核要点
    pub(crate) points: String,
    pub(crate) mark: Option<Mark>,
    pub(crate) scored: Option<Centi>,
    pub(crate) full: Centi,
}

impl Item {
    /// Each mark's word, and whether it was chosen.
    pub(crate) fn marks(&self) -> Vec<(&'static str, bool)> {
        let chosen = |mark: Mark| (mark.word(), self.mark == Some(mark));
        Mark::ALL.into_iter().map(chosen).collect()
    }
}

/// A form that was filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) id: String,
    pub(crate) target_id: String,
    /// How often the target had been sent.
    pub(crate) round: i64,
    /// The state in which the target lay.
    pub(crate) step: String,
    pub(crate) reviewer_id: String,
    /// The person's name.
    pub(crate) reviewer: String,
    /// The section where the person works now; empty where it is none.
    pub(crate) section: String,
    pub(crate) session_id: Option<String>,
    pub(crate) is_scored: bool,
    pub(crate) grade: String,
    pub(crate) score: Option<Centi>,
    pub(crate) reason: String,
    pub(crate) opinion: String,
    pub(crate) corrections: String,
    pub(crate) is_decisive: bool,
    pub(crate) rule_pack: String,
    pub(crate) written_at: String,
    pub(crate) items: Vec<Item>,
}

/// How often the target has been sent.
pub(crate) fn round(tx: &mut Tx<'_>, target: &str) -> Result<i64, Error> {
    tx.one(ROUND, &[&target])?.int("round")
}

/// What the workflow asks of a reviewer's form of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormOfStep {
    reviewer: PersonId,
    grade: String,
    corrections: String,
}

impl FormOfStep {
    /// What it comes to.
    pub(crate) fn grade(&self) -> (PersonId, String) {
        (self.reviewer.clone(), self.grade.clone())
    }

    /// Whose it is, if it says what was agreed with the unit.
    pub(crate) fn agreed(&self) -> Option<PersonId> {
        (!self.corrections.is_empty()).then(|| self.reviewer.clone())
    }
}

/// Each reviewer's form of this step, in the round that the target is in.
pub(crate) fn of_step(tx: &mut Tx<'_>, target: &str, step: &str) -> Result<Vec<FormOfStep>, Error> {
    tx.query(OF_STEP, &[&target, &step])?
        .iter()
        .map(|row| {
            Ok(FormOfStep {
                reviewer: PersonId(row.text("reviewer_id")?),
                grade: row.text("grade")?,
                corrections: row.text("corrections")?,
            })
        })
        .collect()
}

/// Notes that the target was graded with the form that the person wrote at this step.
pub(crate) fn decide_with(
    tx: &mut Tx<'_>,
    target: &str,
    step: &str,
    reviewer: &str,
) -> Result<(), Error> {
    let round = round(tx, target)?;
    let id = id_of(target, round, step, reviewer);
    tx.execute(DECIDE, &[&id]).map(drop)
}

/// Notes that the target is graded with no form of the round any more.
pub(crate) fn undecide(tx: &mut Tx<'_>, target: &str) -> Result<(), Error> {
    tx.execute(UNDECIDE, &[&target]).map(drop)
}

/// What was agreed with the unit when the target was graded last; empty where nothing was.
pub(crate) fn agreed(tx: &mut Tx<'_>, target: &str) -> Result<String, Error> {
    let row = tx.find(AGREED, &[&target])?;
    row.map_or(Ok(String::new()), |row| row.text("corrections"))
}

/// Ids and days of the newest five forms with which the target was graded.
pub(crate) fn decisive(tx: &mut Tx<'_>, target: &str) -> Result<Vec<(String, String)>, Error> {
    tx.query(DECISIVE, &[&target])?
        .iter()
        .map(|row| {
            let day = row.text("written_at")?.chars().take(10).collect();
            Ok((row.text("id")?, day))
        })
        .collect()
}

/// Every form of the target, the newest round first.
pub(crate) fn of_target(tx: &mut Tx<'_>, target: &str) -> Result<Vec<Form>, Error> {
    let rows = tx.query(OF_TARGET, &[&target])?;
    let mut forms = rows.iter().map(form).collect::<Result<Vec<_>, _>>()?;
    for row in &tx.query(ITEMS, &[&target])? {
        let id = row.text("review_id")?;
        if let Some(form) = forms.iter_mut().find(|form| form.id == id) {
            form.items.push(item(row)?);
        }
    }
    Ok(forms)
}

/// The form of this id.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Form>, Error> {
    let Some(row) = tx.find(ONE, &[&id])? else {
        return Ok(None);
    };
    let mut found = form(&row)?;
    for row in &tx.query(ITEMS, &[&found.target_id])? {
        if row.text("review_id")? == id {
            found.items.push(item(row)?);
        }
    }
    Ok(Some(found))
}

fn form(row: &Row) -> Result<Form, Error> {
    Ok(Form {
        id: row.text("id")?,
        target_id: row.text("target_id")?,
        round: row.int("round")?,
        step: row.text("step")?,
        reviewer_id: row.text("reviewer_id")?,
        reviewer: row.text("reviewer")?,
        section: row.text("section")?,
        session_id: row.opt_text("session_id")?,
        is_scored: row.bool("is_scored")?,
        grade: row.text("grade")?,
        score: row.opt_int("score_centi")?.map(Centi),
        reason: row.text("reason")?,
        opinion: row.text("opinion")?,
        corrections: row.text("corrections")?,
        is_decisive: row.bool("is_decisive")?,
        rule_pack: row.text("rule_pack")?,
        written_at: row.text("written_at")?,
        items: Vec::new(),
    })
}

fn item(row: &Row) -> Result<Item, Error> {
    Ok(Item {
        aspect: row.text("aspect")?,
        name: row.text("name")?,
        points: row.text("points")?,
        mark: row.opt_text("mark")?.as_deref().and_then(Mark::find),
        scored: row.opt_int("points_centi")?.map(Centi),
        full: Centi(row.int("full_centi")?),
    })
}

/// The id of a reviewer's form of one step in one round.
pub(crate) fn id_of(target: &str, round: i64, step: &str, reviewer: &str) -> String {
    let digest = web::token::digest(&format!("{target} {round} {step} {reviewer}"));
    format!("v-{}", digest.get(..32).unwrap_or_default())
}

/// Keeps a form in place of the same reviewer's of the same step and round.
pub(crate) fn save(tx: &mut Tx<'_>, region: &str, form: &Form) -> Result<(), Error> {
    let values: [&dyn ToValue; 16] = [
        &form.id,
        &region,
        &form.target_id,
        &form.round,
        &form.step,
        &form.reviewer_id,
        &form.session_id,
        &form.is_scored,
        &form.grade,
        &form.score.map(|score| score.0),
        &form.reason,
        &form.opinion,
        &form.corrections,
        &form.is_decisive,
        &form.rule_pack,
        &form.written_at,
    ];
    tx.execute(SAVE, &values)?;
    let id = &form.id;
    tx.execute(DROP_ITEMS, &[id])?;
    for (position, item) in (1_i64..).zip(&form.items) {
        tx.execute_one(
            INSERT_ITEM,
            &[
                id,
                &position,
                &region,
                &item.aspect,
                &item.name,
                &item.points,
                &item.mark.map(Mark::word),
                &item.scored.map(|points| points.0),
                &item.full.0,
            ],
        )?;
    }
    Ok(())
}
