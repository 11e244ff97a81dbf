//! Figures that stand on the form as `名称：数`: counts that make a total, and two evaluations of
//! one project.

use crate::form::Field;
use crate::number::{Decimal, round_to, scaled};

use super::context::{Context, Found, Note, is_sane, plain};
use super::text::has_any;

/// One figure.
struct Figure<'a> {
    name: String,
    number: Option<Decimal>,
    text: String,
    field: &'a Field,
}

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let figures: Vec<Figure<'_>> = context.form.texts.iter().filter_map(figure).collect();
    projects(&figures, found);
    grades(&figures, found);
    kinds(&figures, found);
    questionnaires(&figures, found);
    two_evaluations(context, &figures, found);
}

fn figure(field: &Field) -> Option<Figure<'_>> {
    let half = crate::form_reader::label::half_width(&field.printed);
    let (name, rest) = half.split_once(':')?;
    let (name, rest) = (name.trim(), rest.trim());
    if name.is_empty() || name.chars().count() > 24 || rest.chars().count() > 24 {
        return None;
    }
    let digits = rest
        .trim_end_matches(['%', '个', '项', '份', '分', '家'])
        .replace(',', "");
    Some(Figure {
        name: name.to_owned(),
        number: digits.parse().ok().filter(|number| is_sane(*number)),
        text: rest.to_owned(),
        field,
    })
}

fn number_of<'a, 'b>(
    figures: &'a [Figure<'b>],
    test: impl Fn(&str) -> bool,
) -> Option<(&'a Figure<'b>, Decimal)> {
    figures
        .iter()
        .find_map(|figure| Some((figure, figure.number.filter(|_| test(&figure.name))?)))
}

fn counts_projects(name: &str) -> bool {
    name.contains("项目") && has_any(name, &["数", "个"]) && !has_any(name, &["万元", "资金", "率"])
}

/// Projects of the initial budget and those that were added are all the projects.
fn projects(figures: &[Figure<'_>], found: &mut Found<'_>) {
    let initial = number_of(figures, |name| {
        counts_projects(name) && has_any(name, &["年初"]) && !name.starts_with("其中")
    });
    let added = number_of(figures, |name| {
        counts_projects(name) && has_any(name, &["年中增加", "年中追加", "新增", "追加"])
    });
    let removed = number_of(figures, |name| {
        counts_projects(name) && has_any(name, &["取消", "调减", "终止", "核减"])
    });
    let all = number_of(figures, |name| {
        counts_projects(name)
            && has_any(name, &["实施", "合计", "总", "共", "全年"])
            && !has_any(name, &["其中", "年初", "新增", "追加"])
    });
    let (Some((_, initial)), Some((_, added)), Some((place, all))) = (initial, added, all) else {
        return;
    };
    let removed = removed.map_or(Decimal::ZERO, |(_, number)| number);
    let sum = initial + added - removed;
    if sum == all {
        return;
    }
    let less = if removed.is_zero() {
        String::new()
    } else {
        format!(" － 取消 {}", plain(removed))
    };
    let message = format!(
        "项目个数：年初 {} ＋ 年中增加 {}{less} ＝ {}，写的是「{}」{}；请核对项目个数",
        plain(initial),
        plain(added),
        plain(sum),
        place.name,
        plain(all)
    );
    found.add(
        Note::new("C51", &place.field.place, message)
            .printed(&place.text)
            .computed(plain(sum)),
    );
}

fn all_evaluated<'a, 'b>(figures: &'a [Figure<'b>]) -> Option<(&'a Figure<'b>, Decimal)> {
    let total = |name: &str| {
        has_any(name, &["评价", "抽查", "复核"])
            && has_any(name, &["总数", "项目数", "总个数", "数量"])
            && !has_any(name, &["其中", "部门整体", "政策", "/", "有效"])
    };
    number_of(figures, total)
}

