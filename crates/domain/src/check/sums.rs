//! Points that must add up: weights, scores, block caps, the total and its grade.

use crate::form::Field;
use crate::number::Decimal;

use super::context::{Block, Context, Found, Note, Row, plain, present, text, value};
use super::text::{has_any, places};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    lines(context, found);
    weights(context, found);
    without_execution(context, found);
    scores(context, found);
    without_total(context, found);
    caps(context, found);
    structure(context, found);
    grade(context, found);
    parts(context, found);
}

fn negative(row: &Row<'_>, found: &mut Found<'_>) {
    let score = present(row.cells.score.as_ref());
    let Some(score) = score.filter(|it| it.value < Some(Decimal::ZERO)) else {
        return;
    };
    let message = format!(
        "「{}」得分 {} 小于 0；没有完成的最低得 0 分，请更正",
        row.title(),
        score.printed
    );
    found.add(
        Note::new("C21", &score.place, message)
            .printed(&score.printed)
            .computed("0"),
    );
}

fn lines(context: &Context<'_>, found: &mut Found<'_>) {
    for row in &context.rows {
        if let (Some(weight), Some(score)) = (
            present(row.cells.weight.as_ref()),
            present(row.cells.score.as_ref()),
        ) && score.value > weight.value
        {
            let message = format!(
                "「{}」得分 {} 超过分值 {}；最高只能得 {}",
                row.title(),
                score.printed,
                weight.printed,
                weight.printed
            );
            found.add(
                Note::new("C21", &score.place, message)
                    .printed(&score.printed)
                    .computed(&weight.printed),
            );
        }
        negative(row, found);
        let weight = present(row.cells.weight.as_ref());
        if let Some(weight) = weight.filter(|it| it.value <= Some(Decimal::ZERO)) {
            let message = format!(
                "「{}」的分值是 {}；每个指标的分值应大于 0，不考核的指标请删除",
                row.title(),
                weight.printed
            );
            found.add(Note::new("V02", &weight.place, message).printed(&weight.printed));
        }
    }
}

/// Points of all indicators, and how exactly they add up.
struct Points {
    sum: Decimal,
    tolerance: Decimal,
    missing: bool,
    any: bool,
}

fn points<'a>(rows: impl Iterator<Item = (Option<&'a Field<Decimal>>, bool)>) -> Points {
    let mut points = Points {
        sum: Decimal::ZERO,
        tolerance: Decimal::ZERO,
        missing: false,
        any: false,
    };
    for (field, expected) in rows {
        let Some(number) = value(field) else {
            points.missing |= expected || field.is_some_and(Field::is_unreadable);
            continue;
        };
        points.any = true;
        points.sum += number;
        // Thirds of a cap (8.33 + 8.33 + 8.33) may miss it by half a digit each.
        let digits = field.map_or(0, |field| places(&field.printed));
        if digits >= 2 && number.normalize().scale() >= 2 {
            points.tolerance += Decimal::new(5, digits.saturating_add(1));
        }
    }
    points
}

/// Points of execution that stand outside the indicator table.
fn execution_points<'a>(context: &'a Context<'_>, score: bool) -> Option<&'a Field<Decimal>> {
    let inside = context.rows.iter().any(|row| {
        has_any(
            &row.name,
            &["预算执行率", "资金执行率", "预算执行", "执行率"],
        ) && row.weight.is_some()
            && (row.weight == value(context.total().and_then(|it| it.weight.as_ref()))
                || row.level2().contains("预算"))
    });
    let total = context.total().filter(|_| !inside)?;
    present(if score {
        total.score.as_ref()
    } else {
        total.weight.as_ref()
    })
}

/// From this gap on, a whole block of points is probably not on the form.
fn is_small(gap: Decimal) -> bool {
    gap < Decimal::from(15)
}

/// Whether the pack is for forms that are filed in the system, which are never excerpts.
fn filed_here(context: &Context<'_>) -> bool {
    context.threshold("whole_forms", 0) > Decimal::ZERO
}

/// Whether head and tail of the form are both there, so that nothing was cut off.
fn is_whole(context: &Context<'_>) -> bool {
    if filed_here(context) {
        return true;
    }
    let head = context.total().is_some_and(|total| {
        present(total.weight.as_ref()).is_some() || present(total.executed.as_ref()).is_some()
    });
    head && present(context.form.total_weight.as_ref()).is_some()
}

