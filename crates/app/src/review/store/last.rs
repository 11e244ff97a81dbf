//! SQL of what a reviewer has beside a target: its money, and what was reached last year.

use db::{Error, Row, Tx};
use domain::number::{Centi, Fen};

db::statements! {
    MONEY = "SELECT (SELECT CAST(SUM(b.amount_fen) AS BIGINT) FROM budget_line b \
             WHERE b.object_id = $1 AND b.fiscal_year = $2) AS budget_fen, \
             (SELECT CAST(SUM(b.amount_fen) AS BIGINT) FROM budget_line b \
             WHERE b.object_id = $1 AND b.fiscal_year = $2 - 1) AS last_fen, \
             (SELECT CAST(SUM(e.executed_fen) AS BIGINT) FROM budget_execution e \
             WHERE e.object_id = $1 AND e.fiscal_year = $2 - 1) AS executed_fen, \
             (SELECT MAX(x.requested_fen) FROM ex_ante_assessment x \
             WHERE x.object_id = $1 AND x.subject_year = $2) AS requested_fen";
    // What is still being filled says nothing yet.
    EVALUATED = "SELECT s.id, s.score_centi, s.grade, s.light FROM self_evaluation s \
                 WHERE s.object_id = $1 AND s.subject_year = $2 \
                 AND s.state NOT IN ('open', 'filling') ORDER BY s.work_year DESC, s.id LIMIT 1";
    REACHED = "SELECT i.name, i.operator, i.value_text, i.unit, i.weight_centi, l.actual_text, \
               l.score_centi, l.reason FROM self_evaluation_line l \
               JOIN indicator i ON i.id = l.indicator_id WHERE l.self_evaluation_id = $1 \
               ORDER BY i.position, i.id";
    LAST_TARGET = "SELECT t.id FROM performance_target t WHERE t.object_id = $1 \
                   AND t.fiscal_year = $2 AND t.state IN ('approved', 'submitted_to_npc', \
                   'in_budget', 'adjusting') ORDER BY t.edition DESC, t.id LIMIT 1";
}

/// The object's money.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Money {
    /// The year's budget; none where it has none yet.
    budget: Option<Fen>,
    /// What the ex-ante assessment was asked for.
    requested: Option<Fen>,
    /// Last year's budget, and what of it was paid.
    last: Option<Fen>,
    executed: Option<Fen>,
}

impl Money {
    pub(in crate::review) fn budget(&self) -> Option<Fen> {
        self.budget
    }

    pub(in crate::review) fn requested(&self) -> Option<Fen> {
        self.requested
    }

    pub(in crate::review) fn last(&self) -> Option<Fen> {
        self.last
    }

    pub(in crate::review) fn executed(&self) -> Option<Fen> {
        self.executed
    }
}

/// An indicator of last year's self-evaluation.
#[derive(Debug, Clone)]
pub(in crate::review) struct Reached {
    pub(in crate::review) name: String,
    /// `≥ 500 处`
    pub(in crate::review) promised: String,
    pub(in crate::review) actual: String,
    pub(in crate::review) weight: Centi,
    pub(in crate::review) score: Centi,
    pub(in crate::review) reason: String,
}

impl Reached {
    /// Points that were not reached.
    pub(in crate::review) fn lost(&self) -> Centi {
        self.weight - self.score
    }
}

/// Last year's self-evaluation.
#[derive(Debug, Clone)]
pub(in crate::review) struct Evaluated {
    pub(in crate::review) id: String,
    score: Option<Centi>,
    pub(in crate::review) grade: String,
    pub(in crate::review) lines: Vec<Reached>,
}

impl Evaluated {
    pub(in crate::review) fn score(&self) -> Option<Centi> {
        self.score
    }
}

/// The object's money in the year and the one before.
pub(in crate::review) fn money(tx: &mut Tx<'_>, object: &str, year: i64) -> Result<Money, Error> {
    let row = tx.one(MONEY, &[&object, &year])?;
    let fen = |column| Ok::<_, Error>(row.opt_int(column)?.map(Fen));
    Ok(Money {
        budget: fen("budget_fen")?,
        requested: fen("requested_fen")?,
        last: fen("last_fen")?,
        executed: fen("executed_fen")?,
    })
}

/// What the object reached in the year, as its self-evaluation says.
pub(in crate::review) fn evaluated(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Option<Evaluated>, Error> {
    let Some(row) = tx.find(EVALUATED, &[&object, &year])? else {
        return Ok(None);
    };
    let id = row.text("id")?;
    let lines = tx.query(REACHED, &[&id])?;
    Ok(Some(Evaluated {
        score: row.opt_int("score_centi")?.map(Centi),
        grade: row.opt_text("grade")?.unwrap_or_default(),
        lines: lines.iter().map(reached).collect::<Result<_, _>>()?,
        id,
    }))
}

fn reached(row: &Row) -> Result<Reached, Error> {
    let parts = [
        row.text("operator")?,
        row.text("value_text")?,
        row.text("unit")?,
    ];
    Ok(Reached {
        name: row.text("name")?,
        promised: parts.concat(),
        actual: row.text("actual_text")?,
        weight: Centi(row.int("weight_centi")?),
        score: Centi(row.opt_int("score_centi")?.unwrap_or_default()),
        reason: row.opt_text("reason")?.unwrap_or_default(),
    })
}

/// The object's target of the year that entered the budget.
pub(in crate::review) fn target_of(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Option<String>, Error> {
    let row = tx.find(LAST_TARGET, &[&object, &year])?;
    row.map(|row| row.text("id")).transpose()
}
