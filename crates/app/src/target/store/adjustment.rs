//! SQL of adjustments: what for, from which edition to which, and what became of it.

use db::{Error, Tx};
use domain::budget::ChangeKind;
use domain::number::Fen;

db::statements! {
    OPEN_ADJUSTMENT = "INSERT INTO target_adjustment (target_id, region_code, predecessor_id, \
        reason, document_number, line_id, state, opened_by, opened_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)";
    FIND_OPEN = "SELECT a.predecessor_id, t.version FROM target_adjustment a \
        JOIN performance_target t ON t.id = a.predecessor_id \
        WHERE a.target_id = $1 AND a.state = 'open'";
    SETTLE = "UPDATE target_adjustment SET state = $2, settled_by = $3, settled_at = $4 \
        WHERE target_id = $1 AND state = 'open'";
    CHANGES = "SELECT id, change_kind, origin, amount_fen, document_number FROM budget_line \
        WHERE object_id = $1 AND fiscal_year = $2 AND change_kind <> 'initial' \
        ORDER BY change_kind, document_number, id";
    CHAIN = "SELECT t.id, t.edition, t.state, t.approved_on, a.reason, a.document_number, \
        a.state AS adjustment, a.opened_at, p.name AS opener, s.name AS settler, a.settled_at, \
        b.change_kind, b.amount_fen, b.document_number AS line_document \
        FROM performance_target t LEFT JOIN target_adjustment a ON a.target_id = t.id \
        LEFT JOIN account p ON p.id = a.opened_by LEFT JOIN account s ON s.id = a.settled_by \
        LEFT JOIN budget_line b ON b.id = a.line_id WHERE t.object_id = $1 \
        AND t.fiscal_year = $2 ORDER BY t.edition";
}

/// An adjustment that is opened.
pub(in crate::target) struct New<'a> {
    /// The edition that is to follow.
    pub(in crate::target) target: &'a str,
    pub(in crate::target) region: &'a str,
    /// The edition that holds.
    pub(in crate::target) predecessor: &'a str,
    pub(in crate::target) reason: &'a str,
    pub(in crate::target) document: &'a str,
    pub(in crate::target) line: Option<&'a str>,
}

/// Keeps what an adjustment is for.
pub(in crate::target) fn open(
    tx: &mut Tx<'_>,
    new: &New<'_>,
    (account, now): (&str, &str),
) -> Result<(), Error> {
    tx.execute_one(
        OPEN_ADJUSTMENT,
        &[
            &new.target,
            &new.region,
            &new.predecessor,
            &new.reason,
            &new.document,
            &new.line,
            &account,
            &now,
        ],
    )
}

/// The edition that this one is to follow, with its version, while that is open.
pub(in crate::target) fn find_open(
    tx: &mut Tx<'_>,
    target: &str,
) -> Result<Option<(String, i64)>, Error> {
    let row = tx.find(FIND_OPEN, &[&target])?;
    row.map(|row| Ok((row.text("predecessor_id")?, row.int("version")?)))
        .transpose()
}

/// Notes what became of it: `approved` or `dropped`.
pub(in crate::target) fn settle(
    tx: &mut Tx<'_>,
    target: &str,
    state: &str,
    (account, now): (&str, &str),
) -> Result<(), Error> {
    tx.execute_one(SETTLE, &[&target, &state, &account, &now])
}

/// A change of the budget that an adjustment may follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct BudgetChange {
    pub(in crate::target) id: String,
    pub(in crate::target) kind: Option<ChangeKind>,
    pub(in crate::target) amount: Fen,
    pub(in crate::target) document: String,
}

/// The changes of the object's budget in a year.
pub(in crate::target) fn changes(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Vec<BudgetChange>, Error> {
    let rows = tx.query(CHANGES, &[&object, &year])?;
    rows.iter()
        .map(|row| {
            Ok(BudgetChange {
                id: row.text("id")?,
                kind: ChangeKind::from_name(&row.text("change_kind")?),
                amount: Fen(row.int("amount_fen")?),
                document: row.text("document_number")?,
            })
        })
        .collect()
}

/// An edition in the chain of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct Link {
    pub(in crate::target) id: String,
    pub(in crate::target) edition: i64,
    pub(in crate::target) state: String,
    pub(in crate::target) approved_on: Option<String>,
    /// What led to it; none for the first edition and for what came by an import.
    pub(in crate::target) ground: Option<Ground>,
}

/// What led to an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct Ground {
    pub(in crate::target) reason: String,
    pub(in crate::target) document: String,
    /// 追加 120 万元 …, where a change of the budget stands behind it.
    pub(in crate::target) change: Option<(ChangeKind, Fen, String)>,
    /// `open`, `approved` or `dropped`.
    pub(in crate::target) state: String,
    pub(in crate::target) opener: String,
    pub(in crate::target) opened_at: String,
    pub(in crate::target) settled: Option<(String, String)>,
}

/// Every edition of the object's target in a year, oldest first.
pub(in crate::target) fn chain(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Vec<Link>, Error> {
    let rows = tx.query(CHAIN, &[&object, &year])?;
    rows.iter()
        .map(|row| {
            let kind = row.opt_text("change_kind")?;
            let kind = kind.as_deref().and_then(ChangeKind::from_name);
            let money = row.opt_int("amount_fen")?.map(Fen);
            let change = kind.zip(money);
            let ground = match row.opt_text("adjustment")? {
                Some(state) => Some(Ground {
                    reason: row.opt_text("reason")?.unwrap_or_default(),
                    document: row.opt_text("document_number")?.unwrap_or_default(),
                    change: match change {
                        Some((kind, money)) => {
                            let document = row.opt_text("line_document")?;
                            Some((kind, money, document.unwrap_or_default()))
                        }
                        None => None,
                    },
                    state,
                    opener: row.opt_text("opener")?.unwrap_or_default(),
                    opened_at: row.opt_text("opened_at")?.unwrap_or_default(),
                    settled: row.opt_text("settler")?.zip(row.opt_text("settled_at")?),
                }),
                None => None,
            };
            Ok(Link {
                id: row.text("id")?,
                edition: row.int("edition")?,
                state: row.text("state")?,
                approved_on: row.opt_text("approved_on")?,
                ground,
            })
        })
        .collect()
}
