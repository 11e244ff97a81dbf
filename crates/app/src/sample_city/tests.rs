use std::collections::BTreeMap;

use db::{Row, Sql, Tx, statements};

use super::*;
use crate::database::MIGRATIONS;

/// Reads one number with a statement of the tests.
fn number(db: &Db, name: &'static str, text: &'static str) -> i64 {
    let sql = Sql { name, text };
    db.read_blocking(move |tx: &mut Tx<'_>| tx.one(sql, &[])?.int("found"))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rows(db: &Db, sql: Sql) -> Vec<Row> {
    db.read_blocking(move |tx: &mut Tx<'_>| tx.query(sql, &[]))
        .unwrap_or_else(|error| panic!("{}: {error}", sql.name))
}

fn counts(db: &Db, expected: &[(&'static str, i64, &'static str)]) {
    for (name, count, text) in expected {
        assert_eq!(number(db, name, text), *count, "{name}");
    }
}

db::on_both!(
    MIGRATIONS,
    a_second_load_is_refused_and_changes_nothing,
    |test| {
        let summary = load(&test.db, NOW).unwrap();
        assert_eq!(summary.units, 69);
        assert!(is_loaded(&test.db).unwrap());
        let before = number(
            &test.db,
            "lines",
            "SELECT COUNT(*) AS found FROM budget_line",
        );
        let refusal = load(&test.db, NOW).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "数据库里已有单位数据，不能再装入样例城市：请换一个空的数据目录"
        );
        let after = number(
            &test.db,
            "lines",
            "SELECT COUNT(*) AS found FROM budget_line",
        );
        assert_eq!(before, after);
    }
);

/// The published counts of 2020, and what hangs together with them.
const PUBLISHED: &[(&str, i64, &str)] = &[
    (
        "first-level units",
        69,
        "SELECT COUNT(*) AS found FROM organisation_unit
        WHERE level = 'first' AND valid_from <= '2020-01-01' AND valid_to IS NULL",
    ),
    (
        "ex-ante assessments",
        6,
        "SELECT COUNT(*) AS found FROM ex_ante_assessment
        WHERE subject_year = 2020 AND organiser = 'bureau' AND state = 'applied_to_budget'",
    ),
    (
        "ex-ante assessments that were used",
        6,
        "SELECT COUNT(DISTINCT ex_ante_id) AS found FROM result_application",
    ),
    (
        "in scope of ex-ante assessment",
        6,
        "SELECT COUNT(*) AS found FROM managed_object WHERE needs_ex_ante AND nature = 'new'",
    ),
    (
        "key monitorings of projects",
        16,
        "SELECT COUNT(*) AS found FROM monitoring m
        JOIN managed_object o ON o.id = m.object_id WHERE is_key AND kind = 'project'
        AND state = 'concluded' AND feedback_on IS NOT NULL",
    ),
    (
        "key monitorings of departments",
        6,
        "SELECT COUNT(*) AS found FROM monitoring m
        JOIN managed_object o ON o.id = m.object_id WHERE is_key AND kind = 'department'",
    ),
    (
        "key evaluations of departments",
        6,
        "SELECT COUNT(*) AS found FROM key_evaluation k
        JOIN managed_object o ON o.id = k.object_id
        WHERE kind = 'department' AND work_year = 2020 AND subject_year = 2019",
    ),
    (
        "key evaluations of projects",
        24,
        "SELECT COUNT(*) AS found FROM key_evaluation k
        JOIN managed_object o ON o.id = k.object_id
        WHERE kind = 'project' AND state IN ('final', 'filed', 'result_delivered')",
    ),
    (
        "key evaluations of policies",
        1,
        "SELECT COUNT(*) AS found FROM key_evaluation k
        JOIN managed_object o ON o.id = k.object_id WHERE kind = 'policy'",
    ),
    (
        "budget books in key evaluation",
        4,
        "SELECT COUNT(DISTINCT book) AS found FROM key_evaluation",
    ),
    (
        "re-evaluations",
        31,
        "SELECT COUNT(DISTINCT key_evaluation_id) AS found FROM re_evaluation
        WHERE drawn_by = 'targeted' AND work_year = 2020",
    ),
    (
        "agencies with a commission",
        2,
        "SELECT COUNT(DISTINCT agency_id) AS found FROM commission
        WHERE work_year = 2020",
    ),
    (
        "sampling clauses",
        1,
        "SELECT COUNT(*) AS found FROM institution_doc
        WHERE has_sampling_clause AND kind = 'notice'",
    ),
    (
        "plans",
        1,
        "SELECT COUNT(*) AS found FROM institution_doc WHERE kind = 'plan'",
    ),
    (
        "own regulations",
        3,
        "SELECT COUNT(*) AS found FROM institution_doc
        WHERE kind = 'regulation'",
    ),
    (
        "forwarded regulations",
        1,
        "SELECT COUNT(*) AS found FROM institution_doc
        WHERE kind = 'forwarded'",
    ),
    (
        "units trained",
        69,
        "SELECT COUNT(*) AS found FROM training_attendance a
        JOIN training t ON t.id = a.training_id WHERE held_on LIKE '2020-11-%'",
    ),
    (
        "publicity",
        5,
        "SELECT COUNT(*) AS found FROM publicity WHERE work_year = 2020",
    ),
    (
        "publicity from province upwards",
        3,
        "SELECT COUNT(*) AS found FROM publicity
        WHERE level IN ('provincial', 'national')",
    ),
    (
        "reports to the congress",
        1,
        "SELECT COUNT(*) AS found FROM npc_report",
    ),
    (
        "packages",
        1,
        "SELECT COUNT(*) AS found FROM npc_package WHERE fiscal_year = 2020",
    ),
    (
        "undisclosed weight",
        1,
        "SELECT COUNT(*) AS found FROM work_assessment
        WHERE is_included AND weight_centi IS NULL",
    ),
    (
        "books with a target",
        4,
        "SELECT COUNT(DISTINCT book) AS found FROM budget_line b
        JOIN performance_target t ON t.object_id = b.object_id AND t.fiscal_year = b.fiscal_year
        WHERE t.state = 'approved' AND t.fiscal_year = 2020",
    ),
];

/// What must not be there: each is a gap in a coverage of 100 %, or a nonsense.
const GAPS: &[(&str, i64, &str)] = &[
    (
        "projects with money and without an approved target",
        0,
        "SELECT COUNT(*) AS found FROM (SELECT object_id, fiscal_year FROM budget_line
        WHERE fiscal_year <= 2020 GROUP BY object_id, fiscal_year HAVING SUM(amount_fen) > 0) b
        WHERE NOT EXISTS (SELECT 1 FROM performance_target t WHERE t.object_id = b.object_id
        AND t.fiscal_year = b.fiscal_year AND t.state = 'approved')",
    ),
    (
        "departments without an approved target",
        0,
        "SELECT COUNT(*) AS found FROM managed_object o WHERE kind = 'department'
        AND NOT EXISTS (SELECT 1 FROM performance_target t WHERE t.object_id = o.id
        AND t.fiscal_year = 2020 AND t.state = 'approved')",
    ),
    (
        "approved targets that nobody monitors",
        0,
        "SELECT COUNT(*) AS found FROM performance_target t WHERE fiscal_year = 2020
        AND state = 'approved' AND NOT EXISTS (SELECT 1 FROM monitoring m
        WHERE m.target_id = t.id AND m.state = 'concluded' AND NOT m.is_key)",
    ),
    (
        "objects of 2019 without a self-evaluation",
        0,
        "SELECT COUNT(*) AS found FROM performance_target t WHERE fiscal_year = 2019
        AND NOT EXISTS (SELECT 1 FROM self_evaluation s WHERE s.target_id = t.id
        AND s.state IN ('accepted', 'published') AND s.work_year = 2020)",
    ),
    (
        "submitted targets of 2020 without joint review",
        0,
        "SELECT COUNT(*) AS found FROM performance_target
        WHERE fiscal_year = 2020 AND joint_review_id IS NULL",
    ),
    (
        "rejected targets with a budget",
        0,
        "SELECT COUNT(*) AS found FROM performance_target t WHERE state = 'rejected'
        AND EXISTS (SELECT 1 FROM budget_line b WHERE b.object_id = t.object_id
        AND b.fiscal_year = t.fiscal_year)",
    ),
    (
        "refused projects with a budget",
        0,
        "SELECT COUNT(*) AS found FROM ex_ante_assessment x WHERE conclusion = '不予支持'
        AND EXISTS (SELECT 1 FROM budget_line b WHERE b.object_id = x.object_id)",
    ),
    (
        "problems without a rectification",
        0,
        "SELECT COUNT(*) AS found FROM key_evaluation k WHERE problem <> ''
        AND NOT EXISTS (SELECT 1 FROM rectification r WHERE r.key_evaluation_id = k.id
        AND r.issued_on IS NOT NULL)",
    ),
    (
        "evaluations without a result application",
        0,
        "SELECT COUNT(*) AS found FROM key_evaluation k WHERE NOT EXISTS
        (SELECT 1 FROM result_application a WHERE a.key_evaluation_id = k.id)",
    ),
    (
        "sections that have not written back",
        0,
        "SELECT COUNT(*) AS found FROM section_feedback WHERE written_on IS NULL",
    ),
    (
        "unpublished items that are due",
        0,
        "SELECT COUNT(*) AS found FROM publication
        WHERE work_year = 2020 AND state IN ('due', 'prepared')",
    ),
    (
        "weights that do not sum to 90",
        0,
        "SELECT COUNT(*) AS found FROM
        (SELECT target_id FROM indicator GROUP BY target_id HAVING SUM(weight_centi) <> 9000) w",
    ),
    (
        "targets with fewer than three indicators",
        0,
        "SELECT COUNT(*) AS found FROM
        (SELECT target_id FROM indicator GROUP BY target_id HAVING COUNT(*) < 3) w",
    ),
    (
        "indicators twice in a target",
        0,
        "SELECT COUNT(*) AS found FROM (SELECT target_id, name
        FROM indicator GROUP BY target_id, name HAVING COUNT(*) > 1) w",
    ),
    (
        "names twice in a unit",
        0,
        "SELECT COUNT(*) AS found FROM (SELECT unit_id, name
        FROM managed_object GROUP BY unit_id, name HAVING COUNT(*) > 1) w",
    ),
    (
        "lost points without a reason",
        0,
        "SELECT COUNT(*) AS found FROM self_evaluation_line l
        JOIN indicator i ON i.id = l.indicator_id
        WHERE l.score_centi < i.weight_centi AND l.reason = ''",
    ),
    (
        "more paid than budgeted",
        0,
        "SELECT COUNT(*) AS found FROM monitoring
        WHERE executed_fen > adjusted_fen",
    ),
    (
        "rectifications without a date",
        0,
        "SELECT COUNT(*) AS found FROM rectification
        WHERE state = 'closed' AND closed_on IS NULL",
    ),
];

