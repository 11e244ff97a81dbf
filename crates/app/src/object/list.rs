//! The list of objects: query strip, dense grid, pages, and the same as a file.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::number::{Centi, Fen};
use domain::permission::Action;
use serde::Deserialize;
use web::query::{Cursor, Query as Address};
use web::{Error, Shell};

use super::store::list::{self as store, Choice, Filter, Key, Line, Order, Totals};
use super::words;
use crate::permission::Reach;
use crate::serve::{App, Frame};

/// Rows of a page.
const ROWS: i64 = 100;

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
    sort: String,
    after: String,
}

impl Chosen {
    pub(super) fn filter(&self, frame: &Frame, action: Action) -> Filter {
        Filter {
            region_code: frame.region_code.clone(),
            reach: Reach::of(&frame.actor, action),
            year: frame.shell.year,
            kind: self.kind.clone(),
            section: self.section.clone(),
            department: self.department.clone(),
            book: self.book.clone(),
            grade: self.grade.clone(),
            light: self.light.clone(),
            text: self.text.clone(),
            open: self.open.clone(),
        }
    }

    pub(super) fn order(&self) -> Order {
        let (name, is_down) = self
            .sort
            .strip_prefix('-')
            .map_or((self.sort.as_str(), false), |name| (name, true));
        let key = COLUMNS.iter().find(|column| column.name == name);
        Order {
            key: key.and_then(|column| column.key).unwrap_or(Key::Unit),
            is_down: is_down && key.is_some(),
        }
    }

    /// The address of the same choice, from its first page.
    fn address(&self, year: i64) -> Address {
        Address::new()
            .with("year", year.to_string())
            .with("text", &*self.text)
            .with("kind", &*self.kind)
            .with("section", &*self.section)
            .with("department", &*self.department)
            .with("book", &*self.book)
            .with("grade", &*self.grade)
            .with("light", &*self.light)
            .with("open", &*self.open)
            .with("sort", &*self.sort)
    }
}

/// A column of the grid.
pub(super) struct Column {
    name: &'static str,
    /// Its head.
    pub(super) label: &'static str,
    /// What it sorts by.
    key: Option<Key>,
    class: &'static str,
}

impl Column {
    /// Whether it holds numbers.
    pub(super) fn is_number(&self) -> bool {
        self.class == "right"
    }
}

const fn column(
    name: &'static str,
    label: &'static str,
    key: Option<Key>,
    class: &'static str,
) -> Column {
    Column {
        name,
        label,
        key,
        class,
    }
}

/// The grid's columns, which are the file's too.
pub(super) const COLUMNS: [Column; 10] = [
    column("name", "名称", None, "pin"),
    column("unit", "单位", Some(Key::Unit), ""),
    column("kind", "类型", None, ""),
    column("budget", "全年预算（万元）", Some(Key::Budget), "right"),
    column("executed", "执行（万元）", Some(Key::Executed), "right"),
    column("rate", "执行率", Some(Key::Rate), "right"),
    column("target", "绩效目标", None, ""),
    column("light", "监控", Some(Key::Light), ""),
    column("score", "自评得分", Some(Key::Score), "right"),
    column("grade", "等级", None, ""),
];

/// One select of the query strip.
struct Select {
    name: &'static str,
    label: &'static str,
    value: String,
    choices: Vec<Choice>,
}

/// A condition that can be taken away.
struct Chip {
    label: String,
    href: String,
}

#[derive(Template)]
#[template(path = "object/list.html")]
struct ListPage {
    shell: Shell,
    selects: Vec<Select>,
    chips: Vec<Chip>,
    text: String,
    sort: String,
    heads: Vec<Head>,
    lines: Vec<Line>,
    totals: Totals,
    next: Option<String>,
    first: Option<String>,
    csv: String,
    workbook: String,
}

/// The head of a column.
struct Head {
    label: &'static str,
    class: &'static str,
    href: Option<String>,
    /// `ascending` or `descending`, where the list is sorted by it.
    sorted: Option<&'static str>,
}

