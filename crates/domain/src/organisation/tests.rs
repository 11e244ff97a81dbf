use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn unit(id: &str, level: Level, parent: Option<&str>) -> Unit {
    Unit {
        id: id.into(),
        code: id.to_owned(),
        name: format!("{id}局"),
        level,
        parent: parent.map(UnitId::from),
        valid_from: "2019-01-01".to_owned(),
        valid_to: None,
    }
}

fn step(unit: &Unit) -> Step<'_> {
    Step {
        unit,
        state_from: &unit.valid_from,
        open_children: 0,
        lowest_child: None,
        other: None,
        taken_codes: &[],
    }
}

#[test]
fn a_rename_keeps_what_the_unit_was_until_the_day_before() {
    let old = unit("a", Level::First, None);
    let change = Change::Rename {
        name: " 新局 ".to_owned(),
    };
    let effects = plan(&change, &step(&old), "2020-03-01").unwrap();
    let [Effect::Keep(former), Effect::Set(new)] = &*effects else {
        panic!("{effects:?}");
    };
    assert_eq!(former.state.valid_to.as_deref(), Some("2020-02-29"));
    assert_eq!((&*former.state.name, &*new.name), ("a局", "新局"));
    assert_eq!((&new.id, &new.valid_from), (&old.id, &old.valid_from));
}

#[test]
fn a_merge_closes_the_unit_and_names_who_goes_on() {
    let (ends, lives) = (unit("a", Level::First, None), unit("b", Level::First, None));
    let step = Step {
        other: Some((&lives, &[])),
        ..step(&ends)
    };
    let change = Change::Merge { into: "b".into() };
    let effects = plan(&change, &step, "2021-01-01").unwrap();
    let [
        Effect::Set(closed),
        Effect::Succeed {
            successor, is_main, ..
        },
    ] = &*effects
    else {
        panic!("{effects:?}");
    };
    assert_eq!(closed.valid_to.as_deref(), Some("2020-12-31"));
    assert!(successor.0 == "b" && *is_main);
}

#[test]
fn the_first_part_of_a_split_carries_the_old_figures() {
    let ends = unit("a", Level::Second, Some("top"));
    let part = |id: &str| NewUnit {
        id: id.into(),
        code: id.to_owned(),
        name: id.to_owned(),
    };
    let change = Change::Split {
        into: vec![part("x"), part("y")],
    };
    let effects = plan(&change, &step(&ends), "2021-01-01").unwrap();
    let mains: Vec<bool> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Succeed { is_main, .. } => Some(*is_main),
            _ => None,
        })
        .collect();
    assert_eq!(mains, [true, false]);
    let begun = effects.iter().filter_map(|effect| match effect {
        Effect::Begin(unit) => Some((unit.parent.clone(), &*unit.valid_from)),
        _ => None,
    });
    for (parent, from) in begun {
        assert_eq!((parent, from), (Some("top".into()), "2021-01-01"));
    }
}

#[test]
fn what_would_break_the_tree_is_refused() {
    let (first, second) = (
        unit("f", Level::First, None),
        unit("s", Level::Second, Some("f")),
    );
    let closed = Unit {
        valid_to: Some("2020-06-30".to_owned()),
        ..unit("c", Level::First, None)
    };
    let to = |parent: Option<&str>, level| Change::Move {
        parent: parent.map(UnitId::from),
        level,
    };
    let above = [UnitId::from("f")];
    let check = |change: &Change, step: &Step<'_>, on: &str, expected: &str| {
        let refusal = plan(change, step, on).unwrap_err().to_string();
        assert!(refusal.contains(expected), "{refusal}");
    };
    let below_itself = Step {
        other: Some((&second, &above)),
        ..step(&first)
    };
    check(
        &to(Some("s"), Level::Basic),
        &below_itself,
        "2021-01-01",
        "自己的下级",
    );
    let up = Step {
        other: Some((&first, &[])),
        ..step(&second)
    };
    check(
        &to(Some("f"), Level::First),
        &up,
        "2021-01-01",
        "一级单位没有上级",
    );
    check(&to(None, Level::Basic), &up, "2021-01-01", "应有上级");
    check(&to(Some("f"), Level::Second), &up, "2021-01-01", "没有变化");
    check(&to(Some("x"), Level::Basic), &up, "2021-01-01", "没有找到");
    let into_closed = Step {
        other: Some((&closed, &[])),
        ..step(&second)
    };
    check(
        &to(Some("c"), Level::Second),
        &into_closed,
        "2021-01-01",
        "不存续",
    );
    let parent = Step {
        open_children: 3,
        ..step(&first)
    };
    check(&Change::Close, &parent, "2021-01-01", "3 个下级单位");
    check(&Change::Close, &step(&first), "2018-12-31", "不存续");
    check(&Change::Close, &step(&first), "2019-01-01", "应晚于");
    check(&Change::Close, &step(&first), "2021-02-29", "有效的日期");
    let name = |name: &str| Change::Rename {
        name: name.to_owned(),
    };
    check(&name("f局"), &step(&first), "2021-01-01", "没有变化");
    check(&name(" "), &step(&first), "2021-01-01", "单位名称应为");
    let one = Change::Split { into: Vec::new() };
    check(&one, &step(&first), "2021-01-01", "至少要有两个");
    let twins = Change::Split {
        into: ["k", "k"]
            .map(|code| NewUnit {
                id: code.into(),
                code: code.to_owned(),
                name: "新".to_owned(),
            })
            .to_vec(),
    };
    check(&twins, &step(&first), "2021-01-01", "已被其他单位使用");
}

