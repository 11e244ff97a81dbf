//! The table as a whole.

use super::line::{Block, Line, first_in, plain};
use super::{Found, Kind, Mend, Table};
use crate::indicator::Measure;
use crate::number::{Centi, Decimal, Fen, scaled};

pub(super) fn advise(table: &Table<'_>, found: &mut Found<'_>) {
    all_hundred(table, found);
    mixed_money(table, found);
    let is_given = table.context.is_given
        || first_in(&table.context.object_name, &table.rules.words.given).is_some();
    if table.context.is_excerpt || is_given {
        return;
    }
    weights(table, found);
    if many(table.lines.len()) >= table.rules.table_from {
        missing(table, found);
    }
}

fn here() -> String {
    "indicators".to_owned()
}

fn many(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn all_hundred(table: &Table<'_>, found: &mut Found<'_>) {
    let shares: Vec<&Line<'_>> = table
        .lines
        .iter()
        .filter(|line| line.is_percent())
        .collect();
    let whole = |line: &&Line<'_>| line.quantity().map(|it| it.0) == Some(Decimal::ONE_HUNDRED);
    if many(shares.len()) < table.rules.all_hundred_from || !shares.iter().all(whole) {
        return;
    }
    let message = format!(
        "{} 项百分比指标的指标值全是 100%，分不出哪一项要下功夫",
        shares.len()
    );
    let mend = Mend::say("请按行业标准、计划或上年实际分别填写，做得到 100% 的才填 100%");
    found.add("A08", here(), message, mend);
}

fn weights(table: &Table<'_>, found: &mut Found<'_>) {
    let points: Vec<(&Line<'_>, Centi)> = table
        .lines
        .iter()
        .filter_map(|line| Some((line, line.row.points()?)))
        .filter(|(_, points)| *points > Centi::ZERO)
        .collect();
    let sum: Centi = points.iter().map(|(_, points)| *points).sum();
    let first = points.first().map_or(Centi::ZERO, |(_, points)| *points);
    let weighed = many(points.len());
    if weighed >= table.rules.equal_weights_from && points.iter().all(|(_, own)| *own == first) {
        let message = format!("{weighed} 项指标的权重都是 {first} 分，看不出重点");
        let mend = Mend::say("请把最能说明项目成效的指标的权重调高，可以勾选为核心指标");
        found.add("A09", here(), message, mend);
    }
    if weighed < table.rules.table_from {
        return;
    }
    for (line, own) in &points {
        let share = scaled(own.decimal(), Decimal::ONE_HUNDRED, sum.decimal());
        if share.is_none_or(|share| share <= table.rules.most_weight_percent.0) {
            continue;
        }
        let message = format!(
            "「{}」一项占 {own} 分，超过全部 {sum} 分的 {}%，其余指标影响不了结果",
            line.title(),
            plain(table.rules.most_weight_percent.0)
        );
        let mend = Mend::say("请分一些给其他指标，或把这一项拆成几项");
        found.add("A10", line.path("weight"), message, mend);
    }
}

/// 元 and 万元 in one table.
fn mixed_money(table: &Table<'_>, found: &mut Found<'_>) {
    let in_unit = |wanted: &'static str| {
        move |line: &&Line<'_>| line.quantity().is_some_and(|(_, unit)| unit == wanted)
    };
    let mut in_wan = table.lines.iter().filter(in_unit("万元"));
    let Some(other) = in_wan.next() else { return };
    for line in table.lines.iter().filter(in_unit("元")) {
        let Some((value, _)) = line.quantity() else {
            continue;
        };
        // A standard of some hundred 元 is not better read in 万元.
        let Some(wan) =
            scaled(value, Decimal::ONE, Decimal::from(10_000)).filter(|wan| *wan >= Decimal::ONE)
        else {
            continue;
        };
        let message = format!(
            "「{}」用元，「{}」用万元，同一张表的金额单位不统一",
            line.title(),
            other.title()
        );
        let mend = Mend::put(
            format!("改为 {} 万元", plain(wan)),
            [
                (line.path("value"), plain(wan)),
                (line.path("unit"), "万元".to_owned()),
            ],
        );
        found.add("A33", line.path("unit"), message, mend);
    }
}

fn missing(table: &Table<'_>, found: &mut Found<'_>) {
    let has = |test: &dyn Fn(&Line<'_>) -> bool| table.lines.iter().any(test);
    cost(table, found);
    let outputs = table
        .lines
        .iter()
        .filter(|line| line.block == Block::Output)
        .count();
    if outputs == 0 {
        return;
    }
    let has_time =
        has(&|line| line.level2_has("时效") || matches!(line.target.measure, Measure::Date { .. }));
    let has_quality = has(&|line| line.level2_has("质量"));
    let named = has(&|line| !line.row.level2.trim().is_empty());
    let counts = |line: &Line<'_>| line.block != Block::Output || line.level2_has("数量");
    if table.lines.iter().all(counts) && outputs >= 2 {
        let message =
            format!("{outputs} 项产出都是数量指标，只说做多少，没有说做得好不好、按不按时");
        let mend = Mend::say("请新增质量指标（如验收合格率 ≥ 95 %）和时效指标（如最晚哪一天完成）");
        found.add("A16", here(), message, mend);
        return;
    }
    if !has_time && named {
        let message = "产出没有时效指标，没有说什么时候完成".to_owned();
        let mend = Mend::say("请新增一行时效指标，如「完成时间 ≤ 12 月 31 日前」");
        found.add("A14", here(), message, mend);
    }
    if !has_quality && named {
        let message = "产出没有质量指标，没有说做得怎样算好".to_owned();
        let mend = Mend::say("请新增一行质量指标，如「验收合格率 ≥ 95 %」「发放准确率 ＝ 100 %」");
        found.add("A15", here(), message, mend);
    }
}

fn cost(table: &Table<'_>, found: &mut Found<'_>) {
    let words = &table.rules.words;
    let name = &table.context.object_name;
    let kind = table.context.kind.unwrap_or_else(|| {
        if first_in(name, &words.works).is_some() {
            Kind::Works
        } else if first_in(name, &words.procurement).is_some() {
            Kind::Procurement
        } else {
            Kind::Other
        }
    });
    let word = match kind {
        Kind::Works => "工程",
        Kind::Procurement => "采购",
        Kind::Other => return,
    };
    if table.lines.iter().any(|line| line.block == Block::Cost) {
        return;
    }
    let message = format!("这是{word}类项目，指标里没有成本指标");
    let budget = table.context.budget.filter(|budget| *budget > Fen::ZERO);
    let example = budget.map_or_else(
        || "项目总成本 ≤ 预算数 万元".to_owned(),
        |budget| format!("项目总成本 ≤ {} 万元", budget.wan_text()),
    );
    let mend = Mend::say(format!(
        "请新增一行成本指标，如「{example}」，或单位造价的上限"
    ));
    found.add("A13", here(), message, mend);
}
