//! What a machine is made of: states, moves, and the part of it that a review route walks.

use std::fmt;

use super::machines;
use crate::permission::Action;

/// The kinds of records that have a life of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// 事前绩效评估
    ExAnteAssessment,
    /// 绩效目标
    PerformanceTarget,
    /// 绩效运行监控
    Monitoring,
    /// 绩效自评
    SelfEvaluation,
    /// 财政重点绩效评价
    KeyEvaluation,
    /// 整改
    Rectification,
    /// 结果应用
    ResultApplication,
    /// 第三方委托
    Commission,
    /// 信息公开
    PublicationItem,
}

impl RecordKind {
    /// Every kind, in the order of the cycle.
    pub const ALL: [Self; 9] = [
        Self::ExAnteAssessment,
        Self::PerformanceTarget,
        Self::Monitoring,
        Self::SelfEvaluation,
        Self::KeyEvaluation,
        Self::Rectification,
        Self::ResultApplication,
        Self::Commission,
        Self::PublicationItem,
    ];

    /// The table that holds the records; rule packs name the kind by it too.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExAnteAssessment => "ex_ante_assessment",
            Self::PerformanceTarget => "performance_target",
            Self::Monitoring => "monitoring",
            Self::SelfEvaluation => "self_evaluation",
            Self::KeyEvaluation => "key_evaluation",
            Self::Rectification => "rectification",
            Self::ResultApplication => "result_application",
            Self::Commission => "commission",
            Self::PublicationItem => "publication",
        }
    }

    /// Its machine.
    pub fn machine(self) -> &'static Machine {
        match self {
            Self::ExAnteAssessment => &machines::EX_ANTE_ASSESSMENT,
            Self::PerformanceTarget => &machines::PERFORMANCE_TARGET,
            Self::Monitoring => &machines::MONITORING,
            Self::SelfEvaluation => &machines::SELF_EVALUATION,
            Self::KeyEvaluation => &machines::KEY_EVALUATION,
            Self::Rectification => &machines::RECTIFICATION,
            Self::ResultApplication => &machines::RESULT_APPLICATION,
            Self::Commission => &machines::COMMISSION,
            Self::PublicationItem => &machines::PUBLICATION_ITEM,
        }
    }

    /// The kind of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What is called so on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::ExAnteAssessment => "事前绩效评估",
            Self::PerformanceTarget => "绩效目标",
            Self::Monitoring => "绩效运行监控",
            Self::SelfEvaluation => "绩效自评",
            Self::KeyEvaluation => "财政重点绩效评价",
            Self::Rectification => "整改",
            Self::ResultApplication => "结果应用",
            Self::Commission => "第三方委托",
            Self::PublicationItem => "信息公开",
        }
    }

    /// The state of that name; none when the machine has no such state.
    pub fn state(self, name: &str) -> Option<State> {
        self.machine().row(name).map(|row| State(row.name))
    }
}

/// A state's name, as in the database. It is made by [`RecordKind::state`] alone, so it is always
/// one of its machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State(pub(super) &'static str);

