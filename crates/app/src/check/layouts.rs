//! Filed forms laid out as workbooks in the ways that departments really use, from plain data.

use rust_xlsxwriter::{Format, Workbook};

/// What stands on a form; amounts and points as digits.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) project: String,
    pub(super) department: String,
    pub(super) unit: String,
    /// 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分
    pub(super) total: [String; 6],
    /// Name, 全年预算数, 全年执行数
    pub(super) sources: Vec<[String; 3]>,
    pub(super) objectives: String,
    pub(super) actual: String,
    pub(super) rows: Vec<Line>,
    pub(super) points: [String; 2],
}

/// A row of the indicator table.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) levels: [String; 3],
    /// Operator, value, unit
    pub(super) target: [String; 3],
    pub(super) actual: String,
    pub(super) weight: String,
    pub(super) score: String,
    pub(super) reason: String,
}

/// How level 1 and level 2 are written over several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Levels {
    Merged,
    Repeated,
    Blank,
}

/// How the money block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MoneyBlock {
    Columns,
    ReversedColumns,
    Transposed,
    UnitInEveryCell,
}

/// A layout.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) origin: (u32, u16),
    pub(super) levels: Levels,
    pub(super) money: MoneyBlock,
    pub(super) points_first: bool,
    pub(super) target_in_three: bool,
    pub(super) two_row_heading: bool,
    pub(super) labels_above: bool,
    /// Which of the variants of each label.
    pub(super) words: usize,
}

impl Layout {
    pub(super) const NATIONAL: Self = Self {
        origin: (0, 0),
        levels: Levels::Merged,
        money: MoneyBlock::Columns,
        points_first: false,
        target_in_three: false,
        two_row_heading: false,
        labels_above: false,
        words: 0,
    };
}

/// Text over an area: first row, first column, last row, last column.
pub(super) type Piece = (u32, u16, u32, u16, String);

/// Pieces in the order in which they are put down.
#[derive(Debug, Default)]
struct Canvas {
    pieces: Vec<Piece>,
    row: u32,
}

impl Canvas {
    fn put(&mut self, column: u16, text: &str) {
        self.wide(column, column, text);
    }

    fn wide(&mut self, from: u16, to: u16, text: &str) {
        self.pieces
            .push((self.row, from, self.row, to, text.to_owned()));
    }

    fn tall(&mut self, column: u16, rows: u32, text: &str) {
        self.pieces.push((
            self.row,
            column,
            self.row + rows - 1,
            column,
            text.to_owned(),
        ));
    }
}

const WORDS: [[&str; 15]; 3] = [
    [
        "项目名称",
        "主管部门",
        "实施单位",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
        "预期目标",
        "实际完成情况",
        "年度指标值",
        "实际完成值",
        "偏差原因分析及改进措施",
        "总分",
    ],
    [
        "项 目 名 称",
        "主管部门及代码",
        "实施单位（盖章）",
        "年初预算",
        "调整后预算数",
        "预算执行数",
        "权重",
        "预算执行率",
        "得 分",
        "项目年度目标",
        "年度目标完成情况",
        "绩效指标值",
        "完成值",
        "未完成原因分析",
        "合计",
    ],
    [
        "*项目名称：",
        "预算主管部门",
        "项目\n单位",
        "年初预算数",
        "全年预算数（Ａ）",
        "执行数(B)",
        "分值",
        "执行率（B/A）",
        "得分",
        "年初设定目标",
        "年度总体目标完成情况综述",
        "年初\n目标值（A）",
        "全年实际值",
        "未完成原因及拟采取的改进措施",
        "自评总分",
    ],
];

/// The pieces of a form.
pub(super) fn pieces(sample: &Sample, layout: &Layout) -> Vec<Piece> {
    let words = &WORDS[layout.words % WORDS.len()];
    let mut canvas = Canvas::default();
    canvas.wide(0, 9, "项目支出绩效自评表（2021年度）");
    canvas.row += 1;
    head(&mut canvas, sample, layout, words);
    money(&mut canvas, sample, layout, words);
    objectives(&mut canvas, sample, layout, words);
    indicators(&mut canvas, sample, layout, words);
    let (down, right) = layout.origin;
    canvas
        .pieces
        .into_iter()
        .map(|(top, left, bottom, last, text)| {
            (top + down, left + right, bottom + down, last + right, text)
        })
        .collect()
}

