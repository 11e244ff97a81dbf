//! The sidebar: what there is, and what of it each person can open.

use domain::permission::{Action, Actor, may};
use web::{NavEntry, NavGroup, NavItem};

use crate::home::store::Badges;

/// An entry with the right that it takes; none where everybody has it.
type Entry = (Option<Action>, NavItem);

/// The sidebar: groups with their entries, in their order.
const NAV: &[(&str, &[Entry])] = &[
    (
        "工作台",
        &[
            (None, item("/", "home", "首页")),
            (None, item("/notices", "bell", "消息")),
            (
                Some(Action::Review),
                item("/records", "circle-check", "审核台"),
            ),
            (
                Some(Action::Ratify),
                item("/joint-reviews", "users", "会审"),
            ),
            (
                Some(Action::Review),
                item("/urging", "speakerphone", "催报"),
            ),
            (
                Some(Action::Arrange),
                item("/deadlines", "calendar-due", "填报期限"),
            ),
        ],
    ),
    (
        "项目与绩效",
        &[
            (
                Some(Action::View),
                item("/objects", "list-details", "项目与部门"),
            ),
            (Some(Action::View), item("/budget", "files", "项目库")),
            (
                Some(Action::ReadStatistics),
                item("/npc-packages", "report-analytics", "报人大"),
            ),
            (
                Some(Action::View),
                item("/indicator-library", "files", "指标库"),
            ),
            (
                Some(Action::View),
                item("/targets/progress", "chart-bar", "目标进度"),
            ),
            (
                Some(Action::ImportBudget),
                item("/budget/import", "upload", "预算导入"),
            ),
            (
                Some(Action::ImportExecution),
                item("/execution/import", "upload", "执行数导入"),
            ),
            (None, item("/check", "file-search", "表格检查")),
            (None, item("/units", "building", "单位")),
        ],
    ),
    (
        "统计与说明",
        &[
            (
                Some(Action::ReadStatistics),
                item("/overview", "layout-dashboard", "总览"),
            ),
            (
                Some(Action::ReadStatistics),
                item("/metrics", "chart-bar", "绩效指标统计"),
            ),
            (
                Some(Action::ReadStatistics),
                item("/statement", "file-text", "年度说明"),
            ),
        ],
    ),
    (
        "系统管理",
        &[
            (
                Some(Action::ViewAccounts),
                item("/accounts", "users", "账号管理"),
            ),
            (
                Some(Action::MakeTogether),
                item("/privileged-changes", "user-check", "待复核事项"),
            ),
            (Some(Action::ManageUsers), item("/mail", "mail", "邮件发送")),
            (
                Some(Action::ReadAudit),
                item("/audit", "shield-check", "审计"),
            ),
        ],
    ),
];

const fn item(href: &'static str, icon: &'static str, label: &'static str) -> NavItem {
    NavItem { href, icon, label }
}

/// The entries that the actor can open, with what waits behind them. A group without one is left
/// out.
pub(super) fn nav_for(actor: &Actor, badges: Badges) -> Vec<NavGroup> {
    let can_open =
        |(action, _): &&Entry| action.is_none_or(|action| may(actor, action).is_allowed());
    let entry = |(_, item): &Entry| NavEntry {
        item: *item,
        waiting: match item.href {
            "/" => badges.works,
            "/notices" => badges.notices,
            "/privileged-changes" => badges.decisions,
            _ => 0,
        },
    };
    let group = |(label, entries): &(&'static str, &[Entry])| NavGroup {
        label,
        entries: entries.iter().filter(can_open).map(entry).collect(),
    };
    let groups = NAV.iter().map(group);
    groups.filter(|group| !group.entries.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use domain::permission::Role;

    use super::*;
    use crate::serve::{Access, routes};

    fn actor(role: Role) -> Actor {
        Actor {
            id: "p".into(),
            roles: vec![role],
            unit: None,
            section: None,
            region: "510683".to_owned(),
            tasks: Vec::new(),
        }
    }

    /// The sidebar of a role, a line for each group.
    fn lines(role: Role) -> String {
        let group = |group: NavGroup| {
            let labels: Vec<&str> = group.entries.iter().map(|it| it.item.label).collect();
            format!("{}: {}", group.label, labels.join(" "))
        };
        let groups = nav_for(&actor(role), Badges::default()).into_iter();
        groups.map(group).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn nobody_is_shown_an_entry_that_the_table_of_routes_refuses() {
        let routes = routes::all();
        for role in Role::ALL {
            for group in nav_for(&actor(role), Badges::default()) {
                for NavEntry { item, .. } in group.entries {
                    let route = routes.iter().find(|route| route.path == item.href);
                    let access = route.map(|route| route.access);
                    let is_open = match access {
                        Some(Access::May(action)) => may(&actor(role), action).is_allowed(),
                        Some(Access::Person) => true,
                        _ => false,
                    };
                    assert!(is_open, "{role:?} {} {access:?}", item.href);
                }
            }
        }
    }

    #[test]
    fn each_role_has_the_entries_of_its_work() {
        for (role, expected) in [
            (
                Role::UnitClerk,
                "工作台: 首页 消息
项目与绩效: 项目与部门 项目库 指标库 目标进度 表格检查 单位",
            ),
            (
                Role::SystemAdmin,
                "工作台: 首页 消息\n项目与绩效: 表格检查 单位\n系统管理: 账号管理 待复核事项 邮件发送",
            ),
            (
                Role::AuditAdmin,
                "工作台: 首页 消息\n项目与绩效: 表格检查 单位\n系统管理: 账号管理 待复核事项 审计",
            ),
        ] {
            assert_eq!(lines(role), expected, "{role:?}");
        }
    }

    #[test]
    fn what_waits_is_counted_beside_its_entry() {
        let badges = Badges {
            works: 3,
            notices: 2,
            decisions: 1,
        };
        let groups = nav_for(&actor(Role::SecurityAdmin), badges);
        let entries = groups.iter().flat_map(|group| &group.entries);
        let waiting = entries.filter(|it| it.waiting > 0);
        let labels: Vec<&str> = waiting.map(|it| it.item.label).collect();
        assert_eq!(labels, ["首页", "消息", "待复核事项"]);
        let groups = nav_for(&actor(Role::UnitClerk), badges);
        let waiting: Vec<i64> = groups[0].entries.iter().map(|it| it.waiting).collect();
        assert_eq!(waiting, [3, 2]);
    }
}
