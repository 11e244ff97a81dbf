//! A target as a workbook to be filled offline, and read back exactly.
//!
//! Source: the layout 部门预算项目绩效目标表 of the Sichuan budget system; the columns 核心指标 and
//! the hidden number of a row are ours.

use domain::number::Centi;
use domain::target::{
    Filed, FiledRow, LEVELS1, LEVELS2, MOST_ROWS, OPERATORS, Row, usual_operator,
};
use office::workbook::{FormCell, FormSheet, Look, STAMP_SHEET, Sheet, Workbook};

use super::store::record::Record;
use super::words;

/// Row of the table's headings, from 0.
const HEAD: u32 = 6;

/// Blank rows behind the filled ones.
const BLANK_ROWS: usize = 8;

/// Headings of the table's columns, and their widths in characters. The last but one is hidden.
const COLUMNS: [(&str, u16); 10] = [
    ("一级指标", 12),
    ("二级指标", 18),
    ("三级指标", 34),
    ("绩效指标性质", 9),
    ("绩效指标值", 16),
    ("绩效度量单位", 10),
    ("权重", 8),
    ("指标方向性", 11),
    ("核心指标", 9),
    ("行号（请勿改动）", 0),
];

/// Columns by what stands in them.
const NAME: usize = 2;
const KEY: u16 = 9;
const RETURNED: u16 = 10;

/// What the file says of itself.
const FORM: &str = "performance_target";

/// What stands on a form besides its fields.
pub(super) struct Head<'a> {
    pub(super) record: &'a Record,
    /// 预算数, in 万元; empty where there is none yet.
    pub(super) budget: String,
    /// What the points of all rows make.
    pub(super) full: Centi,
}

/// The form with these rows; behind each row why it came back, if it did.
pub(super) fn form(head: &Head<'_>, goal: &str, rows: &[(Row, String)]) -> FormSheet {
    let record = head.record;
    let is_returned = rows.iter().any(|(_, why)| !why.is_empty());
    let mut cells = top(head, goal);
    for (column, (title, _)) in (0_u16..).zip(COLUMNS) {
        cells.push(FormCell::new((HEAD, column), Look::Label, title));
    }
    let mut widths: Vec<u16> = COLUMNS.iter().map(|(_, width)| *width).collect();
    if is_returned {
        cells.push(FormCell::new((HEAD, RETURNED), Look::Label, "退回说明"));
        widths.push(40);
    }
    let blank = (Row::default(), String::new());
    let open = (rows.len() + BLANK_ROWS).min(MOST_ROWS.max(rows.len()));
    let padded = rows.iter().chain(std::iter::repeat(&blank)).take(open);
    let mut at = HEAD;
    for (row, why) in padded {
        at += 1;
        cells.extend(line(at, row));
        if !why.is_empty() {
            cells.push(FormCell::new((at, RETURNED), Look::Red, &**why));
        }
    }
    cells.extend(foot(head, rows, at));
    FormSheet {
        name: "绩效目标".to_owned(),
        widths,
        cells,
        heights: vec![(0, 32), (4, 80), (HEAD, 30), (at + 2, 40)],
        repeated: Some((HEAD, HEAD)),
        stamp: [
            ("form", FORM.to_owned()),
            ("id", record.id.clone()),
            ("version", record.version.to_string()),
            ("year", record.year.to_string()),
            ("object", record.object_name.clone()),
            ("unit", record.unit_name.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
    }
}

fn top(head: &Head<'_>, goal: &str) -> Vec<FormCell> {
    let record = head.record;
    let title = match &*record.object_kind {
        "department" => "部门整体支出绩效目标表",
        "policy" => "政策绩效目标表",
        _ => "部门预算项目绩效目标表",
    };
    let label = |at, text: &str| FormCell::new(at, Look::Label, text);
    let fixed = |at, to, text: &str| FormCell::new(at, Look::Fixed, text).up_to(to);
    let year = format!("{} 年度", record.year);
    let edition = format!(
        "第 {} 版 · {}",
        record.edition,
        words::object_kind(&record.object_kind)
    );
    vec![
        FormCell::new((0, 0), Look::Title, title).up_to((0, 8)),
        FormCell::new((1, 0), Look::Remark, format!("（{year}）　金额单位：万元")).up_to((1, 8)),
        label((2, 0), "单位名称"),
        fixed((2, 1), (2, 2), &record.unit_name),
        label((2, 3), "项目名称").up_to((2, 4)),
        fixed((2, 5), (2, 8), &record.object_name),
        label((3, 0), "预算数（万元）"),
        fixed((3, 1), (3, 2), &head.budget),
        label((3, 3), "版本").up_to((3, 4)),
        fixed((3, 5), (3, 8), &edition),
        label((4, 0), "年度目标"),
        FormCell::new((4, 1), Look::Open, goal).up_to((4, 8)),
        label((5, 0), "绩效指标").up_to((5, 8)),
    ]
}

/// A row of the table. Numbers are numbers where their digits come back as they are.
fn line(at: u32, row: &Row) -> Vec<FormCell> {
    let number = at + 1;
    let is_digits = |text: &str| text.parse::<f64>().is_ok_and(|it| it.to_string() == text);
    let value = if is_digits(&row.value) {
        Look::OpenNumber
    } else {
        Look::Open
    };
    let signs = OPERATORS.map(domain::indicator::Operator::sign);
    let mut levels2: Vec<&str> = LEVELS2.iter().map(|(_, word)| *word).collect();
    levels2.sort_unstable();
    levels2.dedup();
    let sign = format!("D{number}");
    let direction = format!(
        "=IF(OR({sign}=\"≤\",{sign}=\"＜\"),\"反向指标\",IF(OR({sign}=\"\",{sign}=\"定性\"),\"\",\
         \"正向指标\"))"
    );
    let known = match &*row.operator {
        "≤" | "＜" => "反向指标",
        "" | "定性" => "",
        _ => "正向指标",
    };
    let core = if row.is_core { "是" } else { "" };
    vec![
        FormCell::new((at, 0), Look::Open, &*row.level1).with_choices(&LEVELS1),
        FormCell::new((at, 1), Look::Open, &*row.level2).with_choices(&levels2),
        FormCell::new((at, 2), Look::Open, &*row.name),
        FormCell::new((at, 3), Look::Open, &*row.operator).with_choices(&signs),
        FormCell::new((at, 4), value, &*row.value),
        FormCell::new((at, 5), Look::Open, &*row.unit),
        FormCell::new((at, 6), Look::OpenNumber, &*row.weight),
        FormCell::new((at, 7), Look::Fixed, known).computed(direction),
        FormCell::new((at, 8), Look::Open, core).with_choices(&["是", "否"]),
        FormCell::new(
            (at, KEY),
            Look::Fixed,
            if row.is_kept() { &*row.key } else { "" },
        ),
    ]
}

fn foot(head: &Head<'_>, rows: &[(Row, String)], last: u32) -> Vec<FormCell> {
    let sum: Centi = rows.iter().filter_map(|(row, _)| row.points()).sum();
    let total = last + 1;
    let formula = format!("=SUM(G{}:G{})", HEAD + 2, last + 1);
    let word = format!("合计（应为 {} 分）", head.full);
    let remark = "填写说明：1. 白色格子可以填写；一级、二级指标、指标性质和核心指标从下拉选项里选择。\
                  2. 增加指标写在后面的空行；不要的行清空内容即可。\
                  3. 指标值只写数或文字，单位写在度量单位里。\
                  4. 填好后在系统里上传，先看差异，再逐行采用。";
    vec![
        FormCell::new((total, 0), Look::Label, word).up_to((total, 5)),
        FormCell::new((total, 6), Look::Fixed, sum.to_string()).computed(formula),
        FormCell::new((total, 7), Look::Fixed, "").up_to((total, 8)),
        FormCell::new((total + 1, 0), Look::Remark, remark).up_to((total + 1, 8)),
    ]
}

/// What a file of ours says of itself; none where somebody else made it.
fn stamp<'a>(book: &'a Workbook, name: &str) -> Option<&'a str> {
    let sheet = book
        .sheets
        .iter()
        .find(|sheet| sheet.name == STAMP_SHEET && sheet.hidden)?;
    let row = sheet
        .rows
        .iter()
        .find(|row| row.first().is_some_and(|cell| cell.text() == name));
    row?.get(1).map(office::workbook::Cell::text)
}