fn head(canvas: &mut Canvas, sample: &Sample, layout: &Layout, words: &[&str; 15]) {
    let fields = [
        (words[0], &sample.project),
        (words[1], &sample.department),
        (words[2], &sample.unit),
    ];
    for (place, (label, value)) in (0_u16..).zip(fields) {
        if layout.labels_above {
            canvas.wide(place * 3, place * 3 + 2, label);
            canvas.row += 1;
            canvas.wide(place * 3, place * 3 + 2, value);
            canvas.row -= 1;
        } else {
            canvas.put(0, label);
            canvas.wide(1, 9, value);
            canvas.row += 1;
        }
    }
    canvas.row += if layout.labels_above { 2 } else { 0 };
}

fn money(canvas: &mut Canvas, sample: &Sample, layout: &Layout, words: &[&str; 15]) {
    let steps = &words[3..9];
    let mut table = vec![(String::from("年度资金总额"), sample.total.to_vec())];
    for (order, [name, budget, executed]) in sample.sources.iter().enumerate() {
        let label = if order == 0 {
            format!("其中：{name}")
        } else {
            name.clone()
        };
        let dash = String::from("—");
        let row = vec![
            String::new(),
            budget.clone(),
            executed.clone(),
            dash.clone(),
            String::new(),
            dash,
        ];
        table.push((label, row));
    }
    let suffix = if layout.money == MoneyBlock::UnitInEveryCell {
        "万元"
    } else {
        ""
    };
    let value = |step: usize, text: &str| {
        if step < 3 && !text.is_empty() {
            format!("{text}{suffix}")
        } else {
            text.to_owned()
        }
    };
    let block = if suffix.is_empty() {
        "项目资金\n（万元）"
    } else {
        "项目资金"
    };
    let height = u32::try_from(table.len()).unwrap();
    if layout.money == MoneyBlock::Transposed {
        canvas.tall(0, 7, block);
        for (column, (label, _)) in (2_u16..).zip(&table) {
            canvas.put(column, label);
        }
        for (step, name) in steps.iter().enumerate() {
            canvas.row += 1;
            canvas.put(1, name);
            for (column, (_, row)) in (2_u16..).zip(&table) {
                canvas.put(column, &row[step]);
            }
        }
        canvas.row += 1;
        return;
    }
    let mut order: Vec<usize> = (0..6).collect();
    if layout.money == MoneyBlock::ReversedColumns {
        order.reverse();
    }
    canvas.tall(0, height + 1, block);
    for (column, step) in (2_u16..).zip(&order) {
        canvas.put(column, steps[*step]);
    }
    canvas.row += 1;
    for (label, row) in &table {
        canvas.put(1, label);
        for (column, step) in (2_u16..).zip(&order) {
            canvas.put(column, &value(*step, &row[*step]));
        }
        canvas.row += 1;
    }
}

fn objectives(canvas: &mut Canvas, sample: &Sample, layout: &Layout, words: &[&str; 15]) {
    if layout.labels_above {
        canvas.tall(0, 2, "年度总体目标");
        canvas.wide(1, 4, words[9]);
        canvas.wide(5, 9, words[10]);
        canvas.row += 1;
        canvas.wide(1, 4, &sample.objectives);
        canvas.wide(5, 9, &sample.actual);
    } else {
        canvas.put(0, "年度总体目标");
        canvas.put(1, words[9]);
        canvas.wide(2, 4, &sample.objectives);
        canvas.put(5, words[10]);
        canvas.wide(6, 9, &sample.actual);
    }
    canvas.row += 1;
}

/// Columns after the levels: heading and text of each row.
fn columns(sample: &Sample, layout: &Layout, words: &[&str; 15]) -> Vec<(String, Vec<String>)> {
    let all = |pick: &dyn Fn(&Line) -> String| sample.rows.iter().map(pick).collect::<Vec<_>>();
    let weight = (words[6].to_owned(), all(&|line| line.weight.clone()));
    let mut columns = Vec::new();
    if layout.points_first {
        columns.push(weight.clone());
    }
    if layout.target_in_three {
        for (part, name) in ["指标性质", "指标值", "度量单位"].iter().enumerate() {
            columns.push(((*name).to_owned(), all(&|line| line.target[part].clone())));
        }
    } else {
        columns.push((words[11].to_owned(), all(&|line| line.target.concat())));
    }
    columns.push((words[12].to_owned(), all(&|line| line.actual.clone())));
    if !layout.points_first {
        columns.push(weight);
    }
    columns.push((words[8].to_owned(), all(&|line| line.score.clone())));
    columns.push((words[13].to_owned(), all(&|line| line.reason.clone())));
    columns
}

