use super::*;
use crate::rulepack::default_pack;
use crate::target::Row;

/// `产出/数量/培训人数|≥|100|人|10`; what follows the sign may be left out.
fn row(place: usize, text: &str) -> Row {
    let mut cells = text.split('|');
    let mut next = || cells.next().unwrap_or_default().to_owned();
    let names = next();
    let mut levels = names.splitn(3, '/');
    let mut level = || levels.next().unwrap_or_default().to_owned();
    Row {
        key: place.to_string(),
        level1: level() + "指标",
        level2: level() + "指标",
        name: level(),
        operator: next(),
        value: next(),
        unit: next(),
        weight: next(),
        is_core: false,
        origin: String::new(),
    }
}

fn target(goal: &str, rows: &[&str]) -> Target {
    Target {
        goal: goal.to_owned(),
        rows: (1..)
            .zip(rows)
            .map(|(place, text)| row(place, text))
            .collect(),
        ..Target::default()
    }
}

fn context() -> Context {
    Context {
        object_name: "老旧小区管网改造工程".to_owned(),
        year: 2024,
        budget: Some(Fen::from_wan(65.into()).unwrap()),
        last: vec![Past {
            name: "培训人数".to_owned(),
            operator: "≥".to_owned(),
            value: "100".to_owned(),
            unit: "人".to_owned(),
            actual: "200".to_owned(),
        }],
        others: vec!["为全县残疾人提供基本康复服务和辅助器具适配，改善生活质量".to_owned()],
        reached: std::collections::BTreeMap::new(),
        is_excerpt: false,
        is_given: false,
        kind: None,
    }
}

fn rules(target: &Target, context: &Context) -> Vec<&'static str> {
    let advice = advise(default_pack(), target, context);
    advice.into_iter().map(|advice| advice.rule).collect()
}

/// The rule speaks of the first table and not of the second, which is nearly the same.
#[track_caller]
fn check(rule: &str, hit: (&str, &[&str]), miss: (&str, &[&str])) {
    let found = rules(&target(hit.0, hit.1), &context());
    assert!(found.contains(&rule), "{rule} in {hit:?}: {found:?}");
    let found = rules(&target(miss.0, miss.1), &context());
    assert!(!found.contains(&rule), "{rule} not in {miss:?}: {found:?}");
}

/// As [`check`], of one row.
#[track_caller]
fn check_row(rule: &str, hit: &str, miss: &str) {
    check(rule, ("", &[hit]), ("", &[miss]));
}

#[test]
fn words_are_told_from_measures() {
    for (rule, hit, miss) in [
        (
            "A01",
            "效益/社会效益/居住条件|定性|显著改善",
            "效益/社会效益/居住条件|定性|雨后不再积水",
        ),
        (
            "A01",
            "效益/社会效益/就业|定性|增加岗位",
            "效益/社会效益/就业|定性|增加30个岗位",
        ),
        (
            "A01",
            "效益/社会效益/有效改善环境|定性|改善",
            "效益/社会效益/有效灌溉面积|≥|300|亩",
        ),
        (
            "A23",
            "产出/质量/管网验收|定性|完成",
            "产出/质量/管网验收|定性|取得竣工验收备案表",
        ),
        (
            "A23",
            "产出/质量/验收合格率|＝|达标",
            "产出/质量/验收合格率|＝|100|%",
        ),
        (
            "A24",
            "产出/数量/培训人数|定性|较多",
            "产出/质量/培训内容|定性|按大纲",
        ),
        (
            "A24",
            "满意度/服务对象满意度/居民满意度|定性|较好",
            "满意度/服务对象满意度/居民满意度|≥|90|%",
        ),
        (
            "A28",
            "产出/时效/补助发放|定性|及时",
            "产出/时效/补助发放|≤|2024年6月30日前",
        ),
        (
            "A28",
            "产出/时效/完工|＝|3|个",
            "产出/时效/维修响应|≤|3|小时",
        ),
    ] {
        check_row(rule, hit, miss);
    }
}

#[test]
fn units_are_where_they_belong() {
    for (rule, hit, miss) in [
        (
            "A02",
            "产出/数量/培训人数|≥|300|",
            "产出/数量/安全事故|≤|0|",
        ),
        ("A03", "产出/数量/检修|≥|280次|", "产出/数量/检修|≥|280|次"),
        (
            "A03",
            "产出/数量/检修|≥|≥280|次",
            "产出/数量/检修|≥|1,280|次",
        ),
        ("A27", "产出/质量/合格率|≥|95|个", "产出/质量/死亡率|≤|5|‰"),
        (
            "A27",
            "产出/质量/合格率|≥|95|人",
            "产出/质量/巡查频率|≥|2|次",
        ),
        ("A33", "产出/数量/运输|≥|20|KM", "产出/数量/运输|≥|20|km"),
    ] {
        check_row(rule, hit, miss);
    }
    check(
        "A33",
        (
            "",
            &[
                "成本/经济成本/总成本|≤|65|万元",
                "成本/经济成本/监理费|≤|20000|元",
            ],
        ),
        (
            "",
            &[
                "成本/经济成本/总成本|≤|65|万元",
                "成本/经济成本/补助标准|≤|475|元/亩",
            ],
        ),
    );
}

