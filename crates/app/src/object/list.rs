//! The list of objects.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use db::{Question, Tx};
use domain::number::{Centi, Fen};
use domain::permission::{Action, may};
use serde::Deserialize;
use web::list::{
    Batch, BatchButton, Cell, Choice, Column, Definition, Empty, Field, List, Page, ROWS, Row,
};
use web::query::{Cursor, Query as Address};
use web::{Error, Shell};

use super::store::list::{self as store, Filter, Key, Line, Order, Totals};
use super::store::seat::{self, Seating};
use super::words;
use crate::list::{Asked, Opened, open};
use crate::permission::Reach;
use crate::serve::{App, Frame, today};

/// The list of objects.
pub(crate) static LIST: Definition = Definition {
    name: "objects",
    path: "/objects",
    title: "项目与部门清单",
    noun: "项目",
    counter: "项",
    columns: &[
        Column::name("name", "名称"),
        Column::text("code", "代码").extra(),
        Column::text("unit", "单位").sortable(),
        Column::text("kind", "类型"),
        Column::number("budget", "全年预算（万元）")
            .sortable()
            .explained("adjusted_budget"),
        Column::number("executed", "执行（万元）")
            .sortable()
            .explained("executed_amount"),
        Column::number("rate", "执行率")
            .sortable()
            .explained("execution_rate"),
        Column::text("target", "绩效目标").explained("target_state"),
        Column::text("light", "监控")
            .sortable()
            .explained("monitoring_light"),
        Column::number("score", "自评得分")
            .sortable()
            .explained("self_score"),
        Column::text("grade", "等级").explained("grade"),
    ],
    order: web::list::Order {
        column: "unit",
        is_down: false,
    },
};

const BOOKS: [&str; 4] = [
    "general_public",
    "gov_fund",
    "state_capital",
    "social_insurance",
];

const OPEN: [(&str, &str); 4] = [
    ("target", "目标未批复"),
    ("monitoring", "监控未完成"),
    ("self_evaluation", "自评未完成"),
    ("rectification", "整改未完成"),
];

const LIGHTS: [(&str, &str); 5] = [
    ("red", "红"),
    ("yellow", "黄"),
    ("green", "绿"),
    ("blue", "蓝"),
    ("none", "无"),
];

const GRADES: [(&str, &str); 4] = [("优", "优"), ("良", "良"), ("中", "中"), ("差", "差")];

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    kind: String,
    section: String,
    department: String,
    book: String,
    grade: String,
    light: String,
    text: String,
    open: String,
    units: String,
    sort: String,
    after: String,
}

impl Chosen {
    pub(super) fn filter(&self, asked: &Asked, action: Action) -> Filter {
        Filter {
            region_code: asked.region_code.clone(),
            reach: Reach::of(&asked.actor, action),
            year: asked.year,
            kind: self.kind.clone(),
            section: self.section.clone(),
            department: self.department.clone(),
            book: self.book.clone(),
            grade: self.grade.clone(),
            light: self.light.clone(),
            text: self.text.clone(),
            open: self.open.clone(),
            seating: Seating::read(&self.units),
        }
    }

    pub(super) fn order(&self) -> Order {
        let order = LIST.order_of(&self.sort);
        let key = match order.column {
            "budget" => Key::Budget,
            "executed" => Key::Executed,
            "rate" => Key::Rate,
            "light" => Key::Light,
            "score" => Key::Score,
            _ => Key::Unit,
        };
        Order {
            key,
            is_down: order.is_down,
        }
    }

    fn fields(&self, departments: Vec<Choice>, sections: Vec<Choice>) -> Vec<Field> {
        let coded = |codes: &[&'static str], word: fn(&str) -> &'static str| {
            codes
                .iter()
                .map(|code| Choice::new(*code, word(code)))
                .collect()
        };
        let units = Seating::read(&self.units).name();
        let kinds = coded(&["project", "department", "policy"], words::kind);
        vec![
            Field::search("text", "名称或代码", &self.text),
            Field::select("kind", "类型", &self.kind, kinds),
            Field::select("section", "股室", &self.section, sections),
            Field::select("department", "部门", &self.department, departments),
            Field::select("book", "预算", &self.book, coded(&BOOKS, words::book)),
            Field::select_of("light", "监控灯", &self.light, &LIGHTS),
            Field::select_of("grade", "自评等级", &self.grade, &GRADES),
            Field::select_of("open", "待办", &self.open, &OPEN),
            Field::select_of("units", "单位口径", units, &[("now", "现行")]).otherwise("当年"),
        ]
    }
}

#[derive(Template)]
#[template(path = "object/list.html")]
struct ListPage {
    shell: Shell,
    list: List,
}

/// What a page of the list asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asking {
    filter: Filter,
    order: Order,
    after: Option<Cursor>,
    today: String,
}

