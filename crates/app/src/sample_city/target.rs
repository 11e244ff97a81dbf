//! 绩效目标 of 2019, 2020 and 2021, with their review.

use domain::indicator::Operator;
use domain::number::Decimal;
use domain::scoring::ObjectKind;

use super::bank::Promise;
use super::city::{City, Object, wan};
use super::dice::Dice;
use super::rows::Rows;
use super::store;

/// What an indicator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// A number.
    Number(Operator, Decimal),
    /// A day, ISO 8601.
    By(String),
    /// A word.
    Word(&'static str),
}

/// 三级指标 of a target.
#[derive(Debug, Clone)]
pub(super) struct Indicator {
    /// `i-001-03-2020-1`
    pub(super) id: String,
    /// Q Z S C J H T K M
    pub(super) heading: char,
    /// Its name.
    pub(super) name: &'static str,
    /// What it asks for.
    pub(super) asked: Asked,
    /// 度量单位; empty for days and words.
    pub(super) unit: &'static str,
    /// 权重, in hundredths.
    pub(super) weight_centi: i64,
}

/// An approved target.
pub(super) struct Target {
    /// `t-001-03-2020-1`
    pub(super) id: String,
    /// Its indicators.
    pub(super) indicators: Vec<Indicator>,
}

impl Indicator {
    /// Whether percent above 100 have no meaning for it.
    pub(super) fn is_share(&self) -> bool {
        self.unit == "%"
            && matches!(&self.asked, Asked::Number(_, value) if *value <= Decimal::ONE_HUNDRED)
            && !["增速", "增长", "增值率", "提高", "稳定率"]
                .iter()
                .any(|word| self.name.contains(word))
    }

    /// 指标值 as printed, without operator and unit.
    pub(super) fn value_text(&self) -> String {
        match &self.asked {
            Asked::Number(_, value) => value.to_string(),
            Asked::By(day) => printed_day(day),
            Asked::Word(word) => (*word).to_owned(),
        }
    }

    fn sign(&self) -> &'static str {
        match &self.asked {
            Asked::Number(operator, _) => operator.sign(),
            Asked::By(_) => Operator::AtMost.sign(),
            Asked::Word(_) => Operator::Qualitative.sign(),
        }
    }

    fn level1(&self) -> &'static str {
        match self.heading {
            'Q' | 'Z' | 'S' | 'C' => "产出指标",
            'M' => "满意度指标",
            _ => "效益指标",
        }
    }

    fn level2(&self) -> &'static str {
        match self.heading {
            'Q' => "数量指标",
            'Z' => "质量指标",
            'S' => "时效指标",
            'C' => "成本指标",
            'J' => "经济效益指标",
            'H' => "社会效益指标",
            'T' => "生态效益指标",
            'K' => "可持续影响指标",
            _ => "服务对象满意度指标",
        }
    }
}

/// `2019-11-30` as `2019年11月30日`.
pub(super) fn printed_day(day: &str) -> String {
    let mut parts = day.split('-').map(|part| part.trim_start_matches('0'));
    let mut next = || parts.next().unwrap_or_default();
    format!("{}年{}月{}日", next(), next(), next())
}

/// The indicators of `object` for `year`, given what it may spend.
fn indicators(object: &Object, year: i64, edition: i64, fen: i64) -> Vec<Indicator> {
    let mut dice = object.dice(&format!("target {year}"));
    let weights = weights(&object.promises);
    let places = (1..).zip(object.promises.iter().zip(weights));
    places
        .map(|(place, (promise, weight_centi))| Indicator {
            id: format!("i-{}-{year}-{edition}-{place}", &object.id[2..]),
            heading: promise.heading,
            name: promise.name,
            asked: asked(promise, year, fen, &mut dice),
            unit: promise.unit,
            weight_centi,
        })
        .collect()
}

/// The share of each promise in 90 points: 50 + 30 + 10, or 50 + 40 where nobody is asked whether
/// he is content, or equal parts for 人员 and 公用, whose indicators are fixed.
fn weights(promises: &[Promise]) -> Vec<i64> {
    let class = |promise: &Promise| match promise.heading {
        'Q' | 'Z' | 'S' | 'C' => 0,
        'M' => 2,
        _ => 1,
    };
    let mut counts = [0_i64; 3];
    for promise in promises {
        counts[class(promise)] += 1;
    }
    let full = match counts {
        [_, _, 0] if promises.len() == 4 => return vec![2_250; 4],
        [_, _, 0] => [5_000, 4_000, 0],
        _ => [5_000, 3_000, 1_000],
    };
    let mut seen = [0_i64; 3];
    promises
        .iter()
        .map(|promise| {
            let class = class(promise);
            let each = full[class] / counts[class] / 250 * 250;
            seen[class] += 1;
            if seen[class] == 1 {
                full[class] - each * (counts[class] - 1)
            } else {
                each
            }
        })
        .collect()
}