fn indicators(canvas: &mut Canvas, sample: &Sample, layout: &Layout, words: &[&str; 15]) {
    let columns = columns(sample, layout, words);
    let names = ["一级指标", "二级\n指标", "三级指标"];
    if layout.two_row_heading {
        canvas.wide(0, 2, "绩效指标");
        for (column, (name, _)) in (3_u16..).zip(&columns) {
            canvas.tall(column, 2, name);
        }
        canvas.row += 1;
    } else {
        for (column, (name, _)) in (3_u16..).zip(&columns) {
            canvas.put(column, name);
        }
    }
    for (column, name) in (0_u16..).zip(names) {
        canvas.put(column, name);
    }
    canvas.row += 1;
    let first = canvas.row;
    for level in 0..2 {
        levels(canvas, sample, layout, level);
        canvas.row = first;
    }
    for (row, line) in sample.rows.iter().enumerate() {
        canvas.put(2, &line.levels[2]);
        for (column, (_, texts)) in (3_u16..).zip(&columns) {
            canvas.put(column, &texts[row]);
        }
        canvas.row += 1;
    }
    canvas.wide(0, 2, words[14]);
    for (column, (name, _)) in (3_u16..).zip(&columns) {
        if name == words[6] {
            canvas.put(column, &sample.points[0]);
        } else if name == words[8] {
            canvas.put(column, &sample.points[1]);
        }
    }
    canvas.row += 1;
}

/// One of the first two levels: runs of equal text under equal parents.
fn levels(canvas: &mut Canvas, sample: &Sample, layout: &Layout, level: usize) {
    let column = u16::try_from(level).unwrap();
    let path = |row: usize| {
        sample
            .rows
            .get(row)
            .map(|line| line.levels[..=level].to_vec())
    };
    let mut row = 0;
    while row < sample.rows.len() {
        let run = (row..sample.rows.len())
            .take_while(|at| path(*at) == path(row))
            .count();
        let text = &sample.rows[row].levels[level];
        match layout.levels {
            Levels::Merged => canvas.tall(column, u32::try_from(run).unwrap(), text),
            Levels::Blank => canvas.put(column, text),
            Levels::Repeated => {
                for _ in 0..run {
                    canvas.put(column, text);
                    canvas.row += 1;
                }
                canvas.row -= u32::try_from(run).unwrap();
            }
        }
        canvas.row += u32::try_from(run).unwrap();
        row += run;
    }
}

/// The pieces of each sheet as an xlsx file; bare digits become numbers.
pub(super) fn workbook(sheets: &[(&str, bool, Vec<Piece>)]) -> Vec<u8> {
    let plain = Format::new();
    let mut book = Workbook::new();
    for (name, hidden, pieces) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        sheet.set_hidden(*hidden);
        for (top, left, bottom, right, text) in pieces {
            if (top, left) != (bottom, right) {
                sheet
                    .merge_range(*top, *left, *bottom, *right, text, &plain)
                    .unwrap();
            } else if let Ok(number) = text.parse::<f64>() {
                sheet.write_number(*top, *left, number).unwrap();
            } else if !text.is_empty() {
                sheet.write_string(*top, *left, text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The pieces as a text table.
pub(super) fn csv(pieces: &[Piece]) -> String {
    let height = pieces.iter().map(|piece| piece.2).max().unwrap_or(0) + 1;
    let width = pieces.iter().map(|piece| piece.3).max().unwrap_or(0) + 1;
    let mut out = String::new();
    for row in 0..height {
        let cells: Vec<String> = (0..width)
            .map(|column| {
                let here = pieces
                    .iter()
                    .find(|piece| (piece.0, piece.1) == (row, column));
                format!("\"{}\"", here.map_or("", |piece| piece.4.as_str()))
            })
            .collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}
