use domain::finding::Finding;
use domain::form::{Field, Form};
use domain::number::Decimal;
use proptest::prelude::*;

use super::layouts::{self, Layout, Levels, Line, MoneyBlock, Piece, Sample};
use super::read::read;

fn line(levels: [&str; 3], target: [&str; 3], rest: [&str; 4]) -> Line {
    Line {
        levels: levels.map(String::from),
        target: target.map(String::from),
        actual: rest[0].into(),
        weight: rest[1].into(),
        score: rest[2].into(),
        reason: rest[3].into(),
    }
}

pub(super) fn sample() -> Sample {
    Sample {
        project: "51000021R000000019951-临时救助".into(),
        department: "濉溪县民政局".into(),
        unit: "救助管理站".into(),
        total: ["880", "1120.5", "1008.45", "10", "90%", "9"].map(String::from),
        sources: vec![
            ["本年财政拨款", "120.5", "108.45"].map(String::from),
            ["上年结转资金", "1000", "900"].map(String::from),
        ],
        objectives: "为困难家庭解决临时性困难".into(),
        actual: "临时救助87人次".into(),
        rows: vec![
            line(
                ["产出指标（50分）", "数量指标", "救助人数"],
                ["≥", "59", "人次"],
                ["87人次", "20", "20", ""],
            ),
            line(
                ["产出指标（50分）", "数量指标", "发放户数"],
                ["≥", "30", "户"],
                ["28户", "15", "14", "搬迁2户"],
            ),
            line(
                ["产出指标（50分）", "质量指标", "发放准确率"],
                ["＝", "100", "%"],
                ["100%", "15", "15", ""],
            ),
            line(
                ["效益指标", "社会效益指标", "困难缓解程度"],
                ["", "有效缓解", ""],
                ["有效缓解", "30", "28", ""],
            ),
            line(
                ["满意度指标", "服务对象满意度指标", "受助对象满意度"],
                ["≥", "95", "%"],
                ["96%", "10", "10", ""],
            ),
        ],
        points: ["100", "96"].map(String::from),
    }
}

fn text<T>(field: Option<&Field<T>>) -> String {
    field.map(|field| field.printed.clone()).unwrap_or_default()
}

fn number(field: Option<&Field<Decimal>>) -> String {
    field
        .and_then(|field| field.value)
        .map(|value| value.to_string())
        .unwrap_or_default()
}

/// Everything that was read, line by line; a target's parts are joined.
fn told(form: &Form) -> Vec<String> {
    let total = form.money.total.clone().unwrap_or_default();
    let mut out = vec![
        form.kind.code().to_owned(),
        form.fiscal_year
            .as_ref()
            .and_then(|year| year.value)
            .unwrap_or(0)
            .to_string(),
        text(form.project_name.as_ref()),
        text(form.department.as_ref()),
        text(form.unit.as_ref()),
        text(form.objectives.as_ref()),
        text(form.actual_summary.as_ref()),
        format!("{:?}", form.money.unit.as_ref().and_then(|unit| unit.value)),
        [
            &total.initial,
            &total.adjusted,
            &total.executed,
            &total.weight,
            &total.rate,
            &total.score,
        ]
        .map(|field| number(field.as_ref()))
        .join(" "),
        format!(
            "{} {}",
            number(form.total_weight.as_ref()),
            number(form.total_score.as_ref())
        ),
    ];
    for row in &form.money.sources {
        let name = row.label.value.clone().unwrap_or_default();
        out.push(format!(
            "{name} {} {}",
            number(row.adjusted.as_ref()),
            number(row.executed.as_ref())
        ));
    }
    for row in &form.indicators {
        let fields = [
            &row.level1,
            &row.level2,
            &row.level3,
            &row.operator,
            &row.target,
            &row.unit,
            &row.actual,
            &row.reason,
        ];
        let texts = fields.map(|field| text(field.as_ref()));
        let points = format!(
            "{} {}",
            number(row.weight.as_ref()),
            number(row.score.as_ref())
        );
        let target = texts[3..6].concat();
        out.push(
            [&texts[..3], &[target], &texts[6..], &[points]]
                .concat()
                .join(" / "),
        );
    }
    out
}

