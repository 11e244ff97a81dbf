//! What is due, and for whom.

pub(crate) mod store;

use db::{Error, Sql, Tx};

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

/// One kind: its statement, unit, sentence, and the list's condition.
struct Kind(Sql, &'static str, &'static str, Option<&'static str>);

const KINDS: [Kind; 8] = [
    Kind(
        store::RECTIFICATIONS,
        "件",
        "整改还没有销号：单位按期反馈，股室审核后销号",
        Some("rectification"),
    ),
    Kind(
        store::TARGETS,
        "个",
        "绩效目标还没有批复：审核、会审后随预算批复",
        Some("target"),
    ),
    Kind(
        store::MONITORINGS,
        "个",
        "运行监控还没有结论：单位填报后由股室审核",
        Some("monitoring"),
    ),
    Kind(
        store::SELF_EVALUATIONS,
        "个",
        "绩效自评还没有审定：单位自评后由部门和股室审核",
        Some("self_evaluation"),
    ),
    Kind(
        store::WITHOUT_RECTIFICATION,
        "个",
        "重点评价发现了问题，还没有下达整改",
        None,
    ),
    Kind(
        store::WITHOUT_APPLICATION,
        "个",
        "重点评价为中或差，还没有应用到预算",
        None,
    ),
    Kind(
        store::FEEDBACK,
        "份",
        "股室还没有书面反馈结果应用情况",
        None,
    ),
    Kind(store::PUBLICATIONS, "项", "应公开的还没有公开", None),
];

/// Everything that is open in the work of `year`, the overdue first.
pub(super) fn due(
    tx: &mut Tx<'_>,
    region_code: &str,
    year: i64,
    today: &str,
) -> Result<Vec<Due>, Error> {
    let mut all = Vec::new();
    for Kind(sql, unit, what, open) in KINDS {
        let shares = store::shares(tx, sql, region_code, year)?;
        if shares.is_empty() {
            continue;
        }
        let dates = shares.iter().map(|share| share.due_on.as_str());
        let until = dates
            .filter(|date| !date.is_empty())
            .min()
            .unwrap_or_default();
        all.push(Due {
            count: shares.iter().map(|share| share.matters).sum(),
            unit,
            what,
            who: names(&shares),
            is_late: !until.is_empty() && until < today,
            until: until.to_owned(),
            link: open.map(|open| (format!("/objects?year={year}&open={open}"), "逐项查看")),
        });
    }
    all.sort_by_key(|due| !due.is_late);
    Ok(all)
}

/// `教育局 5、卫健局 3 等 12 个`.
fn names(shares: &[store::Share]) -> String {
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
