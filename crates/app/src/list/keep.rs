//! What a person keeps of a list: columns and row height, and conditions under a name. It is the
//! person's own and no record of anything, so it leaves no event.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use office::document::clean as clean_text;
use web::Error;
use web::list::{Definition, View, clean};

use super::{LISTS, store};
use crate::serve::{App, Person, SignedPairs};

/// Most characters of a view's name.
const MOST_NAME_CHARACTERS: usize = 20;

/// Most views that a person keeps of one list.
///
/// House rule: a menu of twenty still fits on a screen.
const MOST_VIEWS: usize = 20;

/// Most characters of a year.
const MOST_YEAR_DIGITS: usize = 4;

fn find(name: &str) -> Result<&'static Definition, Error> {
    let found = LISTS.iter().find(|definition| definition.name == name);
    found.copied().ok_or(Error::NotFound)
}

/// Back to the list as it was, and nowhere else.
fn back(definition: &Definition, sent: &SignedPairs) -> Result<Response, Error> {
    let query = sent.one("query");
    let condition = clean(query).ok_or(Error::Unreadable)?;
    let is_year =
        |year: &&str| year.len() == MOST_YEAR_DIGITS && year.chars().all(|c| c.is_ascii_digit());
    let year = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("year="))
        .filter(is_year);
    let year = year.map_or(String::new(), |year| format!("year={year}&"));
    let address = format!("{}?{year}view=-&{condition}", definition.path);
    Ok(Redirect::to(address.trim_end_matches('&')).into_response())
}

/// `POST /lists/{list}/layout`
pub(super) async fn layout(
    State(app): State<App>,
    person: Person,
    Path(name): Path<String>,
    sent: SignedPairs,
) -> Result<Response, Error> {
    let definition = find(&name)?;
    sent.only(&["query", "column", "density", "act"])?;
    let answer = back(definition, &sent)?;
    let is_reset = match sent.one("act") {
        "keep" => false,
        "reset" => true,
        _ => return Err(Error::Unreadable),
    };
    let is_dense = sent.one("density") == "dense";
    let chosen: Vec<&str> = sent.all("column").collect();
    let names = definition.columns.iter().map(|column| column.name);
    let columns: Vec<String> = names
        .filter(|name| chosen.contains(name))
        .map(str::to_owned)
        .collect();
    let write = app.db.write(move |tx| {
        if is_reset {
            store::forget_layout(tx, &person.actor, definition.name)
        } else {
            store::set_layout(tx, &person.actor, definition.name, &columns, is_dense)
        }
    });
    write.await?;
    Ok(answer)
}

/// `POST /lists/{list}/views`
pub(super) async fn keep(
    State(app): State<App>,
    person: Person,
    Path(list): Path<String>,
    sent: SignedPairs,
) -> Result<Response, Error> {
    let definition = find(&list)?;
    sent.only(&["query", "name", "is_usual"])?;
    let answer = back(definition, &sent)?;
    let query = clean(sent.one("query")).ok_or(Error::Unreadable)?;
    let view = View {
        name: clean_text(sent.one("name")).trim().to_owned(),
        query,
        is_usual: sent.one("is_usual") == "1",
    };
    let length = view.name.chars().count();
    if length == 0 || length > MOST_NAME_CHARACTERS {
        return Err(Error::Refused(format!(
            "请给常用筛选起一个名称，最多 {MOST_NAME_CHARACTERS} 个字"
        )));
    }
    if view.query.is_empty() {
        let sentence = "还没有选择条件：请先筛选或排序，再存为常用筛选";
        return Err(Error::Refused(sentence.to_owned()));
    }
    let is_kept = app.db.write(move |tx| {
        let kept = store::kept(tx, &person.actor, definition.name)?;
        let is_new = kept.views.iter().all(|other| other.name != view.name);
        if is_new && kept.views.len() >= MOST_VIEWS {
            return Ok::<_, db::Error>(false);
        }
        store::set_view(tx, &person.actor, definition.name, &view)?;
        Ok(true)
    });
    if is_kept.await? {
        Ok(answer)
    } else {
        Err(Error::Refused(format!(
            "一个列表最多存 {MOST_VIEWS} 个常用筛选：请先删除不用的"
        )))
    }
}

/// `POST /lists/{list}/views/deletion`
pub(super) async fn forget(
    State(app): State<App>,
    person: Person,
    Path(list): Path<String>,
    sent: SignedPairs,
) -> Result<Response, Error> {
    let definition = find(&list)?;
    sent.only(&["query", "name"])?;
    let answer = back(definition, &sent)?;
    let name = sent.one("name").to_owned();
    if name.is_empty() {
        return Err(Error::Unreadable);
    }
    let write = app
        .db
        .write(move |tx| store::forget_view(tx, &person.actor, definition.name, &name));
    write.await?;
    Ok(answer)
}
