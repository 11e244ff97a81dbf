use db::on_both;

use super::*;
use crate::database::MIGRATIONS;

#[test]
fn every_figure_has_a_list_of_records_and_every_list_a_figure() {
    let mut figures: Vec<String> = Vec::new();
    for definition in DEFINITIONS {
        figures.push(definition.id.to_owned());
        figures.extend(definition.also.iter().map(|one| key(definition.id, one)));
    }
    let lists: Vec<&str> = LISTS.iter().map(|list| list.key).collect();
    assert_eq!(figures, lists);
    for key in lists {
        assert!(find_figure(key).is_some(), "{key}");
    }
    assert!(find_figure("P9.9").is_none());
    assert!(find_figure("P3.8/没有").is_none());
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx: &mut Tx<'_>| {
            for sql in STATEMENTS {
                tx.prepare(*sql)?;
            }
            for list in LISTS {
                tx.prepare(list.tally)?;
                tx.prepare(list.records)?;
            }
            Ok::<(), Error>(())
        })
        .unwrap();
});

on_both!(
    MIGRATIONS,
    nothing_recorded_is_never_full_coverage,
    |test| {
        let metrics = test
            .db
            .read_blocking(|tx: &mut Tx<'_>| all(tx, "510683", 2020))
            .unwrap();
        assert_eq!(metrics.len(), DEFINITIONS.len());
        let text = |id: &str| {
            let metric = metrics.iter().find(|metric| metric.id() == id).unwrap();
            metric
                .main
                .value
                .as_ref()
                .map_or_else(|| "不适用".to_owned(), domain::metrics::Value::text)
        };
        assert_eq!(text("P3.1"), "不适用");
        assert_eq!(text("P3.3"), "0");
        assert_eq!(text("P3.9"), "不适用");
        assert_eq!(text("A1.1"), "否");
    }
);
