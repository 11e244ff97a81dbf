//! The permission table: who may do what, and how far.

use super::{Action, Role, Scope};
use Role::{
    AuditAdmin, BudgetOfficer, DepartmentReviewer, Expert, Observer, PerformanceAdmin,
    SectionReviewer, SecurityAdmin, SystemAdmin, ThirdParty, TreasuryOfficer, UnitClerk, UnitHead,
};
use Scope::{All, AssignedTasks, OwnSection, OwnUnit, Region, SubordinateUnits};

/// Records at work are seen by those who work on them.
const VIEW: &[(Role, Scope)] = &[
    (UnitClerk, OwnUnit),
    (UnitHead, OwnUnit),
    (DepartmentReviewer, SubordinateUnits),
    (SectionReviewer, OwnSection),
    (PerformanceAdmin, Region),
    (BudgetOfficer, Region),
    (TreasuryOfficer, Region),
    (Expert, AssignedTasks),
    (ThirdParty, AssignedTasks),
];

/// House rule: whoever oversees the region sees its figures; a unit sees its own records alone,
/// and the figures once they are published.
const STATISTICS: &[(Role, Scope)] = &[
    (SectionReviewer, Region),
    (PerformanceAdmin, Region),
    (BudgetOfficer, Region),
    (TreasuryOfficer, Region),
    (Observer, Region),
];

/// House rule: a target is made public with the budget that it was approved with, so that whoever
/// fills one may learn from what others set. What is still at work, and what it scored before that
/// was published, stays the unit's own.
const EXAMPLES: &[(Role, Scope)] = &[
    (UnitClerk, Region),
    (UnitHead, Region),
    (DepartmentReviewer, Region),
];

/// The roles that may do it, each with its scope. What is not in here is not allowed.
///
/// Source: 财预〔2015〕88号 and 财预〔2020〕10号 name the units, the departments and the bureau's
/// sections as actors. House rule: an outsider sees the assigned task and no more, because the data
/// are the units'; the three administrators have no row about a record (三员分立).
pub fn grants(action: Action) -> &'static [(Role, Scope)] {
    match action {
        Action::View => VIEW,
        Action::ReadReleased => &[
            (UnitClerk, OwnUnit),
            (UnitHead, OwnUnit),
            (DepartmentReviewer, SubordinateUnits),
            (SectionReviewer, Region),
            (PerformanceAdmin, Region),
            (BudgetOfficer, Region),
            (TreasuryOfficer, Region),
            (Observer, Region),
        ],
        Action::Export => &[
            (UnitClerk, OwnUnit),
            (UnitHead, OwnUnit),
            (DepartmentReviewer, SubordinateUnits),
            (SectionReviewer, OwnSection),
            (PerformanceAdmin, Region),
            (BudgetOfficer, Region),
        ],
        Action::ReadStatistics => STATISTICS,
        Action::Fill => &[
            (UnitClerk, OwnUnit),
            (UnitHead, OwnUnit),
            (DepartmentReviewer, OwnUnit),
        ],
        Action::ReadExamples => EXAMPLES,
        Action::Submit => &[(UnitHead, OwnUnit), (DepartmentReviewer, OwnUnit)],
        Action::Review => &[
            (DepartmentReviewer, SubordinateUnits),
            (SectionReviewer, OwnSection),
            (PerformanceAdmin, Region),
            (Expert, AssignedTasks),
        ],
        Action::Conclude => &[
            (SectionReviewer, OwnSection),
            (PerformanceAdmin, Region),
            (Expert, AssignedTasks),
        ],
        Action::Ratify => &[(SectionReviewer, OwnSection), (PerformanceAdmin, Region)],
        Action::Evaluate => &[
            (PerformanceAdmin, Region),
            (Expert, AssignedTasks),
            (ThirdParty, AssignedTasks),
        ],
        Action::DecideUse => &[(SectionReviewer, OwnSection)],
        Action::Publish => &[
            (DepartmentReviewer, SubordinateUnits),
            (PerformanceAdmin, Region),
        ],
        Action::EnterBudget | Action::ImportBudget => &[(BudgetOfficer, Region)],
        Action::ImportExecution => &[(TreasuryOfficer, Region)],
        Action::Arrange | Action::ComposeStatement | Action::KeepIndicators => {
            &[(PerformanceAdmin, Region)]
        }
        Action::ManageUnits | Action::ManageUsers => &[(SystemAdmin, All)],
        // Packs hold the rules of security too: who works under them puts none in force.
        Action::ManageGrants | Action::PublishRules => &[(SecurityAdmin, All)],
        Action::ViewAccounts | Action::MakeTogether => {
            &[(SystemAdmin, All), (SecurityAdmin, All), (AuditAdmin, All)]
        }
        Action::ReadAudit => &[(AuditAdmin, All)],
    }
}
