//! Codes, rows and sums at their boundaries.

mod gate;

use std::collections::BTreeMap;

use super::*;
use crate::form::MoneyUnit;
use crate::number::Fen;

const CODE: &str = "51068320T000000000001";

fn library() -> Library {
    let unit = |name: &str, parent: &str| KnownUnit {
        id: format!("u-{name}"),
        name: name.to_owned(),
        parent_code: parent.to_owned(),
    };
    let units = BTreeMap::from([
        ("001".to_owned(), unit("教育局", "")),
        ("001001".to_owned(), unit("实验小学", "001")),
        ("002".to_owned(), unit("农业局", "")),
    ]);
    let closed = BTreeMap::from([(
        "009".to_owned(),
        ClosedUnit {
            name: "粮食局".to_owned(),
            last_day: "2019-12-31".to_owned(),
            successors: "002 农业局".to_owned(),
        },
    )]);
    Library::new(units, closed, BTreeMap::new())
}

/// A sheet of one row under the labels 单位编码 … 年初预算数.
fn sheet(cells: &[(Column, &str)], amount: &str) -> FiledSheet {
    let columns: Vec<(Column, usize)> = cells.iter().map(|(c, _)| *c).zip(0..).collect();
    let texts = cells.iter().zip(0..).map(|((what, text), column)| Printed {
        what: *what,
        column,
        text: (*text).into(),
    });
    let column = columns.len();
    FiledSheet {
        amounts: vec![AmountColumn {
            column,
            unit: Some(MoneyUnit::WanYuan),
            ..AmountColumn::default()
        }],
        source: Some(FundSource::GeneralPublic),
        rows: std::iter::once(FiledRow {
            row: 1,
            texts: texts.collect(),
            amounts: vec![Printed {
                what: 0,
                column,
                text: amount.into(),
            }],
            sum_label: None,
        })
        .collect(),
        columns,
        ..FiledSheet::default()
    }
}

fn planned(cells: &[(Column, &str)], amount: &str) -> Result<Planned, Refused> {
    let mut all = vec![
        (Column::UnitCode, "001"),
        (Column::ProjectCode, CODE),
        (Column::ProjectName, "校舍维修"),
    ];
    for (column, text) in cells {
        match all.iter_mut().find(|(known, _)| known == column) {
            Some(known) => known.1 = text,
            None => all.push((*column, text)),
        }
    }
    let sheet = sheet(&all, amount);
    plan(2020, (0, &sheet), &library(), &mut Texts::default())
        .next()
        .unwrap()
}

#[test]
fn a_project_code_is_of_any_region_and_of_three_kinds() {
    for (code, expected) in [
        (CODE, Some(ProjectKind::SpecialPurpose)),
        ("51000021R000000019951", Some(ProjectKind::Personnel)),
        ("51068320Y000000000001", Some(ProjectKind::Operating)),
        ("51068320X000000000001", None),
        ("51068320t000000000001", None),
        ("51068320T00000000001", None),
        ("51068320T0000000000012", None),
        ("5106832０T000000000001", None),
        ("", None),
    ] {
        assert_eq!(project_kind(code).ok(), expected, "{code}");
    }
}

#[test]
fn a_subject_is_of_its_year() {
    let name = |code, year| Subject::Function.class_name(code, year);
    assert_eq!(name("2150101", 2020), Some("资源勘探信息等支出"));
    assert_eq!(name("2150101", 2021), Some("资源勘探工业信息等支出"));
    assert_eq!((name("234", 2019), name("218", 2020)), (None, None));
    for (subject, code, is_good) in [
        (Subject::Function, "205", true),
        (Subject::Function, "2050202", true),
        (Subject::Function, "2050", false),
        (Subject::Function, "2180101", false),
        (Subject::GovernmentEconomic, "50201", true),
        (Subject::GovernmentEconomic, "5020101", false),
        (Subject::GovernmentEconomic, "302", false),
        (Subject::DepartmentEconomic, "30201", true),
        (Subject::DepartmentEconomic, "小学教育", false),
    ] {
        assert_eq!(subject.check(code, 2020).is_ok(), is_good, "{code}");
    }
}

#[test]
fn an_amount_is_read_as_printed_or_refused_with_its_cell() {
    for (text, expected) in [
        ("12.5", Some(12_500_000)),
        ("1,234.56", Some(1_234_560_000)),
        ("１２．５", Some(12_500_000)),
        ("3元", Some(300)),
        ("0", Some(0)),
        ("约12万", None),
        ("12%", None),
        ("1,23", None),
        ("#REF!", None),
        ("-5", None),
        ("(5)", None),
        ("-", None),
        ("100000001", None),
    ] {
        let read = planned(&[], text);
        assert_eq!(read.as_ref().ok().map(|it| it.amount.0), expected, "{text}");
        if let Err(refused) = read {
            assert_eq!(refused.place, "D2", "{text}");
        }
    }
}

