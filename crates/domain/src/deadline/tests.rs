use super::*;

#[test]
fn a_stage_lasts_until_the_next_one() {
    for (days_left, expected) in [
        (8, None),
        (7, Some(Stage::SevenDays)),
        (4, Some(Stage::SevenDays)),
        (3, Some(Stage::ThreeDays)),
        (1, Some(Stage::ThreeDays)),
        (0, Some(Stage::Today)),
        (-1, Some(Stage::Overdue)),
        (-7, Some(Stage::Overdue)),
        (-8, None),
        (i64::MIN, None),
        (i64::MAX, None),
    ] {
        assert_eq!(stage(days_left), expected, "{days_left}");
    }
}

#[test]
fn the_distance_is_said_as_people_say_it() {
    for (days_left, expected) in [(3, "还有 3 天"), (0, "今天到期"), (-1, "已超过 1 天")]
    {
        assert_eq!(words(days_left), expected);
    }
    assert!(words(i64::MIN).contains("已超过"));
}

#[test]
fn the_minutes_grow_with_the_lines_and_are_round() {
    for (work, lines, expected) in [
        // 5 min for the head.
        (Work::Fill, 0, 5),
        // 5 + 10 = 15 min.
        (Work::Fill, 10, 15),
        // 5 + 11 = 16 → 20 min.
        (Work::Fill, 11, 20),
        // 2 min.
        (Work::Review, 0, 2),
        // 2 min + 6 × 20 s = 4 min.
        (Work::Review, 6, 4),
        // 2 min + 10 × 20 s = 5 min 20 s → 6 → 10 min.
        (Work::Review, 10, 10),
        (Work::Decide, 25, 2),
    ] {
        assert_eq!(minutes(work, lines), expected, "{work:?} {lines}");
    }
    assert!(minutes(Work::Fill, u32::MAX) > 0);
}