/// The target of a file that [`form`] made, as it was typed; none where the file is not ours, or
/// its layout was changed.
///
/// # Errors
/// It belongs to another target: a sentence that says what to do.
pub(super) fn read(book: &Workbook, record: &Record) -> Result<Option<Filed>, String> {
    if stamp(book, "form") != Some(FORM) {
        return Ok(None);
    }
    if stamp(book, "id") != Some(&*record.id) {
        let of = |name| stamp(book, name).unwrap_or("？");
        return Err(format!(
            "这个文件是「{}」{}（{} 年）的绩效目标表，不是这里的「{}」（{} 年）。请选对文件，\
             或者到那份目标的页面上传。",
            of("unit"),
            of("object"),
            of("year"),
            record.object_name,
            record.year
        ));
    }
    let sheet = book.sheets.iter().find(|sheet| !sheet.hidden);
    Ok(sheet.and_then(read_sheet))
}

fn read_sheet(sheet: &Sheet) -> Option<Filed> {
    let text = |row: &[office::workbook::Cell], column: usize| {
        row.get(column)
            .map_or("", |cell| cell.text().trim())
            .to_owned()
    };
    let is_head = |row: &Vec<office::workbook::Cell>| {
        (0..7).all(|column| {
            COLUMNS
                .get(column)
                .is_some_and(|(it, _)| text(row, column) == *it)
        })
    };
    let head = sheet.rows.iter().position(is_head)?;
    let goal = sheet
        .rows
        .iter()
        .take(head)
        .find(|row| text(row, 0) == "年度目标")?;
    let mut filed = Filed {
        goal: Some(text(goal, 1)),
        rows: Vec::new(),
    };
    let mut seen: Vec<String> = Vec::new();
    let table = sheet.rows.iter().enumerate().skip(head + 1);
    for (number, cells) in table.take_while(|(_, cells)| !text(cells, 0).starts_with("合计")) {
        let mut row = Row {
            key: text(cells, usize::from(KEY)),
            level1: text(cells, 0),
            level2: text(cells, 1),
            name: text(cells, NAME),
            operator: text(cells, 3),
            value: text(cells, 4),
            unit: text(cells, 5),
            weight: text(cells, 6),
            is_core: text(cells, 8) == "是",
            ..Row::default()
        };
        if row.is_blank() {
            continue;
        }
        let mut doubts = Vec::new();
        let usual = usual_operator(&row.operator);
        if !OPERATORS.iter().any(|operator| operator.sign() == usual) {
            doubts.push("没有选择指标性质，请选择 ≥、＝、≤ 等，或「定性」".to_owned());
        }
        row.operator = usual;
        // Whoever copies a whole row copies its number too.
        if !row.is_kept() || seen.contains(&row.key) {
            row.key.clear();
        }
        seen.push(row.key.clone());
        filed.rows.push(FiledRow {
            place: office::workbook::address(number, NAME),
            row,
            doubts,
            hints: Vec::new(),
        });
    }
    Some(filed)
}