fn compare_sum(
    what: &str,
    parts: &[(&str, Decimal)],
    total: (&Figure<'_>, Decimal),
    found: &mut Found<'_>,
) {
    let sum: Decimal = parts.iter().map(|(_, number)| *number).sum();
    let (place, all) = total;
    if sum == all {
        return;
    }
    let listed: Vec<String> = parts
        .iter()
        .map(|(name, number)| format!("{name} {}", plain(*number)))
        .collect();
    let message = format!(
        "{what}：{} 相加是 {}，「{}」写的是 {}；请核对",
        listed.join("、"),
        plain(sum),
        place.name,
        plain(all)
    );
    found.add(
        Note::new("C51", &place.field.place, message)
            .printed(&place.text)
            .computed(plain(sum)),
    );
}

/// 优, 良, 中 and 差 together are everything that was evaluated.
fn grades(figures: &[Figure<'_>], found: &mut Found<'_>) {
    for names in [
        ["优", "良", "中", "差"],
        ["优秀", "良好", "合格", "不合格"],
        ["A", "B", "C", "D"],
    ] {
        let parts: Vec<(&str, Decimal)> = names
            .iter()
            .filter_map(|name| Some((*name, number_of(figures, |own| own == *name)?.1)))
            .collect();
        if let (Some(total), true) = (all_evaluated(figures), parts.len() >= 3) {
            compare_sum("各等级个数", &parts, total, found);
        }
    }
}

/// Evaluations of projects, policies and departments together are all evaluations.
fn kinds(figures: &[Figure<'_>], found: &mut Found<'_>) {
    let parts: Vec<(&str, Decimal)> = [
        ("项目支出", "项目支出评价"),
        ("政策", "政策评价"),
        ("部门整体", "部门整体"),
    ]
    .iter()
    .filter_map(|(word, start)| Some((*word, number_of(figures, |own| own.starts_with(start))?.1)))
    .collect();
    let projects = parts.iter().any(|(word, _)| *word == "项目支出");
    if let (Some(total), true) = (all_evaluated(figures), parts.len() >= 2 && projects) {
        compare_sum("各类评价个数", &parts, total, found);
    }
}

fn questionnaires(figures: &[Figure<'_>], found: &mut Found<'_>) {
    let sent = number_of(figures, |name| {
        name.contains("发放") && name.contains("问卷")
    });
    let valid = number_of(figures, |name| {
        name.contains("有效") && name.contains("问卷")
    });
    if let (Some((_, sent)), Some((place, valid))) = (sent, valid)
        && valid > sent
    {
        let message = format!(
            "有效问卷 {} 份，比发放的 {} 份还多；请核对",
            plain(valid),
            plain(sent)
        );
        found.add(Note::new("C51", &place.field.place, message).printed(&place.text));
    }
}

/// The unit's own score beside the evaluators'.
fn two_evaluations(context: &Context<'_>, figures: &[Figure<'_>], found: &mut Found<'_>) {
    let own = number_of(figures, |name| {
        name.contains("自评") && has_any(name, &["分值", "得分", "总分", "分数"])
    });
    let other = number_of(figures, |name| {
        !name.contains("自评")
            && has_any(
                name,
                &[
                    "评价分值",
                    "评价得分",
                    "复评",
                    "复核得分",
                    "评价总分",
                    "评价分数",
                ],
            )
    });
    let stated = context.form.total_score.as_ref();
    let other = other
        .map(|(_, number)| number)
        .or_else(|| stated.and_then(|field| field.value));
    let (Some((place, own)), Some(other)) = (own, other) else {
        return;
    };
    let Some(gap) = scaled((own - other).abs(), Decimal::ONE_HUNDRED, own) else {
        return;
    };
    let band = context.pack.reevaluation.find(gap);
    // The first two bands are what any two evaluators differ by.
    let Some((_, word)) = band.filter(|(order, _)| *order >= 2) else {
        return;
    };
    let grade = |test: fn(&str) -> bool| {
        figures
            .iter()
            .find(|figure| figure.name.contains("等级") && test(&figure.name))
            .map(|figure| format!("（{}）", figure.text))
            .unwrap_or_default()
    };
    let message = format!(
        "自评 {} 分{}，评价 {} 分{}，相差 {}%（{word}）；请逐项说明差距，等级有变化的附单位意见",
        plain(own),
        grade(|name| name.contains("自评")),
        plain(other),
        grade(|name| !name.contains("自评")),
        round_to(gap, 2).normalize()
    );
    found.add(
        Note::new("V51", &place.field.place, message)
            .printed(&place.text)
            .computed(plain(other)),
    );
}
