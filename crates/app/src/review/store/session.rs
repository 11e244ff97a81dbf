//! SQL of the meetings (会审).

use db::{Error, Row, ToValue, Tx};
use domain::permission::Actor;

macro_rules! columns {
    () => {
        "SELECT m.id, m.region_code, m.fiscal_year, m.held_on, m.topic, m.state, m.place, m.chair, \
         m.attendees, m.opened_at, m.closed_at, m.version, \
         (SELECT COUNT(*) FROM joint_review_item i WHERE i.session_id = m.id) AS targets, \
         (SELECT COUNT(*) FROM joint_review_item i WHERE i.session_id = m.id \
         AND i.done IS NOT NULL) AS dealt FROM joint_review_session m "
    };
}

/// Meetings that the actor arranges ($2) or whose section ($3) takes part.
macro_rules! open_to {
    () => {
        "m.region_code = $1 AND ($2 OR ($3 <> '' AND EXISTS (SELECT 1 FROM joint_review_section p \
         WHERE p.session_id = m.id AND p.section_id = $3))) "
    };
}

db::statements! {
    ALL = concat!(columns!(), "WHERE ", open_to!(), "AND m.fiscal_year = $4 \
          ORDER BY m.held_on DESC, m.id DESC LIMIT 200");
    FIND = concat!(columns!(), "WHERE ", open_to!(), "AND m.id = $4");
    SECTIONS = "SELECT s.id, s.name, CASE WHEN p.section_id IS NULL THEN 0 ELSE 1 END AS takes \
                FROM business_section s LEFT JOIN joint_review_section p \
                ON p.section_id = s.id AND p.session_id = $2 WHERE s.region_code = $1 \
                ORDER BY s.id";
    INSERT = "INSERT INTO joint_review_session (id, region_code, fiscal_year, held_on, topic, \
              provenance, state, place, chair, attendees) \
              VALUES ($1, $2, $3, $4, $5, $6, 'planned', $7, $8, $9)";
    CHANGE = "UPDATE joint_review_session SET held_on = $3, topic = $4, place = $5, chair = $6, \
              attendees = $7, version = version + 1 WHERE id = $1 AND version = $2 \
              AND state <> 'closed'";
    DROP_SECTIONS = "DELETE FROM joint_review_section WHERE session_id = $1";
    ADD_SECTION = "INSERT INTO joint_review_section (session_id, section_id, region_code) \
                   SELECT $1, s.id, s.region_code FROM business_section s \
                   WHERE s.id = $2 AND s.region_code = $3";
    OPEN = "UPDATE joint_review_session SET state = 'open', opened_at = $3, \
            version = version + 1 WHERE id = $1 AND version = $2 AND state = 'planned'";
    CLOSE = "UPDATE joint_review_session SET state = 'closed', closed_at = $3, \
             version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'";
    // Whoever writes next waits here, so that what was asked of the agenda stays true.
    LOCK = "UPDATE joint_review_session SET version = version WHERE id = $1";
    // A target stands on one agenda, so whoever fills another one waits too.
    LOCK_OPEN = "UPDATE joint_review_session SET version = version \
                 WHERE region_code = $1 AND state <> 'closed'";
    DROP_ITEMS = "DELETE FROM joint_review_item WHERE session_id = $1";
    DELETE = "DELETE FROM joint_review_session WHERE id = $1 AND version = $2 \
              AND state = 'planned'";
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Session {
    pub(in crate::review) id: String,
    pub(in crate::review) region: String,
    pub(in crate::review) year: i64,
    pub(in crate::review) held_on: String,
    pub(in crate::review) topic: String,
    /// `planned`, `open` or `closed`.
    pub(in crate::review) state: String,
    pub(in crate::review) place: String,
    pub(in crate::review) chair: String,
    pub(in crate::review) attendees: String,
    pub(in crate::review) opened_at: String,
    pub(in crate::review) closed_at: String,
    pub(in crate::review) version: i64,
    /// How many targets stand on its agenda, and how many were dealt with.
    pub(in crate::review) targets: i64,
    pub(in crate::review) dealt: i64,
}

impl Session {
    pub(in crate::review) fn is_open(&self) -> bool {
        self.state == "open"
    }

    pub(in crate::review) fn is_closed(&self) -> bool {
        self.state == "closed"
    }

    /// 筹备中 …
    pub(in crate::review) fn state_word(&self) -> &'static str {
        match &*self.state {
            "planned" => "筹备中",
            "open" => "进行中",
            _ => "已结束",
        }
    }
}

/// Whose meetings are looked for: region, whether all of them, and the section.
#[derive(Debug, Clone)]
pub(in crate::review) struct Whose {
    region: String,
    all: bool,
    section: String,
}

impl Whose {
    /// The meetings that the actor may know of.
    ///
    /// House rule: whoever arranges meetings sees all of them; a section sees those in which it
    /// takes part, with all targets of their agendas, because it judges them there.
    pub(in crate::review) fn of(actor: &Actor) -> Self {
        let may = |action| domain::permission::may(actor, action).is_allowed();
        let takes_part = actor
            .roles
            .contains(&domain::permission::Role::SectionReviewer);
        let section = actor.section.as_ref().filter(|_| takes_part);
        Self {
            region: actor.region.clone(),
            all: may(domain::permission::Action::Arrange),
            section: section.map_or_else(String::new, |section| section.0.clone()),
        }
    }
}

