//! The nine machines, as data.

use super::machine::{
    Condition::{
        AdjustmentOpen, AdjustmentSettled, AttachmentsComplete, CongressNotRequired,
        CongressRequired, DecisionFresh, ExAnteSettled, FormValid, KeyMonitoring, NeverApproved,
        PlaceRecorded, Scored, TargetApproved,
    },
    Edge, Machine, ReviewPart, StateRow,
    Verb::{
        Adjust, Advance, Approve, Cancel, Conclude, Exempt, Fill, Publish, Reject, Replace, Return,
        Score, Select, Submit, Terminate, Withdraw,
    },
};
use crate::permission::Action;

const fn state(name: &'static str, label: &'static str) -> StateRow {
    StateRow::new(name, label)
}

/// Source: 中发〔2018〕34号, 事前绩效评估: a policy or project that did not pass gets no budget.
pub(super) static EX_ANTE_ASSESSMENT: Machine = Machine {
    states: &[
        state("draft", "草稿").editable(Action::Fill),
        state("submitted", "已送审"),
        state("returned", "已退回").editable(Action::Fill),
        state("selected_by_bureau", "财政评估中"),
        state("concluded", "已出结论").locked(),
        state("audited", "已审核").locked(),
        state("applied_to_budget", "已用于预算").locked(),
    ],
    review: None,
    edges: &[
        Edge::new(
            &["draft", "returned"],
            Submit,
            "submitted",
            Action::Submit,
            "submitted",
        )
        .when(&[FormValid, AttachmentsComplete]),
        Edge::new(
            &["submitted"],
            Withdraw,
            "draft",
            Action::Submit,
            "withdrawn",
        ),
        Edge::new(
            &["submitted"],
            Return,
            "returned",
            Action::Ratify,
            "returned",
        ),
        Edge::new(
            &["submitted"],
            Select,
            "selected_by_bureau",
            Action::Arrange,
            "selected",
        ),
        Edge::new(
            &["submitted", "selected_by_bureau"],
            Conclude,
            "concluded",
            Action::Conclude,
            "concluded",
        )
        .when(&[Scored])
        .choosing(&["予以支持", "部分支持", "不予支持"]),
        Edge::new(
            &["concluded"],
            Approve,
            "audited",
            Action::Ratify,
            "audited",
        )
        .choosing(&["通过", "再评估", "不通过"]),
        Edge::new(
            &["audited"],
            Conclude,
            "concluded",
            Action::Conclude,
            "reassessed",
        )
        .after(&["再评估"])
        .when(&[Scored])
        .choosing(&["予以支持", "部分支持", "不予支持"]),
        Edge::new(
            &["audited"],
            Advance,
            "applied_to_budget",
            Action::EnterBudget,
            "applied_to_budget",
        )
        .after(&["通过"]),
    ],
};

