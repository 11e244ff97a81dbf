//! A target as a workbook to be filled offline; [`super::sheet_back`] reads it back exactly.
//!
//! The sheet is made from the form's declaration. It has nine columns, and a hidden tenth that says
//! of each row what it is: [`Mark`]. The column 核心指标 of the indicators is ours.

use domain::number::{Centi, Decimal};
use domain::rulepack::target_form::{Block, BlockKind, FieldKind, FormField, SHEET_COLUMNS};
use domain::target::{LEVELS1, LEVELS2, Line, MOST_ROWS, OPERATORS, Row, Target, blank_line};
use office::workbook::{FormCell, FormSheet, Look};

use super::store::record::Record;

/// Blank rows behind the filled ones.
const BLANK_ROWS: usize = 8;

/// Headings of the indicators' columns, and the widths of all columns in characters.
pub(super) const COLUMNS: [(&str, u16); 9] = [
    ("一级指标", 12),
    ("二级指标", 18),
    ("三级指标", 34),
    ("绩效指标性质", 9),
    ("绩效指标值", 16),
    ("绩效度量单位", 10),
    ("权重", 8),
    ("指标方向性", 11),
    ("核心指标", 9),
];

/// Most letters of a label that fits on one line.
const LABEL_LETTERS: usize = 5;

/// The last column that people see.
const LAST: u16 = SHEET_COLUMNS - 1;

/// Where a pair of fields has its second label, its first value's end and its second value.
pub(super) const SECOND: u16 = 3;
pub(super) const SECOND_VALUE: u16 = 5;

/// The column of marks and of rows' numbers, and the one of reasons for a return.
pub(super) const KEY: u16 = 9;
const RETURNED: u16 = 10;

/// What a form says of itself.
pub(super) const FORM: &str = "performance_target";

/// What the hidden column says of a row; the rows of a table have their number there, or nothing.
pub(super) enum Mark<'a> {
    /// Nothing to read.
    Fixed,
    /// The names of the fields in it.
    Fields(Vec<&'a str>),
    /// The rows of this table come next.
    Table(&'a str),
}

impl Mark<'_> {
    fn text(&self) -> String {
        match self {
            Self::Fixed => "-".to_owned(),
            Self::Fields(keys) => format!("f:{}", keys.join(" ")),
            Self::Table(key) => format!("t:{key}"),
        }
    }

    /// The mark of a row; none for the row of a table.
    pub(super) fn read(text: &str) -> Option<Mark<'_>> {
        if text == "-" {
            return Some(Mark::Fixed);
        }
        if let Some(keys) = text.strip_prefix("f:") {
            return Some(Mark::Fields(keys.split(' ').collect()));
        }
        text.strip_prefix("t:").map(Mark::Table)
    }
}

/// What stands on a form besides its fields.
pub(super) struct Head<'a> {
    pub(super) record: &'a Record,
    /// What the points of all rows make.
    pub(super) full: Centi,
}

/// A sheet in the making.
struct Sheet<'a> {
    head: &'a Head<'a>,
    target: &'a Target,
    /// Why each indicator came back, by its place; shorter where none did.
    whys: &'a [String],
    cells: Vec<FormCell>,
    heights: Vec<(u32, u16)>,
    /// The next row.
    at: u32,
    /// The row of the indicators' headings.
    head_at: u32,
}

/// The form with what `target` says; behind each indicator why it came back, if it did.
pub(super) fn form(head: &Head<'_>, target: &Target, whys: &[String]) -> FormSheet {
    let mut sheet = Sheet {
        head,
        target,
        whys,
        cells: Vec::new(),
        heights: Vec::new(),
        at: 0,
        head_at: 0,
    };
    sheet.top();
    for block in &head.record.form.blocks {
        match block.kind {
            BlockKind::Fields => sheet.fields(block),
            BlockKind::Table => sheet.table(block),
            BlockKind::Indicators => sheet.indicators(block),
        }
    }
    sheet.remark();
    let mut widths: Vec<u16> = COLUMNS.iter().map(|(_, width)| *width).collect();
    widths.push(0);
    if whys.iter().any(|why| !why.is_empty()) {
        widths.push(40);
    }
    FormSheet {
        name: "绩效目标".to_owned(),
        widths,
        cells: sheet.cells,
        heights: sheet.heights,
        repeated: Some((sheet.head_at, sheet.head_at)),
        stamp: stamp(head.record),
    }
}

