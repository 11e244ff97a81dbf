//! A workbook as people file it → rows with their columns, found by their labels.

use std::collections::{BTreeMap, HashMap};

use domain::budget::{AmountColumn, Column, Filed, FiledRow, FiledSheet, Packer, Printed, Time};
use domain::form::MoneyUnit;
use office::workbook::{self, Cell, Limits, Rows, Sheet, SheetHead};

#[cfg(test)]
use office::workbook::Workbook;

use super::labels::{self, Kind, bare};

/// Rows that are looked through for the head of the table.
const MOST_HEAD_ROWS: usize = 30;

/// Rows that a head has at most.
const MOST_HEAD_HEIGHT: usize = 3;

/// Rows from the top in which a head and what belongs to it stand: the last row in which a head may
/// begin, the rest of it, and the row behind it.
const WINDOW_ROWS: usize = MOST_HEAD_ROWS + MOST_HEAD_HEIGHT + 1;

/// The rows of every sheet that has a project code and an amount. The file is read row by row, and
/// of each row only what is filed stays.
///
/// # Errors
/// A Chinese sentence: the file cannot be read, no sheet is a list, or its columns leave open what
/// is meant.
pub(crate) fn read(bytes: &[u8], limits: &Limits, kind: Kind, year: i64) -> Result<Filed, String> {
    let reader = workbook::visit(bytes, limits, || Reader::new(kind, year));
    reader.map_err(|cause| cause.to_string())?.finish()
}

/// [`read`] of a workbook that is there already.
///
/// # Errors
/// As [`read`].
#[cfg(test)]
pub(super) fn of_book(book: Workbook, kind: Kind, year: i64) -> Result<Filed, String> {
    let mut reader = Reader::new(kind, year);
    book.give(&mut reader);
    reader.finish()
}

/// Makes rows of a file into what is filed.
struct Reader {
    kind: Kind,
    year: i64,
    filed: Filed,
    /// The sheet that is being read; none for one that people do not see.
    sheet: Option<Open>,
    /// Why the file is refused. The rest is passed over, in case that it cannot even be read.
    refused: Option<String>,
}

/// A sheet that is being read.
enum Open {
    /// Its first rows, until there are enough to look for the head.
    Window {
        sheet: Sheet,
        /// How many columns a row has at least.
        width: usize,
    },
    /// Its head is known.
    List(Box<List>),
    /// It is no list.
    Other,
}

impl Reader {
    fn new(kind: Kind, year: i64) -> Self {
        Self {
            kind,
            year,
            filed: Filed::default(),
            sheet: None,
            refused: None,
        }
    }

    /// Looks for the head in the first rows, and takes those below it.
    fn look(&mut self, sheet: &Sheet) -> Result<Open, String> {
        let Some(head) = Head::find(sheet, self.kind, self.year)? else {
            if !sheet.rows.is_empty() && !sheet.name.is_empty() {
                let note = format!("工作表“{}”没有项目编码和金额列，没有读取。", sheet.name);
                self.filed.notes.push(note);
            }
            return Ok(Open::Other);
        };
        let mut list = head.list(sheet, self.kind);
        for (row, cells) in sheet.rows.iter().enumerate() {
            list.take(row, cells);
        }
        Ok(Open::List(Box::new(list)))
    }