/// Units that are counted in pieces of less than one.
const DIVISIBLE: [&str; 8] = [
    "公里",
    "万亩",
    "万平方米",
    "万件",
    "亿元",
    "万吨",
    "万户",
    "万元",
];

fn asked(promise: &Promise, year: i64, fen: i64, dice: &mut Dice) -> Asked {
    let operator = match promise.operator {
        "≥" => Operator::AtLeast,
        "≤" => Operator::AtMost,
        "＝" => Operator::Equal,
        "日期" => {
            let (month, day) = promise.value.split_once('.').expect("month and day");
            return Asked::By(format!("{year}-{month:0>2}-{day:0>2}"));
        }
        _ => return Asked::Word(promise.value),
    };
    let number = if let Some(each) = promise.value.strip_prefix('@') {
        let each: Decimal = each.parse().expect("a number behind @");
        if operator == Operator::AtMost {
            return Asked::Number(operator, wan(fen));
        }
        scaled_to_money(each * wan(fen), promise.unit, dice)
    } else if let Some((low, high)) = promise.value.split_once('-') {
        drawn(low, high, dice)
    } else {
        promise.value.parse().expect("a number")
    };
    Asked::Number(operator, number)
}

/// So much for the money, a little less than it could be, in the steps that people plan in.
fn scaled_to_money(most: Decimal, unit: &str, dice: &mut Dice) -> Decimal {
    let value = most * dice.hundredths(90, 100);
    let places = match (DIVISIBLE.contains(&unit), value) {
        (true, value) if value < Decimal::ONE => 2,
        (true, value) if value < Decimal::ONE_HUNDRED => 1,
        _ => 0,
    };
    if places > 0 {
        let smallest = Decimal::new(1, 2);
        return value.round_dp(places).max(smallest).normalize();
    }
    let whole = value.round_dp(0).max(Decimal::ONE);
    (whole / step(whole)).trunc().max(Decimal::ONE) * step(whole)
}

fn step(value: Decimal) -> Decimal {
    Decimal::from(match value {
        value if value >= Decimal::from(10_000) => 500,
        value if value >= Decimal::from(1_000) => 50,
        value if value >= Decimal::from(100) => 5,
        _ => 1,
    })
}

fn drawn(low: &str, high: &str, dice: &mut Dice) -> Decimal {
    let [low, high]: [Decimal; 2] = [low, high].map(|end| end.parse().expect("an end of a range"));
    let places = low.scale().max(high.scale());
    let unit = Decimal::new(1, places);
    let step = if places == 0 { step(low) } else { unit };
    let steps = ((high - low) / step).trunc();
    let steps = steps.to_string().parse().expect("a small whole number");
    (low + step * Decimal::from(dice.between(0, steps))).normalize()
}

/// Where a target stands.
struct Standing<'a> {
    year: i64,
    edition: i64,
    origin: &'a str,
    state: &'a str,
    grade: Option<&'a str>,
    session: Option<&'a str>,
    package: Option<&'a str>,
    approved_on: Option<&'a str>,
}

fn write_one(rows: &mut Rows, object: &Object, standing: &Standing<'_>, fen: i64) -> Target {
    let (year, edition) = (standing.year, standing.edition);
    let id = format!("t-{}-{year}-{edition}", &object.id[2..]);
    rows.record(
        store::INSERT_TARGET,
        &[
            &id,
            &object.id,
            &year,
            &edition,
            &standing.origin,
            &standing.state,
            &standing.grade,
            &object.goal,
            &standing.session,
            &standing.package,
            &standing.approved_on,
            &2_i64,
        ],
    );
    let indicators = indicators(object, year, edition, fen);
    let mut cores = String::new();
    for (place, indicator) in (1_i64..).zip(&indicators) {
        let is_core = !cores.contains(indicator.level1());
        cores.push_str(indicator.level1());
        rows.part(
            store::INSERT_INDICATOR,
            &[
                &indicator.id,
                &id,
                &place,
                &indicator.level1(),
                &indicator.level2(),
                &indicator.name,
                &indicator.sign(),
                &indicator.value_text(),
                &indicator.unit,
                &indicator.weight_centi,
                &is_core,
            ],
        );
    }
    Target { id, indicators }
}