fn stamp(record: &Record) -> Vec<(String, String)> {
    let texts = [
        ("form", FORM.to_owned()),
        ("declared", record.form.id.clone()),
        ("id", record.id.clone()),
        ("version", record.version.to_string()),
        ("year", record.year.to_string()),
        ("object", record.object_name.clone()),
        ("unit", record.unit_name.clone()),
    ];
    texts.map(|(name, value)| (name.to_owned(), value)).into()
}

impl Sheet<'_> {
    fn put(&mut self, cell: FormCell) {
        self.cells.push(cell);
    }

    fn mark(&mut self, mark: &Mark<'_>) {
        self.put(FormCell::new((self.at, KEY), Look::Fixed, mark.text()));
    }

    fn whole(&mut self, look: Look, text: &str) {
        self.put(FormCell::new((self.at, 0), look, text).up_to((self.at, LAST)));
    }

    fn top(&mut self) {
        let record = self.head.record;
        self.whole(Look::Title, record.title());
        self.heights.push((0, 32));
        self.at = 1;
        let edition = match record.edition {
            1 => String::new(),
            edition => format!("　第 {edition} 版"),
        };
        let remark = format!("（{} 年度）　金额单位：万元{edition}", record.year);
        self.whole(Look::Remark, &remark);
        self.at = 2;
    }

    fn title(&mut self, block: &Block) {
        if !block.title.is_empty() {
            self.whole(Look::Label, &block.title);
            self.mark(&Mark::Fixed);
            self.at += 1;
        }
    }

    fn fields(&mut self, block: &Block) {
        self.title(block);
        for pair in paired(&block.fields) {
            let keys = pair.iter().map(|field| &*field.key).collect();
            self.mark(&Mark::Fields(keys));
            match pair[..] {
                [one, other] => {
                    self.field(one, (0, 0), (1, SECOND - 1));
                    self.field(other, (SECOND, SECOND_VALUE - 1), (SECOND_VALUE, LAST));
                }
                [one] => self.field(one, (0, 0), (1, LAST)),
                _ => {}
            }
            let is_long = |field: &&FormField| field.label.chars().count() > LABEL_LETTERS;
            if pair.iter().any(|field| field.kind == FieldKind::Long) {
                self.heights.push((self.at, 80));
            } else if pair.iter().any(is_long) {
                self.heights.push((self.at, 32));
            }
            self.at += 1;
        }
    }

    /// A field with its label and its value in these columns.
    fn field(&mut self, field: &FormField, label: (u16, u16), value: (u16, u16)) {
        let at = self.at;
        let word = FormCell::new((at, label.0), Look::Label, &*field.label);
        self.put(word.up_to((at, label.1)));
        let cell = match field.from {
            Some(source) => {
                let text = self.head.record.known.printed(source);
                FormCell::new((at, value.0), Look::Fixed, text)
            }
            None => open((at, value.0), field, self.target.value(&field.key)),
        };
        self.put(cell.up_to((at, value.1)));
    }

    fn table(&mut self, block: &Block) {
        self.title(block);
        self.headings(block);
        self.mark(&Mark::Table(&block.key));
        self.at += 1;
        let first = self.at;
        let lines = self.target.lines(&block.key);
        let open_rows = (lines.len() + BLANK_ROWS).min(block.most_rows.max(lines.len()));
        let blank = blank_line(block);
        let padded = lines.iter().chain(std::iter::repeat(&blank));
        let is_tall = block.fields.iter().any(|it| it.kind == FieldKind::Long);
        for line in padded.take(open_rows) {
            self.line(block, line);
            if is_tall && !line.is_blank() {
                self.heights.push((self.at, 40));
            }
            self.at += 1;
        }
        self.sums(block, first);
    }

    /// The headings of a table's columns; words over several of them stand one row higher.
    fn headings(&mut self, block: &Block) {
        let is_grouped = block.fields.iter().any(|column| !column.group.is_empty());
        let top = self.at;
        let low = if is_grouped { top + 1 } else { top };
        let mut group: Option<(&str, u16)> = None;
        for (column, (from, to)) in spans(block) {
            if column.group.is_empty() {
                let word = FormCell::new((top, from), Look::Label, &*column.label);
                self.put(word.up_to((low, to)));
                continue;
            }
            if group.is_none_or(|(word, _)| word != column.group) {
                group = Some((&column.group, from));
                let same = spans(block).into_iter().rev();
                let end = same.map(|(it, span)| (&it.group, span.1));
                let end = end
                    .filter(|(word, _)| **word == column.group)
                    .map(|(_, end)| end);
                let end = end.max().unwrap_or(to);
                let word = FormCell::new((top, from), Look::Label, &*column.group);
                self.put(word.up_to((top, end)));
            }
            let word = FormCell::new((low, from), Look::Label, &*column.label);
            self.put(word.up_to((low, to)));
        }
        if is_grouped {
            self.mark(&Mark::Fixed);
        }
        self.at = low;
    }

    fn line(&mut self, block: &Block, line: &Line) {
        for (column, (from, to)) in spans(block) {
            let cell = open((self.at, from), column, line.text(&column.key));
            self.put(cell.up_to((self.at, to)));
        }
        let key = if line.is_kept() { &*line.key } else { "" };
        self.put(FormCell::new((self.at, KEY), Look::Fixed, key));
    }

    fn sums(&mut self, block: &Block, first: u32) {
        if block.sum_label.is_empty() {
            return;
        }
        self.mark(&Mark::Fixed);
        let mut label_end = None;
        for (column, (from, to)) in spans(block) {
            if column.kind != FieldKind::Money {
                if label_end.is_none_or(|end| end + 1 == from) {
                    label_end = Some(to);
                } else {
                    self.put(FormCell::new((self.at, from), Look::Fixed, "").up_to((self.at, to)));
                }
                continue;
            }
            let letter = office::workbook::address(0, usize::from(from));
            let letter = letter.trim_end_matches('1');
            let formula = format!("=SUM({letter}{}:{letter}{})", first + 1, self.at);
            let sum = super::blocks::column_sum(self.target, block, &column.key);
            let cell = FormCell::new((self.at, from), Look::Fixed, sum).computed(formula);
            self.put(cell.up_to((self.at, to)));
        }
        if let Some(end) = label_end {
            let word = FormCell::new((self.at, 0), Look::Label, &*block.sum_label);
            self.put(word.up_to((self.at, end)));
        }
        self.at += 1;
    }

    fn indicators(&mut self, block: &Block) {
        self.title(block);
        self.head_at = self.at;
        for (column, (title, _)) in (0_u16..).zip(COLUMNS) {
            self.put(FormCell::new((self.at, column), Look::Label, title));
        }
        self.mark(&Mark::Table(&block.key));
        self.heights.push((self.at, 30));
        if self.whys.iter().any(|why| !why.is_empty()) {
            self.put(FormCell::new((self.at, RETURNED), Look::Label, "退回说明"));
        }
        self.at += 1;
        let (first, rows) = (self.at, &self.target.rows);
        let blank = Row::default();
        let open_rows = (rows.len() + BLANK_ROWS).min(MOST_ROWS.max(rows.len()));
        let whys = self.whys.iter().map(|why| &**why);
        let padded = rows.iter().chain(std::iter::repeat(&blank)).take(open_rows);
        for (row, why) in padded.zip(whys.chain(std::iter::repeat(""))) {
            self.cells.extend(indicator(self.at, row));
            if !why.is_empty() {
                self.put(FormCell::new((self.at, RETURNED), Look::Red, why));
            }
            self.at += 1;
        }
        self.points(first);
    }

    fn points(&mut self, first: u32) {
        let sum = self.target.sum().to_string();
        let formula = format!("=SUM(G{}:G{})", first + 1, self.at);
        let word = format!("合计（应为 {} 分）", self.head.full);
        self.put(FormCell::new((self.at, 0), Look::Label, word).up_to((self.at, 5)));
        self.put(FormCell::new((self.at, 6), Look::Fixed, sum).computed(formula));
        self.put(FormCell::new((self.at, 7), Look::Fixed, "").up_to((self.at, LAST)));
        self.mark(&Mark::Fixed);
        self.at += 1;
    }

    fn remark(&mut self) {
        let remark = "填写说明：1. 白色格子可以填写；有下拉选项的从选项里选择。\
                      2. 增加一行写在后面的空行；不要的行清空内容即可。\
                      3. 金额一律填万元；指标值只写数或文字，单位写在度量单位里。\
                      4. 填好后在系统里上传，先看差异，再逐行采用。";
        self.whole(Look::Remark, remark);
        self.heights.push((self.at, 40));
        let own = self.head.record.form.footnotes.iter();
        let signed = self.head.record.form.signatures.iter();
        let signed = signed.map(|word| format!("{word}：")).collect::<Vec<_>>();
        let lines: Vec<String> = own.cloned().chain([signed.join("　　　　　　")]).collect();
        for line in lines.iter().filter(|line| !line.is_empty()) {
            self.at += 1;
            self.whole(Look::Remark, line);
        }
    }
}

