//! SQL of what a person keeps of a list.

use db::{Error, Row, Tx};
use domain::permission::Actor;
use web::list::{Kept, View};

db::statements! {
    FIND_LAYOUT = "SELECT column_names, is_dense FROM list_layout \
                   WHERE account_id = $1 AND list = $2";
    SET_LAYOUT = "INSERT INTO list_layout (account_id, list, region_code, column_names, is_dense) \
                  VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, list) \
                  DO UPDATE SET column_names = excluded.column_names, \
                  is_dense = excluded.is_dense";
    FORGET_LAYOUT = "DELETE FROM list_layout WHERE account_id = $1 AND list = $2";
    VIEWS = "SELECT name, query, is_usual FROM list_view WHERE account_id = $1 AND list = $2 \
             ORDER BY name";
    CLEAR_USUAL = "UPDATE list_view SET is_usual = FALSE WHERE account_id = $1 AND list = $2";
    SET_VIEW = "INSERT INTO list_view (account_id, list, name, region_code, query, is_usual) \
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, list, name) \
                DO UPDATE SET query = excluded.query, is_usual = excluded.is_usual";
    FORGET_VIEW = "DELETE FROM list_view WHERE account_id = $1 AND list = $2 AND name = $3";
}

/// What the actor keeps of `list`.
pub(super) fn kept(tx: &mut Tx<'_>, actor: &Actor, list: &str) -> Result<Kept, Error> {
    let owner: [&dyn db::ToValue; 2] = [&actor.id.0, &list];
    let layout = tx.find(FIND_LAYOUT, &owner)?;
    let (columns, is_dense) = match layout {
        Some(row) => (row.opt_text("column_names")?, row.bool("is_dense")?),
        None => (None, false),
    };
    Ok(Kept {
        columns: columns.map(|names| names.split(',').map(str::to_owned).collect()),
        is_dense,
        views: tx
            .query(VIEWS, &owner)?
            .iter()
            .map(view)
            .collect::<Result<_, _>>()?,
    })
}

fn view(row: &Row) -> Result<View, Error> {
    Ok(View {
        name: row.text("name")?,
        query: row.text("query")?,
        is_usual: row.bool("is_usual")?,
    })
}

/// Keeps the columns, none for the usual ones, and the height of rows.
pub(super) fn set_layout(
    tx: &mut Tx<'_>,
    actor: &Actor,
    list: &str,
    columns: &[String],
    is_dense: bool,
) -> Result<(), Error> {
    let names = columns.join(",");
    tx.execute_one(
        SET_LAYOUT,
        &[&actor.id.0, &list, &actor.region, &names, &is_dense],
    )
}

/// Goes back to the usual columns and rows.
pub(super) fn forget_layout(tx: &mut Tx<'_>, actor: &Actor, list: &str) -> Result<(), Error> {
    tx.execute(FORGET_LAYOUT, &[&actor.id.0, &list]).map(drop)
}

/// Keeps the view in the place of one with its name. Only one view is the usual one.
pub(super) fn set_view(
    tx: &mut Tx<'_>,
    actor: &Actor,
    list: &str,
    view: &View,
) -> Result<(), Error> {
    if view.is_usual {
        tx.execute(CLEAR_USUAL, &[&actor.id.0, &list])?;
    }
    tx.execute_one(
        SET_VIEW,
        &[
            &actor.id.0,
            &list,
            &view.name,
            &actor.region,
            &view.query,
            &view.is_usual,
        ],
    )
}

/// Forgets the view, if there is one of that name.
pub(super) fn forget_view(
    tx: &mut Tx<'_>,
    actor: &Actor,
    list: &str,
    name: &str,
) -> Result<(), Error> {
    tx.execute(FORGET_VIEW, &[&actor.id.0, &list, &name])
        .map(drop)
}
