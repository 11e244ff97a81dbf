use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn row(key: &str, name: &str, value: &str) -> Node {
    Node::nodes(
        key,
        name,
        vec![
            Node::text("name", "三级指标", name),
            Node::text("value", "指标值", value),
        ],
    )
}

fn target(goal: &str, rows: &[(&str, &str, &str)]) -> Content {
    Content {
        nodes: vec![
            Node::text("goal", "年度目标", goal),
            Node::nodes(
                "indicators",
                "绩效指标",
                rows.iter()
                    .map(|(key, name, value)| row(key, name, value))
                    .collect(),
            ),
        ],
    }
}

/// The changes that a reader learns something by, one a line.
fn told(before: &Content, after: &Content) -> String {
    let changes = diff(before, after);
    assert_eq!(apply(before, &changes), *after);
    let lines: Vec<String> = changes
        .iter()
        .filter(|change| change.is_telling())
        .map(|change| match change {
            Change::Changed {
                path,
                before,
                after,
            } => format!("~ {path}: {before} → {after}"),
            Change::Added { path, place, .. } => format!("+ {path} at {place}"),
            Change::Removed { path, place, .. } => format!("- {path} at {place}"),
            Change::Moved { path, from, to } => format!("= {path}: {from} → {to}"),
            other => format!("? {other:?}"),
        })
        .collect();
    lines.join("\n")
}

#[test]
fn a_change_is_told_where_it_is() {
    let before = target("修路", &[("1", "长度", "5"), ("2", "合格率", "100")]);
    for (after, expected) in [
        (before.clone(), ""),
        (
            target("修路和桥", &[("1", "长度", "6"), ("2", "合格率", "100")]),
            "~ goal: 修路 → 修路和桥\n~ indicators/1/value: 5 → 6",
        ),
        (
            target("修路", &[("1", "道路长度", "5"), ("2", "合格率", "100")]),
            "~ indicators/1/name: 长度 → 道路长度",
        ),
        (
            target("修路", &[("2", "合格率", "100")]),
            "- indicators/1 at 1",
        ),
        (
            target(
                "修路",
                &[
                    ("1", "长度", "5"),
                    ("3", "工期", "1"),
                    ("2", "合格率", "100"),
                ],
            ),
            "+ indicators/3 at 2",
        ),
        (
            target("修路", &[("2", "合格率", "100"), ("1", "长度", "5")]),
            "= indicators/2: 2 → 1",
        ),
    ] {
        let told = told(&before, &after);
        // Of two rows that change places either may be the one that moved.
        let swapped = expected.replace("2: 2 → 1", "1: 1 → 2");
        assert!(told == expected || told == swapped, "{told}");
    }
}

#[test]
fn a_row_dragged_past_many_is_one_move() {
    let rows = [
        ("1", "a", ""),
        ("2", "b", ""),
        ("3", "c", ""),
        ("4", "d", ""),
    ];
    let moved = [rows[3], rows[0], rows[1], rows[2]];
    assert_eq!(
        told(&target("", &rows), &target("", &moved)),
        "= indicators/4: 4 → 1"
    );
}

#[test]
fn a_row_typed_again_is_told_by_what_changed_in_it() {
    let before = target("", &[("1", "长度", "5"), ("2", "合格率", "100")]);
    let after = target("", &[("2", "合格率", "100"), ("7", "长度", "6")]);
    let told = told(&before, &after);
    assert!(told.contains("~ indicators/7/value: 5 → 6"), "{told}");
    assert!(!told.contains("+ "), "{told}");
}

#[test]
fn identity_goes_before_the_name() {
    let before = target("", &[("1", "长度", "5"), ("2", "宽度", "3")]);
    let after = target("", &[("1", "宽度", "5"), ("2", "长度", "3")]);
    assert_eq!(
        told(&before, &after),
        "~ indicators/1/name: 长度 → 宽度\n~ indicators/2/name: 宽度 → 长度"
    );
}

