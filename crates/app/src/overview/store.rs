//! SQL of the overview.

use db::{Error, Row, Sql, Tx};
use web::list::Choice;

use crate::object::store::seat::{self, Seating, heirs, seat, seat_joins};

db::statements! {
    REGION_NAME = "SELECT name FROM region WHERE code = $1";
    YEARS = "SELECT region_code, year FROM fiscal_year ORDER BY year DESC, region_code";
    LAST_PAID = "SELECT MAX(fiscal_year) AS year FROM budget_execution WHERE region_code = $1";
    FIND_SETTING = "SELECT value FROM setting WHERE name = $1";
    TARGETS = concat!(
        "WITH RECURSIVE ",
        heirs!(),
        " SELECT ",
        seat!(),
        " AS department_id, COUNT(*) AS whole, CAST(SUM(CASE WHEN EXISTS (SELECT 1 \
         FROM performance_target t WHERE t.object_id = o.id AND t.fiscal_year = $2 \
         AND t.state IN ('approved', 'adjusting')) THEN 1 ELSE 0 END) AS BIGINT) AS done, \
         CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM performance_target t WHERE t.object_id = o.id \
         AND t.fiscal_year = $2) THEN 1 ELSE 0 END) AS BIGINT) AS begun FROM managed_object o ",
        seat_joins!("$3", "$4"),
        "WHERE o.region_code = $1 AND (EXISTS (SELECT 1 FROM performance_target t \
         WHERE t.object_id = o.id AND t.fiscal_year = $2 \
         AND t.state NOT IN ('superseded', 'cancelled', 'rejected')) \
         OR EXISTS (SELECT 1 FROM budget_line b \
         WHERE b.object_id = o.id AND b.fiscal_year = $2)) GROUP BY ",
        seat!()
    );
    MONITORINGS = concat!(
        "WITH RECURSIVE ",
        heirs!(),
        " SELECT ",
        seat!(),
        " AS department_id, COUNT(*) AS whole, CAST(SUM(CASE WHEN EXISTS (SELECT 1 \
         FROM monitoring m WHERE m.object_id = o.id AND m.work_year = $2 \
         AND m.state = 'concluded') THEN 1 ELSE 0 END) AS BIGINT) AS done, \
         CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM monitoring m WHERE m.object_id = o.id \
         AND m.work_year = $2) THEN 1 ELSE 0 END) AS BIGINT) AS begun FROM managed_object o ",
        seat_joins!("$3", "$4"),
        "WHERE o.region_code = $1 AND EXISTS (SELECT 1 FROM performance_target t \
         WHERE t.object_id = o.id AND t.fiscal_year = $2 \
         AND t.state IN ('approved', 'adjusting')) GROUP BY ",
        seat!()
    );
    SELF_EVALUATIONS = concat!(
        "WITH RECURSIVE ",
        heirs!(),
        " SELECT ",
        seat!(),
        " AS department_id, COUNT(*) AS whole, CAST(SUM(CASE WHEN EXISTS (SELECT 1 \
         FROM self_evaluation s WHERE s.object_id = o.id AND s.work_year = $2 \
         AND s.state IN ('accepted', 'published')) THEN 1 ELSE 0 END) AS BIGINT) AS done, \
         CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM self_evaluation s WHERE s.object_id = o.id \
         AND s.work_year = $2) THEN 1 ELSE 0 END) AS BIGINT) AS begun FROM managed_object o ",
        seat_joins!("$3", "$4"),
        "WHERE o.region_code = $1 AND (EXISTS (SELECT 1 FROM self_evaluation s \
         WHERE s.object_id = o.id AND s.work_year = $2) OR EXISTS (SELECT 1 FROM budget_line b \
         WHERE b.object_id = o.id AND b.fiscal_year = $2 - 1)) GROUP BY ",
        seat!()
    );
    RE_EVALUATIONS = concat!(
        "WITH RECURSIVE ",
        heirs!(),
        " SELECT ",
        seat!(),
        " AS department_id, COUNT(DISTINCT s.id) AS whole, COUNT(DISTINCT r.self_evaluation_id) \
         AS done, COUNT(DISTINCT r.self_evaluation_id) AS begun FROM self_evaluation s \
         JOIN managed_object o ON o.id = s.object_id ",
        seat_joins!("$3", "$4"),
        "LEFT JOIN re_evaluation r ON r.self_evaluation_id = s.id AND r.work_year = $2 \
         WHERE s.region_code = $1 AND s.work_year = $2 AND s.state IN ('accepted', 'published') \
         GROUP BY ",
        seat!()
    );
    RECTIFICATIONS = concat!(
        "WITH RECURSIVE ",
        heirs!(),
        " SELECT ",
        seat!(),
        " AS department_id, COUNT(*) AS whole, CAST(SUM(CASE WHEN r.state = 'closed' THEN 1 \
         ELSE 0 END) AS BIGINT) AS done, CAST(SUM(CASE WHEN r.state <> 'closed' \
         AND r.due_on < $5 THEN 1 ELSE 0 END) AS BIGINT) AS late, COUNT(*) AS begun \
         FROM rectification r \
         JOIN key_evaluation k ON k.id = r.key_evaluation_id \
         JOIN managed_object o ON o.id = k.object_id ",
        seat_joins!("$3", "$4"),
        "WHERE r.region_code = $1 AND r.work_year = $2 GROUP BY ",
        seat!()
    );
    LIGHTS = concat!(
        "WITH RECURSIVE ",
        heirs!(),
        " SELECT ",
        seat!(),
        " AS department_id, w.worst, COUNT(*) AS objects FROM (SELECT object_id, MIN(CASE \
         WHEN budget_light = 'red' OR indicator_light = 'red' THEN 1 \
         WHEN budget_light = 'yellow' OR indicator_light = 'yellow' THEN 2 \
         WHEN budget_light = 'green' OR indicator_light = 'green' THEN 3 ELSE 4 END) AS worst \
         FROM monitoring WHERE region_code = $1 AND work_year = $2 GROUP BY object_id) w \
         JOIN managed_object o ON o.id = w.object_id ",
        seat_joins!("$3", "$4"),
        "GROUP BY ",
        seat!(),
        ", w.worst"
    );
    BOOK_LIGHTS = "SELECT b.book, w.worst, COUNT(DISTINCT w.object_id) AS objects \
         FROM (SELECT object_id, MIN(CASE \
         WHEN budget_light = 'red' OR indicator_light = 'red' THEN 1 \
         WHEN budget_light = 'yellow' OR indicator_light = 'yellow' THEN 2 \
         WHEN budget_light = 'green' OR indicator_light = 'green' THEN 3 ELSE 4 END) AS worst \
         FROM monitoring WHERE region_code = $1 AND work_year = $2 GROUP BY object_id) w \
         JOIN budget_line b ON b.object_id = w.object_id AND b.fiscal_year = $2 \
         GROUP BY b.book, w.worst ORDER BY b.book, w.worst";
    RESULTS = "SELECT o.id, o.name, s.adjusted_fen, s.executed_fen, s.score_centi, s.grade \
               FROM self_evaluation s JOIN managed_object o ON o.id = s.object_id \
               WHERE s.region_code = $1 AND s.work_year = $2 AND s.score_centi IS NOT NULL \
               ORDER BY s.score_centi, o.id";
}

