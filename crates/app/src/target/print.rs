//! A target on paper, as its official form.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::number::Centi;
use domain::permission::Action;
use domain::rulepack::target_form::{
    Block, BlockKind, FieldKind, FormField, IndicatorColumn, Layout,
};
use domain::target::Row;
use web::{Error, Shell};

use super::sheet::{direction_of, paired, spans};
use super::store::record::Record;
use super::{Stop, blocks, demanded};
use crate::serve::{App, Frame};

/// A row of the printed form.
type PaperRow = Vec<PaperCell>;

/// A cell of the printed form.
struct PaperCell {
    text: String,
    is_label: bool,
    is_money: bool,
    columns: u16,
    rows: u16,
}

/// A block of the printed form.
struct PaperBlock {
    /// Stands upright at the left; empty where it stands over the rows, or where there is none.
    upright: String,
    over: String,
    rows: Vec<PaperRow>,
}

#[derive(Template)]
#[template(path = "target/print.html")]
struct PrintPage {
    shell: Shell,
    record: Record,
    blocks: Vec<PaperBlock>,
    is_national: bool,
}

/// `GET /targets/{id}/print`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let actor = frame.actor;
    let record = app
        .db
        .read(move |tx| -> Result<_, Stop> { demanded(tx, &actor, Action::View, &id) })
        .await?;
    let blocks = record.form.blocks.iter();
    let blocks = blocks.map(|block| paper(&record, block)).collect();
    web::page(&PrintPage {
        shell: frame.shell.at("/objects"),
        is_national: record.form.layout == Layout::National,
        blocks,
        record,
    })
}

fn cell(text: impl Into<String>, columns: u16) -> PaperCell {
    PaperCell {
        text: text.into(),
        is_label: false,
        is_money: false,
        columns,
        rows: 1,
    }
}

fn label(text: &str, columns: u16) -> PaperCell {
    PaperCell {
        is_label: true,
        ..cell(text, columns)
    }
}

fn paper(record: &Record, block: &Block) -> PaperBlock {
    let mut rows = match block.kind {
        BlockKind::Fields if block.side_by_side => beside(record, block),
        BlockKind::Fields => fields(record, block),
        BlockKind::Table => table(record, block),
        BlockKind::Indicators => indicators(record),
    };
    let is_upright = record.form.layout == Layout::National;
    if is_upright && block.title.is_empty() {
        let first = rows.iter_mut().filter_map(|row| row.first_mut());
        first.for_each(|cell| cell.columns += 1);
    }
    let title = block.title.clone();
    let (upright, over) = if is_upright {
        (title, String::new())
    } else {
        (String::new(), title)
    };
    PaperBlock {
        upright,
        over,
        rows,
    }
}

/// What stands in a field; amounts as forms print them.
fn printed(record: &Record, field: &FormField) -> PaperCell {
    let text = match field.from {
        Some(source) => record.known.printed(source),
        None => shown(field, record.target.value(&field.key)),
    };
    PaperCell {
        is_money: field.kind == FieldKind::Money,
        ..cell(text, 0)
    }
}

/// A text as paper shows it.
fn shown(field: &FormField, text: &str) -> String {
    match (field.kind, domain::target::money(text)) {
        (FieldKind::Money, Ok(fen)) => fen.wan_text(),
        _ => text.to_owned(),
    }
}

fn fields(record: &Record, block: &Block) -> Vec<PaperRow> {
    let rows = paired(&block.fields).into_iter();
    rows.map(|row| {
        // A label takes two columns, a value the rest of its share.
        let shares: &[u16] = if row.len() == 1 { &[7] } else { &[2, 3] };
        let pairs = row.iter().zip(shares).flat_map(|(field, columns)| {
            let value = PaperCell {
                columns: *columns,
                ..printed(record, field)
            };
            [label(&field.label, 2), value]
        });
        pairs.collect()
    })
    .collect()
}

/// Texts beside each other, each under its label.
fn beside(record: &Record, block: &Block) -> Vec<PaperRow> {
    let split = |place: usize| if place == 0 { 3 } else { 6 };
    let own = || block.fields.iter().enumerate();
    vec![
        own()
            .map(|(at, field)| label(&field.label, split(at)))
            .collect(),
        own()
            .map(|(at, field)| PaperCell {
                columns: split(at),
                ..printed(record, field)
            })
            .collect(),
    ]
}

fn table(record: &Record, block: &Block) -> Vec<PaperRow> {
    let mut rows = headings(block);
    for line in record.target.lines(&block.key) {
        let cells = spans(block)
            .into_iter()
            .map(|(column, (from, to))| PaperCell {
                is_money: column.kind == FieldKind::Money,
                ..cell(shown(column, line.text(&column.key)), to - from + 1)
            });
        rows.push(cells.collect());
    }
    if record.target.lines(&block.key).is_empty() {
        let blank = spans(block).into_iter();
        rows.push(
            blank
                .map(|(_, (from, to))| cell("", to - from + 1))
                .collect(),
        );
    }
    if !block.sum_label.is_empty() {
        rows.push(sums(record, block));
    }
    rows
}

