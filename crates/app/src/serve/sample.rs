//! A handful of records for tests of pages, with what is worst about real ones: a very long name,
//! 25 indicators, and values that are missing.

use db::{Error, Sql, ToValue, Tx};
use domain::number::{Centi, Fen};
use domain::rulepack::default_pack;
use domain::scoring::{Attainment, BudgetExecution, IndicatorInput, ObjectKind, ScoreInput, score};

/// The project with everything.
pub(crate) const FULL: &str = "o-1";
/// The project with nothing but a budget.
pub(crate) const BARE: &str = "o-2";
/// The department of both.
pub(crate) const WHOLE: &str = "o-9";

/// A name of sixty characters.
pub(crate) const LONG_NAME: &str = "绵竹市农村生活污水治理千村示范工程及配套管网延伸改造提升\
                                    项目（二期）中央水污染防治专项资金与地方财政配套资金安排支出";

const REGION: &str = "510683";

fn insert(tx: &mut Tx<'_>, text: &'static str, values: &[&dyn ToValue]) -> Result<(), Error> {
    tx.execute_one(
        Sql {
            name: "SAMPLE",
            text,
        },
        values,
    )
}

/// Writes the records.
pub(crate) fn write(tx: &mut Tx<'_>) -> Result<(), Error> {
    for year in [2019_i64, 2020] {
        insert(
            tx,
            "INSERT INTO fiscal_year VALUES ($1, $2)",
            &[&REGION, &year],
        )?;
    }
    insert(
        tx,
        "INSERT INTO business_section VALUES ('s-1', $1, '农业股', 't')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO organisation_unit VALUES \
         ('u-1', $1, '001', '绵竹市住房和城乡建设局', 'first', NULL, '2019-01-01', NULL, 1, 't')",
        &[&REGION],
    )?;
    for year in [2019_i64, 2020] {
        insert(
            tx,
            "INSERT INTO unit_section VALUES ('u-1', $1, $2, 's-1')",
            &[&REGION, &year],
        )?;
    }
    for (id, kind, code, name) in [
        (FULL, "project", "P1", LONG_NAME),
        (BARE, "project", "P2", "=危险的名称"),
        (WHOLE, "department", "D1", "绵竹市住房和城乡建设局部门整体"),
    ] {
        insert(
            tx,
            "INSERT INTO managed_object (id, region_code, unit_id, kind, code, name, project_kind, \
             nature, needs_ex_ante, version, provenance) VALUES \
             ($1, $2, 'u-1', $3, $4, $5, NULL, 'new', TRUE, 1, 't')",
            &[&id, &REGION, &kind, &code, &name],
        )?;
    }
    money(tx)?;
    cycle(tx)
}

/// Writes a unit and a section that have nothing to do with the records.
pub(crate) fn elsewhere(tx: &mut Tx<'_>) -> Result<(), Error> {
    insert(
        tx,
        "INSERT INTO business_section VALUES ('s-2', $1, '企业股', 't')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO organisation_unit VALUES \
         ('u-2', $1, '002', '绵竹市卫生健康局', 'first', NULL, '2019-01-01', NULL, 1, 't')",
        &[&REGION],
    )?;
    for year in [2019_i64, 2020] {
        insert(
            tx,
            "INSERT INTO unit_section VALUES ('u-2', $1, $2, 's-2')",
            &[&REGION, &year],
        )?;
    }
    Ok(())
}

fn money(tx: &mut Tx<'_>) -> Result<(), Error> {
    for (id, object, year, change, fen) in [
        ("b-1", FULL, 2019_i64, "initial", 50_000_000_i64),
        ("b-2", FULL, 2020, "initial", 123_456_789),
        ("b-3", FULL, 2020, "supplement", 10_000_000),
        ("b-4", FULL, 2020, "reduction", -3_000_000),
        ("b-5", BARE, 2020, "initial", 8_997_400),
    ] {
        insert(
            tx,
            "INSERT INTO budget_line (id, region_code, object_id, fiscal_year, book, origin, \
             change_kind, amount_fen, document_number, requires_npc_approval, provenance) \
             VALUES ($1, $2, $3, $4, 'general_public', 'local', $5, $6, \
             '绵财预〔2020〕1号', FALSE, 't')",
            &[&id, &REGION, &object, &year, &change, &fen],
        )?;
    }
    for (id, object, year, fen) in [
        ("e-1", FULL, 2019_i64, 48_700_000_i64),
        ("e-2", FULL, 2020, 60_000_000),
    ] {
        insert(
            tx,
            "INSERT INTO budget_execution (id, region_code, object_id, fiscal_year, month, \
             executed_fen, provenance) VALUES ($1, $2, $3, $4, 7, $5, 't')",
            &[&id, &REGION, &object, &year, &fen],
        )?;
    }
    Ok(())
}

/// The receipt of the sample's self-evaluation.
pub(crate) fn receipt() -> domain::receipt::Receipt {
    let mut indicators = vec![indicator(1, "3.60", 487)];
    indicators.extend((2..=25).map(|number| indicator(number, "3.60", 500)));
    let input = ScoreInput {
        kind: ObjectKind::Project,
        name: LONG_NAME.into(),
        budget: vec![BudgetExecution {
            adjusted_fen: Fen(50_000_000),
            executed_fen: Fen(48_700_000),
        }],
        execution_weight: Centi(1_000),
        indicators,
        deductions: Vec::new(),
    };
    score(default_pack(), &input).unwrap().receipt("se-1")
}

