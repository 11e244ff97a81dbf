//! Points, scores, targets and headings.

use super::*;
use crate::finding::Severity::{E, I, W};
use crate::form::FormKind;

pub(super) const CASES: &[Case] = &[
    raises("V01", E, "weights make 110 of a total of 100", |form| {
        form.indicators[0].weight = number("30", "F12");
    }),
    raises("V01", E, "weights make 95", |form| {
        form.indicators[0].weight = number("15", "F12");
    }),
    raises(
        "V01",
        W,
        "weights make 95, and no total is printed",
        |form| {
            form.indicators[0].weight = number("15", "F12");
            form.total_weight = None;
        },
    ),
    raises(
        "V01",
        I,
        "a whole block of points is not on the form",
        |form| {
            form.indicators.truncate(3);
        },
    ),
    silent("V01", "eight ninths each, rounded", |form| {
        let parts = ["16.67", "16.67", "16.66"];
        for (row, weight) in form.indicators.iter_mut().zip(parts) {
            row.weight = number(weight, "F12");
        }
    }),
    silent("V01", "the rows end before the table does", |form| {
        form.indicators.truncate(2);
        form.total_weight = None;
    }),
    silent("V01", "execution is one of the indicators", |form| {
        form.indicators[2] = row(
            ["过程", "预算执行", "预算执行率"],
            ["100%", "98%", "10", "9.8"],
        );
    }),
    raises("V02", W, "a weight of 0", |form| {
        form.indicators[2].weight = number("0", "F12");
    }),
    silent("V02", "a part without a weight", |form| {
        form.indicators[2].weight = None;
    }),
    raises("V03", W, "no indicator of benefit", |form| {
        for row in &mut form.indicators {
            row.level1 = words("产出指标", "A12");
        }
    }),
    raises("V03", I, "one indicator weighs almost everything", |form| {
        form.indicators[0].weight = number("90", "F12");
    }),
    silent("V03", "an excerpt without benefit", |form| {
        form.indicators.truncate(2);
    }),
    raises("V36", E, "scores make more than the total", |form| {
        form.total_score = number("95", "G17");
    }),
    raises("V36", E, "the grade is not the band of the total", |form| {
        form.grade = words("良", "B18");
    }),
    silent("V36", "优秀 is 优", |form| {
        form.grade = words("优秀", "B18");
    }),
    silent("V36", "a grade of other letters", |form| {
        form.grade = words("A", "B18");
    }),
    raises(
        "C20",
        E,
        "a printed cap that the block does not make",
        |form| {
            for row in &mut form.indicators[..3] {
                row.level1 = words("产出指标（60分）", "A12");
            }
        },
    ),
    silent("C20", "a printed cap that the block makes", |form| {
        for row in &mut form.indicators[..3] {
            row.level1 = words("产出指标（50分）", "A12");
        }
    }),
    silent("C20", "a printed range is no cap", |form| {
        for row in &mut form.indicators[..3] {
            row.level1 = words("产出指标（40-50分）", "A12");
        }
    }),
    raises("C21", E, "more points than the weight", |form| {
        form.indicators[0].score = number("21", "G12");
    }),
    raises("C21", E, "points below zero", |form| {
        form.indicators[0].score = number("-2", "G12");
    }),
    silent("C21", "all the points", |form| {
        form.indicators[0].score = number("20.0", "G12");
    }),
    raises("C22", W, "parts make more than the whole", |form| {
        form.indicators.insert(1, part("其中沥青路", "≥6公里"));
    }),
    raises("C22", W, "parts in another unit are added up", |form| {
        form.indicators.insert(1, part("其中沥青路", "≥3公里"));
        form.indicators.insert(2, part("其中桥", "≥2座"));
    }),
    silent("C22", "parts need not be everything", |form| {
        form.indicators.insert(1, part("其中沥青路", "≥3公里"));
    }),
    raises("C23", W, "a grade without a score", |form| {
        form.total_score = None;
    }),
    raises(
        "C23",
        W,
        "every row has its points, the total has none",
        |form| {
            form.total_score = number("", "G17");
            form.grade = None;
        },
    ),
    raises("V01", I, "no points for execution", |form| {
        form.money.total = None;
        form.indicators[0].weight = number("30", "F12");
        form.total_weight = None;
    }),
    silent(
        "C23",
        "neither grade nor score, and a row not scored",
        |form| {
            form.total_score = None;
            form.grade = None;
            form.indicators[4].score = None;
        },
    ),
    raises("C30", W, "missed by 3 %, all points", |form| {
        reach(form, 3, ["≥1000人", "968人", "30"]);
    }),
    raises("C30", W, "a ceiling was exceeded, all points", |form| {
        reach(form, 0, ["<=5300元/户", "5830元/户", "20"]);
        rename(form, 0, "救助标准");
    }),
    silent("C30", "earlier than asked for", |form| {
        reach(form, 2, ["9月前", "7月", "10"]);
        rename(form, 2, "完工时间");
    }),
    silent("C30", "missed and deducted", |form| {
        reach(form, 3, ["≥1000人", "968人", "29.04"]);
        explain(form, 3);
    }),
    raises("V31", W, "missed by half, one point deducted", |form| {
        reach(form, 3, ["≥1000人", "500人", "29"]);
        explain(form, 3);
    }),
    silent(
        "V31",
        "deducted in proportion, rounded to a tenth",
        |form| {
            reach(form, 3, ["≥1000人", "968人", "29"]);
            explain(form, 3);
        },
    ),
    raises("V32", W, "met, deducted, no reason", |form| {
        reach(form, 3, ["≥1000人", "1000人", "27"]);
    }),
    raises("V32", W, "missed, deducted, no reason", |form| {
        reach(form, 3, ["≥1000人", "968人", "29.04"]);
    }),
    silent("V32", "deducted with a reason", |form| {
        reach(form, 3, ["≥1000人", "968人", "29.04"]);
        explain(form, 3);
    }),
    raises("V33", W, "four times the target", |form| {
        reach(form, 3, ["≥21家", "85家", "30"]);
        rename(form, 3, "监管企业数");
    }),
    raises("V33", I, "a third more than the target", |form| {
        reach(form, 3, ["≥1000人", "1330人", "30"]);
    }),
    silent("V33", "a quarter more than the target", |form| {
        reach(form, 3, ["≥1000人", "1250人", "30"]);
    }),
    silent("V33", "less than the ceiling", |form| {
        reach(form, 0, ["≤20万元", "8万元", "20"]);
        rename(form, 0, "项目总成本");
    }),
    silent("V33", "four times the target, explained", |form| {
        reach(form, 3, ["≥21家", "85家", "30"]);
        explain(form, 3);
    }),
    raises("V35", W, "partly reached, all points", |form| {
        reach(form, 3, ["明显提升", "部分达成预期指标", "30"]);
    }),
    silent("V35", "partly reached, points of its band", |form| {
        reach(form, 3, ["明显提升", "部分达成预期指标", "22"]);
        explain(form, 3);
    }),
    raises(
        "C31",
        W,
        "the same deduction for 50 % and for 90 %",
        |form| {
            reach(form, 0, ["≥10公里", "5公里", "15"]);
            reach(form, 1, ["≥100%", "90%", "15"]);
            explain(form, 0);
            explain(form, 1);
        },
    ),
    silent("C31", "the same deduction for the same shortfall", |form| {
        reach(form, 0, ["≥10公里", "9公里", "18"]);
        reach(form, 1, ["≥100%", "90%", "18"]);
        explain(form, 0);
        explain(form, 1);
    }),
    raises("C32", W, "points for a blank row", |form| {
        reach(form, 2, ["", "", "10"]);
    }),
    raises("C32", W, "a row left blank between filled ones", |form| {
        reach(form, 2, ["", "", ""]);
    }),
    silent("C32", "the last row was cut off", |form| {
        reach(form, 4, ["", "", ""]);
    }),
    silent("C32", "无 of what should not happen", |form| {
        reach(form, 2, ["0起", "无", "10"]);
        rename(form, 2, "安全事故数");
    }),
    raises(
        "C33",
        W,
        "the target with its sign as the actual value",
        |form| {
            reach(form, 0, ["≥266米", "≥266米", "20"]);
        },
    ),
    raises(
        "C33",
        W,
        "the scale as target and as actual value",
        |form| {
            reach(form, 3, ["好坏", "好坏", "30"]);
        },
    ),
    silent("C33", "a quality that was reached", |form| {
        reach(form, 3, ["显著提升", "显著提升", "30"]);
    }),
    raises("C34", W, "完成 where a number was asked for", |form| {
        reach(form, 0, ["≤30万元", "完成", "20"]);
        rename(form, 0, "成本控制数");
    }),
    raises("C34", W, "无 where 100 % was asked for", |form| {
        reach(form, 1, ["100%", "无", ""]);
    }),
    raises("C34", W, "a sentence where a range was asked for", |form| {
        reach(form, 0, ["18—54周岁", "存在18岁以下", "20"]);
        rename(form, 0, "培训对象年龄");
    }),
    silent("C34", "a number with its unit", |form| {
        reach(form, 0, ["≥5公里", "6 公里", "20"]);
    }),
    raises("C35", W, "nobody filled it in", |form| {
        for row in &mut form.indicators {
            row.actual = None;
            row.score = None;
        }
        form.total_score = None;
        form.grade = None;
    }),
    silent("C35", "a target form has nothing to fill in", |form| {
        form.kind = FormKind::ProjectTarget;
        for row in &mut form.indicators {
            row.actual = None;
            row.score = None;
        }
        form.total_score = None;
        form.grade = None;
    }),
    raises("V04", W, "a number without a unit", |form| {
        reach(form, 0, ["≥5", "5.5", "20"]);
    }),
    raises("V04", I, "a number without a sign", |form| {
        reach(form, 0, ["5公里", "5.5公里", "20"]);
    }),
    silent("V04", "a rate without its sign of percent", |form| {
        reach(form, 4, ["≥85", "95", "10"]);
    }),
    raises("V05", W, "at least so much cost", |form| {
        reach(form, 0, ["≥20万元", "20万元", "20"]);
        form.indicators[0].level2 = words("成本指标", "B12");
        rename(form, 0, "项目总成本");
    }),
    raises("V05", W, "at most so much satisfaction", |form| {
        reach(form, 4, ["≤90%", "89%", "10"]);
    }),
    raises("V05", W, "at most so much to be built", |form| {
        reach(form, 0, ["≤5公里", "5公里", "20"]);
    }),
    silent("V05", "at most so many changes", |form| {
        reach(form, 0, ["≤10次", "8次", "20"]);
        rename(form, 0, "科目调整次数");
    }),
    silent("V05", "at least so much saved", |form| {
        reach(form, 0, ["≥1500万元", "1500万元", "20"]);
        form.indicators[0].level2 = words("经济效益指标", "B12");
        rename(form, 0, "节约成本");
    }),
    raises("V06", W, "120 % of what is at most 100 %", |form| {
        reach(form, 1, ["≥120%", "120%", "20"]);
    }),
    silent("V06", "growth by 120 %", |form| {
        reach(form, 1, ["≥120%", "120%", "20"]);
        rename(form, 1, "产值增长率");
    }),
    raises("V11", W, "at least nothing", |form| {
        reach(form, 0, ["≥0公里", "5公里", "20"]);
    }),
    silent("V11", "none of what should not happen", |form| {
        reach(form, 0, ["≤0起", "0起", "20"]);
        rename(form, 0, "安全事故数");
    }),
    raises("V10", W, "a name twice", |form| {
        rename(form, 2, "验收合格率");
    }),
    silent("V10", "names that differ by a word", |form| {
        rename(form, 2, "道路验收合格率");
    }),
    raises("C40", W, "a name of digits", |form| rename(form, 0, "88")),
    silent("C40", "a name that begins with digits", |form| {
        rename(form, 0, "5000吨稻谷到位数量");
    }),
    raises("C41", W, "another sign in the name", |form| {
        rename(form, 0, "改造道路长度（<**公里）");
    }),
    raises("C41", W, "another rate in the name", |form| {
        reach(form, 1, ["≥98%", "98%", "20"]);
        rename(form, 1, "质量达标率100%");
    }),
    silent("C41", "the same sign and rate in the name", |form| {
        rename(form, 0, "改造道路长度（≥**公里）");
        rename(form, 1, "质量达标率100%");
    }),
    raises("C42", I, "a placeholder in the name", |form| {
        rename(form, 0, "改造道路长度（≥**公里）");
    }),
    raises("C42", W, "filling-in guidance as the summary", |form| {
        form.actual_summary = words("对照年度目标，说明完成情况（100字以内）", "G6");
    }),
    silent("C42", "stars that mark core indicators", |form| {
        rename(form, 0, "★★改造道路长度");
    }),
    raises("C43", W, "a rate among quantities", |form| {
        reach(form, 0, ["＝100%", "100%", "20"]);
        rename(form, 0, "足额保障率");
    }),
    silent("C43", "how often is no rate", |form| {
        reach(form, 0, ["1次/月", "1次/月", "20"]);
        rename(form, 0, "巡查频率");
    }),
    raises("C44", W, "a count of incidents as satisfaction", |form| {
        reach(form, 4, ["0起", "0起", "10"]);
        rename(form, 4, "粮食安全事件发生数");
    }),
    silent("C44", "complaints are a kind of satisfaction", |form| {
        reach(form, 4, ["≤2起", "0起", "10"]);
        rename(form, 4, "投诉件数");
    }),
    raises("C45", W, "satisfaction as quality", |form| {
        rename(form, 1, "学员满意度");
    }),
    raises("C45", W, "satisfaction under benefits", |form| {
        form.indicators[4].level1 = words("效益指标", "A12");
    }),
    silent("C45", "satisfaction of its own", |form| {
        rename(form, 4, "学员满意度");
    }),
    raises("C46", W, "a rate that is no cost", |form| {
        form.indicators[1].level2 = words("成本指标", "B12");
        rename(form, 1, "社会化发放率");
    }),
    silent("C46", "a rate of saving", |form| {
        form.indicators[1].level2 = words("成本指标", "B12");
        rename(form, 1, "成本节约率");
    }),
    raises("C48", W, "persons in 个", |form| {
        reach(form, 3, ["＝42个", "42个", "30"]);
        rename(form, 3, "保障村干部人数");
    }),
    silent("C48", "villages in 个", |form| {
        reach(form, 3, ["＝8个", "8个", "30"]);
        rename(form, 3, "补助村数量");
    }),
    raises("C49", W, "≥ that was read as a 2", |form| {
        reach(form, 1, ["292%", "95%", "20"]);
    }),
    silent("C49", "growth above 200 %", |form| {
        reach(form, 1, ["≥250%", "250%", "20"]);
        rename(form, 1, "产值增长率");
    }),
    raises("C49", W, "= that was read as 二", |form| {
        reach(form, 1, ["二100%", "100%", "20"]);
    }),
    raises("C49", W, "a target of signs alone", |form| {
        reach(form, 1, ["???", "100%", "20"]);
    }),
    raises("C40", W, "a target where the name belongs", |form| {
        rename(form, 1, "≥59人次");
    }),
    raises("C40", W, "a quantity where the name belongs", |form| {
        rename(form, 1, "200次");
    }),
    silent("C40", "a name that begins with a number", |form| {
        rename(form, 1, "5G基站建设数量");
    }),
    raises(
        "C53",
        W,
        "a row without a target and without a score",
        |form| {
            reach(form, 1, ["", "95%", ""]);
        },
    ),
    silent("C53", "a row of the template that was struck out", |form| {
        reach(form, 1, ["/", "/", "0"]);
        rename(form, 1, "/");
    }),
    raises("C54", W, "a row without points", |form| {
        form.indicators[1].weight = number("", "F12");
    }),
    silent(
        "C54",
        "a part of the row above has no points of its own",
        |form| {
            form.indicators[1].weight = number("", "F12");
            rename(form, 1, "其中：中型项目");
        },
    ),
];