impl State {
    /// Its name, as in the database.
    pub fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What can be commanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// 填报
    Fill,
    /// 计分
    Score,
    /// 提交负责人: whoever filled it hands it to the head of the unit, who sends it.
    HandIn,
    /// 送审
    Submit,
    /// 撤回
    Withdraw,
    /// 审核通过
    Approve,
    /// 退回
    Return,
    /// 转办
    Delegate,
    /// 会签
    Consult,
    /// 加签
    AddSigner,
    /// 作废
    Cancel,
    /// 选定: the bureau takes the assessment on itself.
    Select,
    /// 出具结论
    Conclude,
    /// 推进: the next station of a line that has one next station.
    Advance,
    /// 不予通过
    Reject,
    /// 发起调整
    Adjust,
    /// 替换: a newer edition holds.
    Replace,
    /// 公开
    Publish,
    /// 免予公开
    Exempt,
    /// 终止
    Terminate,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 20] = [
        Self::Fill,
        Self::Score,
        Self::HandIn,
        Self::Submit,
        Self::Withdraw,
        Self::Approve,
        Self::Return,
        Self::Delegate,
        Self::Consult,
        Self::AddSigner,
        Self::Cancel,
        Self::Select,
        Self::Conclude,
        Self::Advance,
        Self::Reject,
        Self::Adjust,
        Self::Replace,
        Self::Publish,
        Self::Exempt,
        Self::Terminate,
    ];

    /// Its word on the button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fill => "填报",
            Self::Score => "计分",
            Self::HandIn => "提交负责人",
            Self::Submit => "送审",
            Self::Withdraw => "撤回",
            Self::Approve => "审核通过",
            Self::Return => "退回",
            Self::Delegate => "转办",
            Self::Consult => "会签",
            Self::AddSigner => "加签",
            Self::Cancel => "作废",
            Self::Select => "选定",
            Self::Conclude => "出具结论",
            Self::Advance => "推进",
            Self::Reject => "不予通过",
            Self::Adjust => "发起调整",
            Self::Replace => "替换",
            Self::Publish => "公开",
            Self::Exempt => "免予公开",
            Self::Terminate => "终止",
        }
    }

    /// Its name in forms, in the interface for programs and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Score => "score",
            Self::HandIn => "hand_in",
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Delegate => "delegate",
            Self::Consult => "consult",
            Self::AddSigner => "add_signer",
            Self::Cancel => "cancel",
            Self::Select => "select",
            Self::Conclude => "conclude",
            Self::Advance => "advance",
            Self::Reject => "reject",
            Self::Adjust => "adjust",
            Self::Replace => "replace",
            Self::Publish => "publish",
            Self::Exempt => "exempt",
            Self::Terminate => "terminate",
        }
    }

    /// The verb of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// Whether it leaves the usual way, so that nobody waits for it.
    pub(super) fn is_exceptional(self) -> bool {
        matches!(
            self,
            Self::Withdraw
                | Self::Cancel
                | Self::Adjust
                | Self::Replace
                | Self::Exempt
                | Self::Terminate
        )
    }

    /// Whether it needs a reason in words. Source: 绩效目标审核表 for returns. House rule: what
    /// stops or reopens a record is explained too, because the next reader will ask.
    pub fn needs_comment(self) -> bool {
        matches!(
            self,
            Self::Return
                | Self::Cancel
                | Self::Reject
                | Self::Adjust
                | Self::Exempt
                | Self::Terminate
        )
    }
}

/// What must hold about a record before a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// The check finds no error in the form.
    FormValid,
    /// Everything that the rule pack requires is attached.
    AttachmentsComplete,
    /// There is a score with its receipt.
    Scored,
    /// The object's target is approved.
    TargetApproved,
    /// The ex-ante assessment is passed, or none is required.
    ExAnteSettled,
    /// The standing committee of the congress must see it first.
    CongressRequired,
    /// The congress need not see it: a supplement within the approved total.
    CongressNotRequired,
    /// The monitoring is one of the bureau's own (重点监控).
    KeyMonitoring,
    /// Address and date of the publication are recorded.
    PlaceRecorded,
    /// It was never approved.
    NeverApproved,
    /// The edition that is to follow it was begun, with its reason.
    AdjustmentOpen,
    /// No edition that is to follow it is on its way.
    AdjustmentSettled,
    /// A meeting that is still open decided it, and nobody acted on it since.
    DecisionFresh,
}

impl Condition {
    /// Whether it is in the record's nature, and not something to be done first.
    pub(super) fn is_nature(self) -> bool {
        matches!(
            self,
            Self::CongressRequired | Self::CongressNotRequired | Self::KeyMonitoring
        )
    }

    /// Whether it passes with time and nobody can bring it about: where it does not hold, there is
    /// nothing to offer.
    pub(super) fn is_passing(self) -> bool {
        self == Self::DecisionFresh
    }