const SESSIONS: [(&str, i64, &str, &str); 4] = [
    (
        "j-2020-1",
        2020,
        "2019-11-12",
        "2020年市直部门部门整体和项目绩效目标会审（第一场）",
    ),
    (
        "j-2020-2",
        2020,
        "2019-11-14",
        "2020年政府性基金、国有资本经营和社会保险基金预算绩效目标会审",
    ),
    (
        "j-2020-3",
        2020,
        "2019-11-19",
        "2020年镇（街道）部门整体和项目绩效目标会审",
    ),
    (
        "j-2020-4",
        2020,
        "2020-06-18",
        "2020年追加、上级资金和调整项目绩效目标会审",
    ),
];

/// The session at which the target of 2020 was reviewed.
fn session(city: &City, object: &Object) -> &'static str {
    if object.has('s') && object.kind != ObjectKind::Department {
        "j-2020-4"
    } else if object.book != "general_public" {
        "j-2020-2"
    } else if city.units[object.unit].code.starts_with('3') {
        "j-2020-3"
    } else {
        "j-2020-1"
    }
}

/// Writes sessions, package and targets, and keeps the approved ones with their objects.
pub(super) fn write(rows: &mut Rows, city: &mut City) {
    for (id, year, held_on, topic) in SESSIONS {
        rows.record(store::INSERT_SESSION, &[&id, &year, &held_on, &topic]);
    }
    let title = "绵竹市2020年部门预算（草案）及部门整体、项目支出绩效目标";
    rows.record(
        store::INSERT_PACKAGE,
        &[&"n-2020", &2020_i64, &title, &"2020-04-16"],
    );
    let sessions: Vec<_> = city
        .objects
        .iter()
        .map(|object| session(city, object))
        .collect();
    for (place, session) in sessions.into_iter().enumerate() {
        let object = &city.objects[place];
        let mut found = Vec::new();
        if let Some(money) = object.money.get(&2019) {
            let standing = Standing {
                year: 2019,
                edition: 1,
                origin: origin(object),
                state: "approved",
                grade: Some(grade(object, 2019)),
                session: None,
                package: None,
                approved_on: Some("2019-03-20"),
            };
            found.push((2019, write_one(rows, object, &standing, money.adjusted)));
        }
        found.extend(of_2020(rows, object, session).map(|target| (2020, target)));
        of_2021(rows, object);
        city.objects[place].targets.extend(found);
    }
}

fn grade(object: &Object, year: i64) -> &'static str {
    if object.dice(&format!("grade {year}")).chance(64) {
        "优"
    } else {
        "良"
    }
}

fn origin(object: &Object) -> &'static str {
    if object.has('U') {
        "transfer_from_above"
    } else {
        "initial"
    }
}

fn of_2020(rows: &mut Rows, object: &Object, session: &str) -> Option<Target> {
    let is_added = session == "j-2020-4";
    let standing = Standing {
        year: 2020,
        edition: 1,
        origin: match (is_added, object.has('u') || object.has('U')) {
            (true, true) => "transfer_from_above",
            (true, false) => "supplement",
            _ => origin(object),
        },
        state: "approved",
        grade: Some(grade(object, 2020)),
        session: Some(session),
        package: (!is_added).then_some("n-2020"),
        approved_on: Some(if is_added { "2020-06-28" } else { "2020-05-11" }),
    };
    let Some(money) = object.money.get(&2020) else {
        if object.has('d') {
            let rejected = Standing {
                state: "rejected",
                grade: Some("差"),
                package: None,
                approved_on: None,
                ..standing
            };
            write_one(rows, object, &rejected, 50_000_000);
        }
        return None;
    };
    if object.has('r') && object.kind == ObjectKind::Project {
        // The budget was cut in summer, and the target with it.
        let before = Standing {
            state: "superseded",
            ..standing
        };
        write_one(rows, object, &before, money.adjusted * 5 / 4);
        let after = Standing {
            edition: 2,
            session: Some("j-2020-4"),
            package: None,
            approved_on: Some("2020-06-28"),
            ..standing
        };
        return Some(write_one(rows, object, &after, money.adjusted));
    }
    Some(write_one(rows, object, &standing, money.adjusted))
}

/// At the end of 2020 the targets of the next year are on their way.
fn of_2021(rows: &mut Rows, object: &Object) {
    let mut dice = object.dice("2021");
    let asked = object.money.get(&2020).map(|money| money.adjusted);
    let (state, fen) = match asked {
        _ if object.has('v') => ("draft", 180_000_000),
        Some(fen) if object.kind == ObjectKind::Project && dice.chance(14) => {
            let states = [
                "in_budget",
                "in_budget",
                "in_budget",
                "joint_review",
                "section_review",
            ];
            (dice.pick(&states), fen)
        }
        _ => return,
    };
    let standing = Standing {
        year: 2021,
        edition: 1,
        origin: "initial",
        state,
        grade: (state == "in_budget").then(|| grade(object, 2021)),
        session: None,
        package: None,
        approved_on: None,
    };
    write_one(rows, object, &standing, fen);
}