/// The region that this database is of, and the years that it has.
pub(crate) struct Place {
    /// 行政区划代码; empty in a database without data.
    pub(crate) region_code: String,
    /// Its name, or the code where no name is kept.
    pub(crate) region_name: String,
    /// Newest first.
    pub(crate) years: Vec<i64>,
    /// The year that a page shows when none is chosen: the last one with payments, since the next
    /// year's targets alone say little.
    pub(crate) usual_year: Option<i64>,
    /// Whether the data is the sample city's.
    pub(crate) is_sample: bool,
}

/// The region and its years.
pub(crate) fn place(tx: &mut Tx<'_>) -> Result<Place, Error> {
    let rows = tx.query(YEARS, &[])?;
    let region_code = match rows.first() {
        Some(row) => row.text("region_code")?,
        None => String::new(),
    };
    let mut years = Vec::new();
    for row in &rows {
        if row.text("region_code")? == region_code {
            years.push(row.int("year")?);
        }
    }
    let named = tx.find(REGION_NAME, &[&region_code])?;
    let region_name = named.map(|row| row.text("name")).transpose()?;
    let last_paid = tx.one(LAST_PAID, &[&region_code])?.opt_int("year")?;
    Ok(Place {
        usual_year: last_paid.or(years.first().copied()),
        region_name: region_name.unwrap_or_else(|| region_code.clone()),
        is_sample: setting(tx, "sample")?.is_some(),
        region_code,
        years,
    })
}

fn setting(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, Error> {
    tx.find(FIND_SETTING, &[&name])?
        .map(|row| row.text("value"))
        .transpose()
}

/// How far one stage of one department is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Objects that the stage is about.
    pub(crate) whole: i64,
    /// Those that are through.
    pub(crate) done: i64,
    /// Those that have a record at all. Where no object of the region has one, the stage was not
    /// held in that year, and nothing is due.
    pub(crate) begun: i64,
    /// Those past their date.
    pub(crate) late: i64,
}

