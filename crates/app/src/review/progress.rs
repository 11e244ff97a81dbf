//! 目标进度: who has not filed, how far each has come, and in whose hands it is.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use db::Tx;
use domain::permission::{Action, Role, may};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::list::{Cell, Column, Definition, Empty, Field, List, Page, ROWS, Row};
use web::query::{Cursor, Query as Address};
use web::{Error, Shell};

use super::store::progress::{self as store, Count, Filter, Level, Line};
use crate::list::{self, Asked, Format, Opened, Source, open};
use crate::permission::Reach;
use crate::serve::{App, Frame, days_between, today};
use crate::workflow::store::people;

/// The list under the board.
pub(crate) static LIST: Definition = Definition {
    name: "target_progress",
    path: "/targets/progress",
    title: "绩效目标进度清单",
    noun: "目标",
    counter: "项",
    columns: &[
        Column::name("name", "项目"),
        Column::text("code", "代码").extra(),
        Column::text("kind", "类型").extra(),
        Column::text("unit", "单位"),
        Column::text("department", "主管部门").extra(),
        Column::text("section", "归口股室"),
        Column::text("stage", "走到哪一步"),
        Column::text("holder", "在谁手里"),
        Column::number("age", "停留（天）"),
        Column::text("due_on", "期限"),
    ],
    order: web::list::Order {
        column: "unit",
        is_down: false,
    },
};

/// The list as a file.
pub(crate) static SOURCE: Source = Source {
    definition: &LIST,
    action: Action::Export,
    name: |asked| format!("{}年绩效目标进度", asked.year),
    rows: |tx, asked, most| {
        let chosen: Chosen = asked.chosen();
        let filter = chosen.filter(asked, Action::Export);
        let lines = store::lines(tx, &filter, &chosen.stage, None, most)?;
        let today = today();
        let cells = lines.iter().map(|line| cells(tx, line, asked, &today));
        cells.collect()
    },
};

/// The stages with their words, in the order of the way.
const STAGES: [(&str, &str); 9] = [
    ("none", "未编制"),
    ("filling", "填报中"),
    ("returned", "已退回"),
    ("department_review", "主管部门审核"),
    ("section_review", "业务股室审核"),
    ("joint_review", "会审"),
    ("reviewed", "已审定"),
    ("budget", "已入预算"),
    ("rejected", "不予通过"),
];

/// The stages in which a unit has still to file.
const UNFILED: [&str; 3] = ["none", "filling", "returned"];

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    section: String,
    department: String,
    unit: String,
    kind: String,
    stage: String,
    text: String,
    after: String,
}

impl Chosen {
    fn filter(&self, asked: &Asked, action: Action) -> Filter {
        Filter {
            region: asked.region_code.clone(),
            year: asked.year,
            reach: Reach::of(&asked.actor, action),
            section: self.section.clone(),
            department: self.department.clone(),
            unit: self.unit.clone(),
            kind: self.kind.clone(),
            text: self.text.clone(),
        }
    }

    /// By what the board counts: one step below what is chosen.
    fn level(&self) -> Level {
        match (&*self.section, &*self.department) {
            (_, department) if !department.is_empty() => Level::Unit,
            ("", _) => Level::Section,
            _ => Level::Department,
        }
    }

    fn address(&self, year: i64) -> Address {
        Address::new()
            .with("year", year.to_string())
            .with("view", "-")
            .with("section", &*self.section)
            .with("department", &*self.department)
            .with("unit", &*self.unit)
            .with("kind", &*self.kind)
            .with("text", &*self.text)
    }
}

/// A line of the board.
struct Tally {
    label: String,
    /// One step down; none at the last.
    href: String,
    all: i64,
    unfiled: i64,
    /// In the order of [`STAGES`], each with the list of just these.
    stages: Vec<(i64, String)>,
}

#[derive(Template)]
#[template(path = "review/progress.html")]
struct ProgressPage {
    shell: Shell,
    list: List,
    tallies: Vec<Tally>,
    sum: Tally,
    level: &'static str,
    /// From the whole region to what is chosen: words and addresses.
    trail: Vec<(String, String)>,
    due_on: Option<String>,
    /// Where the chosen units are urged; none for who may not.
    urging: Option<String>,
    /// Whether the person may take targets away as files.
    may_export: bool,
}

impl ProgressPage {
    fn stages() -> &'static [(&'static str, &'static str)] {
        &STAGES
    }
}

