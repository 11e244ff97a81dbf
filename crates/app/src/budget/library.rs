//! 项目库: every project of a year with its money and its target, as a page and as a file.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use db::{Question, Tx};
use domain::budget::{Nature, ProjectKind};
use domain::number::Fen;
use domain::permission::{Action, may};
use serde::Deserialize;
use web::list::{Cell, Choice, Column, Definition, Empty, Field, List, Page, ROWS, Row};
use web::query::{Cursor, Query as Address};
use web::{Error, Shell};

use super::store::library::{self as store, Filter, Key, Line, Sums};
use crate::list::{self, Asked, Format, Opened, Source, open};
use crate::object::store::list::sections;
use crate::object::store::seat::{self, Seating};
use crate::object::words;
use crate::permission::Reach;
use crate::serve::{App, Frame, today};

/// The project library.
pub(crate) static LIST: Definition = Definition {
    name: "budget",
    path: "/budget",
    title: "项目库清单",
    noun: "项目",
    counter: "个",
    columns: &[
        Column::name("name", "项目名称"),
        Column::text("code", "项目编码").extra(),
        Column::text("unit", "单位").sortable(),
        Column::text("level_one", "一级项目").extra(),
        Column::text("kind", "类别"),
        Column::text("nature", "属性").extra(),
        Column::text("period", "项目期").extra(),
        Column::text("books", "预算"),
        Column::number("requested", "申报（万元）").extra(),
        Column::number("initial", "年初（万元）").sortable(),
        Column::number("supplement", "追加").extra(),
        Column::number("reduction", "调减").extra(),
        Column::number("transfer", "调剂").extra(),
        Column::number("above", "上级资金").extra(),
        Column::number("adjusted", "调整后（万元）")
            .sortable()
            .explained("adjusted_budget"),
        Column::number("executed", "执行（万元）")
            .sortable()
            .explained("executed_amount"),
        Column::number("rate", "执行率")
            .sortable()
            .explained("execution_rate"),
        Column::text("target", "绩效目标").explained("target_state"),
        Column::text("grade", "审核等级").extra(),
        Column::text("release", "指标"),
    ],
    order: web::list::Order {
        column: "unit",
        is_down: false,
    },
};

/// The library as a file.
pub(crate) static SOURCE: Source = Source {
    definition: &LIST,
    action: Action::Export,
    name: |asked| format!("{}年项目库", asked.year),
    rows: |tx, asked, most| {
        let chosen: Chosen = asked.chosen();
        let filter = chosen.filter(asked, Action::Export);
        let (lines, _, _) = store::page(tx, &filter, chosen.order(), None, most)?;
        Ok(lines
            .iter()
            .map(|line| line.cells(asked.year, false))
            .collect())
    },
};

const BOOKS: [&str; 5] = [
    "general_public",
    "gov_fund",
    "state_capital",
    "social_insurance",
    "outside",
];

const TARGETS: [(&str, &str); 7] = [
    ("none", "没有目标"),
    ("filling", "填报中"),
    ("reviewing", "审核中"),
    ("entered", "已编入预算、待批复"),
    ("approved", "已批复"),
    ("refused", "未通过"),
    ("waiting", "有未下达的资金"),
];

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    kind: String,
    section: String,
    department: String,
    book: String,
    text: String,
    target: String,
    sort: String,
    after: String,
}

impl Chosen {
    fn filter(&self, asked: &Asked, action: Action) -> Filter {
        Filter {
            region: asked.region_code.clone(),
            reach: Reach::of(&asked.actor, action),
            year: asked.year,
            kind: self.kind.clone(),
            section: self.section.clone(),
            department: self.department.clone(),
            book: self.book.clone(),
            text: self.text.clone(),
            target: self.target.clone(),
        }
    }

    fn order(&self) -> (Key, bool) {
        let order = LIST.order_of(&self.sort);
        let key = match order.column {
            "initial" => Key::Initial,
            "adjusted" => Key::Adjusted,
            "executed" => Key::Executed,
            "rate" => Key::Rate,
            _ => Key::Unit,
        };
        (key, order.is_down)
    }

    fn fields(&self, departments: Vec<Choice>, sections: Vec<Choice>) -> Vec<Field> {
        let kinds = ProjectKind::ALL.iter();
        let kinds = kinds.map(|kind| Choice::new(kind.name(), kind.label()));
        let books = BOOKS.iter();
        let books = books.map(|book| Choice::new(*book, words::book(book)));
        vec![
            Field::search("text", "名称、编码或单位", &self.text),
            Field::select("section", "股室", &self.section, sections),
            Field::select("department", "部门", &self.department, departments),
            Field::select("kind", "类别", &self.kind, kinds.collect()),
            Field::select("book", "预算", &self.book, books.collect()),
            Field::select_of("target", "绩效目标", &self.target, &TARGETS),
        ]
    }
}

#[derive(Template)]
#[template(path = "budget/library.html")]
struct LibraryPage {
    shell: Shell,
    list: List,
    /// Whether the person may enter a project of the unit.
    may_enter: bool,
    /// Whether the person composes what the congress gets.
    may_submit: bool,
}

/// What a page of the library asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asking {
    filter: Filter,
    order: (Key, bool),
    after: Option<Cursor>,
    today: String,
}

/// A page of the library, with one line more where another page follows.
struct Found {
    lines: Vec<Line>,
    projects: i64,
    sums: Sums,
    departments: Vec<Choice>,
    sections: Vec<Choice>,
}