/// Headings in one row, or in two where words stand over several of them.
fn headings(block: &Block) -> Vec<PaperRow> {
    let is_grouped = block.fields.iter().any(|column| !column.group.is_empty());
    let (mut top, mut low): (PaperRow, PaperRow) = (Vec::new(), Vec::new());
    for (column, (from, to)) in spans(block) {
        let own = label(&column.label, to - from + 1);
        if column.group.is_empty() {
            let rows = if is_grouped { 2 } else { 1 };
            top.push(PaperCell { rows, ..own });
            continue;
        }
        match top.last_mut().filter(|last| last.text == column.group) {
            Some(last) => last.columns += own.columns,
            None => top.push(label(&column.group, own.columns)),
        }
        low.push(own);
    }
    let rows = [top, low].into_iter();
    rows.filter(|row| !row.is_empty()).collect()
}

fn sums(record: &Record, block: &Block) -> PaperRow {
    let mut row: PaperRow = Vec::new();
    for (column, (from, to)) in spans(block) {
        let columns = to - from + 1;
        if column.kind == FieldKind::Money {
            let sum = blocks::column_sum(&record.target, block, &column.key);
            row.push(PaperCell {
                is_money: true,
                ..cell(shown(column, &sum), columns)
            });
            continue;
        }
        let is_first = row.is_empty();
        match row.last_mut().filter(|last| last.is_label) {
            Some(last) => last.columns += columns,
            None if is_first => row.push(label(&block.sum_label, columns)),
            None => row.push(cell("", columns)),
        }
    }
    row
}

/// A printed column of the indicators: its words, and how many of the nine columns it takes.
fn column(column: IndicatorColumn, is_short: bool) -> (&'static str, u16) {
    let width = match column {
        IndicatorColumn::Target => 4,
        IndicatorColumn::Direction => 2,
        IndicatorColumn::Weight if is_short => 2,
        _ => 1,
    };
    (column.label(), width)
}

fn indicators(record: &Record) -> Vec<PaperRow> {
    let columns = &record.form.indicator_columns;
    let is_short = !columns.contains(&IndicatorColumn::Direction);
    let head = columns.iter().map(|it| column(*it, is_short));
    let mut rows: Vec<PaperRow> = vec![head.map(|(word, width)| label(word, width)).collect()];
    for row in &record.target.rows {
        let cells = columns.iter().map(|it| PaperCell {
            is_money: *it == IndicatorColumn::Weight,
            ..cell(said(row, *it), column(*it, is_short).1)
        });
        rows.push(cells.collect());
    }
    if record.target.rows.is_empty() {
        let blank = columns.iter().map(|it| cell("", column(*it, is_short).1));
        rows.push(blank.collect());
    }
    merged(&mut rows);
    rows
}

/// 一级 and 二级指标 that repeat those above them are one cell with them, as on the form.
fn merged(rows: &mut [PaperRow]) {
    for place in [1, 0] {
        let texts: Vec<Option<(String, String)>> = rows
            .iter()
            .map(|row| {
                let text = |at: usize| row.get(at).map(|cell| cell.text.clone());
                text(0).zip(text(place))
            })
            .collect();
        let mut first = 1;
        for at in 1..rows.len() {
            if at > first && texts.get(at) == texts.get(first) {
                if let Some(cell) = rows.get_mut(at).and_then(|row| row.get_mut(place)) {
                    cell.rows = 0;
                }
                if let Some(cell) = rows.get_mut(first).and_then(|row| row.get_mut(place)) {
                    cell.rows += 1;
                }
            } else {
                first = at;
            }
        }
    }
}

fn said(row: &Row, column: IndicatorColumn) -> String {
    match column {
        IndicatorColumn::Level1 => row.level1.clone(),
        IndicatorColumn::Level2 => row.level2.clone(),
        IndicatorColumn::Name => row.name.clone(),
        IndicatorColumn::Operator => row.operator.clone(),
        IndicatorColumn::Value => row.value.clone(),
        IndicatorColumn::Unit => row.unit.clone(),
        IndicatorColumn::Target if row.operator == "定性" => row.value.clone(),
        IndicatorColumn::Target => format!("{}{}{}", row.operator, row.value, row.unit),
        IndicatorColumn::Weight => row.points().unwrap_or(Centi::ZERO).to_string(),
        IndicatorColumn::Direction => direction_of(row).to_owned(),
    }
}
