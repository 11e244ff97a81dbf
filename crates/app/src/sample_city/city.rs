//! The city's objects with their money: what everything else in the sample hangs on.

use std::collections::BTreeMap;

use domain::number::{Decimal, Fen};
use domain::scoring::ObjectKind;

use super::bank::{Plan, Promise, Theme, Unit, themes, units};
use super::dice::Dice;
use super::money::{Money, money};
use super::target::Target;

/// A project, a department as a whole, or a policy.
pub(super) struct Object {
    /// `o-001-03`
    pub(super) id: String,
    /// Its code in the project library.
    pub(super) code: String,
    /// Its name.
    pub(super) name: String,
    /// Place of its unit in [`City::units`].
    pub(super) unit: usize,
    /// What it is.
    pub(super) kind: ObjectKind,
    /// `personnel`, `operating` or `special_purpose`; projects only.
    pub(super) project_kind: Option<&'static str>,
    /// Its theme's word; empty for a department.
    pub(super) theme: &'static str,
    /// The letters of the plan, or of the unit.
    pub(super) flags: &'static str,
    /// Which of the four budgets pays it.
    pub(super) book: &'static str,
    /// 年度目标, as the theme words it.
    pub(super) goal: String,
    /// The indicators that it promises.
    pub(super) promises: Vec<Promise>,
    /// Whether it is paid in equal parts every month.
    pub(super) is_monthly: bool,
    /// The money of each year.
    pub(super) money: BTreeMap<i64, Money>,
    /// The approved target of each year.
    pub(super) targets: BTreeMap<i64, Target>,
}

impl Object {
    /// Whether the plan carries this letter.
    pub(super) fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// The numbers that belong to it and to `matter`.
    pub(super) fn dice(&self, matter: &str) -> Dice {
        Dice::of(&[&self.id, matter])
    }

    /// Whether it may only enter the budget after an ex-ante assessment.
    pub(super) fn needs_ex_ante(&self) -> bool {
        self.kind != ObjectKind::Department && self.flags.contains(['x', 'y', 'z'])
    }
}

/// Units and objects.
pub(super) struct City {
    /// The first-level units.
    pub(super) units: Vec<Unit>,
    /// All objects; a department comes before its projects.
    pub(super) objects: Vec<Object>,
}

/// Themes whose money is paid every month.
const MONTHLY: [&str; 8] = [
    "personnel",
    "operating",
    "pension_fund",
    "medical_fund",
    "police_staff",
    "village",
    "aid",
    "cleaning",
];

/// Makes the city with its money, without targets.
pub(super) fn city() -> City {
    let (units, themes) = (units(), themes());
    let mut objects = Vec::new();
    for (number, unit) in (0..).zip(&units) {
        let mut children = vec![
            basic(number, unit, &themes, "personnel"),
            basic(number, unit, &themes, "operating"),
        ];
        for (place, plan) in (3..).zip(&unit.plans) {
            children.push(planned(number, unit, &themes, plan, place));
        }
        let mut whole = department(number, unit);
        for year in [2019, 2020] {
            let all = children.iter().filter_map(|child| child.money.get(&year));
            whole.money.insert(year, all.sum());
        }
        objects.push(whole);
        objects.append(&mut children);
    }
    City { units, objects }
}

fn theme<'a>(themes: &'a [Theme], key: &str) -> &'a Theme {
    let found = themes.iter().find(|theme| theme.key == key);
    found.unwrap_or_else(|| panic!("the sample's texts are tested; no theme {key}"))
}

fn id(unit: usize, place: usize) -> String {
    format!("o-{:03}-{place:02}", unit + 1)
}

/// 基本支出: what people and offices cost.
fn basic(number: usize, unit: &Unit, themes: &[Theme], key: &'static str) -> Object {
    let is_personnel = key == "personnel";
    let (place, letter, name) = if is_personnel {
        (1, 'R', "人员经费")
    } else {
        (2, 'Y', "公用经费（定额）")
    };
    let theme = theme(themes, key);
    let mut object = Object {
        id: id(number, place),
        code: code(19, letter, unit, place),
        name: name.to_owned(),
        unit: number,
        kind: ObjectKind::Project,
        project_kind: Some(key),
        theme: theme.key,
        flags: "",
        book: "general_public",
        goal: theme.goal.to_owned(),
        promises: theme.promises.clone(),
        is_monthly: true,
        money: BTreeMap::new(),
        targets: BTreeMap::new(),
    };
    let mut dice = object.dice("price");
    let yuan_each = if is_personnel {
        dice.between(118_000, 146_000)
    } else {
        dice.between(17_000, 24_000)
    };
    for year in [2019, 2020] {
        let mut dice = object.dice(&format!("money {year}"));
        let raise = 100 + (year - 2019) * 4 + dice.between(-1, 2);
        let fen = unit.staff * yuan_each * raise;
        object.money.insert(year, money(&object, year, fen));
    }
    object
}