#[test]
fn a_form_that_gained_fields_is_told_as_such() {
    let before = target("修路", &[]);
    let mut after = before.clone();
    after
        .nodes
        .insert(0, Node::text("period", "项目期", "三年"));
    assert_eq!(told(&before, &after), "+ period at 1");
    // A field that became a list is another field.
    after.nodes[1] = Node::nodes("goal", "年度目标", Vec::new());
    let told = told(&before, &after);
    assert!(
        told.contains("- goal at 1") && told.contains("+ goal at 2"),
        "{told}"
    );
}

#[test]
fn a_path_leads_to_its_node_and_its_words() {
    let content = target("修路", &[("3", "长度", "5")]);
    assert_eq!(content.find("indicators/3/value").unwrap().printed(), "5");
    assert_eq!(
        content.labels("indicators/3/value"),
        ["绩效指标", "长度", "指标值"]
    );
    for path in [
        "",
        "nothing",
        "indicators/4/value",
        "goal/x",
        "indicators/3/",
    ] {
        assert_eq!(content.find(path), None, "{path}");
    }
}

#[test]
fn equal_contents_have_equal_digests_and_others_do_not() {
    let text = |content: &Content| content.to_text().unwrap();
    let one = text(&target("修路", &[("1", "长度", "5")]));
    assert_eq!(one, text(&target("修路", &[("1", "长度", "5")])));
    assert_eq!(text(&Content::parse(&one).unwrap()), one);
    let others = [
        target("修路 ", &[("1", "长度", "5")]),
        target("修路", &[("2", "长度", "5")]),
        target("修路", &[("1", "长", "度5")]),
    ];
    for other in &others {
        assert_ne!(digest(&text(other)), digest(&one));
    }
    assert!(digest(&one).starts_with("sha256:") && digest(&one).len() == 71);
}

#[test]
fn long_texts_show_the_words_that_differ() {
    let check = |before: &str, after: &str, expected: &str| {
        let shown: String = pieces(before, after)
            .into_iter()
            .map(|piece| match piece {
                Piece::Same(text) => text,
                Piece::Old(text) => format!("[-{text}]"),
                Piece::New(text) => format!("[+{text}]"),
            })
            .collect();
        assert_eq!(shown, expected);
    };
    check("改造村道5公里", "改造村道12公里", "改造村道[-5][+12]公里");
    check("改造村道", "改造村道和桥梁", "改造村道[+和桥梁]");
    check("", "新写的目标", "[+新写的目标]");
    check("甲乙", "丙丁", "[-甲乙][+丙丁]");
    // One letter between two differences is no help to a reader.
    check(
        "完成甲的乙工程建设",
        "完成丙的丁工程建设",
        "完成[-甲的乙][+丙的丁]工程建设",
    );
    let long = "字".repeat(5_000);
    check(&long, "短", &format!("[-{long}][+短]"));
}

prop_compose! {
    fn rows()(names in prop::collection::btree_map("[1-9]", ("[甲乙丙]{0,2}", "[a-c]{0,2}"), 0..7))
        (rows in Just(names.into_iter().collect::<Vec<_>>()).prop_shuffle())
        -> Vec<Node> {
        rows.iter().map(|(key, (name, value))| row(key, name, value)).collect()
    }
}

prop_compose! {
    fn content()(
        rows in rows(),
        goal in "[a-d]{0,5}",
        has_goal in any::<bool>(),
        last in any::<bool>(),
    )
        -> Content {
        let mut nodes = vec![Node::nodes("indicators", "绩效指标", rows)];
        if has_goal {
            nodes.insert(usize::from(last), Node::text("goal", "年度目标", goal));
        }
        Content { nodes }
    }
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(content in content()) {
        prop_assert_eq!(diff(&content, &content), Vec::new());
    }

    #[test]
    fn applying_every_change_gives_the_other_content(one in content(), other in content()) {
        prop_assert_eq!(apply(&one, &diff(&one, &other)), other);
    }

    #[test]
    fn applying_some_changes_keeps_names_apart(
        one in content(), other in content(), chosen in any::<u64>(),
    ) {
        let changes: Vec<Change> = (0..64)
            .zip(diff(&one, &other))
            .filter(|(bit, _)| chosen >> bit & 1 == 1)
            .map(|(_, change)| change)
            .collect();
        let result = apply(&one, &changes);
        prop_assert!(result.to_text().is_ok());
    }

    #[test]
    fn pieces_hold_both_texts(one in "[ab甲乙 1]{0,12}", other in "[ab甲乙 1]{0,12}") {
        let (mut before, mut after) = (String::new(), String::new());
        for piece in pieces(&one, &other) {
            match piece {
                Piece::Same(text) => { before.push_str(&text); after.push_str(&text); }
                Piece::Old(text) => before.push_str(&text),
                Piece::New(text) => after.push_str(&text),
            }
        }
        prop_assert_eq!(before, one);
        prop_assert_eq!(after, other);
    }
}

