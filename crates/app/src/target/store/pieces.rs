//! The pieces under which goals and the names of objects are found again.

use db::{Error, Tx, Value};
use domain::search;

/// Rows that one statement writes.
const AT_ONCE: usize = 16;

/// A statement that writes so many pieces of one record.
macro_rules! insert {
    ($table:literal, $id:literal) => {
        concat!(
            "INSERT INTO ", $table, " (region_code, ", $id, ", piece) VALUES ($1, $2, $3), \
             ($1, $2, $4), ($1, $2, $5), ($1, $2, $6), ($1, $2, $7), ($1, $2, $8), ($1, $2, $9), \
             ($1, $2, $10), ($1, $2, $11), ($1, $2, $12), ($1, $2, $13), ($1, $2, $14), \
             ($1, $2, $15), ($1, $2, $16), ($1, $2, $17), ($1, $2, $18) \
             ON CONFLICT (region_code, piece, ", $id, ") DO NOTHING"
        )
    };
}

db::statements! {
    DROP_GOAL = "DELETE FROM target_goal_piece WHERE target_id = $1";
    INSERT_GOAL = insert!("target_goal_piece", "target_id");
    DROP_NAME = "DELETE FROM object_name_piece WHERE object_id = $1";
    INSERT_NAME = insert!("object_name_piece", "object_id");
    // Whatever was looked at has at least the empty piece.
    NEW_GOALS = "SELECT t.id, t.region_code, t.goal AS text FROM performance_target t \
                 WHERE NOT EXISTS (SELECT 1 FROM target_goal_piece p WHERE p.target_id = t.id) \
                 ORDER BY t.id LIMIT $1";
    NEW_NAMES = "SELECT o.id, o.region_code, o.name AS text FROM managed_object o \
                 WHERE NOT EXISTS (SELECT 1 FROM object_name_piece p WHERE p.object_id = o.id) \
                 ORDER BY o.id LIMIT $1";
}

/// Keeps the sketch of a target's goal.
pub(in crate::target) fn keep_goal(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    goal: &str,
) -> Result<(), Error> {
    tx.execute(DROP_GOAL, &[&id])?;
    insert(tx, INSERT_GOAL, (id, region), search::sketch(goal))
}

/// Keeps the pieces of an object's name.
pub(crate) fn keep_name(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    name: &str,
) -> Result<(), Error> {
    tx.execute(DROP_NAME, &[&id])?;
    let pieces = search::pairs_of(name).into_iter().collect();
    insert(tx, INSERT_NAME, (id, region), pieces)
}

fn insert(
    tx: &mut Tx<'_>,
    sql: db::Sql,
    (id, region): (&str, &str),
    mut pieces: Vec<String>,
) -> Result<(), Error> {
    pieces.push(String::new());
    for some in pieces.chunks(AT_ONCE) {
        let mut values = vec![Value::Text(region.to_owned()), Value::Text(id.to_owned())];
        // What is written twice is kept once.
        let padded = some.iter().cycle().take(AT_ONCE);
        values.extend(padded.map(|piece| Value::Text(piece.clone())));
        let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
        tx.execute(sql, &values)?;
    }
    Ok(())
}

/// Keeps the pieces of at most `most` goals and as many names that have none yet; how many there
/// were. They come from an import, or from before there were pieces.
pub(crate) fn keep_missing(tx: &mut Tx<'_>, most: i64) -> Result<usize, Error> {
    let goals = tx.query(NEW_GOALS, &[&most])?;
    for row in &goals {
        let (id, region) = (row.text("id")?, row.text("region_code")?);
        let sketch = search::sketch(&row.text("text")?);
        insert(tx, INSERT_GOAL, (&id, &region), sketch)?;
    }
    let names = tx.query(NEW_NAMES, &[&most])?;
    for row in &names {
        let (id, region) = (row.text("id")?, row.text("region_code")?);
        let pieces = search::pairs_of(&row.text("text")?).into_iter().collect();
        insert(tx, INSERT_NAME, (&id, &region), pieces)?;
    }
    Ok(goals.len() + names.len())
}
