//! Writing indicators of the library, their versions and their pieces.

use std::collections::BTreeMap;

use db::{Error, Tx, Value};
use domain::indicator_library::Entry;
use domain::search;

db::statements! {
    INSERT = "INSERT INTO indicator_library (id, region_code, code, version, level1, level2, name, \
        operator, unit, usual_value, explanation, formula, evidence, data_source, sector, \
        function_class, owner_unit_id, since, retired_on, successor_id, provenance) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
        $19, $20, $21)";
    // Whoever saw an older version changes nothing.
    UPDATE = "UPDATE indicator_library SET version = $4, level1 = $5, level2 = $6, name = $7, \
        operator = $8, unit = $9, usual_value = $10, explanation = $11, formula = $12, \
        evidence = $13, data_source = $14, sector = $15, function_class = $16, \
        owner_unit_id = $17, since = $18, retired_on = $19, successor_id = $20 \
        WHERE id = $1 AND region_code = $2 AND code = $3 AND version = $21";
    INSERT_VERSION = "INSERT INTO indicator_library_version (entry_id, version, region_code, body, \
        reason, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DROP_PIECES = "DELETE FROM indicator_library_piece WHERE entry_id = $1";
    INSERT_PIECES = "INSERT INTO indicator_library_piece (region_code, entry_id, weight, piece) \
        VALUES ($1, $2, $3, $4), ($1, $2, $3, $5), ($1, $2, $3, $6), ($1, $2, $3, $7), \
        ($1, $2, $3, $8), ($1, $2, $3, $9), ($1, $2, $3, $10), ($1, $2, $3, $11), \
        ($1, $2, $3, $12), ($1, $2, $3, $13), ($1, $2, $3, $14), ($1, $2, $3, $15), \
        ($1, $2, $3, $16), ($1, $2, $3, $17), ($1, $2, $3, $18), ($1, $2, $3, $19) \
        ON CONFLICT (region_code, piece, entry_id, weight) DO NOTHING";
}

/// Pieces that [`INSERT_PIECES`] writes at once.
const PIECES_AT_ONCE: usize = 16;

/// A change of an indicator: what it will say, and who says so.
pub(crate) struct Change<'a> {
    pub(crate) id: &'a str,
    pub(crate) region: &'a str,
    pub(crate) entry: &'a Entry,
    pub(crate) owner_unit: Option<&'a str>,
    pub(crate) successor: Option<&'a str>,
    pub(crate) reason: &'a str,
    /// The account; none where the program brings it along.
    pub(crate) by: Option<&'a str>,
    pub(crate) at: &'a str,
}

/// Writes the next version of the indicator, of which the newest is `seen`; 0 for a new one.
///
/// # Errors
/// [`Error::Touched`]: somebody changed it first.
pub(crate) fn put(tx: &mut Tx<'_>, change: &Change<'_>, seen: i64) -> Result<i64, Error> {
    let entry = change.entry;
    let version = seen + 1;
    let since = change.at.get(..10).unwrap_or_default();
    let retired = Some(&entry.retired_on).filter(|day| !day.is_empty());
    let provenance = change.by.unwrap_or("common");
    let mut values: Vec<&dyn db::ToValue> = vec![
        &change.id,
        &change.region,
        &entry.code,
        &version,
        &entry.level1,
        &entry.level2,
        &entry.name,
        &entry.operator,
        &entry.unit,
        &entry.usual_value,
        &entry.explanation,
        &entry.formula,
        &entry.evidence,
        &entry.data_source,
        &entry.sector,
        &entry.function_class,
        &change.owner_unit,
        &since,
        &retired,
        &change.successor,
    ];
    if seen == 0 {
        values.push(&provenance);
        tx.execute_one(INSERT, &values)?;
    } else {
        values.push(&seen);
        tx.execute_one(UPDATE, &values)?;
        tx.execute(DROP_PIECES, &[&change.id])?;
    }
    let body = entry.content().to_text().unwrap_or_default();
    let values: [&dyn db::ToValue; 7] = [
        &change.id,
        &version,
        &change.region,
        &body,
        &change.reason,
        &change.by,
        &change.at,
    ];
    tx.execute_one(INSERT_VERSION, &values)?;
    write_pieces(tx, change)?;
    Ok(version)
}

fn write_pieces(tx: &mut Tx<'_>, change: &Change<'_>) -> Result<(), Error> {
    let mut weights: BTreeMap<String, i64> = BTreeMap::new();
    for (text, weight) in change.entry.searched() {
        let pieces = search::pieces(text);
        weights.extend(pieces.into_iter().map(|piece| (piece, weight)));
    }
    let mut by_weight: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (piece, weight) in weights {
        by_weight.entry(weight).or_default().push(piece);
    }
    for (weight, pieces) in by_weight {
        for some in pieces.chunks(PIECES_AT_ONCE) {
            let mut values = vec![
                Value::Text(change.region.to_owned()),
                Value::Text(change.id.to_owned()),
                Value::Int(weight),
            ];
            // What is written twice is kept once.
            let padded = some.iter().cycle().take(PIECES_AT_ONCE);
            values.extend(padded.map(|piece| Value::Text(piece.clone())));
            let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
            tx.execute(INSERT_PIECES, &values)?;
        }
    }
    Ok(())
}