/// Whether every block is there, the last one too, although no total is printed.
fn has_every_block(context: &Context<'_>) -> bool {
    let weighted = |block: Block| {
        context
            .rows
            .iter()
            .any(|row| row.block == block && row.weight.is_some())
    };
    let last = context.rows.iter().rev().find(|row| row.weight.is_some());
    weighted(Block::Output)
        && weighted(Block::Benefit)
        && last.is_some_and(|row| row.block == Block::Satisfaction)
}

fn weights(context: &Context<'_>, found: &mut Found<'_>) {
    let all = points(context.rows.iter().map(|row| {
        (
            row.cells.weight.as_ref(),
            !row.is_part && row.score.is_some(),
        )
    }));
    if !all.any {
        return;
    }
    let execution = execution_points(context, false);
    let extra = value(execution).unwrap_or_default();
    let sum = all.sum + extra;
    let stated = present(context.form.total_weight.as_ref());
    let goal = stated.map_or(Decimal::ONE_HUNDRED, |field| {
        field.value.unwrap_or(Decimal::ONE_HUNDRED)
    });
    let gap = (sum - goal).abs();
    // Without a printed row of execution its points may be left out or not.
    let usual = [
        context.pack.weights.exec.0,
        Decimal::from(10),
        Decimal::from(20),
    ];
    let silent = execution.is_none() && usual.iter().any(|it| all.sum + it == goal);
    if gap <= all.tolerance || silent {
        return;
    }
    let place = stated.map_or_else(
        || first_place(context, |row| row.cells.weight.as_ref()),
        |field| field.place.clone(),
    );
    let made = parts_text(all.sum, execution);
    let shown = stated.map_or_else(|| plain(goal), |field| field.printed.clone());
    let note = |advice: &str| {
        let message = format!("分值合计：{made} ＝ {}，应为 {shown}；{advice}", plain(sum));
        Note::new("V01", &place, message)
            .printed(shown.clone())
            .computed(plain(sum))
    };
    let changed = "请调整各指标分值，使合计与总分一致";
    if sum > goal {
        found.add(note(changed));
    } else if is_whole(context) && !all.missing {
        if is_small(gap) || filed_here(context) {
            found.add(note(changed));
        } else {
            found.add(note("如果表是完整的，请补齐漏填的指标或分值").note());
        }
    } else if has_every_block(context) && !all.missing && is_small(gap) {
        found.add(note(changed).judged());
    }
}

/// A form that spends all its points on indicators has none for execution.
fn without_execution(context: &Context<'_>, found: &mut Found<'_>) {
    let own = context.pack.weights.exec.0;
    let named = context
        .rows
        .iter()
        .any(|row| has_any(&row.name, &["执行率", "预算执行", "支付进度", "支出进度"]));
    let scored = context.rows.iter().any(|row| row.score.is_some());
    let sum: Decimal = context.rows.iter().filter_map(|row| row.weight).sum();
    let printed = context
        .total()
        .is_some_and(|total| present(total.weight.as_ref()).is_some());
    if named || printed || !scored || own.is_zero() || sum != Decimal::ONE_HUNDRED {
        return;
    }
    let place = first_place(context, |row| row.cells.weight.as_ref());
    let message = format!(
        "100 分全部给了指标，没有预算执行率的分值（通常 {} 分）；请核对计分办法",
        plain(own)
    );
    found.add(Note::new("V01", &place, message).note());
}

/// All rows are scored, and nobody added them up.
fn without_total(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(weight) = present(context.form.total_weight.as_ref()) else {
        return;
    };
    let stated = context.form.total_score.as_ref();
    let weighted: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| row.weight.is_some())
        .collect();
    let scored = weighted.iter().all(|row| row.score.is_some());
    let graded = text(context.form.grade.as_ref());
    if weighted.is_empty()
        || !scored
        || !graded.is_empty()
        || stated.is_some_and(|it| !it.is_blank())
    {
        return;
    }
    let message = "各指标都有得分，总分却没有填；请补填总分".to_owned();
    found.add(Note::new("C23", &weight.place, message));
}

/// `90 ＋ 10（预算执行率）`
fn parts_text(indicators: Decimal, execution: Option<&Field<Decimal>>) -> String {
    let own = format!("指标 {}", plain(indicators));
    match execution.and_then(|field| field.value) {
        Some(points) => format!("{own} ＋ 预算执行率 {}", plain(points)),
        None => own,
    }
}