/// `GET /targets/progress`
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
    let (level, year) = (chosen.level(), frame.shell.year);
    let wanted = chosen.clone();
    let found = app
        .db
        .read(move |tx| read(tx, &asked, &wanted, level))
        .await?;
    let tallies = tallies(&found.counts, level, &chosen, year);
    let sum = sum(&tallies, &chosen, year);
    let rows = found.rows.into_iter().map(|(id, cells)| Row { id, cells });
    let total: i64 = if chosen.stage.is_empty() {
        sum.all
    } else {
        let place = STAGES.iter().position(|(name, _)| *name == chosen.stage);
        place.and_then(|at| sum.stages.get(at)).map_or(0, |it| it.0)
    };
    let mut list = List::new(&LIST, kept, year, &frame.shell.form_token)
        .fields(fields(&chosen))
        .rows(rows.collect(), Page::new(&chosen.after, found.next))
        .total(total)
        .empty(Empty {
            title: format!("{year} 年还没有您能看到的、应当编制目标的项目"),
            sentence: "导入预算或开始编制目标后，这里列出每一项走到了哪一步。".to_owned(),
            step: None,
        });
    let may_export = may(&frame.actor, Action::Export).is_allowed();
    if may_export {
        list = list.files(&["xlsx"]).long_from(app.jobs.limits.export_rows);
    }
    let urging = may(&frame.actor, Action::Review).is_allowed().then(|| {
        Address::new()
            .with("year", year.to_string())
            .with("kind", "performance_target")
            .with("section", &*chosen.section)
            .at("/urging")
    });
    web::page(&ProgressPage {
        shell: frame.shell.at("/targets/progress"),
        list,
        tallies,
        sum,
        level: match level {
            Level::Section => "归口股室",
            Level::Department => "主管部门",
            Level::Unit => "单位",
        },
        trail: trail(&chosen, found.names, year),
        due_on: found.due_on,
        urging,
        may_export,
    })
}

/// `GET /targets/progress.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Xlsx, query.as_deref()).await
}

/// What the page shows.
struct Found {
    counts: Vec<Count>,
    rows: Vec<(String, Vec<Cell>)>,
    next: Option<String>,
    names: [String; 3],
    due_on: Option<String>,
}

fn read(tx: &mut Tx<'_>, asked: &Asked, chosen: &Chosen, level: Level) -> Result<Found, db::Error> {
    let filter = chosen.filter(asked, Action::View);
    let cursor = Cursor::parse(&chosen.after);
    let after = cursor.as_ref().map(|at| (&*at.key, &*at.id));
    let mut lines = store::lines(tx, &filter, &chosen.stage, after, ROWS + 1)?;
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let has_more = lines.len() > most;
    lines.truncate(most);
    let next = lines.last().filter(|_| has_more).map(|last| {
        let (key, id) = (last.place.clone(), last.id.clone());
        Cursor { key, id }.to_text()
    });
    let today = today();
    let mut rows = Vec::with_capacity(lines.len());
    for line in &lines {
        rows.push((line.id.clone(), cells(tx, line, asked, &today)?));
    }
    Ok(Found {
        counts: store::counts(tx, level, &filter)?,
        rows,
        next,
        names: store::names(tx, &chosen.section, [&chosen.department, &chosen.unit])?,
        due_on: store::due_on(tx, &asked.region_code, asked.year)?,
    })
}

/// The values of the list's columns.
fn cells(tx: &mut Tx<'_>, line: &Line, asked: &Asked, today: &str) -> Result<Vec<Cell>, db::Error> {
    let year = Address::new().with("year", asked.year.to_string());
    let href = match &line.target_id {
        Some(target) => year.at(&format!("/records/performance_target/{target}")),
        None => year.at(&format!("/objects/{}", line.id)),
    };
    let kind = match &*line.kind {
        "department" => "部门整体",
        "policy" => "政策",
        _ => "项目",
    };
    let stage = match &line.state {
        Some(state) => {
            let kind = RecordKind::PerformanceTarget;
            kind.state(state)
                .map_or("状态不明", |state| kind.machine().label(state))
        }
        None => "未编制",
    };
    let arrived = line.arrived_at.get(..10).unwrap_or_default();
    let age = days_between(arrived, today).map(|days| days.to_string());
    Ok(vec![
        Cell::link(&*line.name, href, format!("{}（{}）", line.name, line.code)),
        Cell::word(&*line.code),
        Cell::word(kind),
        Cell::text(&*line.unit),
        Cell::text(&*line.department),
        Cell::word(&*line.section),
        Cell::word(stage),
        Cell::text(holder(tx, line, &asked.region_code)?),
        Cell::number(age),
        Cell::word(line.due_on.as_deref().unwrap_or_default()),
    ])
}

/// Most names that a cell spells out.
const MOST_NAMES: usize = 3;