/// The fields in rows of one or two; what stands alone takes the whole row.
pub(super) fn paired(fields: &[FormField]) -> Vec<Vec<&FormField>> {
    let mut rows: Vec<Vec<&FormField>> = Vec::new();
    let mut is_open = false;
    for field in fields {
        if field.is_wide() {
            rows.push(vec![field]);
            is_open = false;
            continue;
        }
        match rows.last_mut().filter(|_| is_open) {
            Some(row) => row.push(field),
            None => rows.push(vec![field]),
        }
        is_open = !is_open;
    }
    rows
}

/// The columns of a table with the first and the last column of the sheet that each takes.
pub(super) fn spans(block: &Block) -> Vec<(&FormField, (u16, u16))> {
    let mut next = 0;
    let columns = block.fields.iter().map(|column| {
        let from = next;
        next += column.width;
        (column, (from, next - 1))
    });
    columns.collect()
}

/// A cell to be filled. An amount is a number where its digits come back as they are.
fn open(at: (u32, u16), field: &FormField, text: &str) -> FormCell {
    let is_exact = |text: &str| {
        let back = text.parse::<f64>().map(|it| it.to_string());
        let number = |text: &str| text.parse::<Decimal>().ok();
        back.is_ok_and(|back| number(&back).is_some() && number(&back) == number(text))
    };
    // What is no amount stays as it was typed.
    let is_amount = text.is_empty() || domain::target::money(text).is_ok() && is_exact(text);
    let is_number = field.kind == FieldKind::Money && is_amount;
    let look = if is_number {
        Look::OpenNumber
    } else {
        Look::Open
    };
    let options: Vec<&str> = field.options.iter().map(|word| &**word).collect();
    FormCell::new(at, look, text).with_choices(&options)
}