db::on_both!(
    MIGRATIONS,
    the_published_counts_come_out_of_the_records,
    |test| {
        load(&test.db, NOW).unwrap();
        counts(&test.db, PUBLISHED);
        counts(&test.db, GAPS);
    }
);

statements! {
    TOTALS = "SELECT o.unit_id, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM budget_line b
        JOIN managed_object o ON o.id = b.object_id WHERE fiscal_year = 2020
        GROUP BY o.unit_id ORDER BY o.unit_id";
    PROJECTS = "SELECT code FROM managed_object WHERE kind = 'project' ORDER BY id";
    RECEIPTS = "SELECT id, receipt, score_centi FROM self_evaluation
        UNION ALL SELECT id, receipt, score_centi FROM key_evaluation ORDER BY id";
    SCORES = "SELECT score_centi FROM self_evaluation ORDER BY id";
    TABLES = "SELECT id, amount_fen, document_number FROM budget_line ORDER BY id";
    INDICATORS = "SELECT id, name, operator, value_text, unit FROM indicator ORDER BY id";
    MONITORED = "SELECT id, actual_text, light FROM monitoring_line ORDER BY id";
    PAID = "SELECT id, executed_fen FROM budget_execution ORDER BY id";
}

db::on_both!(
    MIGRATIONS,
    amounts_are_those_of_a_county_level_city,
    |test| {
        load(&test.db, NOW).unwrap();
        let totals = rows(&test.db, TOTALS);
        assert_eq!(totals.len(), 69);
        let wan = |row: &Row| row.int("fen").unwrap() / 1_000_000;
        for row in &totals {
            assert!((100..=100_000).contains(&wan(row)), "{row:?}");
        }
        let city: i64 = totals.iter().map(wan).sum();
        assert!((300_000..=600_000).contains(&city), "{city} 万元");
        for row in rows(&test.db, PROJECTS) {
            let code = row.text("code").unwrap();
            let (region, rest) = code.split_at(8);
            let (kind, number) = rest.split_at(1);
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            assert!(
                digits(region) && digits(number) && number.len() == 12,
                "{code}"
            );
            assert!("TRY".contains(kind), "{code}");
        }
    }
);

