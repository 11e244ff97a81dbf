//! One figure: its value, how it was counted, and the records that it was counted from.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::metrics::{Computed, Figure, Shape, Tally};
use office::workbook::{Table, TableCell};
use serde::Deserialize;
use web::query::Query as Address;
use web::{Error, Shell};

use super::{Record, words};
use crate::serve::{App, Frame, workbook_file};

/// Records of a page.
const ROWS: i64 = 50;

/// Records read at a time for a file.
const ROWS_AT_A_TIME: i64 = 1_000;

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    /// The word for a part.
    part: String,
    /// The number of the page, from 1.
    page: String,
    /// `csv` or `xlsx` for a file.
    format: String,
}

#[derive(Template)]
#[template(path = "metrics/figure.html")]
struct FigurePage {
    shell: Shell,
    view: FigureView,
}

/// The figure with its records: a part of its page, or the whole of a side sheet.
#[derive(Template)]
#[template(path = "metrics/records.html")]
struct FigureView {
    /// Whether it stands in a side sheet.
    is_sheet: bool,
    id: String,
    subject: &'static str,
    figure: &'static Figure,
    /// The value of the figure, or of the part that is chosen.
    value: String,
    /// The same of the year before.
    before: String,
    /// The value of the figure where a part is chosen.
    total: Option<String>,
    year: i64,
    formula: String,
    counting: String,
    hits: i64,
    misses: i64,
    chips: Vec<Chip>,
    /// The part that is chosen.
    part: String,
    amount_name: Option<&'static str>,
    lines: Vec<Line>,
    /// Numbers of the first and the last record of the page, and how many there are.
    span: (i64, i64, i64),
    previous: Option<String>,
    next: Option<String>,
    csv: String,
    workbook: String,
    /// The address of the page itself.
    whole: String,
}

/// A part that can be chosen.
struct Chip {
    word: String,
    records: i64,
    href: String,
    is_chosen: bool,
}

/// One record.
struct Line {
    kind: &'static str,
    label: String,
    detail: String,
    part: &'static str,
    counts: bool,
    amount: Option<String>,
    href: Option<String>,
}

/// The path of a figure's page.
pub(super) fn path(key: &str) -> String {
    let encoded = |part: &str| {
        let address = Address::new().with("f", part).at("");
        address.trim_start_matches("?f=").to_owned()
    };
    match key.split_once('/') {
        Some((id, name)) => format!("/metrics/{id}/{}", encoded(name)),
        None => format!("/metrics/{key}"),
    }
}

/// `GET /metrics/{id}`
pub(super) async fn show(
    state: State<App>,
    frame: Frame,
    Path(id): Path<String>,
    query: Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    answer(state, frame, id, query, &headers).await
}

/// `GET /metrics/{id}/{figure}`
pub(super) async fn show_other(
    state: State<App>,
    frame: Frame,
    Path((id, name)): Path<(String, String)>,
    query: Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    answer(state, frame, format!("{id}/{name}"), query, &headers).await
}

async fn answer(
    State(app): State<App>,
    frame: Frame,
    key: String,
    Query(chosen): Query<Chosen>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let (definition, figure) = super::find_figure(&key).ok_or(Error::NotFound)?;
    let code = match &*chosen.part {
        "" => "",
        word => super::part_code(word).ok_or(Error::NotFound)?,
    };
    let address = Address::new()
        .with("year", frame.shell.year.to_string())
        .with("part", &*chosen.part);
    if ["csv", "xlsx"].contains(&&*chosen.format) {
        let rows = file_rows(&app, &frame, &key, figure, code).await?;
        return save(&frame, figure, rows, &chosen.format).await;
    }
    let number = chosen.page.parse().unwrap_or(1).clamp(1, 1_000_000);
    let read = read(&app, &frame, &key, code, (number - 1) * ROWS).await?;
    let is_sheet = headers.contains_key("hx-request");
    let view = FigureView {
        id: definition.id.to_owned(),
        subject: words::subject(definition.id),
        is_sheet,
        year: frame.shell.year,
        formula: words::formula(figure, frame.shell.year),
        ..view(&key, figure, read, &chosen, (number, address))
    };
    if is_sheet {
        return web::page(&view);
    }
    let shell = frame.shell.at("/metrics");
    web::page(&FigurePage { shell, view })
}

