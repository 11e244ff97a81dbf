//! The words for what jobs hold as codes.

use web::Error;

use super::Kind;

/// 导出清单 …
pub(super) fn kind(code: &str) -> &'static str {
    match Kind::find(code) {
        Some(Kind::ListExport) => "导出清单",
        Some(Kind::UnitPreview) => "核对单位清单",
        Some(Kind::UnitImport) => "导入单位",
        Some(Kind::Statement) => "生成年度说明",
        None => "长任务",
    }
}

/// 排队 …
pub(super) fn state(code: &str) -> &'static str {
    match code {
        "waiting" => "排队",
        "running" => "进行中",
        "done" => "完成",
        "cancelled" => "已取消",
        _ => "失败",
    }
}

/// 1 小时 2 分, 3 分 5 秒, 8 秒
pub(super) fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest} 秒"),
        (0, _) => format!("{minutes} 分 {rest} 秒"),
        _ => format!("{hours} 小时 {minutes} 分"),
    }
}

/// What a job says that failed through our fault: never the cause, but where it is found.
pub(super) fn inside(error: &Error) -> String {
    let (_, sentence) = error.words();
    match error {
        Error::Internal { reference } => format!(
            "系统出错了，没有留下任何改动：请重新开始；仍然出错时，请把编号 {reference} 告诉系统管理员"
        ),
        _ => sentence,
    }
}

/// 3.2 MB, 48 KB
pub(super) fn size(bytes: i64) -> String {
    let kilobytes = (bytes / 1024).max(1);
    if kilobytes < 1024 {
        format!("{kilobytes} KB")
    } else {
        format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read_at_a_glance() {
        for (seconds, text) in [
            (-3, "0 秒"),
            (8, "8 秒"),
            (65, "1 分 5 秒"),
            (3_720, "1 小时 2 分"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        for (bytes, text) in [(1, "1 KB"), (50_000, "48 KB"), (3_400_000, "3.2 MB")] {
            assert_eq!(size(bytes), text);
        }
    }
}