#[test]
fn names_say_one_result() {
    for (rule, hit, miss) in [
        (
            "A04",
            "产出/数量/资金到位率|＝|100|%",
            "产出/数量/补助资金到位及时率|＝|100|%",
        ),
        (
            "A04",
            "产出/时效/年度资金支付完成率|＝|100|%",
            "成本/经济成本/资金支付|≤|65|万元",
        ),
        (
            "A05",
            "产出/数量/召开会议次数|≥|4|次",
            "产出/数量/会议决定办结|≥|4|项",
        ),
        (
            "A22",
            "产出/数量/签约率和完成率|≥|90|%",
            "产出/数量/维修和保养次数|≥|9|次",
        ),
        (
            "A22",
            "产出/数量/5000吨稻谷、50吨大米储备率|＝|100|%",
            "产出/数量/稻谷、大米储备率|＝|100|%",
        ),
        (
            "A30",
            "效益/社会效益/投诉率|≥|5|%",
            "效益/社会效益/投诉办结率|≥|95|%",
        ),
        (
            "A30",
            "产出/质量/安全事故起数|＞|1|起",
            "产出/质量/违法行为责停率|≥|95|%",
        ),
        (
            "A32",
            "产出/数量/受益人数(≥**人)|≥|9|人",
            "产出/数量/★受益人数|≥|9|人",
        ),
        (
            "A32",
            "产出/数量/例：新建泵站|≥|9|座",
            "产出/数量/指标1：新建泵站|≥|9|座",
        ),
        (
            "A34",
            "产出/数量/RTK测量|≥|9|处",
            "产出/数量/实时差分定位（RTK）测量|≥|9|处",
        ),
    ] {
        check_row(rule, hit, miss);
    }
}

#[test]
fn an_indicator_is_there_once() {
    check(
        "A17",
        (
            "",
            &[
                "产出/数量/新建污水管网长度|≥|9|公里",
                "产出/数量/新建污水管网总长度|≥|9|公里",
            ],
        ),
        (
            "",
            &[
                "产出/质量/药品抽检完成率|＝|100|%",
                "产出/质量/化妆品抽检完成率|＝|100|%",
            ],
        ),
    );
    check(
        "A29",
        (
            "",
            &[
                "产出/数量/受资助学生|＝|300|人",
                "效益/社会效益/受益学生|＝|300|人",
            ],
        ),
        (
            "",
            &[
                "产出/数量/受资助学生|＝|300|人",
                "效益/社会效益/学生完成学业|≥|290|人",
            ],
        ),
    );
}

#[test]
fn a_value_binds() {
    for (rule, hit, miss) in [
        (
            "A06",
            "产出/数量/培训人数|≥|200|人",
            "产出/数量/培训人数|≥|201|人",
        ),
        (
            "A07",
            "产出/数量/培训人数|≥|159|人",
            "产出/数量/培训人数|≥|160|人",
        ),
        (
            "A12",
            "满意度/服务对象满意度/居民满意度|＝|100|%",
            "满意度/服务对象满意度/居民满意度|≥|99|%",
        ),
        (
            "A25",
            "成本/经济成本/总成本|＝|65|万元",
            "成本/经济成本/补助标准|＝|475|元/亩",
        ),
        (
            "A25",
            "效益/社会效益/游客|＝|300|人次",
            "产出/数量/补助村|＝|8|个",
        ),
        ("A26", "产出/数量/巡查|≥|0|次", "产出/数量/事故|≤|0|起"),
        ("A26", "产出/质量/返工率|≤|100|%", "产出/质量/返工率|≤|10|%"),
        (
            "A26",
            "成本/经济成本/总成本|≤|6500|万元",
            "成本/经济成本/总成本|≤|130|万元",
        ),
    ] {
        check_row(rule, hit, miss);
    }
}

#[test]
fn a_reverse_target_is_held_against_what_was_needed() {
    let mut context = context();
    context.last = vec![Past {
        name: "维修响应时间".to_owned(),
        operator: "≤".to_owned(),
        value: "24".to_owned(),
        unit: "小时".to_owned(),
        actual: "10".to_owned(),
    }];
    let wide = target("", &["产出/时效/维修响应时间|≤|24|小时"]);
    assert!(rules(&wide, &context).contains(&"A07"));
    let near = target("", &["产出/时效/维修响应时间|≤|12|小时"]);
    assert!(!rules(&near, &context).contains(&"A07"));
}