    /// What to do when it does not hold.
    pub fn advice(self) -> &'static str {
        match self {
            Self::FormValid => "表内还有错误，请按检查提示逐条改正后再办理。",
            Self::AttachmentsComplete => "送审前必须有的附件还没有传齐，请先上传附件再办理。",
            Self::Scored => "还没有得分，请先计分再办理。",
            Self::TargetApproved => "绩效目标还没有批复，请在批复后再填报。",
            Self::ExAnteSettled => "应当事前评估的项目还没有通过评估，请先办结事前绩效评估。",
            Self::CongressRequired => "这份目标不需要报人大，请直接批复。",
            Self::CongressNotRequired => "这份目标需要先报人大审查，请先提交人大。",
            Self::KeyMonitoring => "只有重点监控由财政直接出具结论，请按审核流程送审。",
            Self::NeverApproved => "这份目标曾经批复，单位不能作废，请联系预算股办理。",
            Self::AdjustmentOpen => {
                "调整要有原因和对应的预算变动，请打开绩效目标，点“调整目标”办理。"
            }
            Self::AdjustmentSettled => "调整后的新一版还在办理，请先批复或作废新的一版。",
            Self::DecisionFresh => "会审已结束，或议决之后已有人办理，不能再撤销；请按流程退回。",
            Self::PlaceRecorded => "还没有登记公开网址和日期，请登记后再办理。",
        }
    }
}

/// One state of a machine.
#[derive(Debug, Clone, Copy)]
pub struct StateRow {
    /// As in the database.
    pub name: &'static str,
    /// Its word on screen.
    pub label: &'static str,
    /// The right that it takes to change the content; none when the content is read-only.
    pub edit: Option<Action>,
    /// Whether the content is final: it changes by a new edition alone.
    pub is_locked: bool,
}

impl StateRow {
    pub(super) const fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            edit: None,
            is_locked: false,
        }
    }

    pub(super) const fn editable(mut self, action: Action) -> Self {
        self.edit = Some(action);
        self
    }

    pub(super) const fn locked(mut self) -> Self {
        self.is_locked = true;
        self
    }
}

/// One move outside the review route.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// The states that it leaves.
    pub from: &'static [&'static str],
    /// What is commanded.
    pub verb: Verb,
    /// The state that it leads to.
    pub to: &'static str,
    /// The right that it takes.
    pub action: Action,
    /// What must hold.
    pub conditions: &'static [Condition],
    /// The recorded outcomes with which it may be made; empty when any will do.
    pub after: &'static [&'static str],
    /// The outcomes to choose from; empty when it has none.
    pub outcomes: &'static [&'static str],
    /// Whether it judges the record, whatever right it takes.
    pub is_judgement: bool,
    /// Whether a comment is asked for beyond what the verb itself asks.
    pub asks_comment: bool,
    /// Whether it can wait, so that nobody has it as a thing to do.
    pub is_unhurried: bool,
    /// What happened, in the past tense.
    pub fact: &'static str,
}

impl Edge {
    pub(super) const fn new(
        from: &'static [&'static str],
        verb: Verb,
        to: &'static str,
        action: Action,
        fact: &'static str,
    ) -> Self {
        Self {
            from,
            verb,
            to,
            action,
            conditions: &[],
            after: &[],
            outcomes: &[],
            is_judgement: false,
            asks_comment: false,
            is_unhurried: false,
            fact,
        }
    }

    pub(super) const fn when(mut self, conditions: &'static [Condition]) -> Self {
        self.conditions = conditions;
        self
    }

    pub(super) const fn after(mut self, outcomes: &'static [&'static str]) -> Self {
        self.after = outcomes;
        self
    }

    pub(super) const fn choosing(mut self, outcomes: &'static [&'static str]) -> Self {
        self.outcomes = outcomes;
        self
    }

    pub(super) const fn judging(mut self) -> Self {
        self.is_judgement = true;
        self
    }

    pub(super) const fn commented(mut self) -> Self {
        self.asks_comment = true;
        self
    }

    pub(super) const fn unhurried(mut self) -> Self {
        self.is_unhurried = true;
        self
    }

    /// Whether it may be made with this outcome recorded.
    pub(super) fn follows(&self, outcome: Option<&str>) -> bool {
        self.after.is_empty() || outcome.is_some_and(|recorded| self.after.contains(&recorded))
    }

    /// Whether it judges the record, which nobody may do with a record of their own.
    pub(super) fn judges(&self) -> bool {
        self.is_judgement || matches!(self.action, Action::Conclude | Action::Ratify)
    }
}