fn expected(sample: &Sample) -> Vec<String> {
    let mut out = vec![
        "project_self_eval".into(),
        "2021".into(),
        sample.project.clone(),
        sample.department.clone(),
        sample.unit.clone(),
        sample.objectives.clone(),
        sample.actual.clone(),
        "Some(WanYuan)".into(),
        sample.total.join(" ").replace('%', ""),
        sample.points.join(" "),
    ];
    out.extend(sample.sources.iter().map(|source| source.join(" ")));
    out.extend(sample.rows.iter().map(|row| {
        let points = format!("{} {}", row.weight, row.score);
        let rest = [
            row.target.concat(),
            row.actual.clone(),
            row.reason.clone(),
            points,
        ];
        [&row.levels[..], &rest].concat().join(" / ")
    }));
    out
}

fn forms(bytes: &[u8]) -> Vec<(Form, Vec<Finding>)> {
    read(bytes, "自评表.xlsx").unwrap()
}

fn sheet(pieces: Vec<Piece>) -> Vec<u8> {
    layouts::workbook(&[("自评表", false, pieces)])
}

fn read_back(pieces: Vec<Piece>) -> Vec<String> {
    let read = forms(&sheet(pieces));
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].1, [], "no finding on a sound form");
    told(&read[0].0)
}

#[test]
fn a_form_is_the_same_in_every_layout() {
    let national = Layout::NATIONAL;
    for layout in [
        national,
        Layout {
            levels: Levels::Repeated,
            words: 1,
            ..national
        },
        Layout {
            levels: Levels::Blank,
            words: 2,
            ..national
        },
        Layout {
            points_first: true,
            ..national
        },
        Layout {
            target_in_three: true,
            words: 1,
            ..national
        },
        Layout {
            target_in_three: true,
            points_first: true,
            words: 2,
            ..national
        },
        Layout {
            two_row_heading: true,
            ..national
        },
        Layout {
            labels_above: true,
            ..national
        },
        Layout {
            origin: (6, 4),
            ..national
        },
        Layout {
            money: MoneyBlock::ReversedColumns,
            ..national
        },
        Layout {
            money: MoneyBlock::Transposed,
            ..national
        },
        Layout {
            money: MoneyBlock::UnitInEveryCell,
            ..national
        },
    ] {
        let read = read_back(layouts::pieces(&sample(), &layout));
        assert_eq!(read, expected(&sample()), "{layout:?}");
    }
}

