use proptest::prelude::*;

use super::*;

fn target(printed: &str) -> Target {
    cells(printed, None, None, "", "")
}

fn cells(
    printed: &str,
    operator: Option<&str>,
    unit: Option<&str>,
    name: &str,
    level2: &str,
) -> Target {
    read_target(TargetCells {
        printed,
        operator,
        unit,
        name,
        level2,
    })
}

/// A target in one short line: the operator with 符, 字 or 推 for where it was taken from, then
/// the value.
fn show(target: &Target) -> String {
    let operator = target
        .operator
        .map_or_else(String::new, |(operator, source)| {
            let source = match source {
                OperatorSource::Sign => "符",
                OperatorSource::Words => "字",
                OperatorSource::Inferred => "推",
            };
            format!("{}{source} ", operator.sign())
        });
    match &target.measure {
        Measure::Absent | Measure::Unreadable { .. } => show_measure(&target.measure),
        measure => format!("{operator}{}", show_measure(measure)),
    }
}

fn show_measure(measure: &Measure) -> String {
    match measure {
        Measure::Absent => "空".to_owned(),
        Measure::Template => "模板".to_owned(),
        Measure::Quantity { value, unit } => format!("{value} {unit}").trim_end().to_owned(),
        Measure::Range { low, high, unit } => format!("{low}..{high} {unit}"),
        Measure::Words(words) => format!("「{words}」"),
        Measure::Unreadable { likely, .. } => format!("?{}", likely.as_deref().unwrap_or("")),
        other => other.to_string(),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (printed, expected) in cases {
        let read = target(printed);
        if show(&read) != *expected {
            wrong.push(format!("{printed}: {} instead of {expected}", show(&read)));
        }
        assert_eq!(read.printed, *printed, "the printed text is kept");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_glyph_of_an_operator_is_read() {
    check(&[
        ("≥200平方米", "≥符 200 平方米"),
        ("≥850台（套）", "≥符 850 台(套)"),
        ("≤300元/（人·月）", "≤符 300 元/(人·月)"),
        ("≧200平方米", "≥符 200 平方米"),
        ("⩾200平方米", "≥符 200 平方米"),
        (">=21933人", "≥符 21933 人"),
        ("＞＝21933人", "≥符 21933 人"),
        ("≥ 95 %", "≥符 95 %"),
        ("≥９５％", "≥符 95 %"),
        (">92%", "＞符 92 %"),
        ("＞92%", "＞符 92 %"),
        ("﹥92%", "＞符 92 %"),
        ("=8个", "＝符 8 个"),
        ("＝8个", "＝符 8 个"),
        ("﹦ 72890 元", "＝符 72890 元"),
        ("═100%", "＝符 100 %"),
        ("二100百分比", "＝符 100 百分比"),
        ("%=99百分比", "＝符 99 百分比"),
        ("≤65万元", "≤符 65 万元"),
        ("≦65万元", "≤符 65 万元"),
        ("⩽65万元", "≤符 65 万元"),
        ("<=5300元/户", "≤符 5300 元/户"),
        ("＜5%", "＜符 5 %"),
        ("<5%", "＜符 5 %"),
        ("≥\u{200b}95%", "≥符 95 %"),
        ("≥95%。", "≥符 95 %"),
    ]);
}

#[test]
fn words_for_an_operator_are_read() {
    check(&[
        ("不少于12种", "≥字 12 种"),
        ("不低于90%", "≥字 90 %"),
        ("至少3次", "≥字 3 次"),
        ("95%以上", "≥字 95 %"),
        ("95%（含）以上", "≥字 95 %"),
        ("60%及以上", "≥字 60 %"),
        ("达90%以上", "≥字 90 %"),
        ("达到90%", "≥字 90 %"),
        ("力争达到98%以上", "≥字 98 %"),
        ("大于等于50人", "≥字 50 人"),
        ("超过500人次", "＞字 500 人次"),
        ("不超过30天", "≤字 30 天"),
        ("控制在5%以内", "≤字 5 %"),
        ("控制在100万元以内", "≤字 100 万元"),
        ("30天内", "≤字 30 天"),
        ("30个工作日内", "≤字 30 个工作日"),
        ("3%以下", "≤字 3 %"),
        ("低于5%", "＜字 5 %"),
        ("≥95%以上", "≥符 95 %"),
        ("≥95%以下", "?"),
        ("不少于5人以内", "?"),
    ]);
}

#[test]
fn numbers_keep_their_unit_and_scale() {
    check(&[
        ("100%", "≥推 100 %"),
        ("1.2万亩", "≥推 1.2 万亩"),
        ("2.5亿元", "≥推 2.5 亿元"),
        ("1,234,567.50元", "≥推 1234567.5 元"),
        ("200,000", "≥推 200000"),
        ("12,34", "?"),
        ("1.2.3", "?"),
        ("¥500", "≥推 500"),
        ("25TB", "≥推 25 TB"),
        ("100%覆盖", "≥推 100 %"),
        ("1429.39hm²", "≥推 1429.39 hm²"),
        ("300㎡", "≥推 300 ㎡"),
        ("500m2", "≥推 500 m2"),
        ("-5%", "≥推 -5 %"),
        ("12（个）", "≥推 12 个"),
        ("百分之95", "≥推 95 %"),
        ("百分之九十五", "≥推 95 %"),
        ("满意度95%", "≥推 95 %"),
        ("99999999999999999999999999999999999人", "?"),
        ("20个村、30个社区", "?"),
        ("3.14hm²/年", "≥推 3.14 hm²/年"),
    ]);
}

#[test]
fn ranges_are_read() {
    check(&[
        ("18—54周岁", "＝推 18..54 周岁"),
        ("18-54周岁", "＝推 18..54 周岁"),
        ("18～54周岁", "＝推 18..54 周岁"),
        ("18周岁至54周岁", "＝推 18..54 周岁"),
        ("80%-100%", "＝推 80..100 %"),
        ("（0-20）分", "＝推 0..20 分"),
        ("(40-50)分", "＝推 40..50 分"),
        ("54-18周岁", "?"),
        ("10人-20次", "?"),
    ]);
}

#[test]
fn dates_are_read_to_their_last_day() {
    check(&[
        ("2021年12月31日", "≤推 2021年12月31日"),
        ("2021年12月完成", "≤推 2021年12月"),
        ("9月前", "≤推 9月"),
        ("11月前", "≤推 11月"),
        ("12月底前", "≤推 12月"),
        ("十二月底前", "≤推 12月"),
        ("2021年底", "≤推 2021年12月"),
        ("2021年年底前", "≤推 2021年12月"),
        ("年底前完成", "≤推 12月"),
        ("2021年7月", "≤推 2021年7月"),
        ("2021年", "≤推 2021年"),
        ("2017年12月31日前完成", "≤推 2017年12月31日"),
        ("2021.1.1-12.31", "≤推 2021年12月31日"),
        ("2020年1月--2020年11月", "≤推 2020年11月"),
        ("2020年1月至11月", "≤推 2020年11月"),
        ("2021-01-05", "≤推 2021年1月5日"),
        ("2021/1/5", "≤推 2021年1月5日"),
        ("≤2021年12月31日", "≤符 2021年12月31日"),
        ("不晚于6月30日", "≤字 6月30日"),
        ("2021年第三季度", "≤推 2021年9月"),
        ("第四季度前", "≤推 12月"),
        ("上半年", "≤推 6月"),
        ("6月上旬", "≤推 6月10日"),
        ("2021年2月30日", "?"),
        ("2021年13月", "?"),
        ("2021.1", "≥推 2021.1"),
        ("12个月", "≥推 12 个月"),
    ]);
    let month = cells("2021.1", None, None, "完成时间", "时效指标");
    assert_eq!(show(&month), "≤推 2021年1月");
}

#[test]
fn frequencies_and_values_for_each_unit_are_read() {
    check(&[
        ("1次/月", "≥推 1次/月"),
        ("每月1次", "≥推 1次/月"),
        ("每季度不少于2次", "≥字 2次/季度"),
        ("每季度一次", "≥推 1次/季度"),
        ("2次每年", "≥推 2次/年"),
        ("≥4次/年", "≥符 4次/年"),
        ("每周3期", "≥推 3期/周"),
        ("1600元/亩", "≥推 1600 元/亩"),
        ("400元/人、天", "≥推 400 元/人、天"),
        (">=530元/人*月", "≥符 530 元/人*月"),
        ("≤620万/月", "≤符 620 万/月"),
        ("≤28.40/株", "≤符 28.4 /株"),
        ("每亩300", "≥推 300 /亩"),
        ("每亩补助300元", "≥推 300 元/亩"),
        ("每人每月530元", "≥推 530 元/人·月"),
        ("每亩不超过300元", "≤字 300 元/亩"),
    ]);
}

#[test]
fn words_answers_and_blanks_are_told_apart() {
    check(&[
        ("", "空"),
        ("/", "空"),
        ("-", "空"),
        ("——", "空"),
        ("无", "空"),
        ("不适用", "空"),
        ("……", "模板"),
        ("≥**", "模板"),
        ("≥**人", "模板"),
        ("XX%", "模板"),
        ("×××", "模板"),
        ("指标2：", "模板"),
        ("指标1", "模板"),
        ("是", "＝推 是"),
        ("否", "＝推 否"),
        ("有", "＝推 是"),
        ("有效", "定性推 「有效」"),
        ("显著提升", "定性推 「显著提升」"),
        ("好坏", "定性推 「好坏」"),
        ("建立与否", "定性推 「建立与否」"),
        ("已完成", "定性推 「已完成」"),
        ("完成", "定性推 「完成」"),
        ("不超预算", "定性推 「不超预算」"),
        ("全天候可用", "定性推 「全天候可用」"),
        ("定性好", "定性符 「好」"),
    ]);
}

#[test]
fn what_is_not_certain_is_unreadable_with_what_it_probably_was() {
    check(&[
        ("292%", "?≥92%"),
        ("290%", "?≥90%"),
        ("2100%", "?≥100%"),
        ("2280次 (OCR of ≥280次)", "?≥280次"),
        ("2280次", "≥推 2280 次"),
        ("26次", "≥推 26 次"),
        ("200%", "≥推 200 %"),
        ("300%", "≥推 300 %"),
        ("逾20多万人次", "?20万人次"),
        ("20余万人次", "?20万人次"),
        ("约500人", "?500人"),
        ("5天左右", "?5天"),
        (">=9… (cut)", "?"),
        ("88 / 100", "?"),
    ]);
    let own = cells("290%", Some("≥"), None, "", "");
    assert_eq!(show(&own), "≥符 290 %", "the sign stands in its own column");
}

#[test]
fn the_columns_beside_the_value_are_used() {
    for (printed, operator, unit, expected) in [
        ("95", "≥", "%", "≥符 95 %"),
        ("95%", "≥", "%", "≥符 95 %"),
        ("100", "＝", "百分比", "＝符 100 百分比"),
        ("30", "≤", "万元", "≤符 30 万元"),
        ("30万", "≤", "元", "≤符 30 万元"),
        ("30万元", "≤", "万元", "≤符 30 万元"),
        ("30元", "≤", "万元", "?"),
        ("95%", "≥", "个", "?"),
        ("好坏", "定性", "", "定性符 「好坏」"),
        ("3次以上", "定性", "", "定性符 「3次以上」"),
        ("是", "定性", "", "定性符 是"),
        ("", "定性", "", "空"),
        ("≥95", "≤", "%", "?"),
        ("10", "小于等于", "次", "≤符 10 次"),
        ("每亩300", "≤", "元", "≤符 300 元/亩"),
        ("2", "≥", "次", "≥符 2 次"),
    ] {
        let read = cells(printed, Some(operator), Some(unit), "", "");
        assert_eq!(show(&read), expected, "{printed} {operator} {unit}");
    }
}

#[test]
fn a_direction_that_is_not_printed_is_taken_from_the_name_or_inferred() {
    for (printed, name, level2, expected) in [
        ("80人", "受益人口数(≥**人)", "社会效益指标", "≥符 80 人"),
        (
            "5300元/户",
            "救助标准(<**元/户·年)",
            "质量指标",
            "＜符 5300 元/户",
        ),
        ("5%", "投诉率", "服务对象满意度指标", "≤推 5 %"),
        ("100%", "投诉处理率", "质量指标", "≥推 100 %"),
        ("0起", "安全事故", "社会效益指标", "≤推 0 起"),
        ("2起", "安全事故发生数", "社会效益指标", "≤推 2 起"),
        ("20万元", "项目计划总投资", "成本指标", "≤推 20 万元"),
        ("100%", "成本核算率", "成本指标", "≥推 100 %"),
        ("100%", "成本控制率", "成本指标", "100 %"),
        ("173万元", "资金完成", "成本指标", "173 万元"),
        ("5万元", "节约成本", "成本指标", "≥推 5 万元"),
        ("10天", "办理时限", "时效指标", "≤推 10 天"),
        ("300天", "免费开放天数", "数量指标", "≥推 300 天"),
        ("100%", "利息费用保障率", "经济效益指标", "≥推 100 %"),
        ("5%", "结余率（结余数/预算数）", "经济效益指标", "≤推 5 %"),
        ("90%", "群众满意度", "服务对象满意度指标", "≥推 90 %"),
        ("0", "库存粮食明显变质比例", "质量指标", "≤推 0"),
    ] {
        assert_eq!(
            show(&cells(printed, None, None, name, level2)),
            expected,
            "{name}"
        );
    }
    assert_eq!(
        operator_in_name("受益人口数(≥**人)"),
        Some(Operator::AtLeast)
    );
    assert_eq!(operator_in_name("受益人口数"), None);
}

#[test]
fn actual_values_are_read_in_the_light_of_their_target() {
    for (goal, printed, expected) in [
        ("≥266米", "300", "300 米"),
        ("≥266米", "300米", "300 米"),
        ("≥266米", "≥266米", "266 米"),
        ("=100%", "=100%", "100 %"),
        ("≥90%", "90%以上", "90 %"),
        ("≥60%", "88.32%及以上", "88.32 %"),
        ("≥98%", "95%以上", "?"),
        ("≥98%", "≤95%", "?"),
        ("≥95%", "达到96%", "96 %"),
        ("≥95%", "满意度达到96%", "96 %"),
        ("≥95%", "0.96", "?96%"),
        ("≥95%", "1", "?100%"),
        ("≤5%", "0.5", "0.5 %"),
        ("≥1.2万亩", "1.3", "1.3 万亩"),
        ("≥1.2万亩", "12000", "?12000亩"),
        ("≥1.2万亩", "12000亩", "12000 亩"),
        ("≥90%", "290%", "?90%"),
        ("≥95%", "完成", "「完成」"),
        ("≥95%", "", "空"),
        ("≥95%", "无", "空"),
        ("0起", "无", "?0起"),
        ("是", "无", "否"),
        ("是", "是", "是"),
        ("≥20万人次", "逾20多万人次", "?20万人次"),
        ("18—54周岁", "35", "35 周岁"),
        ("18—54周岁", "存在18岁以下", "「存在18岁以下」"),
        ("9月前", "7月", "7月"),
        ("2021年12月底前", "2021.11", "2021年11月"),
        ("有效", "有效", "「有效」"),
    ] {
        let read = read_actual(printed, None, &target(goal));
        assert_eq!(show_measure(&read), expected, "{goal} → {printed}");
    }
}

#[test]
fn an_actual_value_that_repeats_its_target_is_noticed() {
    let split = cells("266", Some("≥"), Some("米"), "", "");
    assert!(repeats_target("≥266米", &split));
    for (goal, printed, repeats) in [
        ("≥266米", "≥266米", true),
        ("≥266米", "＞＝２６６米", true),
        ("=0件", "=0件", true),
        ("95%以上", "95%以上", true),
        ("≥266米", "266米", false),
        ("≥266米", "≥270米", false),
        ("2021年底", "2021年底", false),
        ("有效", "有效", false),
    ] {
        assert_eq!(
            repeats_target(printed, &target(goal)),
            repeats,
            "{goal} {printed}"
        );
    }
}

fn check_compared(cases: &[(&str, &str, &str)]) {
    for (goal, printed, expected) in cases {
        let goal = target(goal);
        let shown = match compare(&goal, &read_actual(printed, None, &goal)) {
            Comparison::Met { completion_percent } => ("达", completion_percent),
            Comparison::Missed { completion_percent } => ("未", completion_percent),
            Comparison::Unclear { why } => {
                assert!(!why.is_empty());
                ("?", None)
            }
        };
        let percent = shown.1.map_or_else(String::new, |it| {
            format!(" {:.2}", crate::number::round_to(it, 2))
        });
        assert_eq!(
            format!("{}{percent}", shown.0),
            *expected,
            "{goal} → {printed}"
        );
    }
}

#[test]
fn actual_values_are_compared_with_their_target() {
    check_compared(&[
        ("≥500人", "487人", "未 97.40"),
        ("≥500人", "500人", "达 100.00"),
        ("＞500人", "500人", "达 100.00"),
        ("≤30万元", "33万元", "未 90.91"),
        ("≤30万元", "28万元", "达 107.14"),
        ("＝100%", "120%", "达 120.00"),
        ("＝0起", "0起", "达"),
        ("＝0起", "2起", "未"),
        ("≤0起", "1起", "未 0.00"),
        ("≥1.2万亩", "12000亩", "达 100.00"),
        ("≥1.2万亩", "11999亩", "未 99.99"),
        ("≤2亿元", "20000万元", "达 100.00"),
        ("≥2平方公里", "200公顷", "达 100.00"),
        ("≥15公顷", "225亩", "达 100.00"),
        ("≥5公里", "5000米", "达 100.00"),
        ("≥100平方米", "100㎡", "达 100.00"),
        ("=42个", "42人", "达 100.00"),
        ("≥500人", "100%", "?"),
        ("≥500人", "500户", "?"),
        ("≥500人", "完成", "?"),
        ("≥500元/亩", "500元/人", "?"),
        (">=530元/人*月", "583元/人·月", "达 110.00"),
    ]);
}

#[test]
fn ranges_dates_and_words_are_compared_with_their_target() {
    check_compared(&[
        ("18—54周岁", "54岁", "达"),
        ("18—54周岁", "55岁", "未"),
        ("9月前", "7月", "达"),
        ("9月前", "9月", "达"),
        ("9月前", "10月", "未"),
        ("2023年12月", "2023年10月", "达"),
        ("2023年12月", "2024年1月5日", "未"),
        ("2023年12月", "10月", "达"),
        ("2023年6月", "2023年", "?"),
        ("2021年底", "按时完成", "达"),
        ("2021年底", "完成", "?"),
        ("2021年底", "未完成", "未"),
        ("1次/月", "12次/年", "达"),
        ("1次/月", "3次/季度", "达"),
        ("1次/月", "11次/年", "未"),
        ("1次/月", "1次/周", "?"),
        ("是", "是", "达"),
        ("是", "否", "未"),
        ("是", "已完成", "达"),
        ("有效", "达成预期指标", "达"),
        ("显著提升", "显著提升", "达"),
        ("显著提升", "有所提升", "未"),
        ("显著提升", "部分达成", "未"),
        ("已完成", "完成", "达"),
        ("完成", "基本完成", "未"),
        ("完成", "项目暂未完工", "未"),
        ("好坏", "好坏", "?"),
        ("建立与否", "已建立", "达"),
        ("建立与否", "否", "未"),
        ("是否发生安全事故", "是", "?"),
        ("不超预算", "不超预算", "达"),
        ("有效", "存在问题", "?"),
        ("无", "90%", "?"),
        ("292%", "95%", "?"),
    ]);
}

fn sign() -> impl Strategy<Value = Operator> {
    prop_oneof![
        Just(Operator::Greater),
        Just(Operator::AtLeast),
        Just(Operator::Equal),
        Just(Operator::Less),
        Just(Operator::AtMost),
    ]
}

fn amount() -> impl Strategy<Value = Decimal> {
    (0_i64..1_000_000_000, 0_u32..4)
        .prop_map(|(digits, places)| Decimal::new(digits, places).normalize())
}

/// Values as a careful clerk writes them.
fn well_formed() -> impl Strategy<Value = Measure> {
    let unit = prop_oneof![
        Just("%"),
        Just("人"),
        Just("万元"),
        Just("元/亩"),
        Just("元/人·月"),
        Just("万亩"),
        Just("平方米"),
        Just("次"),
        Just("个"),
        Just(""),
        Just("万人次"),
        Just("hm²"),
    ]
    .prop_map(str::to_owned);
    prop_oneof![
        (amount(), unit.clone()).prop_map(|(value, unit)| Measure::Quantity { value, unit }),
        (amount(), amount(), unit).prop_map(|(low, more, unit)| Measure::Range {
            low,
            high: low + more,
            unit
        }),
        (1_i32..100, 1_u8..13, 1_u8..29).prop_map(|(year, month, day)| Measure::Date {
            year: Some(1950 + year),
            month: Some(month),
            day: Some(day)
        }),
        (1_u8..13).prop_map(|month| Measure::Date {
            year: None,
            month: Some(month),
            day: None
        }),
        (
            1_i64..1000,
            prop_oneof![Just("月"), Just("年"), Just("季度"), Just("周")]
        )
            .prop_map(|(count, per)| Measure::Frequency {
                count: count.into(),
                unit: "次".to_owned(),
                per: per.to_owned()
            }),
    ]
}

/// The text with every ASCII sign in its full-width form.
fn full_width(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
            other => other,
        })
        .collect()
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        printed in "\\PC{0,40}", operator in "\\PC{0,4}", unit in "\\PC{0,6}",
        name in "\\PC{0,20}", actual in "\\PC{0,40}",
    ) {
        let read = cells(&printed, Some(&operator), Some(&unit), &name, "");
        let reached = read_actual(&actual, Some(&unit), &read);
        repeats_target(&actual, &read);
        compare(&read, &reached);
    }

    #[test]
    fn no_mixture_of_what_forms_hold_makes_the_reader_panic(
        parts in prop::collection::vec(prop_oneof![
            Just("≥"), Just("<="), Just("二"), Just("每"), Just("亩"), Just("月"), Just("年"),
            Just("2021"), Just("2"), Just("."), Just(","), Just("-"), Just("/"), Just("%"),
            Just("万"), Just("元"), Just("以上"), Just("内"), Just("不超过"), Just("达到"),
            Just("约"), Just("多"), Just("**"), Just("指标"), Just("("), Just(")"), Just("…"),
            Just("第"), Just("季度"), Just("十"), Just("百分之"), Just("99999999999999999999"),
        ], 0..9),
        other in 0_usize..9,
    ) {
        let printed = parts.concat();
        let actual: String = parts.iter().rev().take(other).copied().collect();
        let read = target(&printed);
        compare(&read, &read_actual(&actual, None, &read));
    }

    #[test]
    fn a_well_formed_value_is_read_as_it_was_printed(operator in sign(), measure in well_formed()) {
        let goal = Target {
            printed: String::new(),
            operator: Some((operator, OperatorSource::Sign)),
            measure,
        };
        let read = target(&goal.to_string());
        prop_assert_eq!(&read.measure, &goal.measure);
        prop_assert_eq!(read.operator, goal.operator);
        prop_assert_eq!(read_actual(&goal.measure.to_string(), None, &goal), goal.measure);
    }

    #[test]
    fn full_width_and_half_width_mean_the_same(operator in sign(), measure in well_formed()) {
        let text = format!("{}{measure}", operator.sign());
        let (half, full) = (target(&text), target(&full_width(&text)));
        prop_assert_eq!(half.measure, full.measure);
        prop_assert_eq!(half.operator, full.operator);
    }
}
