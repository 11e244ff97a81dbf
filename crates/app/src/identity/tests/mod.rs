//! Accounts, as a browser sees them.

mod accounts;
mod login;
mod second_factor;
mod sessions;
mod tokens;

use db::testing::TestDb;
use db::{Sql, on_both};
use domain::permission::Role;

use super::store;
use crate::audit;
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// The password of every account that [`person`] makes.
const PASSWORD: &str = "Mianzhu-7-nianhua";

/// Makes an account with a password that need not be changed.
fn person(test: &TestDb, login: &'static str, roles: &'static [Role]) {
    let hash = web::password::hash(PASSWORD).unwrap();
    test.db
        .write_blocking(move |tx| {
            let region = audit::region(tx)?;
            let new = store::NewAccount {
                id: login,
                region_code: &region,
                login,
                name: login,
                unit: None,
                section: None,
                roles,
                provenance: "test",
            };
            store::insert(tx, &new)?;
            store::set_password(tx, login, &hash, &crate::serve::now_text(), false)
        })
        .unwrap();
}

/// Changes one row by hand, such as a moment that should be long ago.
fn by_hand(test: &TestDb, statement: &'static str) {
    let sql = Sql {
        name: "BY_HAND",
        text: statement,
    };
    test.db
        .write_blocking(move |tx| tx.execute(sql, &[]))
        .unwrap();
}

/// A browser that logs in; panics unless it gets in, or to the page of a stage.
fn log_in(test: &TestDb, login: &str) -> TestSite {
    let site = TestSite::new(test);
    let answer = site.post("/login", &format!("name={login}&password={PASSWORD}"));
    assert_eq!(answer.status, 303, "{}", answer.text);
    site.with_cookie_of(&answer)
}

/// What the event before last `back` events says: action, actor and what is known.
fn event(test: &TestDb, back: i64) -> String {
    let sql = Sql {
        name: "EVENT",
        text: "SELECT actor, action, after_json FROM event ORDER BY sequence DESC LIMIT $1",
    };
    test.db
        .read_blocking(move |tx| {
            let rows = tx.query(sql, &[&(back + 1)])?;
            let row = rows.last().unwrap();
            let after = row.opt_text("after_json")?.unwrap_or_default();
            Ok::<_, db::Error>(format!(
                "{} {} {after}",
                row.text("actor")?,
                row.text("action")?
            ))
        })
        .unwrap()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = [
        store::STATEMENTS,
        store::session::STATEMENTS,
        store::second_factor::STATEMENTS,
        store::privileged::STATEMENTS,
        store::directory::STATEMENTS,
        store::common::STATEMENTS,
    ];
    test.db
        .read_blocking(move |tx| {
            let mut statements = all.into_iter().flatten();
            statements.try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});
