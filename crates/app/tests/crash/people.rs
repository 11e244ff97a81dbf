//! Eight units, each with a head, a token and a target to send.

use db::testing::TestDb;
use db::{Error, Sql, ToValue, Tx};

use crate::server;

/// Somebody who sends a target.
pub(crate) struct Person {
    pub(crate) account: String,
    pub(crate) token: String,
    pub(crate) target: String,
}

const REGION: &str = "510683";
const FROM: &str = "test";

fn insert(tx: &mut Tx<'_>, text: &'static str, values: &[&dyn ToValue]) -> Result<(), Error> {
    let sql = Sql {
        name: "PREPARE",
        text,
    };
    tx.execute_one(sql, values)
}

/// Makes the people and what they work on.
pub(crate) fn prepare(test: &TestDb, many: usize) -> Vec<Person> {
    server::migrate(&test.url);
    let write = move |tx: &mut Tx<'_>| {
        insert(
            tx,
            "INSERT INTO region (code, name, bureau_name, provenance) \
             VALUES ($1, '绵竹市', '绵竹市财政局', $2)",
            &[&REGION, &FROM],
        )?;
        insert(
            tx,
            "INSERT INTO fiscal_year (region_code, year) VALUES ($1, 2020)",
            &[&REGION],
        )?;
        insert(
            tx,
            "INSERT INTO business_section (id, region_code, name, provenance) \
             VALUES ('s-1', $1, '农业股', $2)",
            &[&REGION, &FROM],
        )?;
        (0..many).map(|number| person(tx, number)).collect()
    };
    test.db.write_blocking(write).unwrap()
}

fn person(tx: &mut Tx<'_>, number: usize) -> Result<Person, Error> {
    let unit = format!("u-{number}");
    insert(
        tx,
        "INSERT INTO organisation_unit (id, region_code, code, name, level, valid_from, version, \
         provenance) VALUES ($1, $2, $3, $4, 'first', '2019-01-01', 1, $5)",
        &[
            &unit,
            &REGION,
            &format!("{}", 100 + number),
            &format!("第{number}单位"),
            &FROM,
        ],
    )?;
    insert(
        tx,
        "INSERT INTO unit_section (unit_id, region_code, fiscal_year, section_id) \
         VALUES ($1, $2, 2020, 's-1')",
        &[&unit, &REGION],
    )?;
    let (object, target) = (format!("o-{number}"), format!("t-{number}"));
    insert(
        tx,
        "INSERT INTO managed_object (id, region_code, unit_id, kind, code, name, nature, \
         needs_ex_ante, version, provenance) \
         VALUES ($1, $2, $3, 'project', $4, '农村公路改造', 'continuing', FALSE, 1, $5)",
        &[&object, &REGION, &unit, &format!("P{number}"), &FROM],
    )?;
    insert(
        tx,
        "INSERT INTO performance_target (id, region_code, object_id, fiscal_year, edition, \
         origin, state, goal, version, provenance) VALUES ($1, $2, $3, 2020, 1, 'initial', \
         'draft', '改造农村公路 500 公里，方便群众出行。', 1, $4)",
        &[&target, &REGION, &object, &FROM],
    )?;
    indicators(tx, &target)?;
    let account = format!("ac-{number}");
    insert(
        tx,
        "INSERT INTO account (id, region_code, login_name, name, unit_id, email, \
         must_change_password, totp_last_step, state, failed_logins, version, provenance) \
         VALUES ($1, $2, $1, '负责人', $3, '', FALSE, 0, 'active', 0, 1, $4)",
        &[&account, &REGION, &unit, &FROM],
    )?;
    insert(
        tx,
        "INSERT INTO account_role (account_id, role, region_code) VALUES ($1, 'unit_head', $2)",
        &[&account, &REGION],
    )?;
    let token = format!("jx_{number:064}");
    insert(
        tx,
        "INSERT INTO api_token (id, account_id, region_code, name, token_digest, made_at, \
         expires_at) VALUES ($1, $2, $3, '测试', $4, '2020-01-01T00:00:00+08:00', \
         '2999-01-01T00:00:00+08:00')",
        &[
            &format!("at-{number}"),
            &account,
            &REGION,
            &web::token::digest(&token),
        ],
    )?;
    Ok(Person {
        account,
        token,
        target,
    })
}

/// Ten indicators that make the target's weights 90.
fn indicators(tx: &mut Tx<'_>, target: &str) -> Result<(), Error> {
    let places = [
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("产出指标", "时效指标"),
        ("产出指标", "成本指标"),
        ("产出指标", "数量指标"),
        ("产出指标", "数量指标"),
        ("效益指标", "社会效益指标"),
        ("效益指标", "经济效益指标"),
        ("效益指标", "可持续影响指标"),
        ("满意度指标", "服务对象满意度指标"),
    ];
    for (position, (level1, level2)) in (1_i64..).zip(places) {
        insert(
            tx,
            "INSERT INTO indicator (id, region_code, target_id, position, level1, level2, name, \
             operator, value_text, unit, weight_centi, is_core, row_key) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, '≥', '95', '%', 900, FALSE, $4)",
            &[
                &format!("{target}-{position}"),
                &REGION,
                &target,
                &position,
                &level1,
                &level2,
                &format!("第{position}类道路改造完成率"),
            ],
        )?;
    }
    Ok(())
}