impl Question for Asking {
    type Answer = Found;
    type Error = db::Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Found, db::Error> {
        let filter = &self.filter;
        let place = (&*filter.region, filter.year);
        let after = self.after.as_ref();
        let (lines, projects, sums) = store::page(tx, filter, self.order, after, ROWS + 1)?;
        Ok(Found {
            lines,
            projects,
            sums,
            departments: seat::departments(tx, place, Seating::Then, &self.today)?,
            sections: sections(tx, &filter.region)?,
        })
    }
}

/// `GET /budget`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let kept = match open(&app, &frame, &LIST, query.as_deref()).await? {
        Opened::Here(kept) => kept,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    let asked = Asked::new(&frame, query.as_deref());
    let question = Asking {
        filter: chosen.filter(&asked, Action::View),
        order: chosen.order(),
        after: Cursor::parse(&chosen.after),
        today: today(),
    };
    let found = app.db.recall(question).await?;
    let most = usize::try_from(ROWS)?;
    let has_more = found.lines.len() > most;
    let lines = &found.lines[..found.lines.len().min(most)];
    let next = lines.last().filter(|_| has_more).map(|last| {
        let (key, id) = (last.sort_key.clone(), last.id.clone());
        Cursor { key, id }.to_text()
    });
    let year = frame.shell.year;
    let is_released = Reach::of(&frame.actor, Action::View).is_released;
    let row = |line: &Line| Row {
        id: line.id.clone(),
        cells: line.cells(year, is_released),
    };
    let mut list = List::new(&LIST, kept, year, &frame.shell.form_token)
        .order(LIST.order_of(&chosen.sort))
        .fields(chosen.fields(found.departments.clone(), found.sections.clone()))
        .rows(
            lines.iter().map(row).collect(),
            Page::new(&chosen.after, next),
        )
        .total(found.projects)
        .foot(foot(found.projects, found.sums))
        .empty(Empty {
            title: format!("{year} 年的项目库里还没有您能看到的项目"),
            sentence: "预算股导入预算，或单位新增项目后，这里列出每个项目的资金和绩效目标。"
                .to_owned(),
            step: None,
        });
    if may(&frame.actor, Action::Export).is_allowed() {
        list = list
            .files(&["xlsx", "csv"])
            .long_from(app.jobs.limits.export_rows);
    }
    web::page(&LibraryPage {
        may_enter: may(&frame.actor, Action::Fill).is_allowed(),
        may_submit: may(&frame.actor, Action::EnterBudget).is_allowed(),
        shell: frame.shell.at("/budget"),
        list,
    })
}

/// `GET /budget.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Xlsx, query.as_deref()).await
}

/// `GET /budget.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Csv, query.as_deref()).await
}

impl Sums {
    /// 执行率 with two decimals.
    pub(super) fn rate(&self) -> Option<String> {
        crate::object::rate(self.adjusted?, self.executed.unwrap_or_default())
    }

    /// The columns from 年初 to 执行率.
    fn cells(&self) -> Vec<Cell> {
        let money = |fen: Option<i64>| Cell::Money(fen.map(Fen));
        // A kind of change that there is none of is a dash, not 0.00.
        let change = |fen: Option<i64>| money(fen.filter(|fen| *fen != 0));
        vec![
            money(self.initial),
            change(self.supplement),
            change(self.reduction),
            change(self.transfer),
            change(self.above),
            money(self.adjusted),
            money(self.executed),
            Cell::number(self.rate()),
        ]
    }
}

fn foot(projects: i64, sums: Sums) -> Vec<Cell> {
    let mut cells = vec![Cell::Word(format!("共 {projects} 个"))];
    cells.extend(std::iter::repeat_n(Cell::Nothing, 8));
    cells.extend(sums.cells());
    cells
}

impl Line {
    /// The values of the library's columns; for who sees what was released alone, the name leads to
    /// the project's life.
    fn cells(&self, year: i64, is_released: bool) -> Vec<Cell> {
        let address = Address::new().with("year", year.to_string());
        let label = |name: Option<&str>, word: fn(&str) -> Option<&'static str>| {
            Cell::word(name.and_then(word).unwrap_or_default())
        };
        let period = self.period.map(|(from, to)| {
            if from == to {
                from.to_string()
            } else {
                format!("{from}—{to}")
            }
        });
        let books: Vec<&str> = self.books.iter().map(|book| words::book(book)).collect();
        let target = match (&self.target_id, self.target_state.as_deref()) {
            (Some(id), Some(state)) => Cell::link(
                words::target_state(state),
                address.clone().at(&format!("/targets/{id}")),
                "打开绩效目标",
            ),
            _ => Cell::word("没有目标"),
        };
        let page = if is_released {
            "/objects"
        } else {
            "/budget/projects"
        };
        let mut cells = vec![
            Cell::link(
                &*self.name,
                address.at(&format!("{page}/{}", self.id)),
                format!("{}（{}）", self.name, self.code),
            ),
            Cell::word(&*self.code),
            Cell::text(&*self.unit_name),
            Cell::text(&*self.level_one),
            label(self.kind.as_deref(), |name| {
                ProjectKind::from_name(name).map(ProjectKind::label)
            }),
            label(self.nature.as_deref(), |name| {
                Nature::from_name(name).map(Nature::label)
            }),
            Cell::word(period.unwrap_or_default()),
            Cell::text(books.join("、")),
            Cell::Money(self.requested_fen.map(Fen)),
        ];
        cells.extend(self.sums.cells());
        cells.push(target);
        cells.push(Cell::word(self.grade.as_deref().unwrap_or_default()));
        cells.push(Cell::word(match (self.sums.adjusted, self.is_waiting) {
            (None, _) => "",
            (Some(_), true) => "有未下达",
            (Some(_), false) => "已下达",
        }));
        cells
    }
}
