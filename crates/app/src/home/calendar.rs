//! The calendar of dates: a month as a table, and a file for a person's own calendar.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use db::Tx;
use domain::permission::Actor;
use icalendar::{Calendar, Component as _, Event, EventLike as _};
use serde::Deserialize;
use time::format_description::well_known::Iso8601;
use time::{Date, Duration};
use web::{Error, Shell};

use super::store::dates::{self, Due};
use super::words;
use crate::serve::{App, Frame, file, later, now_text, today};

/// Dates of a month that are read.
const MOST_DATES: i64 = 2_000;

/// Dates of one day that the table spells out.
const MOST_OF_A_DAY: usize = 6;

/// How many days the file reaches back and ahead.
const FILE_DAYS: (i64, i64) = (-31, 366);

/// A month with its dates.
pub(super) struct Month {
    /// `2020-11`
    pub(super) name: String,
    pub(super) year: i32,
    pub(super) number: u8,
    pub(super) weeks: Vec<[Day; 7]>,
    pub(super) before: String,
    pub(super) next: String,
    /// How many dates it has.
    pub(super) count: usize,
}

/// A day of the table.
#[derive(Default)]
pub(super) struct Day {
    /// 0 for a day of another month.
    pub(super) number: u8,
    pub(super) date: String,
    pub(super) is_today: bool,
    pub(super) is_past: bool,
    pub(super) entries: Vec<Entry>,
    pub(super) more: usize,
}

impl Day {
    /// How many dates fall on it.
    pub(super) fn count(&self) -> usize {
        self.entries.len() + self.more
    }
}

/// A date as it is printed.
pub(super) struct Entry {
    pub(super) text: String,
    /// The end of a round has no record to open.
    pub(super) href: Option<String>,
}

impl Entry {
    fn new(due: &Due) -> Self {
        let kind = words::kind(&due.kind);
        match &due.id {
            Some(id) => Self {
                text: format!("{}：{}", words::act(&due.verb), due.title),
                href: Some(words::href(&due.kind, id)),
            },
            None => Self {
                text: format!("{}{kind}填报截止", due.title),
                href: None,
            },
        }
    }
}

/// The month that `within` lies in, as the actor's dates stand in it.
pub(super) fn month(
    tx: &mut Tx<'_>,
    actor: &Actor,
    region: &str,
    within: &str,
    today: &str,
) -> Result<Month, db::Error> {
    let date = parse(within).or_else(|| parse(today)).unwrap_or(Date::MIN);
    let first = date.replace_day(1).unwrap_or(date);
    let length = i64::from(first.month().length(first.year()));
    let last = first.saturating_add(Duration::days(length - 1));
    let span = (first.to_string(), last.to_string());
    let mut all = dates::rounds_between(tx, region, (&span.0, &span.1))?;
    all.extend(dates::mine_between(
        tx,
        actor,
        (&span.0, &span.1),
        MOST_DATES,
    )?);
    Ok(Month {
        name: span.0.chars().take(7).collect(),
        year: first.year(),
        number: u8::from(first.month()),
        weeks: weeks(first, last, &all, today),
        before: month_name(first.saturating_sub(Duration::days(1))),
        next: month_name(last.saturating_add(Duration::days(1))),
        count: all.len(),
    })
}

fn month_name(date: Date) -> String {
    date.to_string().chars().take(7).collect()
}

fn parse(text: &str) -> Option<Date> {
    let date = Date::parse(text, &Iso8601::DATE).ok()?;
    (1990..=2100).contains(&date.year()).then_some(date)
}

/// The weeks from Monday to Sunday.
fn weeks(first: Date, last: Date, all: &[Due], today: &str) -> Vec<[Day; 7]> {
    let mut weeks: Vec<[Day; 7]> = Vec::new();
    let mut date = first;
    loop {
        let weekday = usize::from(date.weekday().number_days_from_monday());
        if weeks.is_empty() || weekday == 0 {
            weeks.push(Default::default());
        }
        if let Some(day) = weeks.last_mut().and_then(|week| week.get_mut(weekday)) {
            *day = day_of(date, all, today);
        }
        if date >= last {
            return weeks;
        }
        date = date.saturating_add(Duration::days(1));
    }
}

fn day_of(date: Date, all: &[Due], today: &str) -> Day {
    let text = date.to_string();
    let on = all.iter().filter(|due| due.on == text);
    let count = on.clone().count();
    Day {
        number: date.day(),
        is_today: text == today,
        is_past: text.as_str() < today,
        entries: on.take(MOST_OF_A_DAY).map(Entry::new).collect(),
        more: count.saturating_sub(MOST_OF_A_DAY),
        date: text,
    }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    month: String,
}

#[derive(Template)]
#[template(path = "home/calendar.html")]
struct CalendarPage {
    shell: Shell,
    month: Month,
    this_month: String,
}

/// `GET /calendar`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let today = today();
    let (actor, region, day) = (
        frame.actor.clone(),
        frame.region_code.clone(),
        today.clone(),
    );
    let within = format!("{}-01", chosen.month);
    let month = app
        .db
        .read(move |tx| month(tx, &actor, &region, &within, &day))
        .await?;
    web::page(&CalendarPage {
        month,
        this_month: today.chars().take(7).collect(),
        shell: frame.shell.at("/"),
    })
}

/// `GET /calendar.ics`: the actor's dates of the year ahead, for a calendar program.
pub(super) async fn ics(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let now = now_text();
    let day = |days: i64| -> String { later(&now, days * 24 * 3600).chars().take(10).collect() };
    let (from, until) = (day(FILE_DAYS.0), day(FILE_DAYS.1));
    let (actor, region) = (frame.actor, frame.region_code);
    let all = app
        .db
        .read(move |tx| {
            let mut all = dates::rounds_between(tx, &region, (&from, &until))?;
            all.extend(dates::mine_between(
                tx,
                &actor,
                (&from, &until),
                MOST_DATES,
            )?);
            Ok::<_, db::Error>(all)
        })
        .await?;
    let mut calendar = Calendar::new();
    calendar.name("预算绩效期限");
    for due in &all {
        if let Some(date) = parse(&due.on) {
            calendar.push(event(due, date, &now));
        }
    }
    let text = calendar.done().to_string();
    file(
        text.into_bytes(),
        "text/calendar; charset=utf-8",
        "预算绩效期限.ics",
    )
}

fn event(due: &Due, date: Date, now: &str) -> Event {
    let id = due.id.as_deref().unwrap_or(&due.title);
    let uid = web::token::digest(&format!("{} {id}", due.kind));
    // 2020-11-30T09:00:00+08:00 as UTC would need a clock; the file is made now, to the day.
    let stamp: String = now
        .chars()
        .take(10)
        .filter(char::is_ascii_digit)
        .chain("T000000Z".chars())
        .collect();
    Event::new()
        .uid(&format!("{uid}@jixiao"))
        .add_property("DTSTAMP", &stamp)
        .starts(date)
        .summary(&Entry::new(due).text)
        .done()
}