fn first_place(
    context: &Context<'_>,
    pick: for<'r, 'c> fn(&'r Row<'c>) -> Option<&'c Field<Decimal>>,
) -> String {
    context
        .rows
        .iter()
        .find_map(|row| pick(row).map(|field| field.place.clone()))
        .unwrap_or_default()
}

fn scores(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(stated) = present(context.form.total_score.as_ref()) else {
        return;
    };
    let total = stated.value.unwrap_or_default();
    if total > Decimal::ONE_HUNDRED {
        let message = format!("总分 {} 超过 100；请核对各项得分", stated.printed);
        found.add(Note::new("V36", &stated.place, message).printed(&stated.printed));
        return;
    }
    let all = points(
        context
            .rows
            .iter()
            .map(|row| (row.cells.score.as_ref(), row.weight.is_some())),
    );
    if !all.any {
        return;
    }
    let execution = execution_points(context, true);
    let sum = all.sum + value(execution).unwrap_or_default();
    let gap = (sum - total).abs();
    let head = context
        .total()
        .is_some_and(|total| present(total.score.as_ref()).is_some());
    let complete = is_whole(context) || (head && has_every_block(context));
    let small = is_small(gap) || filed_here(context);
    let whole = complete && !all.missing && small;
    if gap <= all.tolerance || (sum < total && !whole) {
        return;
    }
    // A missing score of execution may be what is between them.
    let weight = execution_points(context, false);
    if execution.is_none() && sum < total && (weight.is_some() || gap <= Decimal::from(20)) {
        return;
    }
    let made = parts_text(all.sum, execution);
    let message = format!(
        "总分填的是 {}，各项得分相加：{made} ＝ {}；请核对各项得分和总分",
        stated.printed,
        plain(sum)
    );
    found.add(
        Note::new("V36", &stated.place, message)
            .printed(&stated.printed)
            .computed(plain(sum)),
    );
}

/// `产出指标（50分）`: what the block's indicators must add up to.
fn caps(context: &Context<'_>, found: &mut Found<'_>) {
    let mut begin = 0;
    while let Some(first) = context.rows.get(begin) {
        let label = text(first.cells.level1.as_ref());
        let rows: Vec<&Row<'_>> = context
            .rows
            .iter()
            .skip(begin)
            .take_while(|row| text(row.cells.level1.as_ref()) == label)
            .collect();
        begin += rows.len().max(1);
        let Some(cap) = cap(label) else { continue };
        let all = points(
            rows.iter()
                .map(|row| (row.cells.weight.as_ref(), !row.is_part)),
        );
        let place = first.place_of(first.cells.level1.as_ref());
        let last = begin >= context.rows.len();
        let gap = (all.sum - cap).abs();
        // The last block of a table that was cut off may lack rows.
        let cut = all.sum < cap && (all.missing || (last && !is_whole(context)));
        if !all.any || gap <= all.tolerance || cut {
            continue;
        }
        let message = format!(
            "「{label}」下各指标分值相加是 {}，与标注的 {} 分不符；请调整分值或改正标注",
            plain(all.sum),
            plain(cap)
        );
        found.add(
            Note::new("C20", &place, message)
                .printed(plain(cap))
                .computed(plain(all.sum)),
        );
    }
}

/// The points in a heading; a range (`0-20分`) is none.
fn cap(label: &str) -> Option<Decimal> {
    let half = crate::form_reader::label::half_width(label);
    let (_, rest) = half.split_once('(')?;
    let inside = rest.split(')').next()?.trim();
    let digits = inside.strip_suffix('分').unwrap_or(inside).trim();
    let named = inside.ends_with('分') || rest.trim_end().ends_with('分');
    digits.parse().ok().filter(|_| named)
}

