//! The matrix of departments and stages, with a light in each cell.

use super::store::{Coverage, Progress};
use crate::object::store::seat::Seating;
use web::query::Query;

/// The stages as the head of the matrix names them.
pub(super) const STAGES: [(&str, &str); 5] = [
    ("target", "目标"),
    ("monitoring", "监控"),
    ("self_evaluation", "自评"),
    ("re_evaluation", "复评"),
    ("rectification", "整改"),
];

/// The colours from the worst on.
pub(super) const COLOURS: [&str; 4] = ["red", "yellow", "green", "blue"];

/// Where 复评 stands, which is a sample and never covers everything.
const RE_EVALUATION: usize = 3;

impl Coverage {
    /// The light of the stage at `place`.
    ///
    /// House rule: green when everything is through, yellow when something is, red when nothing is
    /// or a date has passed. 复评 is a sample: green as soon as one was drawn.
    fn light(&self, place: usize) -> &'static str {
        let Progress {
            whole, done, late, ..
        } = self.stages[place];
        if whole == 0 || (place == RE_EVALUATION && done == 0) {
            "none"
        } else if late > 0 {
            "red"
        } else if done == whole || place == RE_EVALUATION {
            "green"
        } else if done > 0 {
            "yellow"
        } else {
            "red"
        }
    }

    /// Each stage with its light and the condition of the list that shows what is left; that is
    /// empty where nothing is left, or where what is left is no omission.
    pub(super) fn cells(&self) -> Vec<(Progress, &'static str, String)> {
        let cell = |(place, stage): (usize, &Progress)| {
            let has_left = stage.done < stage.whole && place != RE_EVALUATION;
            let open = has_left.then(|| format!("&open={}", STAGES[place].0));
            (*stage, self.light(place), open.unwrap_or_default())
        };
        self.stages.iter().enumerate().map(cell).collect()
    }

    /// The colours that some object has, with how many.
    pub(super) fn lit(&self) -> Vec<(&'static str, i64)> {
        let lit = COLOURS.into_iter().zip(self.lights);
        lit.filter(|(_, count)| *count > 0).collect()
    }

    /// Objects with a light.
    fn watched(&self) -> i64 {
        self.lights.iter().sum()
    }
}

/// Sorts by what the address names: a stage, or `lights`; `-` in front turns the order round.
/// Without a name, or with an unknown one, the order of the units' codes stays.
pub(super) fn sort(rows: &mut [Coverage], by: &str) {
    let (name, is_down) = by
        .strip_prefix('-')
        .map_or((by, false), |name| (name, true));
    let stage = STAGES.iter().position(|(stage, _)| *stage == name);
    match (stage, name) {
        (Some(place), _) => rows.sort_by_key(|row| share(row.stages[place])),
        (None, "lights") => rows.sort_by_key(|row| {
            let [red, yellow, ..] = row.lights;
            (-red, -yellow, -row.watched())
        }),
        (None, _) => return,
    }
    if is_down {
        rows.reverse();
    }
}

/// How much is through in ten-thousandths; where nothing is to do comes last.
fn share(progress: Progress) -> i64 {
    if progress.whole == 0 {
        i64::MAX
    } else {
        progress.done * 10_000 / progress.whole
    }
}

/// One head of the matrix.
pub(super) struct Head {
    pub(super) label: &'static str,
    pub(super) href: String,
    pub(super) sorted: Option<&'static str>,
}

/// The heads with the addresses that sort by them.
pub(super) fn heads(by: &str, year: i64, seating: Seating) -> Vec<Head> {
    let names = STAGES
        .iter()
        .chain(&[("lights", "监控灯（红 · 黄 · 绿 · 蓝）")]);
    names
        .map(|(name, label)| {
            let down = format!("-{name}");
            let sorted = if by == *name {
                Some("ascending")
            } else if by == down {
                Some("descending")
            } else {
                None
            };
            let next = if sorted == Some("ascending") {
                down
            } else {
                (*name).to_owned()
            };
            let address = Query::new()
                .with("year", year.to_string())
                .with("sort", next)
                .with("units", seating.name());
            Head {
                label,
                href: format!("{}#coverage", address.at("/overview")),
                sorted,
            }
        })
        .collect()
}
