//! What the register and the budget say of a target's object, for the fields of its form that
//! nobody types and for the checks of its amounts.

use std::collections::BTreeMap;

use db::{Error, Row, Tx};
use domain::number::Fen;
use domain::rulepack::target_form::Source;
use domain::target::Known;

db::statements! {
    OBJECT_MONEY = "SELECT COUNT(*) AS lines, \
        CAST(COALESCE(SUM(b.amount_fen), 0) AS BIGINT) AS budget, \
        CAST(COALESCE(SUM(CASE WHEN b.book = 'outside' THEN b.amount_fen ELSE 0 END), 0) \
        AS BIGINT) AS other, CAST(COALESCE(SUM(CASE WHEN o.project_kind IN \
        ('personnel', 'operating') THEN b.amount_fen ELSE 0 END), 0) AS BIGINT) AS basic \
        FROM budget_line b JOIN managed_object o ON o.id = b.object_id \
        WHERE b.object_id = $1 AND b.fiscal_year = $2";
    DEPARTMENT_MONEY = "SELECT COUNT(*) AS lines, \
        CAST(COALESCE(SUM(b.amount_fen), 0) AS BIGINT) AS budget, \
        CAST(COALESCE(SUM(CASE WHEN b.book = 'outside' THEN b.amount_fen ELSE 0 END), 0) \
        AS BIGINT) AS other, CAST(COALESCE(SUM(CASE WHEN o.project_kind IN \
        ('personnel', 'operating') THEN b.amount_fen ELSE 0 END), 0) AS BIGINT) AS basic \
        FROM managed_object o JOIN organisation_unit u ON u.id = o.unit_id \
        LEFT JOIN organisation_unit above ON above.id = u.parent_id \
        JOIN budget_line b ON b.object_id = o.id AND b.fiscal_year = $2 \
        WHERE o.kind = 'project' AND o.region_code = $3 \
        AND (u.id = $1 OR u.parent_id = $1 OR above.parent_id = $1)";
}

/// What is known of the object; `row` has its names and codes.
pub(in crate::target) fn of(tx: &mut Tx<'_>, row: &Row, year: i64) -> Result<Known, Error> {
    let (object, unit) = (row.text("object_id")?, row.text("unit_id")?);
    let money = if row.text("object_kind")? == "department" {
        tx.one(DEPARTMENT_MONEY, &[&unit, &year, &row.text("region_code")?])?
    } else {
        tx.one(OBJECT_MONEY, &[&object, &year])?
    };
    let mut amounts = BTreeMap::new();
    if money.int("lines")? > 0 {
        let (budget, other) = (money.int("budget")?, money.int("other")?);
        let basic = money.int("basic")?;
        amounts = [
            (Source::Budget, budget),
            (Source::BudgetFiscal, budget - other),
            (Source::BudgetOther, other),
            (Source::BasicBudget, basic),
            (Source::ProjectBudget, budget - basic),
        ]
        .map(|(source, fen)| (source, Fen(fen)))
        .into();
    }
    let nature = match row.opt_text("nature")?.as_deref() {
        Some("new") => "新增项目",
        Some("continuing") => "延续项目",
        _ => "",
    };
    let (department, code) = (row.text("department_name")?, row.text("department_code")?);
    let texts = [
        (Source::Object, row.text("object_name")?),
        (Source::ObjectCode, row.text("object_code")?),
        (Source::Unit, row.text("unit_name")?),
        (Source::UnitCode, row.text("unit_code")?),
        (
            Source::DepartmentWithCode,
            format!("{department}（{code}）"),
        ),
        (Source::Department, department),
        (Source::DepartmentCode, code),
        (Source::Nature, nature.to_owned()),
        (Source::Year, year.to_string()),
    ];
    Ok(Known {
        texts: texts.into(),
        amounts,
    })
}
