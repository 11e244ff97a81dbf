//! What the page of a record's way shows, in words.

use std::collections::BTreeMap;

use db::{Error as Failure, Tx};
use domain::permission::{Action, Actor, Role, Scope, decide, sees};
use domain::workflow::{
    Holder, Offer, RecordKind, Refusal, Signer, State, Verb, holders, offers, way_ahead,
};

use super::standing::Read;
use super::store::people::{self, Reviewer};
use super::store::row::Numbered;
use super::store::step::Step;
use super::{Error, standing, words};

/// The record, if the actor may know of it: by right, or because its desk names the actor.
///
/// # Errors
/// There is none for the actor, or the database fails.
pub(super) fn visible(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    actor: &Actor,
    clock: &str,
) -> Result<Read, Error> {
    if id.chars().any(char::is_control) {
        return Err(Error::NOT_FOUND);
    }
    let read = standing::read(tx, kind, id, clock)?;
    if sees(actor, &read.standing.subject) || is_named(&read, actor) {
        Ok(read)
    } else {
        Err(Error::NOT_FOUND)
    }
}

/// Whether the actor may know of the record, by right or because its desk names the actor.
///
/// # Errors
/// The database fails.
pub(crate) fn is_known(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    actor: &Actor,
) -> Result<bool, Failure> {
    // When it is asked does not change who is named.
    match visible(tx, kind, id, actor, "") {
        Ok(_) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(Error::Database(error)) => Err(error),
    }
}

fn is_named(read: &Read, actor: &Actor) -> bool {
    let desk = &read.standing.desk;
    let is_administrator = actor.roles.iter().any(|role| role.is_administrator());
    let people = desk.asked.iter().chain(&desk.added);
    let delegates = desk.seats.iter().filter_map(|seat| seat.delegate.as_ref());
    !is_administrator && people.chain(delegates).any(|person| *person == actor.id)
}

/// Who holds the record, one text for each.
pub(super) fn held_by(tx: &mut Tx<'_>, read: &Read) -> Result<Vec<String>, Failure> {
    let mut held = Vec::new();
    for holder in holders(read.kind, &read.standing) {
        held.push(match holder {
            Holder::Filler => {
                let unit = match &read.facts.unit_id {
                    Some(unit) => people::unit_name(tx, unit)?,
                    None => "绩效股".to_owned(),
                };
                format!("{unit}（填报）")
            }
            Holder::Signer(signer) => signer_words(tx, read, signer)?,
            Holder::Person(person) => {
                let found = people::name(tx, &person.0)?;
                found.map_or_else(|| "已注销的账号".to_owned(), |(name, _)| name)
            }
        });
    }
    Ok(held)
}

/// The signer's role with the names of the first few who hold it here.
fn signer_words(tx: &mut Tx<'_>, read: &Read, signer: Signer) -> Result<String, Failure> {
    let subject = &read.standing.subject;
    let unit = subject.unit.as_ref().map_or("", |unit| &unit.0);
    let section = subject.section.as_ref().map_or("", |section| &section.0);
    let (region, role) = (&read.facts.region_code, signer.role);
    let mut names = match signer.scope {
        Scope::OwnUnit | Scope::SubordinateUnits => people::holders(tx, region, role, unit, "")?,
        Scope::OwnSection => people::holders(tx, region, role, "", section)?,
        Scope::Region | Scope::All => people::holders(tx, region, role, "", "")?,
        Scope::AssignedTasks => Vec::new(),
    };
    if names.is_empty() && signer.scope == Scope::SubordinateUnits {
        for above in &subject.superiors {
            names.extend(people::holders(tx, region, role, &above.0, "")?);
        }
    }
    let label = words::signer(signer);
    Ok(match names.len() {
        0 => format!("{label}（还没有账号）"),
        1..=3 => format!("{label}：{}", names.join("、")),
        _ => format!("{label}：{} 等", names[..3].join("、")),
    })
}

/// One stop on the record's way.
pub(super) struct Stop {
    /// `done`, `now` or `ahead`.
    pub(super) mark: &'static str,
    pub(super) label: &'static str,
    /// Who does it, or did.
    pub(super) who: String,
    /// When it was done.
    pub(super) at: String,
}