#[test]
fn a_wrong_cell_is_named_with_what_to_do() {
    for (column, text, place, said) in [
        (Column::UnitCode, "009", "A2", "承接单位（002 农业局）"),
        (Column::UnitCode, "1", "A2", "丢了前面的 0（已有“001”）"),
        (Column::UnitCode, "777", "A2", "没有编码为“777”的单位"),
        (Column::ProjectCode, "P1", "B2", "应是 21 位"),
        (
            Column::ProjectCode,
            "51068320X000000000001",
            "B2",
            "第 9 位是“X”",
        ),
        (Column::UnitName, "农业局", "A2", "不是同一个单位"),
        (Column::Kind, "人员类", "D2", "第 9 位表示“特定目标类”"),
        (Column::Kind, "大项目", "D2", "应是人员类"),
        (Column::Function, "2180101", "D2", "没有“218”类"),
        (Column::Book, "财政资金", "D2", "看不出是哪一类资金"),
        (Column::Change, "增加", "D2", "应是年初、追加、调减或调剂"),
        (Column::Congress, "也许", "D2", "请写“是”或“否”"),
    ] {
        let refused = planned(&[(column, text)], "1").unwrap_err();
        let is_expected = refused.message.contains(said);
        assert!(is_expected, "{text}: {}", refused.message);
        let expected = if column == Column::UnitName {
            "A2"
        } else {
            place
        };
        assert_eq!(refused.place, expected, "{text}");
    }
}

#[test]
fn words_are_read_in_the_spellings_of_lists() {
    let source = |column, text| planned(&[(column, text)], "1").map(|it| it.key);
    let key = source(Column::Book, "2").unwrap();
    assert_eq!(key.source, FundSource::GovFund);
    let key = source(Column::Source, "111-一般公共预算资金（上级转移支付）").unwrap();
    assert_eq!(key.source, FundSource::GeneralPublic);
    assert_eq!(key.origin, Origin::TransferFromAbove);
    let key = source(Column::Source, "事业收入").unwrap();
    assert_eq!(
        (key.source, key.source.book()),
        (FundSource::UnitFunds, "outside")
    );
    let key = source(Column::Document, "绵财预[2020] 3号").unwrap();
    assert_eq!(&*key.document, "绵财预〔2020〕3号");
    let key = source(Column::Function, "2050202-小学教育").unwrap();
    assert_eq!(&*key.function, "2050202");
}

#[test]
fn approval_by_the_congress_is_told_and_never_inferred() {
    let added = planned(&[(Column::Change, "追加")], "1").unwrap();
    assert_eq!(added.key.change, ChangeKind::Supplement);
    assert_eq!(added.requires_npc_approval, None);
    let told = [(Column::Change, "追加"), (Column::Congress, "是")];
    assert_eq!(
        planned(&told, "1").unwrap().requires_npc_approval,
        Some(true)
    );
}

#[test]
fn a_reduction_is_negative_however_it_is_printed() {
    for text in ["3", "-3"] {
        let cut = planned(&[(Column::Change, "调减")], text).unwrap();
        assert_eq!(cut.amount, Fen(-3_000_000), "{text}");
    }
    let moved = planned(&[(Column::Change, "调剂")], "-3").unwrap();
    assert_eq!(moved.amount, Fen(-3_000_000));
}

#[test]
fn packed_rows_are_the_rows_that_were_filed() {
    let cells = [(Column::UnitCode, "001"), (Column::Document, "001")];
    let one = sheet(&cells, "1").rows.iter().next().unwrap();
    let sum = FiledRow {
        row: 7,
        texts: Vec::new(),
        sum_label: Some("合计".into()),
        ..one.clone()
    };
    let rows = [
        one.clone(),
        FiledRow { row: 2, ..one },
        sum,
        FiledRow::default(),
    ];
    let packed: FiledRows = rows.iter().cloned().collect();
    assert_eq!(packed.iter().collect::<Vec<_>>(), rows);
    let text = serde_json::to_string(&packed).unwrap();
    assert_eq!(text.matches("001").count(), 1, "{text}");
    let again: FiledRows = serde_json::from_str(&text).unwrap();
    assert_eq!(again, packed);
}

#[test]
fn the_same_line_twice_is_refused_and_names_the_other() {
    let one = planned(&[], "1");
    let mut two = planned(&[], "2").unwrap();
    two.place = Place::new(&"".into(), 8, 3);
    let fates = compare(&[one, Ok(two)], &BTreeMap::new(), &library());
    assert!(matches!(&fates[0], Fate::New { message } if message.contains("加入项目库")));
    let Fate::Rejected(refused) = &fates[1] else {
        panic!("{:?}", fates[1]);
    };
    assert!(refused.place == "D9" && refused.message.contains("D2"));
}

#[test]
fn a_supplement_without_an_approved_target_says_so() {
    let added = planned(&[(Column::Change, "追加")], "1");
    let fates = compare(&[added], &BTreeMap::new(), &library());
    assert!(matches!(&fates[0], Fate::New { message } if message.contains("V14")));
}

#[test]
fn a_sum_from_january_on_leaves_its_month_the_rest() {
    let told = BTreeMap::from([
        (1, Told::Month(Fen(10))),
        (3, Told::UpTo(Fen(50))),
        (4, Told::Month(Fen(5))),
        (6, Told::UpTo(Fen(80))),
    ]);
    let months = settle(&told);
    let expected = [(1, Fen(10)), (3, Fen(40)), (4, Fen(5)), (6, Fen(25))];
    assert_eq!(months, BTreeMap::from(expected));
    // A month told later takes its part from the next sum, which stays as it was told.
    let mut more = told;
    more.insert(5, Told::UpTo(Fen(60)));
    assert_eq!(settle(&more)[&6], Fen(20));
    assert_eq!(settle(&more).into_values().sum::<Fen>(), Fen(80));
}