/// One department's row of the matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    pub(crate) id: String,
    pub(crate) name: String,
    /// 目标 监控 自评 复评 整改
    pub(crate) stages: [Progress; 5],
    /// Objects with a red, yellow, green, blue light.
    pub(crate) lights: [i64; 4],
}

/// The matrix of the work of `year` under the departments of `seating`; `today` decides what is
/// late.
pub(crate) fn coverage(
    tx: &mut Tx<'_>,
    (region_code, year): (&str, i64),
    seating: Seating,
    today: &str,
) -> Result<Vec<Coverage>, Error> {
    let row = |department: Choice| Coverage {
        id: department.id,
        name: department.name,
        ..Coverage::default()
    };
    let found = seat::departments(tx, (region_code, year), seating, today)?;
    let mut departments: Vec<Coverage> = found.into_iter().map(row).collect();
    let (last, is_now) = (seat::last_day(year), seating.is_now());
    let stages: [Sql; 5] = [
        TARGETS,
        MONITORINGS,
        SELF_EVALUATIONS,
        RE_EVALUATIONS,
        RECTIFICATIONS,
    ];
    for (place, sql) in stages.into_iter().enumerate() {
        let rows = if sql == RECTIFICATIONS {
            tx.query(sql, &[&region_code, &year, &last, &is_now, &today])?
        } else {
            tx.query(sql, &[&region_code, &year, &last, &is_now])?
        };
        for row in &rows {
            if let Some(department) = find(&mut departments, row)? {
                department.stages[place] = Progress {
                    whole: row.int("whole")?,
                    done: row.int("done")?,
                    begun: row.int("begun")?,
                    late: if sql == RECTIFICATIONS {
                        row.int("late")?
                    } else {
                        0
                    },
                };
            }
        }
    }
    for row in tx.query(LIGHTS, &[&region_code, &year, &last, &is_now])? {
        let (worst, objects) = (row.int("worst")?, row.int("objects")?);
        if let Some(department) = find(&mut departments, &row)? {
            add(&mut department.lights, worst, objects);
        }
    }
    forget_unheld(&mut departments);
    Ok(departments)
}

/// A stage that no object has a record of was not held in that year.
fn forget_unheld(departments: &mut [Coverage]) {
    for place in 0..5 {
        let begun: i64 = departments.iter().map(|row| row.stages[place].begun).sum();
        if begun == 0 {
            for row in departments.iter_mut() {
                row.stages[place] = Progress::default();
            }
        }
    }
}

fn find<'a>(departments: &'a mut [Coverage], row: &Row) -> Result<Option<&'a mut Coverage>, Error> {
    let id = row.text("department_id")?;
    Ok(departments
        .iter_mut()
        .find(|department| department.id == id))
}

/// Adds to the light of a rank; the worst is 1.
fn add(lights: &mut [i64; 4], rank: i64, objects: i64) {
    let place = usize::try_from(rank - 1).ok();
    if let Some(count) = place.and_then(|place| lights.get_mut(place)) {
        *count += objects;
    }
}

/// The lights of each budget book.
pub(crate) fn book_lights(
    tx: &mut Tx<'_>,
    region_code: &str,
    year: i64,
) -> Result<Vec<(String, [i64; 4])>, Error> {
    let mut books: Vec<(String, [i64; 4])> = Vec::new();
    for row in tx.query(BOOK_LIGHTS, &[&region_code, &year])? {
        let book = row.text("book")?;
        if books.last().is_none_or(|(last, _)| *last != book) {
            books.push((book, [0; 4]));
        }
        if let Some((_, lights)) = books.last_mut() {
            add(lights, row.int("worst")?, row.int("objects")?);
        }
    }
    Ok(books)
}

/// One self-evaluation's money and score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResultLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) adjusted_fen: i64,
    pub(crate) executed_fen: i64,
    pub(crate) score_centi: i64,
    pub(crate) grade: Option<String>,
}

/// The self-evaluations made in `year` that have a score, the lowest first.
pub(crate) fn results(
    tx: &mut Tx<'_>,
    region_code: &str,
    year: i64,
) -> Result<Vec<ResultLine>, Error> {
    tx.query(RESULTS, &[&region_code, &year])?
        .iter()
        .map(|row| {
            Ok(ResultLine {
                id: row.text("id")?,
                name: row.text("name")?,
                adjusted_fen: row.int("adjusted_fen")?,
                executed_fen: row.int("executed_fen")?,
                score_centi: row.int("score_centi")?,
                grade: row.opt_text("grade")?,
            })
        })
        .collect()
}