/// The part of a machine that a review route of the rule pack walks.
#[derive(Debug, Clone, Copy)]
pub struct ReviewPart {
    /// The states from which a record is sent.
    pub from: &'static [&'static str],
    /// The states in which a reviewer can hold it, in their order.
    pub steps: &'static [&'static str],
    /// What must hold when it is sent.
    pub conditions: &'static [Condition],
    /// Where it lies after it was taken back.
    pub withdrawn_to: &'static str,
    /// Where it lies after it was returned to whoever filled it.
    pub returned_to: &'static str,
    /// Where it lies after the last step.
    pub passed_to: &'static str,
    /// The outcomes from which the last step chooses; empty when it has none.
    pub outcomes: &'static [&'static str],
    /// Whether the outcome is what the form of whoever concludes comes to, and nobody's choice.
    pub is_graded: bool,
}

/// The life of one kind of record.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    /// Every state, in the order of the database's list.
    pub states: &'static [StateRow],
    /// The part that a review route walks, where there is one.
    pub review: Option<ReviewPart>,
    /// The other moves.
    pub edges: &'static [Edge],
}

impl Machine {
    /// The state of that name.
    pub fn row(&self, name: &str) -> Option<&'static StateRow> {
        self.states.iter().find(|row| row.name == name)
    }

    /// The state's word on screen.
    pub fn label(&self, state: State) -> &'static str {
        self.row(state.0).map_or(state.0, |row| row.label)
    }

    /// Whether the record waits for a reviewer of the route.
    pub fn is_review_step(&self, state: State) -> bool {
        self.review
            .is_some_and(|part| part.steps.contains(&state.0))
    }

    /// Whether the head of a unit sends the record from here, so that whoever filled it hands it to
    /// the head.
    pub fn is_sent_from(&self, state: State) -> bool {
        self.sending_conditions(state).is_some()
    }

    /// What must hold when the head of the unit sends it from here; none when it is not sent from
    /// here.
    pub(crate) fn sending_conditions(&self, state: State) -> Option<&'static [Condition]> {
        let part = self.review.filter(|part| part.from.contains(&state.0));
        let sends = |edge: &&Edge| {
            edge.verb == Verb::Submit
                && edge.action == Action::Submit
                && edge.from.contains(&state.0)
        };
        let edge = || self.edges.iter().find(sends).map(|edge| edge.conditions);
        part.map(|part| part.conditions).or_else(edge)
    }

    /// Whether somebody may have a record in this state as a thing to do.
    pub fn is_awaited(&self, state: State) -> bool {
        let usual = |edge: &&Edge| {
            edge.from.contains(&state.0) && !edge.verb.is_exceptional() && !edge.is_unhurried
        };
        self.is_review_step(state)
            || self.is_sent_from(state)
            || self.edges.iter().any(|edge| usual(&edge))
    }

    /// What can be commanded in this state, by whoever may.
    pub fn verbs(&self, state: State) -> Vec<Verb> {
        let mut verbs: Vec<Verb> = self
            .edges
            .iter()
            .filter(|edge| edge.from.contains(&state.0))
            .map(|edge| edge.verb)
            .collect();
        if self.is_review_step(state) {
            verbs.extend([
                Verb::Withdraw,
                Verb::Approve,
                Verb::Return,
                Verb::Delegate,
                Verb::Consult,
                Verb::AddSigner,
            ]);
        }
        if self.review.is_some_and(|part| part.from.contains(&state.0)) {
            verbs.push(Verb::Submit);
        }
        if self.is_sent_from(state) {
            verbs.push(Verb::HandIn);
        }
        verbs.sort_unstable();
        verbs.dedup();
        verbs
    }
}