#[test]
fn a_satisfaction_is_asked_for() {
    let asked = ["满意度/服务对象满意度/居民满意度（入户问卷50份）|≥|90|%"];
    check(
        "A11",
        ("", &["满意度/服务对象满意度/居民满意度|≥|90|%"]),
        ("", &asked),
    );
}

const WHOLE: [&str; 5] = [
    "产出/数量/改造管网|≥|9|公里|20",
    "产出/质量/验收合格率|≥|98|%|20",
    "产出/时效/完工|≤|2024年10月31日前||10",
    "成本/经济成本/总成本|≤|65|万元|10",
    "效益/社会效益/受益户数|≥|300|户|30",
];

#[test]
fn a_table_is_whole() {
    let without = |heading: &str| -> Vec<&str> {
        WHOLE
            .into_iter()
            .filter(|row| !row.contains(heading))
            .collect()
    };
    for (rule, heading) in [("A13", "成本"), ("A14", "时效"), ("A15", "质量")] {
        check(rule, ("", &without(heading)), ("", &WHOLE));
    }
    let counts = [
        "产出/数量/管网|≥|9|公里",
        "产出/数量/泵站|≥|2|座",
        "效益/社会效益/受益户数|≥|300|户",
    ];
    check("A16", ("", &counts), ("", &WHOLE));
    let excerpt = Context {
        is_excerpt: true,
        ..context()
    };
    assert!(!rules(&target("", &counts), &excerpt).contains(&"A16"));
    let given = Context {
        is_given: true,
        ..context()
    };
    assert!(!rules(&target("", &counts), &given).contains(&"A16"));
    let given = Context {
        object_name: "人员类项目".to_owned(),
        ..context()
    };
    assert!(!rules(&target("", &counts), &given).contains(&"A16"));
}

#[test]
fn a_table_has_a_weight_where_it_matters() {
    let shares = |last: &'static str| {
        ["质量/合格率", "质量/及格率", "质量/达标率", "质量/完好率"]
            .iter()
            .map(|name| format!("产出/{name}|＝|100|%"))
            .chain([last.to_owned()])
            .collect::<Vec<String>>()
    };
    let (all, some) = (
        shares("产出/质量/优良率|＝|100|%"),
        shares("产出/质量/优良率|≥|90|%"),
    );
    let lines = |rows: &[String]| target("", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(rules(&lines(&all), &context()).contains(&"A08"));
    assert!(!rules(&lines(&some), &context()).contains(&"A08"));
    let weighed = |points: [&str; 4]| {
        let rows = points.map(|points| format!("产出/数量/改造{points}|≥|9|公里|{points}"));
        rules(&lines(&rows), &context())
    };
    assert!(weighed(["22.5"; 4]).contains(&"A09"));
    assert!(!weighed(["22.5", "22.5", "22", "23"]).contains(&"A09"));
    assert!(weighed(["46", "20", "12", "12"]).contains(&"A10"));
    assert!(
        !weighed(["45", "20", "13", "12"]).contains(&"A10"),
        "half is not more than half"
    );
}

#[test]
fn a_goal_is_its_own_and_has_figures() {
    let rows: &[&str] = &["产出/数量/改造雨污管网|≥|9|公里"];
    for (rule, hit, miss) in [
        (
            "A18",
            "为全县残疾人提供基本康复服务和辅助器具适配，改善其生活质量",
            "为300名残疾人适配辅助器具，其中轮椅120辆，其余为助听器",
        ),
        (
            "A19",
            "完成老旧小区管网改造工程。",
            "老旧小区管网改造工程完工后，3个小区雨后不再积水",
        ),
        (
            "A20",
            "改造管网，改善居住条件",
            "改造管网9公里，改善居住条件",
        ),
        (
            "A20",
            "改造管网，改善居住条件",
            "改造三百米管网，改善居住条件",
        ),
        ("A21", "改造雨污管网19公里", "改造雨污管网9公里"),
        (
            "A21",
            "改造雨污管网19公里",
            "修剪绿化带19公里，改造雨污管网9公里",
        ),
        ("A31", "长期改善居住条件，改造9公里", "2024年改造9公里"),
        ("A31", "到2035年改造9公里", "2024年改造2035米"),
        ("A32", "例：改造9公里", "改造9公里，举例说明"),
        (
            "A34",
            "完成SCADA建设9公里",
            "完成监控系统（SCADA）建设9公里",
        ),
    ] {
        check(rule, (hit, rows), (miss, rows));
    }
    check("A01", ("进一步改善环境", &[]), ("改善3个小区的环境", &[]));
}

#[test]
fn every_rule_has_its_tests() {
    let tests = include_str!("tests.rs");
    for rule in RULES {
        assert!(tests.contains(&format!("\"{}\"", rule.id)), "{}", rule.id);
    }
}