/// The stops of the record's way: those behind, where it lies, and those ahead.
pub(super) fn way(read: &Read, steps: &[Step]) -> Vec<Stop> {
    let machine = read.kind.machine();
    let first = machine
        .states
        .first()
        .and_then(|row| read.kind.state(row.name));
    let mut whole = read.standing.clone();
    whole.state = first.unwrap_or(whole.state);
    let ahead = way_ahead(read.kind, &read.standing);
    let mut line = way_ahead(read.kind, &whole);
    let here = line
        .iter()
        .position(|stage| stage.state == read.standing.state);
    let here = here.unwrap_or_else(|| {
        // Where it lies is beside the usual way: the way goes on from there.
        line.truncate(1);
        line.extend(ahead);
        1
    });
    let left = last_left(read.kind, steps);
    let stop = |(place, stage): (usize, domain::workflow::Stage)| {
        let done = left.get(&stage.state).filter(|_| place < here);
        let mut roles: Vec<&str> = Vec::new();
        for signer in &stage.signers {
            let label = signer.role.label();
            if !roles.contains(&label) && signer.role != Role::ThirdParty {
                roles.push(label);
            }
        }
        Stop {
            mark: match place.cmp(&here) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "ahead",
            },
            label: machine.label(stage.state),
            who: done.map_or_else(|| roles.join("、"), |step| step.person.clone()),
            at: done.map_or_else(String::new, |step| minute(&step.done_at)),
        }
    };
    line.into_iter().enumerate().map(stop).collect()
}

/// The newest step out of each state.
fn last_left(kind: RecordKind, steps: &[Step]) -> BTreeMap<State, &Step> {
    let mut left = BTreeMap::new();
    for step in steps {
        if step.from_state != step.state
            && let Some(state) = kind.state(&step.from_state)
        {
            left.entry(state).or_insert(step);
        }
    }
    left
}

/// `2020-03-02 09:30`
pub(super) fn minute(moment: &str) -> String {
    let minute = moment.chars().take(16);
    minute.map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// Whom a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Nobody,
    One,
    Several,
}

/// The form of a command.
pub(super) struct CommandForm {
    pub(super) verb: Verb,
    pub(super) outcomes: Vec<&'static str>,
    pub(super) needs_comment: bool,
    pub(super) asks: Asks,
    /// Where a return may go: value and words.
    pub(super) returns: Vec<(String, String)>,
    /// Whether it is what is usually done next.
    pub(super) is_first: bool,
}

impl CommandForm {
    /// What the form does, in a sentence.
    pub(super) fn hint(&self) -> &'static str {
        match self.verb {
            Verb::HandIn => "填完了，交给本单位负责人确认；负责人送审之前，您可以撤回修改。",
            Verb::Submit => "送审后内容不能再改，系统立即生成带编号的送审回执。",
            Verb::Approve => "通过后自动转到下一环节。",
            Verb::Return => "退回必须写明原因和要求；可以逐个字段写批注。",
            Verb::Withdraw => "对方还没有办理时可以撤回。",
            Verb::Delegate => "把这一步交给一位同事办理，您仍可以退回或改派。",
            Verb::Consult => "请其他人一起签署意见，全部签完才进入下一环节。",
            Verb::AddSigner => "请一位同事先签，签完再回到这里。",
            Verb::Cancel => "作废后不能恢复，请写明原因。",
            Verb::Advance => "这一环节办完了，转到下一环节。",
            Verb::Replace => "另有一份取代它，它不再有效；调整的目标批复后自动替换，不用在这里办。",
            _ => "",
        }
    }
}

/// The forms of what the actor may command now, the usual next one first.
pub(super) fn forms(read: &Read, offers: &[Offer]) -> Vec<CommandForm> {
    const USUAL: [Verb; 9] = [
        Verb::Submit,
        Verb::HandIn,
        Verb::Approve,
        Verb::Conclude,
        Verb::Score,
        Verb::Advance,
        Verb::Publish,
        Verb::Fill,
        Verb::Select,
    ];
    let may = |verb: Verb| {
        offers
            .iter()
            .any(|offer| offer.verb == verb && offer.answer.is_ok())
    };
    let first = USUAL.into_iter().find(|verb| may(*verb));
    let mut forms: Vec<CommandForm> = offers
        .iter()
        // Whoever can send it has nobody to hand it to.
        .filter(|offer| offer.verb != Verb::HandIn || !may(Verb::Submit))
        .filter_map(|offer| {
            let asked = offer.answer.as_ref().ok()?;
            Some(CommandForm {
                verb: offer.verb,
                outcomes: asked.outcomes.clone(),
                needs_comment: asked.needs_comment,
                asks: match offer.verb {
                    Verb::Delegate | Verb::AddSigner => Asks::One,
                    Verb::Consult => Asks::Several,
                    _ => Asks::Nobody,
                },
                returns: returns(read, offer.verb),
                is_first: Some(offer.verb) == first,
            })
        })
        .collect();
    forms.sort_by_key(|form| !form.is_first);
    forms
}

