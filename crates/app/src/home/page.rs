//! The home page.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use db::{Question, Tx};
use domain::permission::{Action, Actor, Role, may};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::calendar::{self, Month};
use super::list::{self, Line, STRETCHES, Tab};
use super::store::{self, Badges, Filter, Group};
use super::words;
use crate::notice::store::Kept;
use crate::notice::{self, outbox};
use crate::serve::{App, Frame, now_text, today};

/// Cards on top of the page.
///
/// House rule: who opens the page must see at once what to do; more than three choices are a list.
const MOST_CARDS: usize = 3;

/// Notices beside the list.
const MOST_NEWS: i64 = 3;

/// Rows of a list.
const ROWS: i64 = 50;

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    tab: String,
    kind: String,
    due: String,
    text: String,
    after: String,
}

/// A thing to do.
struct Card {
    /// 审核 绩效目标
    title: String,
    /// The record, when there is one.
    what: String,
    /// How many records, when there are several.
    works: i64,
    minutes: u32,
    due: String,
    is_late: bool,
    href: String,
    act: String,
}

#[derive(Template)]
#[template(path = "home/page.html")]
struct HomePage<'a> {
    shell: Shell,
    cards: &'a [Card],
    tab: Tab,
    chosen: Chosen,
    kinds: [RecordKind; 9],
    lines: Vec<&'a Line>,
    badges: Badges,
    /// How many pieces of work are chosen.
    found: i64,
    next: Option<String>,
    first: Option<String>,
    month: &'a Month,
    /// The newest notices that are not read.
    news: &'a [Kept],
    is_filtered: bool,
    may_view: bool,
    /// Mails that could not be sent, for the system administrator.
    failed_mails: i64,
    empty: &'static str,
}

/// `GET /`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (now, today) = (now_text(), today());
    let tab = Tab::of(&chosen.tab);
    let filter = list::filter(&chosen.kind, &chosen.due, &chosen.text, &now, &today);
    let is_filtered = filter_is_set(&filter);
    let ask = Ask {
        actor: frame.actor.clone(),
        region: frame.region_code.clone(),
        filter,
        tab,
        after: chosen.after.clone(),
        today: today.clone(),
    };
    let found = app.db.recall(ask).await?;
    let address = list::address(
        frame.shell.year,
        tab,
        &chosen.kind,
        &chosen.due,
        &chosen.text,
    );
    let most = usize::try_from(ROWS)?;
    let next = (found.lines.len() > most).then(|| found.lines[most - 1].0.clone());
    web::page(&HomePage {
        cards: &found.cards,
        lines: found
            .lines
            .iter()
            .take(most)
            .map(|(_, line)| line)
            .collect(),
        badges: found.badges,
        found: found.count,
        next: next.map(|place| address.clone().with("after", place).at("/")),
        first: (!chosen.after.is_empty()).then(|| address.at("/")),
        month: &found.month,
        news: &found.news,
        is_filtered,
        kinds: RecordKind::ALL,
        tab,
        chosen,
        may_view: may(&frame.actor, Action::View).is_allowed(),
        failed_mails: found.failed_mails,
        empty: empty(&frame.actor),
        shell: frame.shell.at("/"),
    })
}

fn filter_is_set(filter: &Filter) -> bool {
    [&filter.kind, &filter.from, &filter.until, &filter.text]
        .into_iter()
        .any(|value| !value.is_empty())
}

/// What the page asks the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Ask {
    actor: Actor,
    region: String,
    filter: Filter,
    tab: Tab,
    after: String,
    today: String,
}

/// What the database says.
struct Found {
    cards: Vec<Card>,
    /// Each line with its place in the list.
    lines: Vec<(String, Line)>,
    badges: Badges,
    count: i64,
    month: Month,
    news: Vec<Kept>,
    failed_mails: i64,
}

impl Question for Ask {
    type Answer = Found;
    type Error = db::Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Found, db::Error> {
        read(tx, self)
    }
}

fn read(tx: &mut Tx<'_>, ask: &Ask) -> Result<Found, db::Error> {
    let account = &ask.actor.id.0;
    let lines = match ask.tab {
        Tab::Work => store::work(tx, &ask.actor, &ask.filter, &ask.after, ROWS + 1)?
            .into_iter()
            .map(|work| (work.place.clone(), Line::of_work(work, &ask.today)))
            .collect(),
        Tab::Done | Tab::Begun => {
            let begun = ask.tab == Tab::Begun;
            store::steps::steps(tx, account, begun, &ask.after, ROWS + 1)?
                .into_iter()
                .map(|step| (step.place.clone(), Line::of_step(step)))
                .collect()
        }
    };
    let failed_mails = if ask.actor.roles.contains(&Role::SystemAdmin) {
        outbox::store::counts(tx)?.failed
    } else {
        0
    };
    Ok(Found {
        cards: cards(tx, ask)?,
        lines,
        badges: store::badges(tx, &ask.actor)?,
        count: store::count(tx, &ask.actor, &ask.filter)?,
        month: calendar::month(tx, &ask.actor, &ask.region, &ask.today, &ask.today)?,
        news: notice::store::page(tx, account, true, ("", ""), MOST_NEWS)?,
        failed_mails,
    })
}

fn cards(tx: &mut Tx<'_>, ask: &Ask) -> Result<Vec<Card>, db::Error> {
    let groups = store::groups(tx, &ask.actor, &ask.today)?;
    let mut cards = Vec::new();
    for group in groups.into_iter().take(MOST_CARDS) {
        let first = store::first_of(tx, &ask.actor, &group)?;
        let Some(first) = first else { continue };
        let lines = store::lines(tx, &first.kind, &first.id)?;
        cards.push(Card {
            title: title(&group),
            what: first.title,
            works: group.works,
            minutes: words::minutes(&group.verb, lines),
            due: due(&group, &ask.today),
            is_late: group.late > 0,
            href: words::href(&first.kind, &first.id),
            act: words::act(&group.verb).to_owned(),
        });
    }
    Ok(cards)
}

/// 审核绩效目标 12 份
fn title(group: &Group) -> String {
    let (act, kind) = (words::act(&group.verb), words::kind(&group.kind));
    if group.works == 1 {
        format!("{act}{kind}")
    } else {
        format!("{act}{kind} {} 份", group.works)
    }
}

/// `2 份已逾期`, `11-30 到期，还有 3 天`, or nothing.
fn due(group: &Group, today: &str) -> String {
    let Some(on) = &group.due_on else {
        return String::new();
    };
    if group.works > 1 && group.late > 0 {
        return format!("{} 份已逾期", group.late);
    }
    let left = words::left(on, today);
    if group.works > 1 {
        format!("最早 {on} 到期，{left}")
    } else {
        format!("{on} 到期，{left}")
    }
}

/// What stands where nothing is to be done, for the role that the actor has.
fn empty(actor: &Actor) -> &'static str {
    match actor.roles.first() {
        Some(Role::SystemAdmin) => "账号申请和发送失败的邮件在左侧“账号”“邮件发送”里办理。",
        Some(Role::SecurityAdmin) => "授权申请和复核在左侧“授权”里办理。",
        Some(Role::AuditAdmin) => "操作记录在左侧“审计”里查阅和校验。",
        Some(Role::Observer) => "已提交和公开的材料在左侧“项目与部门”“年度说明”里查阅。",
        Some(Role::Expert | Role::ThirdParty) => {
            "接到指派的评价任务后，会出现在这里并发消息告诉您。"
        }
        _ => "有要填报、审核或答复的工作时，会出现在这里；到期前会发消息提醒您。",
    }
}