/// A page of the list, with one line more where another page follows.
struct Found {
    lines: Vec<Line>,
    totals: Totals,
    departments: Vec<Choice>,
    sections: Vec<Choice>,
}

impl Question for Asking {
    type Answer = Found;
    type Error = db::Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Found, db::Error> {
        let (filter, order) = (&self.filter, self.order);
        let place = (&*filter.region_code, filter.year);
        let (lines, totals) = store::page(tx, filter, order, self.after.as_ref(), ROWS + 1)?;
        Ok(Found {
            lines,
            totals,
            departments: seat::departments(tx, place, filter.seating, &self.today)?,
            sections: store::sections(tx, &filter.region_code)?,
        })
    }
}

/// `GET /objects`
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
    let (filter, order) = (chosen.filter(&asked, Action::View), chosen.order());
    let (after, today) = (Cursor::parse(&chosen.after), today());
    let question = Asking {
        filter,
        order,
        after,
        today,
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
    let rows = lines.iter().map(|line| line.row(year)).collect();
    let mut list = List::new(&LIST, kept, year, &frame.shell.form_token)
        .order(LIST.order_of(&chosen.sort))
        .fields(chosen.fields(found.departments.clone(), found.sections.clone()))
        .rows(rows, Page::new(&chosen.after, next))
        .total(found.totals.objects)
        .foot(found.totals.cells())
        .note(format!(
            "自评得分是 {year} 年开展、对 {} 年支出的自评。",
            year - 1
        ))
        .empty(empty(year));
    if may(&frame.actor, Action::Export).is_allowed() {
        let buttons = vec![BatchButton {
            act: "xlsx",
            label: "导出所选（Excel）",
        }];
        let action = format!("/objects/selection?year={year}");
        list = list
            .files(&["xlsx", "csv"])
            .long_from(app.jobs.limits.export_rows)
            .batch(Batch { action, buttons });
    }
    let shell = frame.shell.at("/objects");
    web::page(&ListPage { shell, list })
}

fn empty(year: i64) -> Empty {
    Empty {
        title: format!("{year} 年还没有您能看到的项目"),
        sentence: "导入预算后，这里列出每个项目的目标、执行、监控和自评。".to_owned(),
        step: None,
    }
}

impl Totals {
    /// 执行率 of everything together.
    fn rate(&self) -> Option<String> {
        super::rate(self.budget_fen?, self.executed_fen.unwrap_or_default())
    }

    /// The line of sums.
    fn cells(&self) -> Vec<Cell> {
        let mut name = format!("共 {} 项", self.objects);
        if self.departments > 0 && self.departments < self.objects {
            let departments = self.departments;
            name = format!("{name}（部门整体 {departments} 项不重复计入合计）");
        }
        vec![
            Cell::Word(name),
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
            Cell::Money(self.budget_fen.map(Fen)),
            Cell::Money(self.executed_fen.map(Fen)),
            Cell::number(self.rate()),
        ]
    }
}

impl Line {
    /// 执行率 with two decimals.
    fn rate(&self) -> Option<String> {
        super::rate(self.budget_fen?, self.executed_fen.unwrap_or_default())
    }

    fn row(&self, year: i64) -> Row {
        Row {
            id: self.id.clone(),
            cells: self.cells(year),
        }
    }

    /// The values of the list's columns.
    pub(super) fn cells(&self, year: i64) -> Vec<Cell> {
        let address = Address::new().with("year", year.to_string());
        let target = self.target_state.as_deref().map(words::target_state);
        let light = || Cell::Light(web::light(words::light(self.light_rank), ""));
        vec![
            Cell::link(
                &*self.name,
                address.at(&format!("/objects/{}", self.id)),
                format!("{}（{}）", self.name, self.code),
            ),
            Cell::word(&*self.code),
            Cell::text(&*self.unit_name),
            Cell::word(words::kind(&self.kind)),
            Cell::Money(self.budget_fen.map(Fen)),
            Cell::Money(self.executed_fen.map(Fen)),
            Cell::number(self.rate()),
            Cell::word(target.unwrap_or_default()),
            self.light_rank.map_or(Cell::Nothing, |_| light()),
            Cell::Points(self.score_centi.map(Centi)),
            Cell::word(self.grade.as_deref().unwrap_or_default()),
        ]
    }
}
