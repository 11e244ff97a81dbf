//! Urges the chosen units, and says for each what came of it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use office::document::clean;
use web::{Error, Shell};

use super::preview::{Addressed, Choice, addressed, choice};
use super::store::{self, Area, Urging};
use super::{MOST_REMARK_CHARACTERS, area, body};
use crate::audit::{self, Change};
use crate::notice::{Kind, Notice, Told, day, tell};
use crate::serve::{App, Frame, Person, SignedPairs, now_text};

/// What came of it for one person, or for a unit without one.
struct Line {
    unit: String,
    person: String,
    is_good: bool,
    word: &'static str,
}

#[derive(Template)]
#[template(path = "notice/urging/sent.html")]
struct SentPage {
    shell: Shell,
    lines: Vec<Line>,
    units: usize,
    mails: usize,
    is_again: bool,
}

/// Who urges, and how.
#[derive(Clone)]
struct Order {
    area: Area,
    choice: Choice,
    remark: String,
    key: String,
    account: String,
    login: String,
    name: String,
}

/// `POST /urging`
pub(super) async fn send(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&["key", "section", "kind", "late", "unit", "all", "remark"])?;
    let remark = form.one("remark").trim().replace("\r\n", "\n");
    if remark.chars().count() > MOST_REMARK_CHARACTERS {
        return Err(Error::Refused(format!(
            "补充说明最多 {MOST_REMARK_CHARACTERS} 字：请返回上一页缩短后再发"
        )));
    }
    let key = form.one("key").to_owned();
    if key.len() != 64 || !key.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(Error::StalePage);
    }
    let now = now_text();
    let order = Order {
        area: area(&frame.actor, &frame.region_code, frame.shell.year),
        choice: choice(&form, day(&now))?,
        remark: remark.lines().map(clean).collect::<Vec<_>>().join("\n"),
        key,
        account: person.account,
        login: person.login,
        name: person.name,
    };
    let lines = app.db.write(move |tx| urge(tx, &order, &now)).await?;
    if lines.is_empty() {
        return Err(Error::Refused(
            "选中的单位已经没有未办的工作，没有发送：请返回催报清单刷新".to_owned(),
        ));
    }
    web::page(&SentPage {
        units: {
            let mut units: Vec<&str> = lines.iter().map(|line| line.unit.as_str()).collect();
            units.dedup();
            units.len()
        },
        mails: lines.iter().filter(|line| line.word == BY_MAIL).count(),
        is_again: lines.iter().all(|line| line.word == BEFORE),
        lines,
        shell: frame.shell.at("/urging"),
    })
}

const BY_MAIL: &str = "已发消息和邮件";
const BEFORE: &str = "刚才已经催过，没有重复发送";

fn urge(tx: &mut db::Tx<'_>, order: &Order, now: &str) -> Result<Vec<Line>, db::Error> {
    let mut lines = Vec::new();
    let mut urged = 0_i64;
    let all = addressed(tx, &order.area, &order.choice, (day(now), &order.account))?;
    for unit in &all {
        let id = web::token::digest(&format!("{}\n{}", order.key, unit.unit.id));
        let urging = Urging {
            id: &id,
            region: &order.area.region,
            unit: &unit.unit.id,
            matters: i64::try_from(unit.unit.matters.len()).unwrap_or(i64::MAX),
            people: i64::try_from(unit.receivers.len()).unwrap_or(i64::MAX),
            remark: &order.remark,
            urged_by: &order.account,
            urged_at: now,
        };
        urged += i64::from(store::keep(tx, &urging)?);
        lines.extend(tell_unit(tx, order, unit, now)?);
    }
    if urged > 0 {
        let after = serde_json::json!({"urged_units": urged, "remark": order.remark});
        let change = Change {
            actor: &order.login,
            action: "units_urged",
            record: ("urging", &order.key),
            before: None,
            after: Some(&after),
        };
        audit::record(tx, now, &change)?;
    }
    Ok(lines)
}

fn tell_unit(
    tx: &mut db::Tx<'_>,
    order: &Order,
    addressed: &Addressed,
    now: &str,
) -> Result<Vec<Line>, db::Error> {
    let unit = &addressed.unit;
    if addressed.receivers.is_empty() {
        return Ok(vec![Line {
            unit: unit.name.clone(),
            person: String::new(),
            is_good: false,
            word: "没有可以通知的人：请系统管理员给该单位开设账号",
        }]);
    }
    let body = body(unit, &order.remark);
    let key = format!("urging {} {}", order.key, unit.id);
    let mut lines = Vec::new();
    for receiver in &addressed.receivers {
        let notice = Notice {
            account: &receiver.account,
            region: &order.area.region,
            kind: Kind::Urging,
            title: &addressed.title,
            body: &body,
            link: "/",
            sent_by: Some(&order.name),
            key: &key,
        };
        let word = match tell(tx, now, &notice)? {
            Told::ByMail => BY_MAIL,
            Told::WithoutMail => "已发消息（本人选择不收邮件）",
            Told::WithoutAddress => "已发消息（没有邮箱）",
            Told::Before => BEFORE,
        };
        lines.push(Line {
            unit: unit.name.clone(),
            person: receiver.name.clone(),
            is_good: true,
            word,
        });
    }
    Ok(lines)
}