#[test]
fn a_mend_that_is_adopted_ends_its_advice() {
    let typed = target(
        "改造管网，改善居住条件",
        &[
            "产出/数量/检修|≥|280次||10",
            "产出/质量/合格率|≥|达标||10",
            "成本/经济成本/总成本|＝|65|万元|10",
            "效益/社会效益/投诉率|≥|5|%|10",
            "满意度/服务对象满意度/居民满意度|＝|100|%|10",
            "产出/数量/★受益人数(≥**人)|≥|9||10",
            "产出/数量/培训人数|≥|9|人|10",
        ],
    );
    let advice = advise(default_pack(), &typed, &context());
    let with_text = advice.iter().filter(|advice| !advice.mend.puts.is_empty());
    let mut adopted_rules = Vec::new();
    for advice in with_text {
        let better = adopted(&typed, advice);
        assert_ne!(better, typed, "{advice:?}");
        let left = advise(default_pack(), &better, &context());
        let same = |other: &&Advice| (other.rule, &other.r#where) == (advice.rule, &advice.r#where);
        assert_eq!(left.iter().find(same), None, "{advice:?}");
        adopted_rules.push(advice.rule);
    }
    adopted_rules.sort_unstable();
    adopted_rules.dedup();
    let all = [
        "A02", "A03", "A07", "A11", "A12", "A20", "A23", "A25", "A30", "A32",
    ];
    assert_eq!(adopted_rules, all);
}

#[test]
fn advice_comes_in_the_order_of_the_form() {
    let typed = target(
        "改造管网",
        &[
            "产出/数量/资金到位率|≥|100%|",
            "产出/数量/检修|≥|280次|",
            "效益/社会效益/环境|定性|较好",
        ],
    );
    let context = Context {
        object_name: "管网".to_owned(),
        ..context()
    };
    let advice = advise(default_pack(), &typed, &context);
    let places: Vec<(&str, &str)> = advice
        .iter()
        .map(|advice| (advice.rule, &*advice.r#where))
        .collect();
    assert_eq!(
        places,
        [
            ("A20", "goal"),
            ("A16", "indicators"),
            ("A03", "indicators/1/value"),
            ("A04", "indicators/1/name"),
            ("A03", "indicators/2/value"),
            ("A01", "indicators/3/value"),
        ]
    );
    assert_eq!(advise(default_pack(), &typed, &context), advice);
}

#[test]
fn what_the_check_has_said_is_not_said_again() {
    let typed = target("", &["产出/质量/返工率|≥|0|%"]);
    let advice = advise(default_pack(), &typed, &context());
    assert!(advice.iter().any(|advice| advice.rule == "A26"));
    let told = Finding {
        rule: "V11",
        severity: crate::finding::Severity::W,
        r#where: "indicators/1/value".to_owned(),
        message: String::new(),
        printed: None,
        computed: None,
    };
    let left = not_told(advice, &[told]);
    assert!(!left.iter().any(|advice| advice.rule == "A26"), "{left:?}");
}

#[test]
fn a_place_switches_rules_off_and_sets_its_own_limits() {
    let mut pack = default_pack().clone();
    let typed = target("", &["满意度/服务对象满意度/居民满意度|≥|90|%"]);
    pack.advice.off = vec!["A11".to_owned()];
    assert!(
        advise(&pack, &typed, &context())
            .iter()
            .all(|advice| advice.rule != "A11")
    );
    pack.advice.off.clear();
    pack.advice.sample = 200;
    let advice = advise(&pack, &typed, &context());
    assert_eq!(
        advice[0].mend.puts[0].text,
        "居民满意度（抽样问卷，不少于200份）"
    );
}

#[test]
fn likeness_is_counted_in_pairs_of_letters() {
    let like = |first, second| like::likeness(first, second).to_string();
    assert_eq!(like("绩效目标", "绩效目标。"), "100");
    // 绩效, 效目, 目标 and 绩效, 效指, 指标: one of three is common.
    assert_eq!(like("绩效目标", "绩效指标").get(..5), Some("33.33"));
    assert_eq!(like("绩", "绩"), "0");
    assert!(like::is_one_put_in("污水管网长度", "污水管网总长度"));
    assert!(!like::is_one_put_in("药品抽检", "食品抽检率"));
}

#[test]
fn odd_texts_do_no_harm() {
    for text in [
        "",
        "×",
        "≥",
        "99999999999999999999999999",
        "-1",
        "０",
        "%",
        "1/0",
        "\u{200b}",
    ] {
        let rows = [format!("{text}/{text}/{text}|{text}|{text}|{text}|{text}")];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut context = context();
        context.last[0].name = text.to_owned();
        context.last[0].actual = "0".to_owned();
        context.object_name = text.to_owned();
        advise(default_pack(), &target(text, &rows), &context);
    }
}
