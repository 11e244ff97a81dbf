use super::*;
use crate::rulepack::{builtin, default_pack};

fn marks(text: &str) -> Answers {
    let mark = |letter: char| Mark::find(&letter.to_string());
    Answers::Marks(text.chars().map(mark).collect())
}

/// T14 with its boundaries: the grade, and what one item more or less would make of it.
#[test]
fn the_grade_follows_from_the_items_and_says_what_one_item_would_change() {
    let lower =
        |from: &str, to: &str, grade: &str| format!("若有 1 项由{from}改为{to}，就是{grade}。");
    for (items, grade, swings) in [
        (
            "优优优优优优良良",
            "优",
            vec![lower("优", "良", "良"), lower("良", "中", "良")],
        ),
        (
            "优优优优优优优优",
            "优",
            vec!["任何 1 项上下变动一档，都还是优。".to_owned()],
        ),
        (
            "优优优优优优良中",
            "良",
            vec![lower("中", "差", "中"), lower("中", "良", "优")],
        ),
        ("优优优优优良良中", "良", vec![lower("中", "差", "中")]),
        ("优优优优良中中中", "中", vec![lower("中", "良", "良")]),
        ("优优优优优优中差", "中", vec![lower("差", "中", "良")]),
        ("中中中中中差差差", "差", vec![lower("差", "中", "中")]),
        ("中中中中中中差差", "中", vec![lower("中", "差", "差")]),
    ] {
        let found = graded(default_pack(), &marks(items)).unwrap();
        assert_eq!(found.grade, grade, "{items}");
        assert_eq!(found.swings, swings, "{items}");
        assert_eq!(found.score, None);
    }
}

#[test]
fn the_reason_counts_the_items_and_names_the_rule() {
    let reason = |items: &str| graded(default_pack(), &marks(items)).unwrap().reason;
    assert_eq!(
        reason("优优优优优优良良"),
        "8 项中优 6 项、良 2 项：优不少于 6 项，没有中和差，评定为优。"
    );
    assert_eq!(
        reason("中中中中中差差差"),
        "8 项中中 5 项、差 3 项：优、良、中合计不足 6 项，评定为差。"
    );
}

#[test]
fn an_open_row_gives_no_grade_and_is_named() {
    let open = graded(default_pack(), &marks("优优?优优优?优"));
    assert_eq!(open, Err(Unfinished::Open(vec![3, 7])));
    assert_eq!(
        open.unwrap_err().to_string(),
        "还有 2 项没有评定：第 3 、7 项"
    );
    let short = graded(default_pack(), &marks("优优"));
    assert_eq!(short, Err(Unfinished::Rows));
}

/// Points of a key project: the bands' ends are the higher grade's.
#[test]
fn a_key_project_is_graded_by_its_points() {
    let points = |last: i64| {
        let mut points = [1_000, 1_000, 1_500, 1_500, 1_500, 1_500, 1_000, 0].map(Some);
        points[7] = Some(last);
        Answers::Points(points.into_iter().map(|it| it.map(Centi)).collect())
    };
    let found = graded(default_pack(), &points(0)).unwrap();
    assert_eq!((&*found.grade, found.score), ("优", Some(Centi(9_000))));
    assert_eq!(found.swings, ["正好在分界 90 分上，再少就是良。"]);
    let less = |first: i64| {
        let Answers::Points(mut all) = points(0) else {
            unreachable!()
        };
        all[0] = Some(Centi(first));
        graded(default_pack(), &Answers::Points(all)).unwrap()
    };
    let found = less(999);
    assert_eq!((&*found.grade, found.score), ("良", Some(Centi(8_999))));
    assert_eq!(
        found.swings,
        [
            "比分界 80 分多 9.99 分，低于分界就是中。",
            "再得 0.01 分就是优。"
        ]
    );
    assert_eq!(less(0).grade, "良", "80.00 is 良");
    assert_eq!(less(-1).grade, "中", "79.99 is 中");
}

#[test]
fn points_are_read_within_the_items_full() {
    let full = Centi(1_500);
    assert_eq!(read_points(" 13.5 ", full), Ok(Some(Centi(1_350))));
    assert_eq!(read_points("", full), Ok(None));
    assert_eq!(read_points("15", full), Ok(Some(full)));
    for wrong in ["15.01", "-1", "13.555", "好", "1e3"] {
        assert!(read_points(wrong, full).is_err(), "{wrong}");
    }
}

#[test]
fn what_a_key_project_is_the_place_says() {
    let mut rules = default_pack().target_review.clone();
    let least = rules.key_from_fen.unwrap();
    assert!(is_key(&rules, least));
    assert!(!is_key(&rules, least - 1));
    rules.key_from_fen = None;
    assert!(!is_key(&rules, i64::MAX));
}

#[test]
fn every_grade_has_its_consequence() {
    use crate::workflow::Verb;
    for (grade, verb, asks) in [
        ("优", None, false),
        ("良", None, true),
        ("中", Some(Verb::Return), false),
        ("差", Some(Verb::Reject), false),
    ] {
        assert_eq!(follows(grade), verb, "{grade}");
        assert_eq!(asks_corrections(grade), asks, "{grade}");
        assert!(!consequence(grade).is_empty(), "{grade}");
        assert!(next_step(grade).contains(grade), "{grade}");
    }
}

#[test]
fn the_form_has_the_eight_rows_of_the_national_one() {
    let items = &builtin("mianzhu-2020").unwrap().target_review.items;
    let names: Vec<&str> = items.iter().map(|item| &*item.name).collect();
    assert_eq!(
        names,
        [
            "规范完整性",
            "明确清晰性",
            "目标相关性",
            "指标科学性",
            "绩效合理性",
            "资金匹配性",
            "实现可能性",
            "条件充分性"
        ]
    );
    assert!(rule(default_pack(), false).contains("优不少于 6 项"));
    assert_eq!(
        rule(default_pack(), true),
        "重点项目逐项打分，满分 100：90 分起为优，80 分起为良，60 分起为中，0 分起为差。"
    );
}