/// Where a return may go: whoever filled it, the step before, or any step that it passed.
fn returns(read: &Read, verb: Verb) -> Vec<(String, String)> {
    let machine = read.kind.machine();
    if verb != Verb::Return || !machine.is_review_step(read.standing.state) {
        return Vec::new();
    }
    let mut returns = vec![("filler".to_owned(), "填报人".to_owned())];
    let path = &read.standing.desk.path;
    if !path.is_empty() {
        returns.push(("previous".to_owned(), "上一环节".to_owned()));
    }
    let passed = path.iter();
    returns.extend(passed.map(|state| {
        let label = format!("{}环节", machine.label(*state));
        (state.name().to_owned(), label)
    }));
    returns
}

/// A verb with the reason why the actor may command it, or not.
pub(super) struct Why {
    pub(super) label: &'static str,
    pub(super) may: bool,
    pub(super) reason: String,
}

/// Why the actor can, or cannot, do each thing that can be done with the record.
pub(super) fn reasons(read: &Read, offers: &[Offer], actor: &Actor) -> Vec<Why> {
    let reason = |offer: &Offer| Why {
        label: offer.verb.label(),
        may: offer.answer.is_ok(),
        reason: match &offer.answer {
            Ok(_) => granted(read, offer.verb, actor),
            Err(Refusal::NotFound) => "这条记录不归您办理。".to_owned(),
            Err(refusal) => refusal.to_string(),
        },
    };
    offers.iter().map(reason).collect()
}

fn granted(read: &Read, verb: Verb, actor: &Actor) -> String {
    let machine = read.kind.machine();
    let state = read.standing.state;
    let of_edges = machine
        .edges
        .iter()
        .filter(|edge| edge.verb == verb && edge.from.contains(&state.name()))
        .map(|edge| edge.action);
    let of_part = match verb {
        Verb::Submit => Action::Submit,
        Verb::Withdraw if machine.is_review_step(state) => Action::Submit,
        Verb::HandIn | Verb::Withdraw => Action::Fill,
        Verb::Return if machine.is_sent_from(state) => Action::Submit,
        _ => Action::Review,
    };
    of_edges
        .chain([of_part])
        .map(|action| decide(actor, action, &read.standing.subject))
        .find(domain::permission::Decision::is_allowed)
        .map_or_else(
            || "这一步已交由您办理。".to_owned(),
            |decision| decision.reason().to_owned(),
        )
}

/// What the actor can do with the record, with the answers.
pub(super) fn offered(read: &Read, actor: &Actor) -> Vec<Offer> {
    offers(read.kind, &read.standing, actor)
}

/// Who can be drawn into the record's review.
pub(super) fn reviewers(tx: &mut Tx<'_>, read: &Read) -> Result<Vec<Reviewer>, Failure> {
    let subject = &read.standing.subject;
    let unit = subject.unit.as_ref().map(|unit| &*unit.0);
    let above = subject.superiors.first().map(|unit| &*unit.0);
    people::reviewers(tx, &read.facts.region_code, unit, above)
}

/// The fields of a record that can be commented on: path and name. A row's path has the number that
/// the row keeps, so that a comment stays with it wherever it is moved.
pub(super) fn commentable(kind: RecordKind, rows: &[Numbered]) -> Vec<(String, String)> {
    let mut fields = vec![("record".to_owned(), "整份表".to_owned())];
    match kind {
        RecordKind::PerformanceTarget => fields.push(("goal".to_owned(), "年度目标".to_owned())),
        RecordKind::Monitoring => {
            fields.push(("deviation_reason".to_owned(), "偏差原因".to_owned()));
        }
        _ => {}
    }
    for row in rows {
        let name = format!("指标 {} {}", row.position, row.name);
        fields.push((format!("indicators/{}", row.key), name));
    }
    fields
}

/// What a field is called: 指标 3 改造道路长度 · 指标值. What is gone says so.
pub(super) fn field_name(fields: &[(String, String)], path: &str) -> String {
    let known = |path: &str| {
        let found = fields.iter().find(|(known, _)| known == path);
        found.map(|(_, name)| name.clone())
    };
    let parts: Vec<&str> = path.split('/').collect();
    match (known(path), &parts[..]) {
        (Some(name), _) => name,
        (None, ["indicators"]) => "绩效指标".to_owned(),
        (None, ["indicators", row, rest @ ..]) => {
            let row = known(&format!("indicators/{row}"));
            let row = row.unwrap_or_else(|| "已删除的指标".to_owned());
            let cell = rest.first().and_then(|cell| cell_name(cell));
            cell.map_or_else(|| row.clone(), |cell| format!("{row} · {cell}"))
        }
        _ => "已删除的栏目".to_owned(),
    }
}

fn cell_name(cell: &str) -> Option<&'static str> {
    let cells = domain::target::Row::default();
    let cells = cells.cells();
    let found = cells.iter().find(|(name, _, _)| *name == cell);
    found.map(|(_, label, _)| *label)
}