fn code(year: i64, letter: char, unit: &Unit, place: usize) -> String {
    format!("510683{year:02}{letter}{}{place:09}", unit.code)
}

fn planned(number: usize, unit: &Unit, themes: &[Theme], plan: &Plan, place: usize) -> Object {
    let theme = theme(themes, plan.theme);
    let mut object = Object {
        id: id(number, place),
        code: plan_code(unit, plan, place),
        name: plan.name.to_owned(),
        unit: number,
        kind: if plan.is_policy {
            ObjectKind::Policy
        } else {
            ObjectKind::Project
        },
        project_kind: (!plan.is_policy).then_some("special_purpose"),
        theme: theme.key,
        flags: plan.flags,
        book: book(plan.flags),
        goal: theme.goal.replace("{}", plan.name),
        promises: with_own(&theme.promises, plan.own),
        is_monthly: MONTHLY.contains(&plan.theme),
        money: BTreeMap::new(),
        targets: BTreeMap::new(),
    };
    let wan = plan.wan * 1_000_000;
    if !object.flags.contains(['n', 'v', 's']) {
        let share = object.dice("2019").between(86, 104);
        let last_year = rounded(wan * share / 100);
        object.money.insert(2019, money(&object, 2019, last_year));
    }
    // No budget: ended, refused before, rejected in review, or only asked for 2021.
    if !object.flags.contains(['e', 'z', 'd', 'v']) {
        object.money.insert(2020, money(&object, 2020, wan));
    }
    object
}

/// A budget is asked for in whole 万元, a small one in tenths.
fn rounded(fen: i64) -> i64 {
    let step = if fen > 100_000_000 {
        1_000_000
    } else {
        100_000
    };
    fen / step * step
}

fn plan_code(unit: &Unit, plan: &Plan, place: usize) -> String {
    let year = if plan.flags.contains('v') {
        21
    } else if plan.flags.contains(['n', 's']) {
        20
    } else {
        19
    };
    if plan.is_policy {
        format!("ZC510683{year}{}{place:02}", unit.code)
    } else {
        code(year, 'T', unit, place)
    }
}

fn book(flags: &str) -> &'static str {
    if flags.contains('f') {
        "gov_fund"
    } else if flags.contains('k') {
        "state_capital"
    } else if flags.contains('i') {
        "social_insurance"
    } else {
        "general_public"
    }
}

/// The theme's promises, with the project's own in place of its 数量指标.
fn with_own(promises: &[Promise], own: &'static str) -> Vec<Promise> {
    let mut parts = own.splitn(3, ':');
    let (Some(name), Some(value), Some(unit)) = (parts.next(), parts.next(), parts.next()) else {
        return promises.to_vec();
    };
    let first = Promise {
        heading: 'Q',
        name,
        operator: "≥",
        value,
        unit,
    };
    let others = promises.iter().filter(|promise| promise.heading != 'Q');
    std::iter::once(first).chain(others.copied()).collect()
}

/// What every department promises, besides its own indicators.
const OF_EVERY_DEPARTMENT: [(char, &str, &str, &str, &str); 6] = [
    ('Q', "年度重点工作任务完成数", "≥", "16-48", "项"),
    ('Z', "重点工作任务办结率", "≥", "95-98", "%"),
    ('S', "重点工作任务按期完成率", "≥", "94-98", "%"),
    ('C', "“三公”经费控制率", "≤", "100", "%"),
    ('K', "预算绩效管理机制", "定性", "进一步健全", ""),
    ('M', "服务对象满意度", "≥", "90-95", "%"),
];

fn department(number: usize, unit: &Unit) -> Object {
    let common = OF_EVERY_DEPARTMENT.map(|(heading, name, operator, value, unit)| Promise {
        heading,
        name,
        operator,
        value,
        unit,
    });
    let mut promises: Vec<Promise> = common.to_vec();
    promises.extend(unit.promises.iter().copied());
    // In the order of the form: 产出, 效益, 满意度.
    promises.sort_by_key(|promise| "QZSCJHTKM".find(promise.heading));
    Object {
        id: id(number, 0),
        code: format!("BM510683{}", unit.code),
        name: format!("{}部门整体支出", unit.name),
        unit: number,
        kind: ObjectKind::Department,
        project_kind: None,
        theme: "",
        flags: unit.flags,
        book: "general_public",
        goal: format!(
            "{}，全面完成年度目标任务，提高财政资金使用效益。",
            unit.duty
        ),
        promises,
        is_monthly: true,
        money: BTreeMap::new(),
        targets: BTreeMap::new(),
    }
}

/// How many 万元, exactly.
pub(super) fn wan(fen: i64) -> Decimal {
    Fen(fen).wan().normalize()
}