/// What each side made of the same start, one line a place, and what came of it.
fn merged(base: &Content, mine: &Content, theirs: &Content, chosen: &[(&str, Side)]) -> Told {
    let choices = chosen
        .iter()
        .map(|(key, side)| ((*key).to_owned(), *side))
        .collect();
    let merge = merge(base, mine, theirs, &choices);
    let lines: Vec<String> = merge
        .differences
        .iter()
        .map(|it| {
            let mark = match it.verdict {
                Verdict::Only(Side::Mine) => "mine",
                Verdict::Only(Side::Theirs) => "theirs",
                Verdict::Same => "same",
                Verdict::Choice => "choice",
            };
            format!("{mark} {}", it.key())
        })
        .collect();
    let rows = merge
        .content
        .find("indicators")
        .map_or(&[][..], Node::children);
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{}={}", row.name, row.children()[1].printed()))
        .collect();
    Told {
        lines: lines.join(", "),
        rows: rows.join(" "),
        goal: merge.content.find("goal").unwrap().printed().to_owned(),
        open: merge.open.join(", "),
    }
}

struct Told {
    lines: String,
    rows: String,
    goal: String,
    open: String,
}

const START: [(&str, &str, &str); 3] = [("1", "长度", "5"), ("2", "宽度", "3"), ("3", "工期", "9")];

#[test]
fn a_field_that_one_side_changed_is_that_sides() {
    let base = target("修路", &START);
    let mine = target("修路和桥", &START);
    let theirs = target("修路", &[("1", "长度", "6"), START[1], START[2]]);
    let told = merged(&base, &mine, &theirs, &[]);
    assert_eq!(told.lines, "mine goal, theirs indicators/1/value");
    assert_eq!((&*told.goal, &*told.rows), ("修路和桥", "1=6 2=3 3=9"));
    assert_eq!(told.open, "");
}

#[test]
fn a_field_that_both_changed_is_chosen_and_until_then_what_was_saved() {
    let base = target("修路", &START);
    let mine = target("修路", &[("1", "长度", "7"), START[1], ("3", "工期", "8")]);
    let theirs = target("修路", &[("1", "长度", "6"), START[1], ("3", "工期", "8")]);
    let told = merged(&base, &mine, &theirs, &[]);
    assert_eq!(
        told.lines,
        "choice indicators/1/value, same indicators/3/value"
    );
    assert_eq!(told.open, "indicators/1/value");
    assert_eq!(told.rows, "1=6 2=3 3=8");
    let chosen = [("indicators/1/value", Side::Mine)];
    let told = merged(&base, &mine, &theirs, &chosen);
    assert_eq!((&*told.open, &*told.rows), ("", "1=7 2=3 3=8"));
}

#[test]
fn rows_that_either_side_added_are_both_there() {
    let base = target("", &START);
    let mine = target("", &[START[0], ("n2", "甲", "1"), START[1], START[2]]);
    let theirs = target("", &[START[0], START[1], START[2], ("4", "乙", "2")]);
    let told = merged(&base, &mine, &theirs, &[]);
    assert_eq!(told.lines, "mine indicators/n2, theirs indicators/4");
    assert_eq!(told.rows, "1=5 n2=1 2=3 3=9 4=2");
    // The same row added twice is one row.
    let twin = target("", &[START[0], START[1], START[2], ("4", "甲", "1")]);
    assert_eq!(merged(&base, &mine, &twin, &[]).rows, "1=5 2=3 3=9 4=1");
}