/// `GET /objects`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (filter, order) = (chosen.filter(&frame, Action::View), chosen.order());
    let after = Cursor::parse(&chosen.after);
    let is_first = after.is_none();
    let (mut lines, totals, departments, sections) = app
        .db
        .read(move |tx| {
            Ok::<_, db::Error>((
                store::page(tx, &filter, order, after.as_ref(), ROWS + 1)?,
                store::totals(tx, &filter)?,
                store::departments(tx, &filter.region_code)?,
                store::sections(tx, &filter.region_code)?,
            ))
        })
        .await?;
    let address = chosen.address(frame.shell.year);
    let has_more = lines.len() > usize::try_from(ROWS)?;
    lines.truncate(usize::try_from(ROWS)?);
    let next = lines.last().filter(|_| has_more).map(|last| {
        let cursor = Cursor {
            key: last.sort_key.clone(),
            id: last.id.clone(),
        };
        address
            .clone()
            .with("after", cursor.to_text())
            .at("/objects")
    });
    let selects = selects(&chosen, departments, sections);
    web::page(&ListPage {
        chips: chips(&selects, &chosen, &address),
        selects,
        text: chosen.text.clone(),
        sort: chosen.sort.clone(),
        heads: heads(&chosen, &address),
        lines,
        totals,
        next,
        first: (!is_first).then(|| address.at("/objects")),
        csv: address.at("/objects.csv"),
        workbook: address.at("/objects.xlsx"),
        shell: frame.shell.at("/objects"),
    })
}

impl Totals {
    /// 执行率 of everything together.
    fn rate(&self) -> Option<String> {
        super::rate(self.budget_fen?, self.executed_fen.unwrap_or_default())
    }
}

impl Line {
    /// 执行率 with two decimals.
    pub(super) fn rate(&self) -> Option<String> {
        super::rate(self.budget_fen?, self.executed_fen.unwrap_or_default())
    }

    /// The state of the target.
    pub(super) fn target_word(&self) -> Option<&'static str> {
        self.target_state.as_deref().map(words::target_state)
    }
}

fn heads(chosen: &Chosen, address: &Address) -> Vec<Head> {
    let order = chosen.order();
    COLUMNS
        .iter()
        .map(|column| {
            let is_current = column.key == Some(order.key);
            // Money and scores are looked at from the top; a second click turns the order round.
            let starts_down = column.is_number();
            let down = if is_current {
                !order.is_down
            } else {
                starts_down
            };
            let sort = format!("{}{}", if down { "-" } else { "" }, column.name);
            Head {
                label: column.label,
                class: column.class,
                href: column
                    .key
                    .map(|_| address.clone().with("sort", sort).at("/objects")),
                sorted: is_current.then_some(if order.is_down {
                    "descending"
                } else {
                    "ascending"
                }),
            }
        })
        .collect()
}

fn selects(chosen: &Chosen, departments: Vec<Choice>, sections: Vec<Choice>) -> Vec<Select> {
    let fixed = |pairs: &[(&str, &str)]| {
        let choice = |(id, name): &(&str, &str)| Choice {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
        };
        pairs.iter().map(choice).collect()
    };
    let coded = |codes: &[&'static str], word: fn(&str) -> &'static str| {
        let choice = |code: &&str| Choice {
            id: (*code).to_owned(),
            name: word(code).to_owned(),
        };
        codes.iter().map(choice).collect()
    };
    let select = |name, label, value: &String, choices| Select {
        name,
        label,
        value: value.clone(),
        choices,
    };
    let books = [
        "general_public",
        "gov_fund",
        "state_capital",
        "social_insurance",
    ];
    let open = [
        ("target", "目标未批复"),
        ("monitoring", "监控未完成"),
        ("self_evaluation", "自评未完成"),
        ("rectification", "整改未完成"),
    ];
    let lights = [
        ("red", "红"),
        ("yellow", "黄"),
        ("green", "绿"),
        ("blue", "蓝"),
        ("none", "无"),
    ];
    let grades = ["优", "良", "中", "差"].map(|grade| (grade, grade));
    vec![
        select(
            "kind",
            "类型",
            &chosen.kind,
            coded(&["project", "department", "policy"], words::kind),
        ),
        select("section", "股室", &chosen.section, sections),
        select("department", "部门", &chosen.department, departments),
        select("book", "预算", &chosen.book, coded(&books, words::book)),
        select("light", "监控灯", &chosen.light, fixed(&lights)),
        select("grade", "自评等级", &chosen.grade, fixed(&grades)),
        select("open", "待办", &chosen.open, fixed(&open)),
    ]
}

fn chips(selects: &[Select], chosen: &Chosen, address: &Address) -> Vec<Chip> {
    let mut chips = Vec::new();
    if !chosen.text.trim().is_empty() {
        chips.push(Chip {
            label: format!("含“{}”", chosen.text.trim()),
            href: address.clone().without("text").at("/objects"),
        });
    }
    for select in selects.iter().filter(|select| !select.value.is_empty()) {
        let choice = select
            .choices
            .iter()
            .find(|choice| choice.id == select.value);
        let name = choice.map_or("没有这一项", |choice| &choice.name);
        chips.push(Chip {
            label: format!("{}：{name}", select.label),
            href: address.clone().without(select.name).at("/objects"),
        });
    }
    chips
}