/// In whose hands it is: names, or the office where nobody has an account for it.
fn holder(tx: &mut Tx<'_>, line: &Line, region: &str) -> Result<String, db::Error> {
    let mut people_of = Vec::new();
    let mut vacant = String::new();
    if let Some(target) = &line.target_id {
        for (role, name) in store::holders(tx, target)? {
            match name {
                Some(name) if !people_of.contains(&name) => people_of.push(name),
                Some(_) => {}
                None => vacant = role,
            }
        }
    } else {
        people_of = people::holders(tx, region, Role::UnitClerk, &line.unit_id, "")?;
        Role::UnitClerk.name().clone_into(&mut vacant);
    }
    if people_of.is_empty() && !vacant.is_empty() {
        let role = Role::ALL.into_iter().find(|role| role.name() == vacant);
        let label = role.map_or("办理人", Role::label);
        return Ok(format!("{label}（还没有账号）"));
    }
    let is_cut = people_of.len() > MOST_NAMES;
    people_of.truncate(MOST_NAMES);
    let told = people_of.join("、");
    Ok(if is_cut { format!("{told} 等") } else { told })
}

fn fields(chosen: &Chosen) -> Vec<Field> {
    const KINDS: [(&str, &str); 3] = [
        ("project", "项目"),
        ("department", "部门整体"),
        ("policy", "政策"),
    ];
    let mut fields = vec![
        Field::search("text", "名称或单位", &chosen.text),
        Field::select_of("stage", "走到哪一步", &chosen.stage, &STAGES),
        Field::select_of("kind", "类型", &chosen.kind, &KINDS),
    ];
    // What was chosen on the board stays chosen.
    for (name, label, value) in [
        ("section", "归口股室", &chosen.section),
        ("department", "主管部门", &chosen.department),
        ("unit", "单位", &chosen.unit),
    ] {
        if !value.is_empty() {
            fields.push(Field::select_of(name, label, value, &[(value, "所选")]));
        }
    }
    fields
}

fn tallies(counts: &[Count], level: Level, chosen: &Chosen, year: i64) -> Vec<Tally> {
    let mut order: Vec<&str> = Vec::new();
    let mut by_key: BTreeMap<&str, Vec<&Count>> = BTreeMap::new();
    for count in counts {
        let own = by_key.entry(&count.key).or_default();
        if own.is_empty() {
            order.push(&count.key);
        }
        own.push(count);
    }
    let tally = |key: &str| {
        let own = by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        let below = match level {
            Level::Section => Chosen {
                section: key.to_owned(),
                ..chosen.clone()
            },
            Level::Department => Chosen {
                department: key.to_owned(),
                ..chosen.clone()
            },
            Level::Unit => Chosen {
                unit: key.to_owned(),
                ..chosen.clone()
            },
        };
        let label = own
            .first()
            .map(|count| count.label.clone())
            .unwrap_or_default();
        let label = if label.is_empty() {
            "没有归口股室".to_owned()
        } else {
            label
        };
        one(label, own, &below, year)
    };
    order.into_iter().map(tally).collect()
}

fn one(label: String, counts: &[&Count], below: &Chosen, year: i64) -> Tally {
    let at = |stage: &str| -> i64 {
        let same = counts.iter().filter(|count| count.stage == stage);
        same.map(|count| count.objects).sum()
    };
    let address = below.address(year);
    let stages = STAGES.iter().map(|(stage, _)| {
        let href = address.clone().with("stage", *stage).at(LIST.path);
        (at(stage), format!("{href}#list"))
    });
    Tally {
        label,
        all: counts.iter().map(|count| count.objects).sum(),
        unfiled: UNFILED.iter().map(|stage| at(stage)).sum(),
        stages: stages.collect(),
        href: address.at(LIST.path),
    }
}

fn sum(tallies: &[Tally], chosen: &Chosen, year: i64) -> Tally {
    let mut sum = one("合计".to_owned(), &[], chosen, year);
    for tally in tallies {
        sum.all += tally.all;
        sum.unfiled += tally.unfiled;
        for (all, own) in sum.stages.iter_mut().zip(&tally.stages) {
            all.0 += own.0;
        }
    }
    sum
}

/// The way from the whole region to what is chosen.
fn trail(chosen: &Chosen, names: [String; 3], year: i64) -> Vec<(String, String)> {
    let [section, department, unit] = names;
    let mut here = Chosen {
        section: String::new(),
        department: String::new(),
        unit: String::new(),
        ..chosen.clone()
    };
    let mut trail = vec![("全部".to_owned(), here.address(year).at(LIST.path))];
    for (name, value, place) in [
        (section, &chosen.section, 0),
        (department, &chosen.department, 1),
        (unit, &chosen.unit, 2),
    ] {
        if value.is_empty() || name.is_empty() {
            continue;
        }
        match place {
            0 => here.section.clone_from(value),
            1 => here.department.clone_from(value),
            _ => here.unit.clone_from(value),
        }
        trail.push((name, here.address(year).at(LIST.path)));
    }
    trail
}