fn filed(code: &str, name: &str, parent: &str, level: &str, section: &str) -> Filed {
    Filed {
        place: format!("单位!A{code}"),
        code: code.to_owned(),
        name: name.to_owned(),
        parent_code: parent.to_owned(),
        level: level.to_owned(),
        section: section.to_owned(),
        valid_from: String::new(),
    }
}

fn known() -> BTreeMap<String, Found> {
    let found = |name: &str, parent: &str, level| Found {
        name: name.to_owned(),
        parent_code: parent.to_owned(),
        level,
        section: "农业股".to_owned(),
    };
    BTreeMap::from([
        ("001".to_owned(), found("农业局", "", Level::First)),
        ("001001".to_owned(), found("农技站", "001", Level::Second)),
    ])
}

fn fates(rows: &[Filed]) -> Vec<Fate> {
    let sections = BTreeSet::from(["农业股".to_owned(), "企业股".to_owned()]);
    compare(rows, &known(), &sections)
}

#[test]
fn an_import_tells_new_changed_and_unchanged_rows() {
    let fates = fates(&[
        filed("001", "农业农村局", "", "一级预算单位", "企业股"),
        filed("001001", "农技站", "001", "", ""),
        filed("001002", "种子站", "001", "", ""),
        filed("001002001", "试验田", "001002", "", ""),
    ]);
    let Fate::Changed(_, differences) = &fates[0] else {
        panic!("{fates:?}");
    };
    let fields: Vec<_> = differences.iter().map(|d| (d.field, &*d.after)).collect();
    assert_eq!(fields, [("单位名称", "农业农村局"), ("归口股室", "企业股")]);
    assert_eq!(fates[1], Fate::Unchanged);
    let level = |fate: &Fate| match fate {
        Fate::New(found) => found.level,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (level(&fates[2]), level(&fates[3])),
        (Level::Second, Level::Basic)
    );
}

#[test]
fn a_wrong_row_says_what_to_do() {
    for (row, expected) in [
        (filed("", "某局", "", "", ""), "单位编码"),
        (filed("0 1", "某局", "", "", ""), "单位编码"),
        (filed("2", "", "", "", ""), "单位名称"),
        (filed("2", "某局", "9", "", ""), "没有编码为“9”的上级单位"),
        (filed("2", "某局", "", "四级", ""), "应为一级、二级或基层"),
        (filed("2", "某局", "", "二级", ""), "应有上级单位"),
        (filed("2", "某局", "001001", "二级", ""), "级次更高"),
        (filed("2", "某局", "", "", "财政股"), "没有名为“财政股”"),
        (
            filed("001", "农业局", "001001", "基层", ""),
            "自己的下级单位之下",
        ),
    ] {
        let fates = fates(std::slice::from_ref(&row));
        let Fate::Rejected(message) = &fates[0] else {
            panic!("{row:?}: {fates:?}");
        };
        assert!(message.contains(expected), "{message}");
    }
    let twice = fates(&[
        filed("001", "农业局", "", "", ""),
        filed("001", "农业局", "", "", ""),
    ]);
    assert!(matches!(&twice[1], Fate::Rejected(message) if message.contains("重复")));
}

#[test]
fn days_are_those_of_the_calendar() {
    for (day, before) in [
        ("2020-03-01", "2020-02-29"),
        ("2021-03-01", "2021-02-28"),
        ("2021-01-01", "2020-12-31"),
        ("2021-05-01", "2021-04-30"),
        ("2021-05-31", "2021-05-30"),
    ] {
        assert_eq!(day_before(day), before);
        assert_eq!(day_after(before), day);
    }
    for text in [
        "2021-02-29",
        "2021-13-01",
        "2021-1-1",
        "21-01-01",
        "",
        "2021-01-01x",
    ] {
        assert!(!is_day(text), "{text}");
    }
}
