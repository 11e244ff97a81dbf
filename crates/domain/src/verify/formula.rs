//! The formulas, once more and from their text alone.

use super::{Differs, Line};
use crate::number::{Decimal, round_to};

/// The points that a line must have. `sum` is the sum of its children, none if one is open.
pub(super) fn points(line: &Line<'_>, sum: Option<Decimal>) -> Result<Option<Decimal>, Differs> {
    match line.text("method")? {
        "total" => total(line, sum),
        "execution" => execution(line),
        "quantity" => quantity(line).map(Some),
        "threshold" => threshold(line).map(Some),
        "quality" => quality(line),
        "range" => {
            let actual = line.number("actual")?;
            let inside = line.number("low")? <= actual && actual <= line.number("high")?;
            all_or_nothing(line, inside)
        }
        "date" => all_or_nothing(line, line.word("done_on")? <= line.word("due_on")?),
        "yes_no" => all_or_nothing(line, line.word("done")? == "yes"),
        "open" => Ok(None),
        "deduction" => Ok(Some(-line.number("points")?)),
        "given" => given(line),
        "paid_over_received" => paid_over_received(line),
        other => Err(line.differs(&format!("不认识的计分方法 {other}"))),
    }
}

/// Multiplies first, divides once, rounds half away from zero to hundredths.
fn share(line: &Line<'_>, of: Decimal, part: Decimal, whole: Decimal) -> Result<Decimal, Differs> {
    let product = of.checked_mul(part);
    let quotient = product.and_then(|product| product.checked_div(whole));
    quotient
        .map(|exact| round_to(exact, 2))
        .ok_or_else(|| line.differs("数字过大或除数为 0"))
}

fn weight(line: &Line<'_>) -> Result<Decimal, Differs> {
    let weight = line.number("weight")?;
    if line.points("weight")? != Some(weight) {
        return Err(line.differs("分值与计算所用的分值不一致"));
    }
    Ok(weight)
}

fn total(line: &Line<'_>, sum: Option<Decimal>) -> Result<Option<Decimal>, Differs> {
    let most = match line.operand("cap") {
        Some(_) => line.number("cap")?,
        None => Decimal::ONE_HUNDRED,
    };
    let total = sum.map(|sum| sum.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED).min(most));
    let grade = match total {
        Some(total) => grade_of(line, total)?,
        None => "",
    };
    if line.word("grade")? != grade {
        return Err(line.differs(&format!("等级应为「{grade}」")));
    }
    if line.points("weight")? != Some(Decimal::ONE_HUNDRED) {
        return Err(line.differs("满分应为 100"));
    }
    Ok(total)
}

/// Reads `low|差:60|中:80|良:90|优:100`.
fn grade_of<'a>(line: &Line<'a>, total: Decimal) -> Result<&'a str, Differs> {
    let mut parts = line.word("grade_bands")?.split('|');
    let low = parts.next() == Some("low");
    let mut last = "";
    for part in parts {
        let Some((name, end)) = part.split_once(':') else {
            return Ok(part);
        };
        let end: Decimal = end.parse().map_err(|_| line.differs("等级分界不是数字"))?;
        if total < end || (!low && total == end) {
            return Ok(name);
        }
        last = name;
    }
    Ok(last)
}

fn execution(line: &Line<'_>) -> Result<Option<Decimal>, Differs> {
    let (budget, spent) = (line.number("budget_yuan")?, line.number("executed_yuan")?);
    let weight = weight(line)?;
    if budget <= Decimal::ZERO {
        return match line.word("zero_budget")? {
            "zero" => Ok(Some(Decimal::ZERO)),
            "full" => Ok(Some(weight)),
            _ => Ok(None),
        };
    }
    let points = match line.word("mode")? {
        "linear" => share(line, spent, weight, budget)?,
        _ => share(
            line,
            weight,
            line.number("share_percent")?,
            Decimal::ONE_HUNDRED,
        )?,
    };
    Ok(Some(points.min(weight)))
}

fn quantity(line: &Line<'_>) -> Result<Decimal, Differs> {
    let (target, actual, weight) = (
        line.number("target")?,
        line.number("actual")?,
        weight(line)?,
    );
    let ceiling = line.word("ceiling")? == "yes";
    let equal = line.word("operator")? == "＝";
    let reached = if ceiling {
        actual <= target
    } else {
        actual >= target
    };
    let missed_by_more = equal && !ceiling && actual > target;
    let formula = line.word("formula")?;
    let fits = match formula {
        "full" => reached && !(missed_by_more && target.is_zero()),
        "proportion" => !ceiling && actual < target,
        "ratio" | "linear_to_double" => !target.is_zero() && actual > target && (ceiling || equal),
        "nothing" => target.is_zero() && actual > target && (ceiling || equal),
        _ => false,
    };
    if !fits {
        return Err(line.differs("所用公式与指标值、完成值不符"));
    }
    let points = match formula {
        "full" => weight,
        "proportion" => share(line, weight, actual, target)?,
        "ratio" => share(line, weight, target, actual)?,
        "linear_to_double" if actual >= target + target => Decimal::ZERO,
        "linear_to_double" => share(line, weight, target + target - actual, target)?,
        _ => Decimal::ZERO,
    };
    match line.operand("over_deduction") {
        Some(_) if formula != "full" => Err(line.differs("未完成的指标不扣超额分")),
        Some(_) => Ok(points - line.number("over_deduction")?),
        None => Ok(points),
    }
}

fn threshold(line: &Line<'_>) -> Result<Decimal, Differs> {
    let (actual, full_from) = (line.number("actual")?, line.number("full_from")?);
    let weight = weight(line)?;
    if actual >= full_from {
        Ok(weight)
    } else if actual < line.number("zero_below")? {
        Ok(Decimal::ZERO)
    } else {
        share(line, weight, actual, full_from)
    }
}

/// A judged quality: any points inside the stated band, which must lie inside the weight.
fn quality(line: &Line<'_>) -> Result<Option<Decimal>, Differs> {
    let weight = weight(line)?;
    let (low, high) = (line.number("low")?, line.number("high")?);
    let stated = line.points("points")?;
    if low < Decimal::ZERO || high > weight || low > high {
        return Err(line.differs("评分区间不在分值之内"));
    }
    if stated.is_some_and(|points| points < low || points > high) {
        return Err(line.differs("评分不在区间之内"));
    }
    Ok(stated)
}

fn all_or_nothing(line: &Line<'_>, met: bool) -> Result<Option<Decimal>, Differs> {
    let weight = weight(line)?;
    Ok(Some(if met { weight } else { Decimal::ZERO }))
}

fn given(line: &Line<'_>) -> Result<Option<Decimal>, Differs> {
    let weight = weight(line)?;
    match line.operand("given") {
        None => Ok(None),
        Some(_) => share(line, line.number("given")?, weight, line.number("of")?).map(Some),
    }
}

fn paid_over_received(line: &Line<'_>) -> Result<Option<Decimal>, Differs> {
    let weight = weight(line)?;
    let (paid, received) = (line.number("paid_yuan")?, line.number("received_yuan")?);
    if received.is_zero() {
        return Ok(None);
    }
    let points = share(line, paid, weight, received)?;
    Ok(Some(points.clamp(Decimal::ZERO, weight)))
}
