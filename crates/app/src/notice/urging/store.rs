//! SQL of 催报: which units have not done their work, who is to be told, and who was told before.

use db::{Error, Row, ToValue as _, Tx, Value};

use crate::notice::reminder::store::{chain, holds};
use crate::permission::Reach;
use crate::review::has_to_file;

/// Work `w` of a unit `u` that the unit's own people hold and that the urging person looks after:
/// $1 region, $2 the whole region, $3 the top unit, $4 the section. After [`chain!`].
macro_rules! open_work {
    () => {
        "w.region_code = $1 AND (w.role IN ('unit_clerk', 'unit_head', 'department_reviewer') \
         OR EXISTS (SELECT 1 FROM account p WHERE p.id = w.person_id AND p.unit_id IS NOT NULL)) \
         AND ($2 OR ($3 <> '' AND EXISTS (SELECT 1 FROM chain l WHERE l.unit_id = w.unit_id \
         AND l.above_id = $3)) OR ($4 <> '' AND w.section_id = $4))"
    };
}

db::statements! {
    // $5 section, $6 kind of record, $7 due before, $8 how many.
    OPEN = concat!(chain!(), "SELECT w.record_kind, w.record_id, MIN(w.title) AS title, \
           MIN(COALESCE(w.due_on, '')) AS due_on, u.id AS unit_id, u.name AS unit_name, \
           u.code AS unit_code, COALESCE(w.section_id, '') AS section_id, \
           COALESCE(d.name, u.name) AS department, COALESCE(s.name, '') AS section \
           FROM work_item w JOIN organisation_unit u ON u.id = w.unit_id \
           LEFT JOIN organisation_unit d ON d.id = (SELECT MIN(t.above_id) FROM chain t \
           JOIN organisation_unit o ON o.id = t.above_id AND o.parent_id IS NULL \
           WHERE t.unit_id = u.id) \
           LEFT JOIN business_section s ON s.id = w.section_id WHERE ", open_work!(), " \
           AND ($5 = '' OR w.section_id = $5) AND ($6 = '' OR w.record_kind = $6) \
           AND ($7 = '' OR w.due_on < $7) \
           GROUP BY w.record_kind, w.record_id, u.id, u.name, u.code, d.name, s.name, \
           w.section_id ORDER BY w.section_id, u.code, u.id, due_on, w.record_kind, w.record_id \
           LIMIT $8");
    // Objects that have to file a target of the year ($5) and have not begun it, as the board of
    // targets counts them. Nobody holds a record of it, so it lies with whoever would begin it.
    // $6 section, $7 due before, $8 how many.
    UNBEGUN = concat!("WITH placed AS (SELECT o.id, o.code, o.name AS title, u.id AS unit_id, \
              u.name AS unit_name, u.code AS unit_code, above.id AS above_id, top.id AS top_id, \
              COALESCE(top.name, above.name, u.name) AS department, \
              COALESCE((SELECT us.section_id FROM unit_section us WHERE us.unit_id = u.id \
              AND us.fiscal_year = $5), (SELECT us.section_id FROM unit_section us \
              WHERE us.unit_id = above.id AND us.fiscal_year = $5), \
              (SELECT us.section_id FROM unit_section us WHERE us.unit_id = top.id \
              AND us.fiscal_year = $5), '') AS section_id, COALESCE((SELECT MIN(x.due_on) \
              FROM deadline x WHERE x.region_code = $1 \
              AND x.record_kind = 'performance_target' AND x.year = $5), '') AS due_on \
              FROM managed_object o JOIN organisation_unit u ON u.id = o.unit_id \
              LEFT JOIN organisation_unit above ON above.id = u.parent_id \
              LEFT JOIN organisation_unit top ON top.id = above.parent_id \
              WHERE o.region_code = $1 AND ", has_to_file!("$1", "$5"), " \
              AND NOT EXISTS (SELECT 1 FROM performance_target t WHERE t.object_id = o.id \
              AND t.fiscal_year = $5 AND t.state NOT IN ('superseded', 'cancelled'))) \
              SELECT p.title, p.due_on, p.unit_id, p.unit_name, p.unit_code, p.department, \
              p.section_id, COALESCE(s.name, '') AS section FROM placed p \
              LEFT JOIN business_section s ON s.id = p.section_id \
              WHERE ($2 OR ($3 <> '' AND $3 IN (p.unit_id, p.above_id, p.top_id)) \
              OR ($4 <> '' AND p.section_id = $4)) AND ($6 = '' OR p.section_id = $6) \
              AND ($7 = '' OR (p.due_on <> '' AND p.due_on < $7)) \
              ORDER BY p.section_id, p.unit_code, p.unit_id, p.code, p.id LIMIT $8");
    // Who begins the targets of a unit ($2) on a day ($3); the person who urges ($4) is not told.
    CLERKS = "SELECT DISTINCT a.id, a.name, a.email, COALESCE(c.wants_mail, TRUE) AS wants_mail \
              FROM account a JOIN account_role r ON r.account_id = a.id AND r.role = 'unit_clerk' \
              LEFT JOIN mail_choice c ON c.account_id = a.id WHERE a.region_code = $1 \
              AND a.unit_id = $2 AND a.state = 'active' \
              AND (a.valid_to IS NULL OR a.valid_to >= $3) AND a.id <> $4 ORDER BY a.id";
    // $5 unit, $6 today, $8 kind of record, $9 due before. The person who urges ($7) is not told.
    RECEIVERS = concat!(chain!(), "SELECT DISTINCT a.id, a.name, a.email, \
           COALESCE(c.wants_mail, TRUE) AS wants_mail FROM work_item w \
           JOIN account a ON ", holds!(), " LEFT JOIN mail_choice c ON c.account_id = a.id \
           WHERE ", open_work!(), " AND w.unit_id = $5 AND a.state = 'active' \
           AND (a.valid_to IS NULL OR a.valid_to >= $6) AND a.id <> $7 \
           AND ($8 = '' OR w.record_kind = $8) AND ($9 = '' OR w.due_on < $9) ORDER BY a.id");
    LAST = "SELECT unit_id, COUNT(*) AS times, MAX(urged_at) AS urged_at FROM urging \
            WHERE region_code = $1 AND urged_at >= $2 GROUP BY unit_id ORDER BY unit_id";
    KEEP = "INSERT INTO urging (id, region_code, unit_id, matters, people, remark, urged_by, \
            urged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
    SECTIONS = "SELECT id, name FROM business_section WHERE region_code = $1 ORDER BY id";
}

