//! The overview as a person reads it.

use axum::http::StatusCode;
use db::on_both;
use db::testing::TestDb;

use super::{due, store};
use crate::database::MIGRATIONS;
use crate::object::store::seat::{self, Seating};
use crate::serve::sample;
use crate::serve::testing::TestSite;

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            let all = [store::STATEMENTS, due::store::STATEMENTS, seat::STATEMENTS];
            all.into_iter()
                .flatten()
                .try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

on_both!(MIGRATIONS, an_empty_database_says_how_to_begin, |test| {
    let answer = TestSite::logged_in(test).get("/overview");
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("还没有数据"));
});

on_both!(
    MIGRATIONS,
    what_is_due_names_who_until_when_and_leads_to_the_records,
    |test| {
        test.db.write_blocking(sample::write).unwrap();
        let text = TestSite::logged_in(test).get("/overview?year=2020").text;
        assert!(text.contains("整改还没有销号"));
        assert!(text.contains("绵竹市住房和城乡建设局 1"));
        assert!(text.contains("已过最早期限"));
        assert!(text.contains("2020-10-31"));
        assert!(
            text.contains("/objects?year=2020&amp;open=rectification")
                || text.contains("&#38;open=rectification")
        );
    }
);

on_both!(MIGRATIONS, the_matrix_counts_what_is_through, |test| {
    test.db.write_blocking(sample::write).unwrap();
    let rows = test
        .db
        .read_blocking(|tx| store::coverage(tx, ("510683", 2020), Seating::Then, "2020-12-01"))
        .unwrap();
    let [row] = rows.as_slice() else {
        panic!("one department, not {}", rows.len());
    };
    let counts = row
        .stages
        .map(|stage| (stage.done, stage.whole, stage.late));
    // Two projects have money in 2020, one of them a target; one had money in 2019.
    assert_eq!(
        counts,
        [(1, 2, 0), (1, 1, 0), (1, 1, 0), (1, 1, 0), (0, 1, 1)]
    );
    assert_eq!(row.lights, [1, 0, 0, 0]);
    let lights: Vec<&str> = row.cells().into_iter().map(|(_, light, _)| light).collect();
    assert_eq!(lights, ["yellow", "green", "green", "green", "red"]);
});

#[test]
fn the_charts_carry_their_points_and_have_a_table_each() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(sample::write).unwrap();
    let page = TestSite::logged_in(&test)
        .get("/overview?year=2020&sort=-lights")
        .text;
    assert!(page.contains("\"value\":[97.40,99.65]"));
    assert_eq!(page.matches("class=\"twin\"").count(), 2);
    assert!(page.contains("aria-sort=\"descending\""));
}