/// Source: 财预〔2015〕88号, 绩效目标的设定、审核、批复、调整; 预算法 第五十二条.
pub(super) static PERFORMANCE_TARGET: Machine = Machine {
    states: &[
        state("draft", "草稿").editable(Action::Fill),
        state("department_review", "主管部门审核"),
        state("section_review", "业务股室审核"),
        state("joint_review", "会审"),
        state("returned", "已退回").editable(Action::Fill),
        state("reviewed", "已审定"),
        state("in_budget", "已纳入预算"),
        state("submitted_to_npc", "已报人大"),
        state("approved", "已批复").locked(),
        // The edition that is to follow is filled; this one holds until that is approved.
        state("adjusting", "调整中").locked(),
        state("superseded", "已被替换").locked(),
        state("cancelled", "已作废").locked(),
        state("rejected", "不予通过").locked(),
    ],
    review: Some(ReviewPart {
        from: &["draft", "returned"],
        steps: &["department_review", "section_review", "joint_review"],
        conditions: &[FormValid, AttachmentsComplete],
        withdrawn_to: "draft",
        returned_to: "returned",
        passed_to: "reviewed",
        outcomes: &["优", "良", "中", "差"],
        is_graded: true,
    }),
    edges: &[
        Edge::new(
            &["reviewed"],
            Advance,
            "in_budget",
            Action::EnterBudget,
            "entered_budget",
        )
        .after(&["优"])
        .when(&[ExAnteSettled]),
        // 良: section and unit agree the corrections on the spot, and say which.
        Edge::new(
            &["reviewed"],
            Advance,
            "in_budget",
            Action::EnterBudget,
            "entered_budget",
        )
        .after(&["良"])
        .when(&[ExAnteSettled])
        .commented(),
        Edge::new(
            &["reviewed"],
            Return,
            "returned",
            Action::Ratify,
            "returned",
        )
        .after(&["中"]),
        Edge::new(
            &["reviewed"],
            Reject,
            "rejected",
            Action::Ratify,
            "rejected",
        )
        .after(&["差"]),
        // House rule: what a meeting decides is the meeting's until it is closed, so a slip of the
        // hand is taken back on the spot; once anybody has acted on it, it stands.
        Edge::new(
            &["reviewed", "returned", "rejected"],
            Withdraw,
            "joint_review",
            Action::Arrange,
            "decision_withdrawn",
        )
        .when(&[DecisionFresh]),
        Edge::new(
            &["in_budget"],
            Advance,
            "submitted_to_npc",
            Action::EnterBudget,
            "submitted_to_npc",
        )
        .when(&[CongressRequired]),
        Edge::new(
            &["in_budget"],
            Approve,
            "approved",
            Action::EnterBudget,
            "approved",
        )
        .when(&[CongressNotRequired]),
        Edge::new(
            &["submitted_to_npc"],
            Approve,
            "approved",
            Action::EnterBudget,
            "approved",
        ),
        // The bureau takes a package back that the congress has not approved.
        Edge::new(
            &["submitted_to_npc"],
            Withdraw,
            "in_budget",
            Action::EnterBudget,
            "withdrawn_from_npc",
        )
        .commented(),
        Edge::new(
            &["approved"],
            Adjust,
            "adjusting",
            Action::Submit,
            "adjustment_opened",
        )
        .when(&[AdjustmentOpen]),
        Edge::new(
            &["approved", "adjusting"],
            Replace,
            "superseded",
            Action::EnterBudget,
            "superseded",
        )
        .when(&[AdjustmentSettled]),
        // Whoever ends the edition that was to follow gives this one its standing back.
        Edge::new(
            &["adjusting"],
            Withdraw,
            "approved",
            Action::Submit,
            "adjustment_dropped",
        )
        .when(&[AdjustmentSettled]),
        Edge::new(
            &["adjusting"],
            Withdraw,
            "approved",
            Action::Ratify,
            "adjustment_dropped",
        )
        .when(&[AdjustmentSettled]),
        Edge::new(
            &["adjusting"],
            Withdraw,
            "approved",
            Action::EnterBudget,
            "adjustment_dropped",
        )
        .when(&[AdjustmentSettled]),
        Edge::new(
            &["approved"],
            Cancel,
            "cancelled",
            Action::EnterBudget,
            "cancelled",
        ),
        // House rule: a unit may drop what it has not sent, because it asks for no money then; an
        // approved target stands in the budget and is the bureau's to cancel.
        Edge::new(
            &["draft", "returned"],
            Cancel,
            "cancelled",
            Action::Submit,
            "cancelled",
        )
        .when(&[NeverApproved]),
    ],
};

/// Source: 财预〔2019〕136号, 绩效运行监控.
pub(super) static MONITORING: Machine = Machine {
    states: &[
        state("open", "待填报"),
        state("filling", "填报中").editable(Action::Fill),
        state("department_review", "主管部门审核"),
        state("section_review", "业务股室审核"),
        state("concluded", "已出结论").locked(),
    ],
    review: Some(ReviewPart {
        from: &["filling"],
        steps: &["department_review", "section_review"],
        conditions: &[FormValid, AttachmentsComplete],
        withdrawn_to: "filling",
        returned_to: "filling",
        passed_to: "concluded",
        outcomes: &["项目无问题", "需调整目标", "需整改建议"],
        is_graded: false,
    }),
    edges: &[
        Edge::new(&["open"], Fill, "filling", Action::Fill, "filling_started")
            .when(&[TargetApproved]),
        Edge::new(
            &["open"],
            Fill,
            "filling",
            Action::Evaluate,
            "filling_started",
        )
        .when(&[KeyMonitoring, TargetApproved]),
        Edge::new(
            &["filling"],
            Conclude,
            "concluded",
            Action::Conclude,
            "concluded",
        )
        .when(&[KeyMonitoring])
        .choosing(&["项目无问题", "需调整目标", "需整改建议"]),
    ],
};

