//! Roles, the reach of a right, and what can be done.

use serde::Deserialize;

/// What a person is in the system.
///
/// Source: 等级保护 for the three administrators (三员分立); the others are the offices of a
/// finance bureau and its departments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 单位经办
    UnitClerk,
    /// 单位负责人
    UnitHead,
    /// 主管部门审核人
    DepartmentReviewer,
    /// 业务股室审核人
    SectionReviewer,
    /// 绩效股
    PerformanceAdmin,
    /// 预算股
    BudgetOfficer,
    /// 国库股
    TreasuryOfficer,
    /// 专家
    Expert,
    /// 第三方机构
    ThirdParty,
    /// 人大、审计
    Observer,
    /// 系统管理员
    SystemAdmin,
    /// 安全保密管理员
    SecurityAdmin,
    /// 安全审计员
    AuditAdmin,
}

impl Role {
    /// Every role, in the order of the table.
    pub const ALL: [Self; 13] = [
        Self::UnitClerk,
        Self::UnitHead,
        Self::DepartmentReviewer,
        Self::SectionReviewer,
        Self::PerformanceAdmin,
        Self::BudgetOfficer,
        Self::TreasuryOfficer,
        Self::Expert,
        Self::ThirdParty,
        Self::Observer,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::AuditAdmin,
    ];

    /// Its word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::UnitClerk => "单位经办",
            Self::UnitHead => "单位负责人",
            Self::DepartmentReviewer => "主管部门审核人",
            Self::SectionReviewer => "业务股室审核人",
            Self::PerformanceAdmin => "绩效股",
            Self::BudgetOfficer => "预算股",
            Self::TreasuryOfficer => "国库股",
            Self::Expert => "专家",
            Self::ThirdParty => "第三方机构",
            Self::Observer => "人大、审计",
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全保密管理员",
            Self::AuditAdmin => "安全审计员",
        }
    }

    /// Its name in rule packs and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnitClerk => "unit_clerk",
            Self::UnitHead => "unit_head",
            Self::DepartmentReviewer => "department_reviewer",
            Self::SectionReviewer => "section_reviewer",
            Self::PerformanceAdmin => "performance_admin",
            Self::BudgetOfficer => "budget_officer",
            Self::TreasuryOfficer => "treasury_officer",
            Self::Expert => "expert",
            Self::ThirdParty => "third_party",
            Self::Observer => "observer",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::AuditAdmin => "audit_admin",
        }
    }

    /// Whether it is one of the three administrators (三员), who touch no business data.
    pub fn is_administrator(self) -> bool {
        matches!(
            self,
            Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin
        )
    }
}

/// How far a right reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Records of one's own unit.
    OwnUnit,
    /// Records of one's own unit and of every unit below it.
    SubordinateUnits,
    /// Records of the units that one's business section looks after.
    OwnSection,
    /// Records that were assigned to oneself.
    AssignedTasks,
    /// Everything in one's own region.
    Region,
    /// Everything.
    All,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] = [
        Self::OwnUnit,
        Self::SubordinateUnits,
        Self::OwnSection,
        Self::AssignedTasks,
        Self::Region,
        Self::All,
    ];

    /// Its words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::OwnUnit => "本单位",
            Self::SubordinateUnits => "本单位及下属单位",
            Self::OwnSection => "本股室归口单位",
            Self::AssignedTasks => "指派给您的任务",
            Self::Region => "本地区",
            Self::All => "整个系统",
        }
    }

    /// Its name in rule packs and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnUnit => "own_unit",
            Self::SubordinateUnits => "subordinate_units",
            Self::OwnSection => "own_section",
            Self::AssignedTasks => "assigned_tasks",
            Self::Region => "region",
            Self::All => "all",
        }
    }
}