fn part(name: &str, target: &str) -> crate::form::IndicatorRow {
    let mut part = row(["产出指标", "数量指标", name], [target, "", "", ""]);
    part.actual = words(target.trim_start_matches('≥'), "E12");
    (part.weight, part.score) = (None, None);
    part
}

#[test]
fn indicators_are_checked() {
    run(CASES);
}

#[test]
fn a_missed_target_with_all_points_says_what_the_formula_gives() {
    let mut form = clean();
    reach(&mut form, 3, ["≥4754人", "4604人", "30"]);
    let found = findings(&form);
    let finding = found.iter().find(|finding| finding.rule == "C30").unwrap();
    // 4604 ÷ 4754 × 30 = 29.0534…
    assert_eq!(finding.computed.as_deref(), Some("29.05"));
    assert!(finding.message.contains("96.84%"), "{}", finding.message);
}

#[test]
fn forms_filed_in_the_system_are_whole() {
    let mut form = clean();
    form.indicators.truncate(3);
    form.total_weight = None;
    form.total_score = None;
    form.grade = None;
    let found = check(builtin("mianzhu-2020").unwrap(), &form);
    let weights = found.iter().find(|finding| finding.rule == "V01").unwrap();
    assert_eq!(weights.severity, Severity::E);
}

#[test]
fn a_pack_sets_the_severity() {
    let mut form = clean();
    reach(&mut form, 3, ["≥1000人", "500人", "29"]);
    explain(&mut form, 3);
    for (pack, severity) in [
        ("national-2020", Severity::W),
        ("mianzhu-2020", Severity::E),
    ] {
        let found = check(builtin(pack).unwrap(), &form);
        let formula = found.iter().find(|finding| finding.rule == "V31").unwrap();
        assert_eq!(formula.severity, severity, "{pack}");
    }
}