/// Whose work somebody may urge.
#[derive(Debug, Clone)]
pub(super) struct Area {
    pub(super) region: String,
    pub(super) reach: Reach,
    /// The year in which targets that were not begun are looked for.
    pub(super) year: i64,
}

impl Area {
    fn values(&self) -> [Value; 4] {
        [
            self.region.to_value(),
            Value::Bool(self.reach.is_region),
            self.reach.top.to_value(),
            self.reach.section.to_value(),
        ]
    }
}

/// Which work is looked for; an empty text chooses everything.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) section: String,
    pub(super) kind: String,
    /// Only what was due before this day.
    pub(super) before: String,
}

impl Filter {
    /// Whether targets that were not begun are looked for.
    fn has_unbegun(&self) -> bool {
        self.kind.is_empty() || self.kind == "performance_target"
    }
}

/// A record that a unit has not done its part of, or one that it has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) title: String,
    /// Empty where no date is set.
    pub(super) due_on: String,
    pub(super) unit: String,
    pub(super) unit_name: String,
    pub(super) department: String,
    pub(super) section: String,
    /// Whether there is no record of it yet.
    pub(super) is_unbegun: bool,
    /// Where its unit stands in the list: section and code.
    place: (String, String),
}

/// The open work of the units in the area, together for each unit.
pub(super) fn open(
    tx: &mut Tx<'_>,
    area: &Area,
    filter: &Filter,
    most: i64,
) -> Result<Vec<Open>, Error> {
    let [region, all, top, section] = area.values();
    let rows = tx.query(
        OPEN,
        &[
            &region,
            &all,
            &top,
            &section,
            &filter.section,
            &filter.kind,
            &filter.before,
            &most,
        ],
    )?;
    let held = rows.iter().map(|row| one(row, false));
    let mut open = held.collect::<Result<Vec<_>, Error>>()?;
    if filter.has_unbegun() {
        let year = area.year;
        let rows = tx.query(
            UNBEGUN,
            &[
                &region,
                &all,
                &top,
                &section,
                &year,
                &filter.section,
                &filter.before,
                &most,
            ],
        )?;
        for row in &rows {
            let mut work = one(row, true)?;
            work.title = format!("{}：{year} 年绩效目标还没有开始编制", work.title);
            open.push(work);
        }
        // What a unit has in hand comes before what it has not begun.
        let place = |work: &Open| (work.place.clone(), work.unit.clone(), work.is_unbegun);
        open.sort_by_cached_key(place);
        open.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    }
    Ok(open)
}