/// What someone can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See a record at work.
    View,
    /// Read what was submitted to the congress, filed or published.
    ReadReleased,
    /// Take records out as a file.
    Export,
    /// See the region's figures, the records behind them, and the annual statement.
    ReadStatistics,
    /// Fill a form.
    Fill,
    /// Confirm and send a form on its way, and take it back.
    Submit,
    /// Sign or return at a step of the review.
    Review,
    /// Draw the conclusion of an assessment, a monitoring or a review.
    Conclude,
    /// Confirm or refuse a conclusion, a grade or a scheme.
    Ratify,
    /// Do the work of an evaluation: scheme, fieldwork, report.
    Evaluate,
    /// Open rounds, choose what is evaluated, issue notices, hire agencies.
    Arrange,
    /// Keep the library of indicators.
    KeepIndicators,
    /// Read approved targets of the region to copy from.
    ReadExamples,
    /// Decide what follows from a result.
    DecideUse,
    /// Take a target or a result into the budget; approve the budget with it.
    EnterBudget,
    /// Make public.
    Publish,
    /// Import budget lines and their changes.
    ImportBudget,
    /// Import payments.
    ImportExecution,
    /// Put a rule pack in force, or another one in its place.
    PublishRules,
    /// Compose the assessment's metrics and the annual statement.
    ComposeStatement,
    /// Rename, move, merge, split and import units.
    ManageUnits,
    /// Make and close accounts.
    ManageUsers,
    /// Give and take roles.
    ManageGrants,
    /// See who has an account and with which roles.
    ViewAccounts,
    /// Ask for a change that needs a second person, and be that second person.
    MakeTogether,
    /// Read and verify the chain of events.
    ReadAudit,
}

impl Action {
    /// Every action, in the order of the table.
    pub const ALL: [Self; 26] = [
        Self::View,
        Self::ReadReleased,
        Self::Export,
        Self::ReadStatistics,
        Self::Fill,
        Self::Submit,
        Self::Review,
        Self::Conclude,
        Self::Ratify,
        Self::Evaluate,
        Self::Arrange,
        Self::KeepIndicators,
        Self::ReadExamples,
        Self::DecideUse,
        Self::EnterBudget,
        Self::Publish,
        Self::ImportBudget,
        Self::ImportExecution,
        Self::PublishRules,
        Self::ComposeStatement,
        Self::ManageUnits,
        Self::ManageUsers,
        Self::ManageGrants,
        Self::ViewAccounts,
        Self::MakeTogether,
        Self::ReadAudit,
    ];

    /// Its words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::View => "查看记录",
            Self::ReadReleased => "查阅已提交或公开的材料",
            Self::Export => "导出",
            Self::ReadStatistics => "查看全地区统计和年度说明",
            Self::Fill => "填报",
            Self::Submit => "送审",
            Self::Review => "审核",
            Self::Conclude => "出具结论",
            Self::Ratify => "审定",
            Self::Evaluate => "开展评价",
            Self::Arrange => "组织安排",
            Self::KeepIndicators => "维护指标库",
            Self::ReadExamples => "参考本地区已批复的绩效目标",
            Self::DecideUse => "决定结果应用",
            Self::EnterBudget => "纳入预算和批复",
            Self::Publish => "公开",
            Self::ImportBudget => "导入预算",
            Self::ImportExecution => "导入执行数",
            Self::PublishRules => "发布规则包",
            Self::ComposeStatement => "编制考核和年度情况说明",
            Self::ManageUnits => "管理单位",
            Self::ManageUsers => "管理账号",
            Self::ManageGrants => "管理授权",
            Self::ViewAccounts => "查看账号",
            Self::MakeTogether => "申请和复核特权操作",
            Self::ReadAudit => "查阅审计日志",
        }
    }

    /// Whether it is done to a record, whose existence is hidden from whoever may not see it.
    pub fn concerns_record(self) -> bool {
        !matches!(
            self,
            Self::ReadStatistics
                | Self::KeepIndicators
                | Self::ReadExamples
                | Self::ImportBudget
                | Self::ImportExecution
                | Self::PublishRules
                | Self::ComposeStatement
                | Self::ManageUnits
                | Self::ManageUsers
                | Self::ManageGrants
                | Self::ViewAccounts
                | Self::MakeTogether
                | Self::ReadAudit
        )
    }
}
