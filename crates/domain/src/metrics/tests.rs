use super::*;

fn tally(part: &str, records: i64, hits: i64) -> Tally {
    Tally {
        part: part.to_owned(),
        records,
        hits,
        hit_amount: None,
        amount: None,
    }
}

fn value(shape: Shape, tallies: &[Tally]) -> String {
    compute(shape, tallies)
        .value
        .map_or_else(|| "不适用".to_owned(), |value| value.text())
}

#[test]
fn each_shape_gives_what_its_name_says() {
    let kinds = [
        tally("部门整体", 6, 6),
        tally("项目", 24, 24),
        tally("政策", 1, 1),
    ];
    assert_eq!(value(Shape::Count, &kinds), "31");
    assert_eq!(value(Shape::Distinct, &kinds), "3");
    // 68 of 69: 98.5507… → 98.55
    assert_eq!(value(Shape::Share, &[tally("", 69, 68)]), "98.55");
    assert_eq!(value(Shape::Share, &[tally("", 69, 69)]), "100");
    // 1 of 8: 12.5 keeps no zero behind it.
    assert_eq!(value(Shape::Share, &[tally("", 8, 1)]), "12.5");
    assert_eq!(value(Shape::YesNo, &[tally("", 1, 1)]), "是");
    assert_eq!(value(Shape::YesNo, &[]), "否");
    let points = Tally {
        hit_amount: Some(1001),
        ..tally("", 2, 2)
    };
    // 10.01 over two: 5.005 → 5.01
    assert_eq!(value(Shape::MeanPoints, &[points]), "5.01");
    let money = Tally {
        hit_amount: Some(1),
        amount: Some(3),
        ..tally("", 2, 1)
    };
    assert_eq!(
        value(Shape::AmountShare, std::slice::from_ref(&money)),
        "33.33"
    );
    assert_eq!(value(Shape::Sum, &[money]), "1");
}

#[test]
fn nothing_to_divide_by_is_not_applicable() {
    for shape in [
        Shape::Share,
        Shape::AmountShare,
        Shape::MeanPoints,
        Shape::MeanPercent,
        Shape::Sum,
    ] {
        assert_eq!(value(shape, &[]), "不适用", "{shape:?}");
    }
    assert_eq!(value(Shape::Count, &[]), "0");
}

#[test]
fn a_share_has_its_denominator_as_records_and_a_count_what_it_counts() {
    assert_eq!(compute(Shape::Share, &[tally("", 69, 68)]).records, 69);
    assert_eq!(compute(Shape::Count, &[tally("", 69, 68)]).records, 68);
}

#[test]
fn every_metric_has_an_id_of_its_own_and_says_how_it_is_computed() {
    let mut seen = std::collections::BTreeSet::new();
    for definition in DEFINITIONS {
        assert!(seen.insert(definition.id), "{} twice", definition.id);
        assert!(find(definition.id).is_some());
        for figure in std::iter::once(&definition.figure).chain(definition.also) {
            assert!(!figure.formula.is_empty() && !figure.name.is_empty());
        }
    }
    assert_eq!(seen.len(), 35);
}