#[test]
fn a_row_that_one_side_removed_goes_unless_the_other_changed_it() {
    let base = target("", &START);
    let removed = target("", &[START[0], START[2]]);
    let other = target("", &[("1", "长度", "6"), START[1], START[2]]);
    for (mine, theirs, line) in [
        (
            &removed,
            &other,
            "theirs indicators/1/value, mine indicators/2",
        ),
        (
            &other,
            &removed,
            "mine indicators/1/value, theirs indicators/2",
        ),
    ] {
        let told = merged(&base, mine, theirs, &[]);
        assert_eq!((&*told.lines, &*told.rows), (line, "1=6 3=9"));
    }
    let changed = target("", &[START[0], ("2", "宽度", "4"), START[2]]);
    let told = merged(&base, &changed, &removed, &[]);
    assert_eq!((&*told.open, &*told.rows), ("indicators/2", "1=5 3=9"));
    let told = merged(&base, &changed, &removed, &[("indicators/2", Side::Mine)]);
    assert_eq!(told.rows, "1=5 2=4 3=9");
    let told = merged(&base, &removed, &changed, &[("indicators/2", Side::Mine)]);
    assert_eq!(told.rows, "1=5 3=9");
}

#[test]
fn rows_that_one_side_reordered_keep_the_others_changes() {
    let base = target("", &START);
    let mine = target("", &[START[2], START[0], START[1]]);
    let theirs = target(
        "",
        &[START[0], ("2", "宽度", "4"), START[2], ("4", "新", "1")],
    );
    let told = merged(&base, &mine, &theirs, &[]);
    assert_eq!(
        told.lines,
        "mine indicators/, theirs indicators/4, theirs indicators/2/value"
    );
    assert_eq!(told.rows, "3=9 4=1 1=5 2=4");
    let other = target("", &[START[1], START[0], START[2]]);
    let told = merged(&base, &mine, &other, &[]);
    assert_eq!((&*told.open, &*told.rows), ("indicators/", "2=3 1=5 3=9"));
    let told = merged(&base, &mine, &other, &[("indicators/", Side::Mine)]);
    assert_eq!(told.rows, "3=9 1=5 2=3");
    assert_eq!(merged(&base, &mine, &mine, &[]).lines, "same indicators/");
}

#[test]
fn without_a_known_start_everything_that_differs_is_a_choice() {
    let mine = target("甲", &[START[0], ("2", "宽度", "4")]);
    let theirs = target("乙", &[START[0], START[1]]);
    let told = merged(&Content::default(), &mine, &theirs, &[]);
    assert_eq!(told.open, "goal, indicators/2/value");
}

proptest! {
    #[test]
    fn a_side_that_changed_nothing_takes_everything(base in content(), other in content()) {
        let none = BTreeMap::new();
        let merge_to = merge(&base, &base, &other, &none);
        prop_assert_eq!(&merge_to.open, &Vec::<String>::new());
        prop_assert_eq!(&merge_to.content, &other);
        let merge_from = merge(&base, &other, &base, &none);
        prop_assert_eq!(&merge_from.open, &Vec::<String>::new());
        prop_assert_eq!(&merge_from.content, &other);
    }

    #[test]
    fn no_text_is_lost_without_a_difference_that_tells_of_it(
        base in content(), mine in content(), theirs in content(),
    ) {
        let merge = merge(&base, &mine, &theirs, &BTreeMap::new());
        let told = format!("{:?}{:?}", merge.differences, merge.content);
        for side in [&mine, &theirs] {
            for row in side.find("indicators").map_or(&[][..], Node::children) {
                for cell in row.children() {
                    let text = format!("{:?}", cell.printed());
                    prop_assert!(told.contains(&text), "{} in {}", text, told);
                }
            }
        }
    }
}