/// Source: 财预〔2020〕10号, 单位自评 and its review.
pub(super) static SELF_EVALUATION: Machine = Machine {
    states: &[
        state("open", "待填报"),
        state("filling", "填报中").editable(Action::Fill),
        state("scored", "已计分"),
        state("department_review", "主管部门审核"),
        state("section_review", "业务股室审核"),
        state("returned", "已退回").editable(Action::Fill),
        state("accepted", "已审定").locked(),
        state("published", "已公开").locked(),
    ],
    review: Some(ReviewPart {
        from: &["scored"],
        steps: &["department_review", "section_review"],
        conditions: &[FormValid, Scored, AttachmentsComplete],
        withdrawn_to: "scored",
        returned_to: "returned",
        passed_to: "accepted",
        outcomes: &[],
        is_graded: false,
    }),
    edges: &[
        Edge::new(&["open"], Fill, "filling", Action::Fill, "filling_started"),
        Edge::new(
            &["scored"],
            Fill,
            "filling",
            Action::Fill,
            "filling_resumed",
        ),
        Edge::new(
            &["filling", "returned"],
            Score,
            "scored",
            Action::Fill,
            "scored",
        )
        .when(&[FormValid]),
        Edge::new(
            &["accepted"],
            Publish,
            "published",
            Action::Publish,
            "published",
        )
        .when(&[PlaceRecorded])
        // House rule: they are published together, and the item of the publication is what is due.
        .unhurried(),
    ],
};

/// Source: 财预〔2020〕10号 第三章, the nine steps of an evaluation.
pub(super) static KEY_EVALUATION: Machine = Machine {
    states: &[
        state("planned", "已列入计划").editable(Action::Arrange),
        state("notified", "已下达通知书").editable(Action::Evaluate),
        state("scheme_drafted", "方案待审"),
        state("scheme_approved", "方案已审定"),
        state("fieldwork", "现场评价").editable(Action::Evaluate),
        state("preliminary_conclusion", "初步结论").editable(Action::Evaluate),
        state("opinion_exchange", "交换意见").editable(Action::Evaluate),
        state("final", "正式结论").locked(),
        state("filed", "已归档").locked(),
        state("result_delivered", "结果已反馈").locked(),
    ],
    review: None,
    edges: &[
        Edge::new(
            &["planned"],
            Advance,
            "notified",
            Action::Arrange,
            "notified",
        ),
        Edge::new(
            &["notified"],
            Submit,
            "scheme_drafted",
            Action::Evaluate,
            "scheme_drafted",
        )
        .when(&[AttachmentsComplete]),
        Edge::new(
            &["scheme_drafted"],
            Withdraw,
            "notified",
            Action::Evaluate,
            "withdrawn",
        ),
        Edge::new(
            &["scheme_drafted"],
            Return,
            "notified",
            Action::Arrange,
            "scheme_returned",
        )
        .judging(),
        Edge::new(
            &["scheme_drafted"],
            Approve,
            "scheme_approved",
            Action::Arrange,
            "scheme_approved",
        )
        .judging(),
        Edge::new(
            &["scheme_approved"],
            Advance,
            "fieldwork",
            Action::Evaluate,
            "fieldwork_started",
        ),
        Edge::new(
            &["fieldwork"],
            Advance,
            "preliminary_conclusion",
            Action::Evaluate,
            "preliminary_concluded",
        )
        .when(&[Scored]),
        Edge::new(
            &["preliminary_conclusion"],
            Advance,
            "opinion_exchange",
            Action::Arrange,
            "opinions_asked",
        ),
        // The unit's opinions are answered in the comment.
        Edge::new(
            &["opinion_exchange"],
            Conclude,
            "final",
            Action::Arrange,
            "finalised",
        )
        .when(&[Scored])
        .commented()
        .judging(),
        Edge::new(&["final"], Advance, "filed", Action::Arrange, "filed"),
        Edge::new(
            &["filed"],
            Advance,
            "result_delivered",
            Action::Arrange,
            "result_delivered",
        ),
    ],
};