/// What is read for a page.
struct Read {
    tallies: Vec<Tally>,
    before: Vec<Tally>,
    records: Vec<Record>,
}

async fn read(
    app: &App,
    frame: &Frame,
    key: &str,
    code: &'static str,
    offset: i64,
) -> Result<Read, Error> {
    let (region, year) = (frame.region_code.clone(), i32::try_from(frame.shell.year)?);
    let key = key.to_owned();
    let read = app.db.read(move |tx| {
        let place = (region.as_str(), year);
        Ok::<_, db::Error>(Read {
            tallies: super::tallies(tx, &region, year, &key)?,
            before: super::tallies(tx, &region, year - 1, &key)?,
            records: super::records_of_part(tx, place, &key, code, (ROWS, offset))?,
        })
    });
    Ok(read.await?)
}

fn view(
    key: &str,
    figure: &'static Figure,
    read: Read,
    chosen: &Chosen,
    (number, address): (i64, Address),
) -> FigureView {
    let computed = super::computed(figure, &read.tallies);
    let path = path(key);
    let counted = Counted::of(&read.tallies, &chosen.part);
    let first = (number - 1) * ROWS;
    let shown = i64::try_from(read.records.len()).unwrap_or(ROWS);
    let page = |number: i64| address.clone().with("page", number.to_string()).at(&path);
    FigureView {
        is_sheet: false,
        id: String::new(),
        subject: "",
        figure,
        value: value(figure, &read.tallies, &chosen.part),
        before: value(figure, &read.before, &chosen.part),
        total: (!chosen.part.is_empty()).then(|| words::value_text(figure, &computed)),
        year: 0,
        formula: String::new(),
        counting: words::counting(figure, &computed, &read.tallies),
        hits: counted.hits,
        misses: counted.records - counted.hits,
        chips: chips(&read.tallies, &computed, chosen, &path, &address),
        part: chosen.part.clone(),
        amount_name: words::amount_name(figure.shape),
        lines: read
            .records
            .into_iter()
            .map(|record| line(figure, record, &address))
            .collect(),
        span: (first + 1, first + shown, counted.records),
        previous: (number > 1).then(|| page(number - 1)),
        next: (first + shown < counted.records && shown > 0).then(|| page(number + 1)),
        csv: address.clone().with("format", "csv").at(&path),
        workbook: address.clone().with("format", "xlsx").at(&path),
        whole: address.at(&path),
    }
}

/// The figure's value, or how many records of a part count.
fn value(figure: &Figure, tallies: &[Tally], part: &str) -> String {
    if part.is_empty() {
        return words::value_text(figure, &super::computed(figure, tallies));
    }
    let unit = match figure.shape {
        Shape::Count => figure.unit,
        _ => "条",
    };
    format!("{} {unit}", Counted::of(tallies, part).hits)
}

/// How many records are listed, and how many of them count.
struct Counted {
    records: i64,
    hits: i64,
}

impl Counted {
    fn of(tallies: &[Tally], word: &str) -> Self {
        let listed = || {
            let is_of = |tally: &&Tally| word.is_empty() || super::part_word(&tally.part) == word;
            tallies.iter().filter(is_of)
        };
        Self {
            records: listed().map(|tally| tally.records).sum(),
            hits: listed().map(|tally| tally.hits).sum(),
        }
    }
}