/// A whole table has outputs and benefits, and no indicator that weighs almost everything.
fn structure(context: &Context<'_>, found: &mut Found<'_>) {
    let all = points(
        context
            .rows
            .iter()
            .map(|row| (row.cells.weight.as_ref(), false)),
    );
    let Some(stated) = context
        .form
        .total_weight
        .as_ref()
        .filter(|field| field.value.is_some())
    else {
        return;
    };
    let goal = stated.value.unwrap_or_default();
    let complete = is_whole(context) && all.sum + Decimal::from(20) >= goal;
    let has = |block: Block| context.rows.iter().any(|row| row.block == block);
    let known = context.rows.iter().all(|row| row.block != Block::Other);
    let name = text(context.form.project_name.as_ref());
    let personnel = has_any(name, &["人员", "工资", "社保", "公用经费", "R0", "Y0"]);
    if complete && known && !personnel {
        for (block, word) in [(Block::Output, "产出指标"), (Block::Benefit, "效益指标")] {
            if !has(block) {
                let place = first_place(context, |row| row.cells.weight.as_ref());
                let message = format!("指标表里没有{word}；请至少设置一个{word}");
                found.add(Note::new("V03", &place, message));
            }
        }
    }
    let share = Decimal::from(60);
    for row in &context.rows {
        if let Some(weight) = row.weight.filter(|weight| *weight > share) {
            let message = format!(
                "「{}」一个指标占了 {} 分，难以反映全面绩效；有条件的请增加指标、分散分值",
                row.title(),
                plain(weight)
            );
            let place = row.place_of(row.cells.weight.as_ref());
            found.add(Note::new("V03", &place, message).note());
        }
    }
}

/// 优秀 is 优, 合格 is 中.
fn grade_letter(printed: &str) -> Option<&'static str> {
    let bare = printed.trim().trim_end_matches(['级', '等']);
    Some(match bare {
        "优" | "优秀" => "优",
        "良" | "良好" => "良",
        "中" | "中等" | "合格" | "一般" => "中",
        "差" | "较差" | "不合格" => "差",
        _ => return None,
    })
}

fn grade(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(grade) = context
        .form
        .grade
        .as_ref()
        .filter(|field| !field.is_blank())
    else {
        return;
    };
    let Some(score) = present(context.form.total_score.as_ref()) else {
        let place = &grade.place;
        let message = format!(
            "填了等级「{}」，却没有总分，等级没有依据；请补填总分",
            grade.printed
        );
        let unread = context.form.total_score.as_ref();
        if unread.is_none_or(Field::is_blank) {
            found.add(Note::new("C23", place, message).printed(&grade.printed));
        }
        return;
    };
    let Some(letter) = grade_letter(&grade.printed) else {
        return;
    };
    let band = context.pack.grade.value(score.value.unwrap_or_default());
    let Some(band) = band.filter(|band| ***band != *letter) else {
        return;
    };
    let message = format!(
        "总分 {} 按等级划分应为「{band}」，填的是「{}」；请核对总分和等级",
        score.printed, grade.printed
    );
    found.add(
        Note::new("V36", &grade.place, message)
            .printed(&grade.printed)
            .computed(band.to_string()),
    );
}

/// 其中: parts of the row above do not exceed it, and are counted in its unit.
fn parts(context: &Context<'_>, found: &mut Found<'_>) {
    let mut parent: Option<&Row<'_>> = None;
    let mut children: Vec<&Row<'_>> = Vec::new();
    for row in &context.rows {
        if row.is_part {
            children.push(row);
            continue;
        }
        if let Some(parent) = parent {
            family(parent, &children, found);
        }
        parent = Some(row);
        children.clear();
    }
    if let Some(parent) = parent {
        family(parent, &children, found);
    }
}

fn family(parent: &Row<'_>, children: &[&Row<'_>], found: &mut Found<'_>) {
    let Some((whole, unit)) = parent.quantity() else {
        return;
    };
    let parts: Vec<(Decimal, &str)> = children.iter().filter_map(|row| row.quantity()).collect();
    if parts.is_empty() || parts.len() < children.len() {
        return;
    }
    let sum: Decimal = parts.iter().map(|(value, _)| *value).sum();
    let place = parent.place_of(parent.cells.target.as_ref());
    let other = parts
        .iter()
        .find(|(_, own)| *own != unit && !own.is_empty());
    if let Some((_, other)) = other {
        if sum == whole {
            let message = format!(
                "「{}」的单位是「{unit}」，却把单位为「{other}」的分项也加了进来；不同单位不能直接\
                 相加，请分开列指标",
                parent.title()
            );
            found.add(Note::new("C22", &place, message).printed(parent.target_text()));
        }
    } else if sum > whole {
        let message = format!(
            "「{}」的指标值是 {}，下面「其中」各项相加是 {}，超过了总项；请核对",
            parent.title(),
            plain(whole),
            plain(sum)
        );
        found.add(
            Note::new("C22", &place, message)
                .printed(parent.target_text())
                .computed(plain(sum)),
        );
    }
}