    fn close(&mut self) -> Result<(), String> {
        let open = match self.sheet.take() {
            Some(Open::Window { sheet, .. }) => self.look(&sheet)?,
            Some(open) => open,
            None => return Ok(()),
        };
        if let Open::List(list) = open {
            let read = list.finish()?;
            if !read.rows.is_empty() {
                self.filed.notes.extend(taken_for_granted(&read, self.kind));
                self.filed.sheets.push(read);
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Filed, String> {
        if self.refused.is_none() {
            self.refused = self.close().err();
        }
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        if self.filed.sheets.iter().any(|sheet| !sheet.rows.is_empty()) {
            return Ok(self.filed);
        }
        Err(match self.kind {
            Kind::Budget => {
                "没有找到预算表：表头里要有“项目编码”和金额（如“年初预算数”“追加”“金额”）两列，\
                 下面要有数据。"
            }
            Kind::Execution => {
                "没有找到执行表：表头里要有“项目编码”和“累计执行数”或“本月执行数”两列，下面要有数据。"
            }
        }
        .to_owned())
    }

    fn next_row(&mut self, cells: &mut Vec<Cell>) -> Result<(), String> {
        match &mut self.sheet {
            Some(Open::Window { sheet, width }) => {
                let mut cells = std::mem::take(cells);
                cells.resize(cells.len().max(*width), Cell::Empty);
                sheet.rows.push(cells);
                if sheet.rows.len() == WINDOW_ROWS {
                    let sheet = std::mem::take(sheet);
                    self.sheet = Some(self.look(&sheet)?);
                }
            }
            Some(Open::List(list)) => {
                let next = list.next;
                list.take(next, cells);
            }
            Some(Open::Other) | None => {}
        }
        Ok(())
    }
}

impl Rows for Reader {
    fn sheet(&mut self, head: SheetHead) {
        if self.refused.is_some() {
            return;
        }
        self.refused = self.close().err();
        self.sheet = (!head.hidden).then(|| Open::Window {
            width: head.width,
            sheet: Sheet {
                name: head.name,
                hidden: false,
                rows: Vec::new(),
                merges: head.merges,
            },
        });
    }

    fn row(&mut self, cells: &mut Vec<Cell>) {
        if self.refused.is_none() {
            self.refused = self.next_row(cells).err();
        }
    }
}

/// What a list leaves open and custom answers; it is told, never silent.
fn taken_for_granted(sheet: &FiledSheet, kind: Kind) -> Vec<String> {
    let mut notes = Vec::new();
    if kind == Kind::Execution {
        return notes;
    }
    let has = |wanted: Column| sheet.columns.iter().any(|(column, _)| *column == wanted);
    let name = if sheet.name.is_empty() {
        String::new()
    } else {
        format!("工作表“{}”", sheet.name)
    };
    let is_whole = |told: fn(&AmountColumn) -> bool| {
        let mut columns = sheet.amounts.iter().filter(|column| !column.is_sum);
        columns.all(told)
    };
    if !has(Column::Source) && !has(Column::Origin) && !is_whole(|column| column.origin.is_some()) {
        notes.push(format!(
            "{name}没有写明本级、上级转移支付或上年结转，按本级读取。"
        ));
    }
    let is_told = has(Column::Change) || sheet.change.is_some();
    if !is_told && !is_whole(|column| column.change.is_some()) {
        notes.push(format!(
            "{name}没有写明年初、追加、调减或调剂，按年初预算读取。"
        ));
    }
    notes
}

/// The head of a table.
struct Head {
    /// Its first and its last row.
    rows: (usize, usize),
    columns: BTreeMap<Column, usize>,
    amounts: Vec<AmountColumn>,
}

fn text(sheet: &Sheet, row: usize, column: usize) -> &str {
    let cell = sheet.rows.get(row).and_then(|row| row.get(column));
    cell.map_or("", |cell| cell.text().trim())
}

/// The text of a cell or of the merged area that it is part of.
fn merged_text(sheet: &Sheet, row: usize, column: usize) -> &str {
    let own = text(sheet, row, column);
    if !own.is_empty() {
        return own;
    }
    let area = sheet.merges.iter().find(|area| {
        (area.top..=area.bottom).contains(&row) && (area.left..=area.right).contains(&column)
    });
    area.map_or("", |area| text(sheet, area.top, area.left))
}

impl Head {
    fn find(sheet: &Sheet, kind: Kind, year: i64) -> Result<Option<Self>, String> {
        for row in 0..sheet.rows.len().min(MOST_HEAD_ROWS) {
            let width = sheet.rows[row].len();
            let is_project = |column: &usize| {
                let label = bare(text(sheet, row, *column));
                matches!(
                    labels::text_column(&[label]),
                    Some((Column::ProjectCode, _))
                )
            };
            let Some(project) = (0..width).find(is_project) else {
                continue;
            };
            let rows = Self::height(sheet, row, project);
            let head = Self::of(sheet, rows, (kind, year))?;
            if let Some(head) = head {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// The first and the last row of the head around the project's label.
    fn height(sheet: &Sheet, row: usize, project: usize) -> (usize, usize) {
        let merged = sheet.merges.iter().find(|area| {
            (area.top..=area.bottom).contains(&row) && (area.left..=area.right).contains(&project)
        });
        if let Some(area) = merged.filter(|area| area.bottom > area.top) {
            return (area.top, area.bottom.min(area.top + MOST_HEAD_HEIGHT - 1));
        }
        // Without merges: a row above or below belongs to the head where it has several labels and
        // nothing at the project's place.
        let is_part = |row: usize| {
            let cells = sheet.rows.get(row).into_iter().flatten();
            let texts: Vec<&str> = cells
                .map(|cell| cell.text().trim())
                .filter(|text| !text.is_empty())
                .collect();
            let is_label = |text: &&str| !text.chars().any(|letter| letter.is_ascii_digit());
            texts.len() > 1
                && texts.iter().all(is_label)
                && text(sheet, row, project).is_empty()
                && !texts
                    .iter()
                    .any(|text| text.contains("单位:") || text.contains("单位："))
        };
        let bottom = if is_part(row + 1) { row + 1 } else { row };
        let top = match row.checked_sub(1) {
            Some(above) if is_part(above) => above,
            _ => row,
        };
        (top, bottom)
    }

    fn of(
        sheet: &Sheet,
        (top, bottom): (usize, usize),
        (kind, year): (Kind, i64),
    ) -> Result<Option<Self>, String> {
        let width = sheet.rows[top..=bottom.min(sheet.rows.len() - 1)]
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or_default();
        let mut columns: BTreeMap<Column, (usize, usize)> = BTreeMap::new();
        let mut amounts = Vec::new();
        let mut open = Vec::new();
        for column in 0..width {
            let parts = parts(sheet, (top, bottom), column);
            let labels: Vec<String> = parts.iter().map(|part| bare(part)).collect();
            if let Some((named, rank)) = labels::text_column(&labels) {
                let known = columns.entry(named).or_insert((rank, column));
                if rank < known.0 {
                    *known = (rank, column);
                }
                continue;
            }
            let Some((amount, says)) = labels::amount_column(kind, year, &parts) else {
                continue;
            };
            let amount = AmountColumn { column, ..amount };
            if amount.time.is_none() && says.is_paid {
                open.push(amount.label.clone());
            }
            amounts.push(amount);
        }
        let columns: BTreeMap<Column, usize> = columns
            .into_iter()
            .map(|(column, (_, place))| (column, place))
            .collect();
        if amounts.is_empty() || !columns.contains_key(&Column::ProjectCode) {
            return Ok(None);
        }
        let mut head = Self {
            rows: (top, bottom),
            columns,
            amounts,
        };
        match kind {
            Kind::Budget => head.settle_budget()?,
            Kind::Execution => head.settle_paid(sheet, &open)?,
        }
        Ok(Some(head))
    }

    /// Decides which columns add up others.
    fn settle_budget(&mut self) -> Result<(), String> {
        let told = |column: &AmountColumn| {
            column.change.is_some() || column.source.is_some() || column.origin.is_some()
        };
        // 预算数 beside 年初预算数 and 追加, 财政拨款 beside the books: a sum.
        if self.amounts.iter().any(told) {
            for column in &mut self.amounts {
                column.is_sum |= !told(column);
            }
        }
        let has_sources = self.amounts.iter().any(|column| column.source.is_some());
        if has_sources {
            for column in &mut self.amounts {
                column.is_sum |= column.source.is_none() && column.origin.is_none();
            }
        }
        let sums = self.amounts.iter().filter(|column| column.is_sum).count();
        if sums == self.amounts.len() {
            // The sum is the only amount.
            self.amounts.truncate(1);
            for column in &mut self.amounts {
                column.is_sum = false;
            }
        } else if sums > 1 {
            // Sums of groups: each adds up some of the columns, and none all of them for sure.
            self.amounts.retain(|column| !column.is_sum);
        }
        self.overlap()
    }

    /// 其中：上级转移支付 beside 金额 would be counted twice.
    fn overlap(&self) -> Result<(), String> {
        let lines: Vec<&AmountColumn> = self.amounts.iter().filter(|c| !c.is_sum).collect();
        for (place, column) in lines.iter().enumerate() {
            let same = |other: &&&AmountColumn| {
                let agree = |one: bool, other: bool| one || other;
                column.change == other.change
                    && agree(
                        column.source == other.source,
                        column.source.is_none() || other.source.is_none(),
                    )
                    && agree(
                        column.origin == other.origin,
                        column.origin.is_none() || other.origin.is_none(),
                    )
            };
            if let Some(other) = lines.iter().skip(place + 1).find(same) {
                return Err(format!(
                    "“{}”和“{}”两列的金额有重叠，看不出怎样相加，请改成互不包含的列\
                     （如“本级”“上级转移支付”），或删去其中一列。",
                    column.label, other.label
                ));
            }
        }
        Ok(())
    }

    /// Decides of what time each column is.
    fn settle_paid(&mut self, sheet: &Sheet, open: &[String]) -> Result<(), String> {
        if self.amounts.iter().any(|column| column.time.is_some()) {
            self.amounts.retain(|column| column.time.is_some());
            let is_wide = |column: &AmountColumn| {
                matches!(
                    column.time,
                    Some(Time::Month(Some(_)) | Time::UpTo(Some(_)))
                )
            };
            if self.amounts.iter().any(is_wide) {
                // A sum of the year stands beside its months.
                self.amounts.retain(is_wide);
            }
            return Ok(());
        }
        let label = self.columns.get(&Column::Month);
        let label = label.map(|column| bare(merged_text(sheet, self.rows.1, *column)));
        if label.is_some_and(|label| label.contains("日期")) {
            // A list of payments: each is of its day.
            for column in &mut self.amounts {
                column.time = Some(Time::Month(None));
            }
            return Ok(());
        }
        let (_, _, time) = titles(sheet, self.rows.0);
        if matches!(time, Some(Time::UpTo(_))) {
            return Ok(());
        }
        Err(format!(
            "“{}”看不出是累计数还是当月数，请把列名写成“累计执行数”或“本月执行数”。",
            open.join("”“")
        ))
    }

    /// A list with this head and without rows yet.
    fn list(mut self, sheet: &Sheet, kind: Kind) -> List {
        let (source, change, time) = titles(sheet, self.rows.0);
        let unit = self.unit_above(sheet);
        for column in &mut self.amounts {
            column.unit = column.unit.or(unit);
        }
        let is_budget = kind == Kind::Budget;
        let project = self.columns[&Column::ProjectCode];
        List {
            filed: FiledSheet {
                name: sheet.name.as_str().into(),
                columns: self.columns.iter().map(|(c, at)| (*c, *at)).collect(),
                amounts: self.amounts.clone(),
                source,
                change: change.filter(|_| is_budget),
                time,
                ..FiledSheet::default()
            },
            next: 0,
            rows: Packer::default(),
            is_unit_told: true,
            project,
            label: bare(merged_text(sheet, self.rows.1, project)),
            areas: self.merged(sheet),
            around: HashMap::new(),
            head: self,
        }
    }

    /// 单位：万元 above the table, or in its first row.
    fn unit_above(&self, sheet: &Sheet) -> Option<MoneyUnit> {
        let rows = sheet.rows.iter().take(self.rows.1 + 1);
        let mut texts = rows.flatten().map(|cell| bare_line(cell.text()));
        texts.find_map(|text| {
            let text = text.trim_start_matches("金额");
            let behind = text.split("单位").last().unwrap_or_default();
            let is_unit = ["元", "万元", "亿元", "人民币元", "人民币万元"];
            let is_told = text.contains("单位") && is_unit.contains(&behind);
            is_told.then(|| labels::money_unit(behind)).flatten()
        })
    }

    /// Merged areas below the head that begin in a column of texts, by their first cell, with their
    /// last row: their other rows show what stands in the first.
    fn merged(&self, sheet: &Sheet) -> HashMap<(usize, usize), usize> {
        let is_text = |left: usize| self.columns.values().any(|column| *column == left);
        let areas = sheet.merges.iter();
        areas
            .filter(|area| area.top > self.rows.1 && is_text(area.left))
            .map(|area| ((area.top, area.left), area.bottom))
            .collect()
    }
}

/// A list whose head is known, while its rows are read.
struct List {
    head: Head,
    filed: FiledSheet,
    rows: Packer,
    /// The row that comes next, from 0.
    next: usize,
    /// The column of the project's code, and its label.
    project: usize,
    label: String,
    /// Merged areas of text columns by their first cell, with their last row.
    areas: HashMap<(usize, usize), usize>,
    /// The merged area that was met last in a column: its last row, and what it says.
    around: HashMap<usize, (usize, String)>,
    /// Whether every amount so far names its unit of money.
    is_unit_told: bool,
}

fn text_of(cells: &[Cell], column: usize) -> &str {
    cells.get(column).map_or("", |cell| cell.text().trim())
}

impl List {
    /// Takes a row: those above and of the head say nothing here.
    fn take(&mut self, row: usize, cells: &[Cell]) {
        self.next = row + 1;
        let first = self.head.rows.1 + 1;
        if row < first {
            return;
        }
        self.meet_areas(row, cells);
        if bare(text_of(cells, self.project)) == self.label || (row == first && is_numbering(cells))
        {
            return;
        }
        if let Some(filed) = self.row(row, cells) {
            let mut amounts = filed.amounts.iter();
            self.is_unit_told &= amounts.all(|cell| cell.text.contains('元'));
            self.rows.push(&filed);
        }
    }

    fn finish(mut self) -> Result<FiledSheet, String> {
        self.filed.rows = self.rows.done();
        let mut amounts = self.filed.amounts.iter();
        let is_open = amounts.all(|column| column.unit.is_none());
        if is_open && !self.filed.rows.is_empty() && !self.is_unit_told {
            return Err(
                "没有写明金额单位，请在列名或表头上方写明“单位：元”或“单位：万元”。".to_owned(),
            );
        }
        Ok(self.filed)
    }

    /// Keeps what the merged areas that begin in the row say.
    fn meet_areas(&mut self, row: usize, cells: &[Cell]) {
        if self.areas.is_empty() {
            return;
        }
        for column in self.head.columns.values() {
            if let Some(bottom) = self.areas.get(&(row, *column)) {
                let text = text_of(cells, *column).to_owned();
                self.around.insert(*column, (*bottom, text));
            }
        }
    }

    /// What a cell says by itself or as a part of a merged area.
    fn told<'a>(&'a self, row: usize, cells: &'a [Cell], column: usize) -> &'a str {
        match self.around.get(&column) {
            Some((bottom, text)) if row <= *bottom => text,
            _ => text_of(cells, column),
        }
    }

    fn row(&self, row: usize, cells: &[Cell]) -> Option<FiledRow> {
        let mut texts = Vec::new();
        for (what, column) in &self.head.columns {
            let text = self.told(row, cells, *column);
            if !text.is_empty() {
                texts.push(Printed {
                    what: *what,
                    column: *column,
                    text: text.into(),
                });
            }
        }
        let mut amounts = Vec::new();
        for (what, amount) in self.head.amounts.iter().enumerate() {
            let text = text_of(cells, amount.column);
            if !text.is_empty() {
                amounts.push(Printed {
                    what,
                    column: amount.column,
                    text: text.into(),
                });
            }
        }
        let mut filed = FiledRow {
            row,
            texts,
            amounts,
            sum_label: None,
        };
        if !filed.text(Column::ProjectCode).is_empty() {
            let is_sum = sum_word(filed.text(Column::ProjectCode));
            filed.sum_label = is_sum.then(|| filed.text(Column::ProjectCode).into());
            return Some(filed);
        }
        if filed.amounts.is_empty() {
            // A heading, a note, or nothing.
            let is_project = !filed.text(Column::ProjectName).is_empty();
            let has_unit = !filed.text(Column::UnitCode).is_empty();
            return (is_project && has_unit && !sum_word(filed.text(Column::ProjectName)))
                .then_some(filed);
        }
        let first = self.head.amounts.iter().map(|column| column.column).min();
        let mut words = (0..first.unwrap_or_default()).map(|column| text_of(cells, column));
        if let Some(word) = words.find(|word| sum_word(word)) {
            filed.sum_label = Some(word.into());
        } else if filed.text(Column::ProjectName).is_empty() {
            // The line of a unit over its projects.
            let unit = [Column::UnitName, Column::UnitCode].map(|column| filed.text(column));
            let unit = unit.into_iter().find(|text| !text.is_empty());
            filed.sum_label = unit.map(Into::into);
        }
        Some(filed)
    }
}

/// The labels of a column from the uppermost, each once.
fn parts(sheet: &Sheet, (top, bottom): (usize, usize), column: usize) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for row in top..=bottom {
        let mut label = merged_text(sheet, row, column);
        if label.is_empty() && row < bottom && !text(sheet, bottom, column).is_empty() {
            // Without merges a group's label stands over its first column alone.
            let left = (0..column).rev().map(|left| text(sheet, row, left));
            label = left.into_iter().find(|text| !text.is_empty()).unwrap_or("");
        }
        if !label.is_empty() && parts.last().is_none_or(|last| last != label) {
            parts.push(label.to_owned());
        }
    }
    parts
}

/// What the lines above the table and the sheet's name say.
fn titles(
    sheet: &Sheet,
    head: usize,
) -> (
    Option<domain::budget::FundSource>,
    Option<domain::budget::ChangeKind>,
    Option<Time>,
) {
    let cells = sheet.rows.iter().take(head).flatten();
    let texts = cells.map(Cell::text).chain([&*sheet.name]);
    let mut said = (None, None, None);
    for text in texts.filter(|text| !text.is_empty()) {
        let (source, change, time) = labels::title(text);
        said = (said.0.or(source), said.1.or(change), said.2.or(time));
    }
    said
}

fn bare_line(text: &str) -> String {
    let half = domain::form_reader::half_width(text);
    let signs = [':', '(', ')', '[', ']'];
    half.chars()
        .filter(|letter| !letter.is_whitespace() && !signs.contains(letter))
        .collect()
}

/// 合计, 小计, 总计, with or without what they add up.
fn sum_word(text: &str) -> bool {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let tight = tight.trim_end_matches([':', '：']);
    ["合计", "小计", "总计", "共计"]
        .iter()
        .any(|word| tight.ends_with(word) || tight.starts_with(word))
}

/// The row of column numbers below a head: 栏次, 1, 2, 3.
fn is_numbering(cells: &[Cell]) -> bool {
    let mut texts = cells
        .iter()
        .map(|cell| cell.text().trim())
        .filter(|text| !text.is_empty())
        .peekable();
    let is_number = |text: &str| {
        let words = ["栏次", "甲", "乙", "丙", "丁", "—", "**"];
        words.contains(&text) || (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()))
    };
    texts.peek().is_some() && texts.all(is_number)
}
