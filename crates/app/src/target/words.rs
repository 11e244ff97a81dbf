//! Words for codes and moments.

use domain::workflow::RecordKind;

/// 草稿 …
pub(super) fn state(kind: RecordKind, name: &str) -> &'static str {
    kind.state(name)
        .map_or("状态不明", |state| kind.machine().label(state))
}

/// 项目 …
pub(super) fn object_kind(code: &str) -> &'static str {
    match code {
        "department" => "部门整体",
        "policy" => "政策",
        _ => "项目",
    }
}

/// Why a snapshot was kept, as what happened.
pub(super) fn why(code: &str) -> &'static str {
    match code {
        "submitted" => "送审",
        "returned" => "退回",
        "approved" => "批复",
        _ => "留存",
    }
}

/// `2021-03-05T09:30:00+08:00` as `3月5日 09:30`.
pub(super) fn moment(iso: &str) -> String {
    let part = |from: usize, to: usize| iso.get(from..to).unwrap_or_default();
    let number = |text: &str| text.trim_start_matches('0').to_owned();
    format!(
        "{}月{}日 {}",
        number(part(5, 7)),
        number(part(8, 10)),
        part(11, 16)
    )
}

/// `2021-03-05T09:30:00+08:00` as `2021-03-05 09:30`.
pub(super) fn full_moment(iso: &str) -> String {
    format!(
        "{} {}",
        iso.get(..10).unwrap_or_default(),
        iso.get(11..16).unwrap_or_default()
    )
}

/// The class of a column of figures, which stand under one another; empty for one of words.
pub(super) fn alignment(label: &str) -> &'static str {
    if label.ends_with("权重") || label.contains("万元") {
        "right num"
    } else {
        ""
    }
}