/// Source: 财预〔2020〕10号, 评价结果反馈和整改.
pub(super) static RECTIFICATION: Machine = Machine {
    states: &[
        state("drafted", "拟稿").editable(Action::Arrange),
        state("issued", "已下达"),
        state("unit_feedback", "单位整改中").editable(Action::Fill),
        state("section_review", "业务股室审核"),
        state("returned", "已退回").editable(Action::Fill),
        state("closed", "已销号").locked(),
    ],
    review: Some(ReviewPart {
        from: &["unit_feedback", "returned"],
        steps: &["section_review"],
        conditions: &[FormValid, AttachmentsComplete],
        withdrawn_to: "unit_feedback",
        returned_to: "returned",
        passed_to: "closed",
        outcomes: &[],
        is_graded: false,
    }),
    edges: &[
        Edge::new(&["drafted"], Advance, "issued", Action::Arrange, "issued"),
        Edge::new(
            &["issued"],
            Fill,
            "unit_feedback",
            Action::Fill,
            "feedback_started",
        ),
    ],
};

/// Source: 财预〔2020〕10号 第五章, 评价结果应用; the section tells in writing how it was used.
pub(super) static RESULT_APPLICATION: Machine = Machine {
    states: &[
        state("proposed", "已提出").editable(Action::Arrange),
        state("decided_by_section", "股室已决定").locked(),
        state("in_budget", "已落实到预算").locked(),
        state("feedback_given", "已书面反馈").locked(),
    ],
    review: None,
    edges: &[
        Edge::new(
            &["proposed"],
            Conclude,
            "decided_by_section",
            Action::DecideUse,
            "decided",
        ),
        Edge::new(
            &["decided_by_section"],
            Advance,
            "in_budget",
            Action::EnterBudget,
            "entered_budget",
        ),
        Edge::new(
            &["in_budget"],
            Advance,
            "feedback_given",
            Action::DecideUse,
            "fed_back",
        )
        .commented(),
    ],
};

/// Source: 财预〔2021〕6号, 委托第三方机构参与预算绩效管理.
pub(super) static COMMISSION: Machine = Machine {
    states: &[
        state("planned", "已列入计划").editable(Action::Arrange),
        state("procured", "已采购").editable(Action::Arrange),
        state("contracted", "已签约").locked(),
        state("in_progress", "履约中").locked(),
        state("delivered", "已交付").locked(),
        state("quality_scored", "质量已评分").locked(),
        state("paid", "已付款").locked(),
        state("closed", "已办结").locked(),
        state("terminated", "已终止").locked(),
    ],
    review: None,
    edges: &[
        Edge::new(
            &["planned"],
            Advance,
            "procured",
            Action::Arrange,
            "procured",
        ),
        Edge::new(
            &["procured"],
            Advance,
            "contracted",
            Action::Arrange,
            "contracted",
        ),
        Edge::new(
            &["contracted"],
            Advance,
            "in_progress",
            Action::Arrange,
            "started",
        ),
        Edge::new(
            &["in_progress"],
            Submit,
            "delivered",
            Action::Evaluate,
            "delivered",
        )
        .when(&[AttachmentsComplete]),
        Edge::new(
            &["delivered"],
            Return,
            "in_progress",
            Action::Arrange,
            "delivery_returned",
        ),
        Edge::new(
            &["delivered"],
            Score,
            "quality_scored",
            Action::Arrange,
            "quality_scored",
        )
        .when(&[Scored]),
        Edge::new(
            &["quality_scored"],
            Advance,
            "paid",
            Action::Arrange,
            "paid",
        ),
        Edge::new(&["paid"], Advance, "closed", Action::Arrange, "closed"),
        Edge::new(
            &[
                "planned",
                "procured",
                "contracted",
                "in_progress",
                "delivered",
            ],
            Terminate,
            "terminated",
            Action::Arrange,
            "terminated",
        ),
    ],
};

/// Source: 预算法 第十四条, 预算公开; 保密 is the exception and is given with its approval.
pub(super) static PUBLICATION_ITEM: Machine = Machine {
    states: &[
        state("due", "待准备").editable(Action::Publish),
        state("prepared", "待公开").editable(Action::Publish),
        state("published", "已公开").locked(),
        state("exempt", "免予公开").locked(),
    ],
    review: None,
    edges: &[
        Edge::new(&["due"], Advance, "prepared", Action::Publish, "prepared").when(&[FormValid]),
        Edge::new(
            &["prepared"],
            Return,
            "due",
            Action::Arrange,
            "preparation_returned",
        ),
        Edge::new(
            &["prepared"],
            Publish,
            "published",
            Action::Publish,
            "published",
        )
        .when(&[PlaceRecorded]),
        Edge::new(
            &["due", "prepared"],
            Exempt,
            "exempt",
            Action::Arrange,
            "exempted",
        ),
    ],
};
