use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn water() -> Entry {
    Entry {
        code: "213-02".to_owned(),
        level1: "产出指标".to_owned(),
        level2: "数量指标".to_owned(),
        name: "饮水安全巩固提升人口".to_owned(),
        operator: "≥".to_owned(),
        unit: "人".to_owned(),
        sector: "农林水".to_owned(),
        function_class: "213".to_owned(),
        ..Entry::default()
    }
}

fn filed(place: &str, cells: &[(&str, &str)]) -> Filed {
    let cell = |(name, text): &(&str, &str)| {
        let place = format!("{place}-{name}");
        let text = (*text).to_owned();
        ((*name).to_owned(), FiledCell { place, text })
    };
    Filed {
        place: place.to_owned(),
        cells: cells.iter().map(cell).collect(),
    }
}

fn looked(rows: &[Filed]) -> Vec<String> {
    let known = BTreeMap::from([("213-02".to_owned(), water())]);
    let units = BTreeSet::from(["101".to_owned()]);
    let fates = compare(rows, &known, &units).into_iter();
    fates
        .map(|fate| match fate {
            Fate::New(entry) => format!("new {}", entry.code),
            Fate::Changed(_, differences) => {
                let told: Vec<String> = differences
                    .iter()
                    .map(|(label, before, after)| format!("{label} {before}>{after}"))
                    .collect();
                format!("changed {}", told.join(" "))
            }
            Fate::Unchanged => "unchanged".to_owned(),
            Fate::Rejected(sentence, place) => format!("{place} {sentence}"),
        })
        .collect()
}

#[test]
fn every_common_indicator_can_be_kept_and_stands_once() {
    let set = common();
    assert!(set.len() >= 100, "{}", set.len());
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    for entry in set {
        assert_eq!(entry.problems(), [], "{}", entry.code);
        assert_eq!(entry.tidied(), *entry, "{}", entry.code);
        assert!(
            !entry.formula.is_empty() && !entry.evidence.is_empty(),
            "{}",
            entry.code
        );
        assert!(codes.insert(&entry.code), "{}", entry.code);
        assert!(names.insert((&entry.sector, &entry.name)), "{}", entry.name);
        let class = &entry.function_class;
        assert!(
            class.is_empty() || entry.code.starts_with(class.as_str()),
            "{}",
            entry.code
        );
    }
    let levels: BTreeSet<&str> = set.iter().map(|entry| &*entry.level2).collect();
    assert_eq!(levels.len(), 9, "every heading of the form: {levels:?}");
    assert!(sectors().contains(&"教育"), "{:?}", sectors());
}

#[test]
fn an_entry_is_its_content_again() {
    let entry = Entry {
        retired_on: "2026-01-31".to_owned(),
        successor: "213-03".to_owned(),
        owner: "101".to_owned(),
        ..water()
    };
    assert_eq!(Entry::of(&entry.content()), entry);
}

#[test]
fn what_cannot_be_kept_is_told_at_its_field() {
    for (field, text, expected) in [
        ("name", "", "请填写指标名称"),
        (
            "level1",
            "产出",
            "一级指标“产出”不是产出指标、效益指标、满意度指标、成本指标之一，请改正",
        ),
        (
            "operator",
            "大概",
            "指标性质“大概”无法识别，请填＞、≥、＝、＜、≤ 或定性",
        ),
        (
            "function_class",
            "2050",
            "功能分类“2050”应为 3 位类级编码，如 205；共性指标留空",
        ),
        (
            "retired_on",
            "2026年1月",
            "停用日期“2026年1月”应写成 2026-01-31 的样子",
        ),
        (
            "successor",
            "213-02",
            "接替指标不能是它自己，请填另一个指标的编码",
        ),
        (
            "unit",
            "\u{7}",
            "度量单位里有看不见的控制字符，请删除后重新录入",
        ),
    ] {
        let mut entry = water();
        assert!(entry.set(field, text));
        assert_eq!(entry.problems(), [(field, expected.to_owned())]);
    }
    let mut long = water();
    long.name = "长".repeat(201);
    assert_eq!(
        long.problems()[0].1,
        "指标名称有 201 个字，最多 200 个，请精简"
    );
    long.name = "长".repeat(200);
    assert_eq!(long.problems(), []);
}

#[test]
fn a_filed_list_is_compared_row_by_row() {
    let new = |code: &str, name: &str| {
        let (level1, level2) = ("产出指标", "数量指标");
        filed(
            code,
            &[
                ("code", code),
                ("name", name),
                ("level1", level1),
                ("level2", level2),
                ("operator", ">="),
                ("sector", "农林水"),
            ],
        )
    };
    // A column that the list does not have changes nothing.
    assert_eq!(looked(&[filed("A2", &[("code", "213-02")])]), ["unchanged"]);
    assert_eq!(
        looked(&[filed("A2", &[("code", "213-02"), ("unit", "万人")])]),
        ["changed 度量单位 人>万人"]
    );
    assert_eq!(looked(&[new("A2", "造林面积")]), ["new A2"]);
    assert_eq!(
        looked(&[new("A2", "饮水安全 巩固提升人口")]),
        ["A2-name 与“213-02”是同一个指标，请改用“213-02”或换一个名称"]
    );
    assert_eq!(
        looked(&[new("A2", "造林面积"), new("A2", "抚育面积")]),
        ["new A2", "A2-code 编码“A2”与 A2-code 重复，请只留一行"]
    );
    assert_eq!(
        looked(&[new("A2", "造林面积"), new("A3", "造林面积")]),
        [
            "new A2",
            "A3-name 与“A2”是同一个指标，请改用“A2”或换一个名称"
        ]
    );
    // A retired one makes room for its successor.
    let retired = [
        ("code", "213-02"),
        ("retired_on", "2026-01-01"),
        ("successor", "A3"),
    ];
    assert_eq!(
        looked(&[filed("A2", &retired), new("A3", "饮水安全巩固提升人口")]),
        ["changed 停用日期 >2026-01-01 接替指标编码 >A3", "new A3"]
    );
    assert_eq!(
        looked(&[filed("A2", &[("code", "213-02"), ("successor", "X")])]),
        ["A2-successor 指标库和文件里都没有“X”，请核对接替指标编码"]
    );
    assert_eq!(
        looked(&[filed("A2", &[("code", "213-02"), ("owner", "999")])]),
        ["A2-owner 没有编码为“999”的单位，请核对或留空"]
    );
    assert_eq!(
        looked(&[filed("A2", &[("code", "213-02"), ("owner", "101")])]),
        ["changed 所属单位编码 >101"]
    );
    assert_eq!(
        looked(&[filed("B7", &[("name", "无编码")])])[0],
        "B7 请填写指标编码"
    );
}