/// All, and each part that has a word; none where there is nothing to choose.
fn chips(
    tallies: &[Tally],
    computed: &Computed,
    chosen: &Chosen,
    path: &str,
    address: &Address,
) -> Vec<Chip> {
    let worded = tallies
        .iter()
        .map(|tally| (super::part_word(&tally.part), tally.records))
        .filter(|(word, _)| !word.is_empty());
    let mut parts: Vec<(&str, i64)> = worded.collect();
    if parts.is_empty() || (computed.parts.len() < 2 && chosen.part.is_empty()) {
        return Vec::new();
    }
    parts.insert(0, ("", tallies.iter().map(|tally| tally.records).sum()));
    parts
        .into_iter()
        .map(|(word, records)| Chip {
            word: if word.is_empty() { "全部" } else { word }.to_owned(),
            records,
            href: address.clone().with("part", word).at(path),
            is_chosen: word == chosen.part,
        })
        .collect()
}

fn line(figure: &Figure, record: Record, address: &Address) -> Line {
    let year = address.clone().without("part");
    let href = match (&record.object_id, &*record.kind) {
        (Some(object), "object") => Some(year.at(&format!("/objects/{object}"))),
        // The object's life has each of its records under this anchor.
        (Some(object), _) => {
            let life = year.at(&format!("/objects/{object}"));
            Some(format!("{life}#r-{}", record.id))
        }
        (None, "unit") => Some(year.with("department", &*record.id).at("/objects")),
        (None, _) => None,
    };
    let has_amount = words::amount_name(figure.shape).is_some();
    Line {
        kind: words::record_kind(&record.kind),
        amount: record
            .amount
            .filter(|_| has_amount)
            .map(|amount| words::amount(figure.shape, amount)),
        label: record.label,
        detail: record.detail,
        part: record.part,
        counts: record.hit,
        href,
    }
}

/// Every record of the choice, in its order.
async fn file_rows(
    app: &App,
    frame: &Frame,
    key: &str,
    figure: &'static Figure,
    code: &'static str,
) -> Result<Vec<Vec<String>>, Error> {
    let (region, year) = (frame.region_code.clone(), i32::try_from(frame.shell.year)?);
    let wanted = key.to_owned();
    let records = app
        .db
        .read(move |tx| {
            let mut records: Vec<Record> = Vec::new();
            loop {
                let offset = i64::try_from(records.len()).unwrap_or(i64::MAX);
                let place = (region.as_str(), year);
                let page = (ROWS_AT_A_TIME, offset);
                let more = super::records_of_part(tx, place, &wanted, code, page)?;
                let is_last = more.len() < usize::try_from(ROWS_AT_A_TIME).unwrap_or(usize::MAX);
                records.extend(more);
                if is_last {
                    return Ok::<_, db::Error>(records);
                }
            }
        })
        .await?;
    let amount_name = words::amount_name(figure.shape);
    let mut head = vec!["计入", "记录", "编号", "名称", "说明", "类别"];
    head.extend(amount_name);
    let mut rows = vec![head.into_iter().map(str::to_owned).collect::<Vec<_>>()];
    for record in records {
        let mut row = vec![
            if record.hit { "计入" } else { "未计入" }.to_owned(),
            words::record_kind(&record.kind).to_owned(),
            record.id,
            record.label,
            record.detail,
            record.part.to_owned(),
        ];
        if amount_name.is_some() {
            let amount = record.amount.map(|it| words::amount(figure.shape, it));
            row.push(amount.unwrap_or_default().replace(',', ""));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The rows as a file; the first one is the head.
async fn save(
    frame: &Frame,
    figure: &'static Figure,
    mut rows: Vec<Vec<String>>,
    format: &str,
) -> Result<Response, Error> {
    let name = format!("{}年{}", frame.shell.year, figure.name);
    if format == "csv" {
        return web::csv_file(&name, &rows);
    }
    let columns = rows.remove(0);
    // Only what follows the six texts is a number.
    let cell = |(place, text): (usize, String)| match place {
        0..6 => TableCell::Text(text),
        _ => TableCell::Number(text),
    };
    let table = Table {
        sheet: name.clone(),
        rows: rows
            .into_iter()
            .map(|row| row.into_iter().enumerate().map(cell).collect())
            .collect(),
        columns,
    };
    workbook_file(&name, table).await
}