fn session(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        id: row.text("id")?,
        region: row.text("region_code")?,
        year: row.int("fiscal_year")?,
        held_on: row.text("held_on")?,
        topic: row.text("topic")?,
        state: row.text("state")?,
        place: row.text("place")?,
        chair: row.text("chair")?,
        attendees: row.text("attendees")?,
        opened_at: row.opt_text("opened_at")?.unwrap_or_default(),
        closed_at: row.opt_text("closed_at")?.unwrap_or_default(),
        version: row.int("version")?,
        targets: row.int("targets")?,
        dealt: row.int("dealt")?,
    })
}

/// The year's newest 200 meetings, newest first.
pub(in crate::review) fn all(
    tx: &mut Tx<'_>,
    whose: &Whose,
    year: i64,
) -> Result<Vec<Session>, Error> {
    tx.query(ALL, &[&whose.region, &whose.all, &whose.section, &year])?
        .iter()
        .map(session)
        .collect()
}

/// The meeting of this id, if it is one of theirs.
pub(in crate::review) fn find(
    tx: &mut Tx<'_>,
    whose: &Whose,
    id: &str,
) -> Result<Option<Session>, Error> {
    let row = tx.find(FIND, &[&whose.region, &whose.all, &whose.section, &id])?;
    row.as_ref().map(session).transpose()
}

/// A section, and whether it takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Section {
    pub(in crate::review) id: String,
    pub(in crate::review) name: String,
    pub(in crate::review) takes_part: bool,
}

/// The region's sections, each with whether it takes part in the meeting.
pub(in crate::review) fn sections(
    tx: &mut Tx<'_>,
    region: &str,
    id: &str,
) -> Result<Vec<Section>, Error> {
    tx.query(SECTIONS, &[&region, &id])?
        .iter()
        .map(|row| {
            Ok(Section {
                id: row.text("id")?,
                name: row.text("name")?,
                takes_part: row.int("takes")? == 1,
            })
        })
        .collect()
}

/// What a plan says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::review) struct Plan {
    pub(in crate::review) held_on: String,
    pub(in crate::review) topic: String,
    pub(in crate::review) place: String,
    pub(in crate::review) chair: String,
    pub(in crate::review) attendees: String,
    pub(in crate::review) sections: Vec<String>,
}

/// Makes a meeting.
pub(in crate::review) fn insert(
    tx: &mut Tx<'_>,
    (id, region, year): (&str, &str, i64),
    plan: &Plan,
    provenance: &str,
) -> Result<(), Error> {
    let values: [&dyn ToValue; 9] = [
        &id,
        &region,
        &year,
        &plan.held_on,
        &plan.topic,
        &provenance,
        &plan.place,
        &plan.chair,
        &plan.attendees,
    ];
    tx.execute_one(INSERT, &values)?;
    take_part(tx, id, region, plan)
}

fn take_part(tx: &mut Tx<'_>, id: &str, region: &str, plan: &Plan) -> Result<(), Error> {
    for section in &plan.sections {
        tx.execute(ADD_SECTION, &[&id, section, &region])?;
    }
    Ok(())
}

/// Changes what the plan of a meeting says that is not closed; whether nobody was faster.
pub(in crate::review) fn change(
    tx: &mut Tx<'_>,
    session: &Session,
    version: i64,
    plan: &Plan,
) -> Result<bool, Error> {
    let values: [&dyn ToValue; 7] = [
        &session.id,
        &version,
        &plan.held_on,
        &plan.topic,
        &plan.place,
        &plan.chair,
        &plan.attendees,
    ];
    if tx.execute(CHANGE, &values)? == 0 {
        return Ok(false);
    }
    tx.execute(DROP_SECTIONS, &[&session.id])?;
    take_part(tx, &session.id, &session.region, plan)?;
    Ok(true)
}

/// Opens a planned meeting; whether nobody was faster.
pub(in crate::review) fn open(
    tx: &mut Tx<'_>,
    id: &str,
    version: i64,
    at: &str,
) -> Result<bool, Error> {
    Ok(tx.execute(OPEN, &[&id, &version, &at])? == 1)
}

/// Closes an open meeting; whether nobody was faster.
pub(in crate::review) fn close(
    tx: &mut Tx<'_>,
    id: &str,
    version: i64,
    at: &str,
) -> Result<bool, Error> {
    Ok(tx.execute(CLOSE, &[&id, &version, &at])? == 1)
}

/// Takes back a meeting that was planned and not opened, with its agenda; whether it was there.
pub(in crate::review) fn delete(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<bool, Error> {
    tx.execute(DROP_SECTIONS, &[&id])?;
    tx.execute(DROP_ITEMS, &[&id])?;
    Ok(tx.execute(DELETE, &[&id, &version])? == 1)
}

/// Has other writers of the meeting wait until the transaction ends.
pub(in crate::review) fn lock(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(LOCK, &[&id]).map(drop)
}

/// Has all who fill agendas in the region wait until the transaction ends.
pub(in crate::review) fn lock_open(tx: &mut Tx<'_>, region: &str) -> Result<(), Error> {
    tx.execute(LOCK_OPEN, &[&region]).map(drop)
}