db::on_both!(
    MIGRATIONS,
    every_receipt_is_verified_and_states_the_stored_score,
    |test| {
        load(&test.db, NOW).unwrap();
        let receipts = rows(&test.db, RECEIPTS);
        assert!(receipts.len() > 500);
        for row in receipts {
            let id = row.text("id").unwrap();
            let receipt = serde_json::from_str(&row.text("receipt").unwrap()).unwrap();
            let verified =
                domain::verify::verify(&receipt).unwrap_or_else(|why| panic!("{id}: {why}"));
            let total = domain::number::Centi(row.int("score_centi").unwrap());
            assert_eq!(verified.total, Some(total.decimal()), "{id}");
        }
    }
);

db::on_both!(MIGRATIONS, scores_spread_as_they_do_in_practice, |test| {
    load(&test.db, NOW).unwrap();
    let mut bands: BTreeMap<i64, usize> = BTreeMap::new();
    for row in rows(&test.db, SCORES) {
        let score = row.int("score_centi").unwrap();
        *bands.entry(score.min(9_999) / 500 * 5).or_default() += 1;
    }
    let count = |low: i64, high: i64| {
        bands
            .range(low..high)
            .map(|(_, count)| count)
            .sum::<usize>()
    };
    let all = count(0, 100);
    assert!(count(85, 100) * 10 > all * 8, "{bands:?}");
    assert!(count(60, 80) >= 5 && count(60, 80) < 40, "{bands:?}");
    assert!((2..8).contains(&count(0, 60)), "{bands:?}");
});

#[test]
fn two_loads_are_equal_row_for_row_on_both_databases() {
    let first = db::testing::TestDb::sqlite(MIGRATIONS);
    let second = db::testing::TestDb::postgres(MIGRATIONS);
    load(&first.db, NOW).unwrap();
    load(&second.db, NOW).unwrap();
    for sql in STATEMENTS {
        let texts = |db| {
            let rows = rows(db, *sql);
            rows.iter()
                .map(|row| format!("{row:?}"))
                .collect::<Vec<_>>()
        };
        assert!(texts(&first.db) == texts(&second.db), "{}", sql.name);
    }
    let (again, summary) = generate().unwrap();
    let (once_more, same) = generate().unwrap();
    assert!(again == once_more && summary == same);
}

db::on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    for sql in store::STATEMENTS {
        let sql = *sql;
        test.db
            .read_blocking(move |tx: &mut Tx<'_>| tx.prepare(sql))
            .unwrap_or_else(|error| panic!("{}: {error}", sql.name));
    }
});