pub(super) fn any_layout() -> impl Strategy<Value = Layout> {
    let levels = prop::sample::select(vec![Levels::Merged, Levels::Repeated, Levels::Blank]);
    let money = prop::sample::select(vec![
        MoneyBlock::Columns,
        MoneyBlock::ReversedColumns,
        MoneyBlock::Transposed,
        MoneyBlock::UnitInEveryCell,
    ]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (levels, money, flags, 0_usize..3, 0_u32..9, 0_u16..9).prop_map(
        |(levels, money, flags, words, down, right)| Layout {
            origin: (down, right),
            levels,
            money,
            points_first: flags.0,
            target_in_three: flags.1,
            two_row_heading: flags.2,
            labels_above: flags.3,
            words,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn what_is_laid_out_is_read_back(layout in any_layout()) {
        prop_assert_eq!(read_back(layouts::pieces(&sample(), &layout)), expected(&sample()));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(at in 0_usize..6_000, value in any::<u8>()) {
        let mut bytes = sheet(layouts::pieces(&sample(), &Layout::NATIONAL));
        let at = at % bytes.len();
        bytes[at] = value;
        let _ = read(&bytes, "坏文件.xlsx");
    }
}

/// Reads the form once for each cell that can be merged with a blank one beside or below it;
/// gives how many there were.
fn merge_each_cell(layout: &Layout) -> usize {
    let pieces = layouts::pieces(&sample(), layout);
    let filled: Vec<Piece> = pieces
        .into_iter()
        .filter(|piece| !piece.4.is_empty())
        .collect();
    let free = |row: u32, column: u16| {
        column < 12
            && !filled.iter().any(|piece| {
                (piece.0..=piece.2).contains(&row) && (piece.1..=piece.3).contains(&column)
            })
    };
    let mut mutations = 0;
    for (order, piece) in filled.iter().enumerate() {
        let right = piece.0 == piece.2 && free(piece.0, piece.3 + 1);
        let down = piece.1 == piece.3 && free(piece.2 + 1, piece.1) && piece.1 < 2;
        for (right, down) in [(right, false), (false, down)] {
            if !right && !down {
                continue;
            }
            let mut mutated = filled.clone();
            mutated[order].3 += u16::from(right);
            mutated[order].2 += u32::from(down);
            let read = forms(&sheet(mutated));
            assert_eq!(
                told(&read[0].0),
                expected(&sample()),
                "{piece:?} {right} {down}"
            );
            mutations += 1;
        }
    }
    mutations
}

#[test]
fn a_cell_merged_with_the_blank_ones_beside_it_reads_the_same() {
    let blank = Layout {
        levels: Levels::Blank,
        ..Layout::NATIONAL
    };
    let other = Layout {
        points_first: true,
        labels_above: true,
        words: 1,
        ..blank
    };
    let mutations = merge_each_cell(&blank) + merge_each_cell(&other);
    assert!(mutations >= 30, "{mutations}");
}

#[test]
fn a_text_table_reads_like_the_workbook() {
    let pieces = layouts::pieces(
        &sample(),
        &Layout {
            levels: Levels::Blank,
            ..Layout::NATIONAL
        },
    );
    let text = layouts::csv(&pieces);
    let (gbk, _, damaged) = encoding_rs::GBK.encode(&text);
    assert!(!damaged);
    for bytes in [text.as_bytes(), &gbk] {
        assert_eq!(told(&forms(bytes)[0].0), expected(&sample()));
    }
}

#[test]
fn each_sheet_and_each_block_of_a_sheet_is_a_form_of_its_own() {
    let samples = ["临时救助", "春节慰问", "殡葬补助"].map(|project| Sample {
        project: project.to_owned(),
        ..sample()
    });
    let below = Layout {
        origin: (40, 0),
        ..Layout::NATIONAL
    };
    let first = layouts::pieces(&samples[0], &Layout::NATIONAL);
    let second = layouts::pieces(&samples[1], &below);
    let third = layouts::pieces(&samples[2], &Layout::NATIONAL);
    let both: Vec<Piece> = first.into_iter().chain(second).collect();
    let book = layouts::workbook(&[("甲", false, both), ("乙", false, third)]);
    let read = forms(&book);
    assert_eq!(read.len(), 3);
    for ((form, findings), sample) in read.iter().zip(&samples) {
        assert_eq!(told(form), expected(sample));
        assert_eq!(*findings, []);
    }
    assert_eq!(read[2].0.project_name.as_ref().unwrap().place, "乙!B2");
}

/// The findings when the piece with the given text says something else.
fn findings_with(old: &str, new: &str) -> Vec<(&'static str, String)> {
    let mut pieces = layouts::pieces(&sample(), &Layout::NATIONAL);
    pieces
        .iter_mut()
        .filter(|piece| piece.4 == old)
        .take(1)
        .for_each(|piece| piece.4 = new.into());
    let read = forms(&sheet(pieces));
    read[0]
        .1
        .iter()
        .map(|finding| (finding.rule, finding.r#where.clone()))
        .collect()
}

#[test]
fn what_cannot_be_read_is_a_finding_with_its_place() {
    for (old, new, found) in [
        ("1120.5", "约一千", vec![("C93", "D6".to_owned())]),
        ("1120.5", "１１２０.５", vec![("C96", "D6".to_owned())]),
        ("1120.5", "11205000元", vec![("C94", "D6".to_owned())]),
        ("1120.5", "1,120.50", vec![]),
        ("1120.5", "11,20.5", vec![("C93", "D6".to_owned())]),
        ("1120.5", " 1120.5", vec![]),
    ] {
        assert_eq!(findings_with(old, new), found, "{new}");
    }
}

#[test]
fn a_form_on_a_hidden_sheet_is_named_and_not_mixed_in() {
    let pieces = || layouts::pieces(&sample(), &Layout::NATIONAL);
    let book = layouts::workbook(&[("自评表", false, pieces()), ("底稿", true, pieces())]);
    let read = forms(&book);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].1[0].rule, "C92");
    assert!(read[0].1[0].message.contains("底稿"));
    assert_eq!(read[0].0.project_name.as_ref().unwrap().place, "B2");
}

#[test]
fn a_file_without_a_form_names_what_was_looked_for() {
    for (bytes, reason) in [
        ("姓名,年龄\n甲,30\n".as_bytes(), "一级指标"),
        (b"%PDF-1.7".as_slice(), "PDF"),
        (b"".as_slice(), "空的"),
    ] {
        let error = read(bytes, "上报.xlsx").unwrap_err().to_string();
        assert!(
            error.contains(reason) && error.starts_with("上报.xlsx"),
            "{error}"
        );
    }
}
