//! What is due, and for whom.

pub(crate) mod store;

use db::{Error, Sql, Tx};

use self::store::Share;
use super::store::Coverage;

/// Most names that a line spells out.
const MOST_NAMES: usize = 3;

/// One kind of work that is not done.
pub(super) struct Due {
    /// How many.
    pub(super) count: i64,
    /// 个 or 项.
    pub(super) unit: &'static str,
    /// What is to be done: a sentence.
    pub(super) what: &'static str,
    /// For whom.
    pub(super) who: String,
    /// The first date, where one is set.
    pub(super) until: String,
    /// Whether that date has passed.
    pub(super) is_late: bool,
    /// Where the records are listed, and what the link says.
    pub(super) link: Option<(String, &'static str)>,
}

/// A stage of the matrix: its place, unit, sentence, and the list's condition.
const STAGES: [(usize, &str, &str, &str); 3] = [
    (
        0,
        "个",
        "绩效目标还没有批复：审核、会审后随预算批复",
        "target",
    ),
    (
        1,
        "个",
        "运行监控还没有结论：单位填报后由股室审核",
        "monitoring",
    ),
    (
        2,
        "个",
        "绩效自评还没有审定：单位自评后由部门和股室审核",
        "self_evaluation",
    ),
];

/// What stands beside the matrix: its statement, unit and sentence.
const OTHERS: [(Sql, &str, &str); 4] = [
    (
        store::WITHOUT_RECTIFICATION,
        "个",
        "重点评价发现了问题，还没有下达整改",
    ),
    (
        store::WITHOUT_APPLICATION,
        "个",
        "重点评价为中或差，还没有应用到预算",
    ),
    (store::FEEDBACK, "份", "股室还没有书面反馈结果应用情况"),
    (store::PUBLICATIONS, "项", "应公开的还没有公开"),
];

/// Everything that is open in the work of `year`, the overdue first. `coverage` is the matrix of
/// that year, so that both say the same.
pub(super) fn due(
    tx: &mut Tx<'_>,
    region_code: &str,
    year: i64,
    today: &str,
    coverage: &[Coverage],
) -> Result<Vec<Due>, Error> {
    let list = |open: &str| Some((format!("/objects?year={year}&open={open}"), "逐项查看"));
    let mut all = Vec::new();
    let mended = store::shares(tx, store::RECTIFICATIONS, region_code, year)?;
    let what = "整改还没有销号：单位按期反馈，股室审核后销号";
    all.extend(line(&mended, "件", what, today, list("rectification")));
    for (place, unit, what, open) in STAGES {
        all.extend(line(&left(coverage, place), unit, what, today, list(open)));
    }
    for (sql, unit, what) in OTHERS {
        let shares = store::shares(tx, sql, region_code, year)?;
        all.extend(line(&shares, unit, what, today, None));
    }
    all.sort_by_key(|due| !due.is_late);
    Ok(all)
}

/// What each department has left of a stage, the most first.
fn left(coverage: &[Coverage], place: usize) -> Vec<Share> {
    let mut shares: Vec<Share> = coverage
        .iter()
        .map(|row| Share {
            who: row.name.clone(),
            matters: row.stages[place].whole - row.stages[place].done,
            due_on: String::new(),
        })
        .filter(|share| share.matters > 0)
        .collect();
    shares.sort_by_key(|share| -share.matters);
    shares
}

/// The line of one kind; none where nothing is left.
fn line(
    shares: &[Share],
    unit: &'static str,
    what: &'static str,
    today: &str,
    link: Option<(String, &'static str)>,
) -> Option<Due> {
    if shares.is_empty() {
        return None;
    }
    let dates = shares.iter().map(|share| share.due_on.as_str());
    let until = dates
        .filter(|date| !date.is_empty())
        .min()
        .unwrap_or_default();
    Some(Due {
        count: shares.iter().map(|share| share.matters).sum(),
        unit,
        what,
        who: names(shares),
        is_late: !until.is_empty() && until < today,
        until: until.to_owned(),
        link,
    })
}

/// `教育局 5、卫健局 3 等 12 个`.
fn names(shares: &[Share]) -> String {
    let named: Vec<String> = shares
        .iter()
        .take(MOST_NAMES)
        .map(|share| format!("{} {}", share.who, share.matters))
        .collect();
    let named = named.join("、");
    if shares.len() > MOST_NAMES {
        format!("{named} 等 {} 家", shares.len())
    } else {
        named
    }
}