/// A row of the indicators. Numbers are numbers where their digits come back as they are.
fn indicator(at: u32, row: &Row) -> Vec<FormCell> {
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
    let core = if row.is_core { "是" } else { "" };
    vec![
        FormCell::new((at, 0), Look::Open, &*row.level1).with_choices(&LEVELS1),
        FormCell::new((at, 1), Look::Open, &*row.level2).with_choices(&levels2),
        FormCell::new((at, 2), Look::Open, &*row.name),
        FormCell::new((at, 3), Look::Open, &*row.operator).with_choices(&signs),
        FormCell::new((at, 4), value, &*row.value),
        FormCell::new((at, 5), Look::Open, &*row.unit),
        FormCell::new((at, 6), Look::OpenNumber, &*row.weight),
        FormCell::new((at, 7), Look::Fixed, direction_of(row)).computed(direction),
        FormCell::new((at, 8), Look::Open, core).with_choices(&["是", "否"]),
        FormCell::new(
            (at, KEY),
            Look::Fixed,
            if row.is_kept() { &*row.key } else { "" },
        ),
    ]
}

/// 指标方向性, as the sign says it.
pub(super) fn direction_of(row: &Row) -> &'static str {
    match &*row.operator {
        "≤" | "＜" => "反向指标",
        "" | "定性" => "",
        _ => "正向指标",
    }
}
