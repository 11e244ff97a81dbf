//! The charts' data, and their table twins.

use domain::number::Centi;
use serde::Serialize;
use serde_json::Number;

use super::store::ResultLine;
use crate::object::rate_centi;

/// Most points of a scatter; beyond it, a picture says no more and takes long to draw.
const MOST_POINTS: usize = 2_000;

/// Bounds of the score bands, from below; the last one contains 100.
const BANDS: [(i64, &str); 7] = [
    (0, "60 以下"),
    (6_000, "60–70"),
    (7_000, "70–80"),
    (8_000, "80–90"),
    (9_000, "90–95"),
    (9_500, "95–98"),
    (9_800, "98–100"),
];

/// Bounds of the bands of execution, in hundredths of a percent.
const RATES: [(i64, &str); 4] = [
    (0, "60% 以下"),
    (6_000, "60%–80%"),
    (8_000, "80%–90%"),
    (9_000, "90% 及以上"),
];

/// The grades in their order.
pub(super) const GRADES: [&str; 4] = ["优", "良", "中", "差"];

#[derive(Serialize)]
struct Point<'a> {
    name: &'a str,
    href: String,
    value: [Number; 2],
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Chart<'a> {
    Scatter {
        x: &'static str,
        y: &'static str,
        points: Vec<Point<'a>>,
    },
    Bars {
        categories: Vec<&'static str>,
        series: Vec<Series>,
    },
}

#[derive(Serialize)]
struct Series {
    name: String,
    values: Vec<usize>,
    hrefs: Vec<String>,
}

/// JSON that can stand inside a script element.
fn to_json(chart: &Chart<'_>) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(chart)?.replace('<', "\\u003c"))
}

fn number(value: Centi) -> Option<Number> {
    value.to_string().parse().ok()
}

/// Execution against the score; `year` is the year of the work.
pub(super) fn scatter(results: &[ResultLine], year: i64) -> Result<String, serde_json::Error> {
    let points = results.iter().take(MOST_POINTS).filter_map(|line| {
        let rate = rate_centi(line.adjusted_fen, line.executed_fen)?;
        Some(Point {
            name: &line.name,
            href: format!("/objects/{}?year={year}", line.id),
            value: [number(rate)?, number(Centi(line.score_centi))?],
        })
    });
    to_json(&Chart::Scatter {
        x: "执行率 %",
        y: "自评得分",
        points: points.collect(),
    })
}

/// The table twin of the scatter: bands of execution by grades.
pub(super) struct RateRow {
    pub(super) label: &'static str,
    pub(super) grades: [usize; 4],
}

/// Counts of the self-evaluations by execution and grade.
pub(super) fn rates(results: &[ResultLine]) -> Vec<RateRow> {
    let mut rows: Vec<RateRow> = RATES
        .map(|(_, label)| RateRow {
            label,
            grades: [0; 4],
        })
        .into();
    for line in results {
        let rate = rate_centi(line.adjusted_fen, line.executed_fen).map_or(0, |rate| rate.0);
        let place = RATES
            .iter()
            .rposition(|(from, _)| rate >= *from)
            .unwrap_or(0);
        let grade = GRADES
            .iter()
            .position(|grade| Some(*grade) == line.grade.as_deref());
        if let Some(grade) = grade {
            rows[place].grades[grade] += 1;
        }
    }
    rows
}

/// The table twin of the distribution: one band of scores.
pub(super) struct BandRow {
    pub(super) label: &'static str,
    pub(super) now: usize,
    pub(super) before: usize,
}

/// Counts of this and last year's self-evaluations by score.
pub(super) fn bands(now: &[ResultLine], before: &[ResultLine]) -> Vec<BandRow> {
    let count = |lines: &[ResultLine]| {
        let mut counts = [0; BANDS.len()];
        for line in lines {
            let place = BANDS
                .iter()
                .rposition(|(from, _)| line.score_centi >= *from);
            counts[place.unwrap_or(0)] += 1;
        }
        counts
    };
    let (now, before) = (count(now), count(before));
    let rows = BANDS.iter().zip(now).zip(before);
    rows.map(|(((_, label), now), before)| BandRow { label, now, before })
        .collect()
}

/// The distribution of this year's scores against last year's.
pub(super) fn distribution(rows: &[BandRow], year: i64) -> Result<String, serde_json::Error> {
    let list = |year: i64| format!("/objects?year={year}&sort=score");
    let series = |year: i64, values: Vec<usize>| Series {
        name: format!("{year} 年自评"),
        hrefs: vec![list(year); values.len()],
        values,
    };
    let mut all = vec![series(year, rows.iter().map(|row| row.now).collect())];
    if rows.iter().any(|row| row.before > 0) {
        all.push(series(
            year - 1,
            rows.iter().map(|row| row.before).collect(),
        ));
    }
    to_json(&Chart::Bars {
        categories: rows.iter().map(|row| row.label).collect(),
        series: all,
    })
}
