//! Grades of reviews: target review (§3.4), ex-ante conclusion (§3.3), size of samples (T15).

use crate::number::{Centi, Decimal, round_to, scaled};
use crate::rulepack::{Bands, RulePack};

/// 优 良 中 差 of a target from the grades of its eight items (counts in this order).
///
/// Source: 财预〔2015〕88号 annex 绩效目标审核表.
pub fn target_review_grade(pack: &RulePack, counts: [u8; 4]) -> &'static str {
    let [excellent, good, fair, poor] = counts.map(u32::from);
    let majority = u32::from(pack.target_review.majority);
    if excellent >= majority && fair == 0 && poor == 0 {
        "优"
    } else if excellent + good >= majority && poor == 0 {
        "良"
    } else if excellent + good + fair >= majority {
        "中"
    } else {
        "差"
    }
}

/// What an ex-ante assessment concludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExAnteConclusion {
    /// 予以支持 / 部分支持 / 不予支持
    pub conclusion: String,
    /// A Chinese sentence: the score and its band, or the veto.
    pub reason: String,
}

/// The conclusion by score; any veto item ends it.
///
/// House rule: the bands are the pack's, as no national text prescribes them.
pub fn ex_ante_conclusion(pack: &RulePack, score: Centi, veto: Option<&str>) -> ExAnteConclusion {
    let bands = Bands {
        closed: pack.ex_ante.closed,
        bands: pack.ex_ante.bands.clone(),
    };
    match (veto, bands.value(score.decimal())) {
        (Some(veto), _) => ExAnteConclusion {
            conclusion: "不予支持".to_owned(),
            reason: format!("有一票否决事项：{veto}"),
        },
        (None, conclusion) => ExAnteConclusion {
            conclusion: conclusion.cloned().unwrap_or_default(),
            reason: format!("评估得分 {score} 分"),
        },
    }
}

/// How many of a department's `count` self-evaluations are drawn.
///
/// House rule: rounded half up, at least the pack's minimum of a department that has any.
pub fn sample_size(pack: &RulePack, count: u32) -> u32 {
    if count == 0 {
        return 0;
    }
    let share = scaled(
        Decimal::from(count),
        pack.sampling.percent.0,
        Decimal::ONE_HUNDRED,
    );
    let drawn = share
        .and_then(|share| round_to(share, 0).to_string().parse().ok())
        .unwrap_or(0);
    u32::max(drawn, pack.sampling.minimum).min(count)
}
