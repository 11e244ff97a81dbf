//! Why a command is refused, as sentences that say what to do.

use super::machine::{Condition, Verb};
use super::standing::Lock;

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not the actor's to know of.
    #[error("没有找到这条记录，请核对编号，或在列表中重新打开。")]
    NotFound,
    /// The actor may not; the sentence says who may.
    #[error("{0}")]
    NotYours(String),
    /// The actor filled or sent it.
    #[error("这份表是您填报或送审的，不能由您审核，请交给其他审核人办理。")]
    FilledByYou,
    /// Something holds it fast from outside.
    #[error("{}", .0.advice())]
    Locked(Lock),
    /// Its content is final.
    #[error("这条记录现在是「{state}」，内容已锁定，不能{}；现在可以办理的是：{possible}。", verb.label())]
    Final {
        /// The state's label.
        state: &'static str,
        /// What was commanded.
        verb: Verb,
        /// The labels of what can be done.
        possible: String,
    },
    /// Nothing more happens to it.
    #[error("这条记录现在是「{state}」，流程已经结束；如需更改请新建一条。")]
    Finished {
        /// The state's label.
        state: &'static str,
    },
    /// Not in this state.
    #[error("这条记录现在是「{state}」，不能{}；现在可以办理的是：{possible}。", verb.label())]
    NotNow {
        /// The state's label.
        state: &'static str,
        /// What was commanded.
        verb: Verb,
        /// The labels of what can be done.
        possible: String,
    },
    /// Its content cannot be changed here.
    #[error(
        "这条记录现在是「{state}」，内容不能修改。还在审核的，可以撤回或请审核人退回；\
         已经批复的目标，请发起调整。"
    )]
    ReadOnly {
        /// The state's label.
        state: &'static str,
    },
    /// It was handed to the head of the unit.
    #[error("这份表已提交负责人，内容不能修改；需要修改请先撤回，或请负责人退回。")]
    HandedIn,
    /// Somebody changed it meanwhile.
    #[error(
        "这条记录已有新的变动（现为第 {current} 版，您看到的是第 {seen} 版），请刷新后再办理。"
    )]
    Stale {
        /// What the actor saw.
        seen: u64,
        /// What it is.
        current: u64,
    },
    /// The key was used for something else.
    #[error("这次提交的编号已用于另一项操作，请刷新页面后重新提交。")]
    KeyReused,
    /// A comment is asked for.
    #[error("请填写{}的意见，说明原因和要求，再提交。", .0.label())]
    CommentMissing(Verb),
    /// An outcome is asked for.
    #[error("请选择结论（{0}），再提交。")]
    OutcomeMissing(String),
    /// No outcome is asked for.
    #[error("这一步不填结论，请清空结论后再提交。")]
    OutcomeNotAsked,
    /// The reviewer's form of this step is not filled.
    #[error("还没有填写审核表，请先在审核页逐项评定，等级由审核表得出。")]
    NotGraded,
    /// The form comes to 良 and does not say what was agreed with the unit.
    #[error("评定为良：请在审核表的「商定的修改意见」里写明与单位当场商定改什么，再审定。")]
    CorrectionsMissing,
    /// The outcome is not what the reviewer's form comes to.
    #[error("审核表评定为「{computed}」，不能按「{chosen}」审定；要改等级请先改审核表的各项。")]
    OtherGrade {
        /// What was chosen.
        chosen: String,
        /// What the form comes to.
        computed: String,
    },
    /// Required attachments are not there.
    #[error("还没有上传：{0}。请在附件里传齐后再送审。")]
    AttachmentsMissing(String),
    /// The check found errors.
    #[error("{0}")]
    Errors(Errors),
    /// A condition does not hold.
    #[error("{}", .0.advice())]
    Unmet(Condition),
    /// The recorded outcome does not allow it.
    #[error("结论为「{needed}」时才能{}，这条记录的结论是「{recorded}」，请按该结论办理。", verb.label())]
    OutcomeUnfit {
        /// What was commanded.
        verb: Verb,
        /// The outcomes that allow it.
        needed: String,
        /// The record's.
        recorded: String,
    },
    /// The actor signed at this step.
    #[error("您已在这一步签过意见，请等待其他人办理。")]
    AlreadySigned,
    /// A reviewer was faster.
    #[error("审核人已经开始办理，不能撤回；需要修改请联系审核人退回。")]
    AlreadyReviewed,
    /// Someone who was added signs first.
    #[error("这一步正在等待加签人办理，请在加签人签完后再办理。")]
    WaitingForAdded,
    /// It did not pass that step.
    #[error("只能退回到已经走过的环节（{0}），请重新选择。")]
    StepNotPassed(String),
    /// Nobody was named.
    #[error("请选择{}的人员，再提交。", .0.label())]
    NobodyNamed(Verb),
    /// The person named cannot sign: the actor, the filler, or someone asked before.
    #[error("选中的人员是您本人、填报人或已在办理的人，请另选他人。")]
    UnfitPerson,
    /// The rule pack has no step for it.
    #[error("规则包里没有适用的审核环节，请联系绩效股维护审核流程。")]
    NoRoute,
}

/// Most errors that a refusal tells; the form itself shows all of them.
const MOST_ERRORS: usize = 5;

/// What the check says must be mended, as sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errors(pub Vec<String>);

impl std::fmt::Display for Errors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.0.len();
        let told: Vec<&str> = self.0.iter().take(MOST_ERRORS).map(|it| &**it).collect();
        write!(
            f,
            "表内还有 {all} 处错误，请改正后再办理：{}",
            told.join("；")
        )?;
        if all > told.len() {
            write!(f, "；等等")?;
        }
        write!(f, "。")
    }
}