fn indicator(number: u16, weight: &str, actual: i64) -> IndicatorInput {
    IndicatorInput {
        name: format!("第{number}类设施建设数量").into(),
        target_text: "≥500处".into(),
        actual_text: format!("{actual}处").into(),
        weight: Centi::from_decimal(weight.parse().unwrap()).unwrap(),
        attainment: Attainment::Quantity {
            operator: domain::indicator::Operator::AtLeast,
            direction: None,
            target: 500.into(),
            actual: actual.into(),
        },
        is_satisfaction: false,
        target_too_low: false,
        manual_deduction: None,
    }
}

fn cycle(tx: &mut Tx<'_>) -> Result<(), Error> {
    insert(
        tx,
        "INSERT INTO ex_ante_assessment VALUES ('x-1', $1, $2, 2019, 2020, 'bureau', 'audited', \
         8650, '予以支持', 130000000, 123456789, '2019-09-20', 1, 't')",
        &[&REGION, &FULL],
    )?;
    for (id, year) in [("t-19", 2019_i64), ("t-20", 2020)] {
        insert(
            tx,
            "INSERT INTO performance_target VALUES ($1, $2, $3, $4, 1, 'initial', 'approved', \
             '优', '建成 500 处设施，惠及群众 3 万人。', NULL, NULL, '2020-02-10', 1, 't', \
             'project_budget', '')",
            &[&id, &REGION, &FULL, &year],
        )?;
    }
    for number in 1..=25_i64 {
        for target in ["t-19", "t-20"] {
            insert(
                tx,
                "INSERT INTO indicator VALUES ($1, $2, $3, $4, '产出指标', '数量指标', $5, '≥', \
                 '500', '处', 360, FALSE, $4)",
                &[
                    &format!("{target}-{number}"),
                    &REGION,
                    &target,
                    &number,
                    &format!("第{number}类设施建设数量"),
                ],
            )?;
        }
    }
    insert(
        tx,
        "INSERT INTO monitoring VALUES ('m-1', $1, $2, 't-20', 2020, 7, TRUE, 'concluded', \
         130456789, 60000000, 'red', 'green', '003 需整改建议', '征地拆迁进度慢', '2020-09-01', \
         1, 't')",
        &[&REGION, &FULL],
    )?;
    insert(
        tx,
        "INSERT INTO monitoring_line VALUES ('ml-1', $1, 'm-1', 't-20-1', '260处', 'green')",
        &[&REGION],
    )?;
    evaluations(tx)
}

/// Writes a meeting that is over, and a reviewer's form of the target that it passed.
pub(crate) fn reviewed(tx: &mut Tx<'_>) -> Result<(), Error> {
    insert(
        tx,
        "INSERT INTO account (id, region_code, login_name, name, email, must_change_password, \
         totp_last_step, state, failed_logins, version, provenance) \
         VALUES ('a-reviewer', $1, 'a-reviewer', '会审人', '', FALSE, 0, 'disabled', 0, 1, 't')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO joint_review_session (id, region_code, fiscal_year, held_on, topic, \
         provenance, place) VALUES ('j-1', $1, 2020, '2019-11-20', '2020 年目标会审', 't', '')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO joint_review_section VALUES ('j-1', 's-1', $1)",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO joint_review_item VALUES ('j-1', 't-20', $1, 1, FALSE, 'graded', '优', \
         '同意', 'a-reviewer', '2019-11-20T10:00:00+08:00')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO target_review VALUES ('v-1', $1, 't-20', 0, 'joint_review', 'a-reviewer', \
         'j-1', FALSE, '优', NULL, '8 项中优 8 项', '同意', '', TRUE, 'mianzhu-2020@2020.1', \
         '2019-11-20T10:00:00+08:00')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO target_review_item VALUES ('v-1', 1, $1, '完整性审核', '规范完整性', \
         '内容完整', '优', NULL, 1000)",
        &[&REGION],
    )
}

fn evaluations(tx: &mut Tx<'_>) -> Result<(), Error> {
    let receipt = receipt();
    insert(
        tx,
        "INSERT INTO self_evaluation VALUES ('se-1', $1, $2, 't-19', 2020, 2019, 'accepted', \
         50000000, 48700000, $3, $4, 'yellow', $5, $6, '2020-03-20', 1, 't')",
        &[
            &REGION,
            &FULL,
            &receipt.total.map(|total| total.0),
            &receipt.grade.as_deref(),
            &receipt.rules,
            &receipt.to_json().unwrap(),
        ],
    )?;
    insert(
        tx,
        "INSERT INTO self_evaluation_line VALUES ('sl-1', $1, 'se-1', 't-19-1', '487处', 351, \
         '管网接入户数少于预期')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO key_evaluation VALUES ('k-1', $1, $2, 2020, 2019, 'final', \
         'general_public', 50000000, 7810, '中', '', '3 处设施建成后未投入使用', '2020-08-30', \
         1, 't')",
        &[&REGION, &FULL],
    )?;
    insert(
        tx,
        "INSERT INTO re_evaluation VALUES ('re-1', $1, 'se-1', 'k-1', 2020, 'targeted', \
         '资金量大', 7810, '中', '自评完成数与现场不符', 't')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO rectification VALUES ('r-1', $1, 'k-1', 2020, '绵财绩整〔2020〕1号', \
         '3 处设施建成后未投入使用', '限期投入使用', 'issued', '2020-09-10', '2020-10-31', NULL, \
         1, 't')",
        &[&REGION],
    )?;
    insert(
        tx,
        "INSERT INTO result_application VALUES ('a-1', $1, NULL, 'k-1', 2020, 2021, '调减', \
         'in_budget', '未整改到位，核减 10%', '2020-11-20', 't', 1)",
        &[&REGION],
    )
}