fn one(row: &Row, is_unbegun: bool) -> Result<Open, Error> {
    Ok(Open {
        title: row.text("title")?,
        due_on: row.text("due_on")?,
        unit: row.text("unit_id")?,
        unit_name: row.text("unit_name")?,
        department: row.text("department")?,
        section: row.text("section")?,
        is_unbegun,
        place: (row.text("section_id")?, row.text("unit_code")?),
    })
}

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receiver {
    pub(super) account: String,
    pub(super) name: String,
    /// Whether a mail goes there too.
    pub(super) by_mail: bool,
}

/// Who holds the chosen open work of the unit, without `urger`.
pub(super) fn receivers(
    tx: &mut Tx<'_>,
    area: &Area,
    filter: &Filter,
    unit: &str,
    (today, urger): (&str, &str),
) -> Result<Vec<Receiver>, Error> {
    let [region, all, top, section] = area.values();
    let rows = tx.query(
        RECEIVERS,
        &[
            &region,
            &all,
            &top,
            &section,
            &unit,
            &today,
            &urger,
            &filter.kind,
            &filter.before,
        ],
    )?;
    rows.iter().map(receiver).collect()
}

fn receiver(row: &Row) -> Result<Receiver, Error> {
    Ok(Receiver {
        account: row.text("id")?,
        name: row.text("name")?,
        by_mail: row.bool("wants_mail")? && !row.text("email")?.is_empty(),
    })
}

/// Who begins the unit's targets, without `urger`.
pub(super) fn clerks(
    tx: &mut Tx<'_>,
    region: &str,
    unit: &str,
    (today, urger): (&str, &str),
) -> Result<Vec<Receiver>, Error> {
    let rows = tx.query(CLERKS, &[&region, &unit, &today, &urger])?;
    rows.iter().map(receiver).collect()
}

/// How often each unit was urged since `since`, and when last.
pub(super) fn last(
    tx: &mut Tx<'_>,
    region: &str,
    since: &str,
) -> Result<Vec<(String, i64, String)>, Error> {
    tx.query(LAST, &[&region, &since])?
        .iter()
        .map(|row| {
            Ok((
                row.text("unit_id")?,
                row.int("times")?,
                row.text("urged_at")?,
            ))
        })
        .collect()
}

/// That a unit was urged.
pub(super) struct Urging<'a> {
    pub(super) id: &'a str,
    pub(super) region: &'a str,
    pub(super) unit: &'a str,
    pub(super) matters: i64,
    pub(super) people: i64,
    pub(super) remark: &'a str,
    pub(super) urged_by: &'a str,
    pub(super) urged_at: &'a str,
}

/// Keeps that a unit was urged; false when the same form was sent before.
pub(super) fn keep(tx: &mut Tx<'_>, urging: &Urging<'_>) -> Result<bool, Error> {
    let touched = tx.execute(
        KEEP,
        &[
            &urging.id,
            &urging.region,
            &urging.unit,
            &urging.matters,
            &urging.people,
            &urging.remark,
            &urging.urged_by,
            &urging.urged_at,
        ],
    )?;
    Ok(touched == 1)
}

/// Id and name of the region's sections.
pub(super) fn sections(tx: &mut Tx<'_>, region: &str) -> Result<Vec<(String, String)>, Error> {
    tx.query(SECTIONS, &[&region])?
        .iter()
        .map(|row| Ok((row.text("id")?, row.text("name")?)))
        .collect()
}
