//! One part of the form against another.

use super::*;
use crate::finding::Severity::W;
use crate::form::FormKind;

pub(super) const CASES: &[Case] = &[
    raises("V12", W, "a ceiling above the budget", |form| {
        reach(form, 0, ["≤120万元", "98万元", "20"]);
        rename(form, 0, "项目成本概算");
    }),
    raises(
        "V12",
        W,
        "a monthly ceiling over the months of the project",
        |form| {
            reach(form, 0, ["≤10万/月", "9万/月", "20"]);
            form.indicators[0].level2 = words("成本指标", "B12");
            rename(form, 0, "人工成本");
            reach(form, 2, ["2021年1月--2021年11月", "2021年11月", "10"]);
        },
    ),
    silent("V12", "a ceiling that is the budget", |form| {
        reach(form, 0, ["≤100万元", "98万元", "20"]);
        rename(form, 0, "项目成本概算");
    }),
    silent("V12", "a monthly ceiling without a period", |form| {
        reach(form, 0, ["≤10万/月", "9万/月", "20"]);
        form.indicators[0].level2 = words("成本指标", "B12");
        rename(form, 0, "人工成本");
    }),
    raises(
        "C06",
        W,
        "quantity times unit cost above the budget",
        |form| {
            reach(form, 0, ["＝5000平方米", "5000平方米", "20"]);
            rename(form, 0, "新建饲料库面积");
            reach(form, 2, ["≤490元/平米", "480元/平米", "10"]);
            rename(form, 2, "新建饲料库单位成本");
        },
    ),
    silent(
        "C06",
        "quantity times unit cost within the budget",
        |form| {
            reach(form, 0, ["＝120平方米", "120平方米", "20"]);
            rename(form, 0, "新建饲料库面积");
            reach(form, 2, ["≤490元/平米", "480元/平米", "10"]);
            rename(form, 2, "新建饲料库单位成本");
        },
    ),
    raises("V15", W, "the goal is the project's name", |form| {
        form.objectives = words("村道改造", "C6");
    }),
    silent("V15", "a goal that says more", |form| {
        form.objectives = words("村道改造5公里", "C6");
    }),
    raises("V38", W, "a third spent, grade 良", |form| {
        spend(form, ["", "173", "61.99"]);
        form.total_score = None;
        form.grade = words("良", "B18");
    }),
    raises("V38", W, "a third spent, everything reached", |form| {
        spend(form, ["100", "100", "33.78"]);
        form.total_score = None;
        form.grade = None;
    }),
    silent("V38", "four fifths spent, everything reached", |form| {
        spend(form, ["100", "100", "80"]);
    }),
    raises(
        "V39",
        W,
        "all results, four fifths of the points of execution",
        |form| {
            total(form).score = number("8", "H4");
        },
    ),
    silent("V39", "results and money go together", |form| {
        total(form).score = number("9.6", "H4");
    }),
    raises("V51", W, "11 % between two evaluations", |form| {
        figure(form, "自评分值：100");
        figure(form, "评价分值：88.64");
    }),
    silent("V51", "3 % between two evaluations", |form| {
        figure(form, "自评分值：100");
        figure(form, "评价分值：97");
    }),
    raises("C47", W, "the title is of another year", |form| {
        form.title = words("项目支出绩效自评表（2020年度）", "A1");
    }),
    raises("C47", W, "due before the year began", |form| {
        reach(form, 2, ["2020年12月前", "2020年11月", "10"]);
        rename(form, 2, "完工时间");
    }),
    silent("C47", "due in the year", |form| {
        reach(form, 2, ["2021年12月前", "2021年11月", "10"]);
        rename(form, 2, "完工时间");
    }),
    raises(
        "C50",
        W,
        "148 batches in the text, 10 in the table",
        |form| {
            reach(form, 0, ["≥3批次", "7批次", "20"]);
            rename(form, 0, "化妆品抽验批次");
            reach(form, 2, ["≥2批次", "3批次", "10"]);
            rename(form, 2, "医疗器械抽验批次");
            form.actual_summary = words("配合完成抽检148批次", "G6");
        },
    ),
    raises("C50", W, "another rate of execution in the text", |form| {
        form.actual_summary = words("资金执行率100%", "G6");
        spend(form, ["100", "100", "58"]);
    }),
    silent("C50", "the text adds the table up", |form| {
        reach(form, 0, ["≥3批次", "7批次", "20"]);
        rename(form, 0, "化妆品抽验批次");
        reach(form, 2, ["≥2批次", "3批次", "10"]);
        rename(form, 2, "医疗器械抽验批次");
        form.actual_summary = words("配合完成抽检10批次", "G6");
    }),
    raises("C51", W, "8 projects and 8 more are not 15", |form| {
        figure(form, "实施项目数：15");
        figure(form, "年初批复预算项目数：8");
        figure(form, "年中增加项目数：8");
    }),
    raises("C51", W, "grades do not make the evaluations", |form| {
        for text in ["评价项目数：10", "优：0", "良：8", "中：1"] {
            figure(form, text);
        }
    }),
    silent("C51", "8 projects and 7 more are 15", |form| {
        figure(form, "实施项目数：15");
        figure(form, "年初批复预算项目数：8");
        figure(form, "年中增加项目数：7");
    }),
    silent("C51", "departments are counted beside projects", |form| {
        figure(form, "评价项目数：8");
        figure(form, "部门整体支出评价数：2");
    }),
    raises("C52", W, "satisfied with what is not finished", |form| {
        form.indicators[1].actual = words("项目暂未完工", "E12");
        reach(form, 4, ["", "100%", ""]);
    }),
    silent("C52", "not finished, and nobody was asked", |form| {
        form.indicators[1].actual = words("项目暂未完工", "E12");
        reach(form, 4, ["≥90%", "", ""]);
    }),
];

#[test]
fn parts_of_a_form_are_checked_against_each_other() {
    run(CASES);
}

#[test]
fn an_annual_statement_counts_its_evaluations() {
    let mut form = empty(FormKind::AnnualStatement);
    for text in [
        "评价项目数：9",
        "项目支出评价：4",
        "政策评价：3",
        "部门整体评价：2",
        "良：8",
        "中：1",
        "优：0",
        "差：0",
    ] {
        figure(&mut form, text);
    }
    assert_eq!(findings(&form), Vec::new());
    form.texts[1] = words("项目支出评价：5", "B20").unwrap();
    let rules: Vec<&str> = findings(&form).iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["C51"]);
}
