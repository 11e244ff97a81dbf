//! The outline of the statement: headings, sentences, and the figures that stand in them.
//!
//! Source: the headings of the seed statement (domain reference §8.2). The sentences are ours.

use super::{Section, Sentence};

const fn heading(level: u8, heading: &'static str) -> Section {
    Section {
        level,
        heading,
        sentences: &[],
    }
}

const fn section(level: u8, heading: &'static str, sentences: &'static [Sentence]) -> Section {
    Section {
        level,
        heading,
        sentences,
    }
}

/// A sentence that is always told.
const fn always(text: &'static str) -> Sentence {
    Sentence {
        deciding: None,
        text,
        otherwise: None,
    }
}

/// A sentence that is told when `deciding` has something to tell, and another when it hasn't.
const fn told(deciding: &'static str, text: &'static str, otherwise: &'static str) -> Sentence {
    Sentence {
        deciding: Some(deciding),
        text,
        otherwise: Some(otherwise),
    }
}

/// A sentence that is left out when `deciding` has nothing to tell: what need not be there.
const fn perhaps(deciding: &'static str, text: &'static str) -> Sentence {
    Sentence {
        deciding: Some(deciding),
        text,
        otherwise: None,
    }
}

/// The sections up to 下一步工作打算, which is written by people.
pub const OUTLINE: &[Section] = &[
    section(
        1,
        "一、总体情况",
        &[
            always("{Y}年，{地区}围绕全方位、全过程、全覆盖的要求推进预算绩效管理。"),
            told(
                "P1.1",
                "试点开展事前绩效评估{P1.1}个；",
                "事前绩效评估：{P1.1}；",
            ),
            always(
                "年初预算和追加（含上级资金）项目的绩效目标管理覆盖率{P4.2}，部门覆盖率{P4.1}；",
            ),
            always("绩效运行监控部门覆盖率{P2.1}，项目覆盖率{P2.2}；"),
            always(
                "{Y-1}年部门整体支出绩效自评覆盖率{P3.1}，项目（政策）支出绩效自评覆盖率{P3.2}；",
            ),
            told(
                "P3.3",
                "完成财政重点绩效评价{P3.3}个；",
                "财政重点绩效评价：{P3.3}；",
            ),
            always(
                "发现问题的评价全部纳入整改管理，整改通知下达率{P5.4}，评价结果与预算安排和政策调整挂钩；",
            ),
            always("应公开的绩效信息公开率{P5.7}。"),
        ],
    ),
    heading(1, "二、工作具体开展情况"),
    heading(2, "（一）过程管控体系"),
    section(
        3,
        "1.事前绩效评估",
        &[told(
            "P1.1",
            "对{Y}年预算中的{P1.1}个新增项目开展事前绩效评估，其中财政部门组织{P1.1#财政部门组织}个，\
             评估结论作为预算安排的重要依据。应评估的新增项目和政策中，评估覆盖率{P1.2}。",
            "{Y}年预算未开展事前绩效评估：{P1.1}。",
        )],
    ),
    section(
        3,
        "2.事中绩效监控",
        &[always(
            "组织预算部门对绩效目标实现程度和预算执行进度实行“双监控”。\
             提交绩效运行监控的部门覆盖率{P2.1}，项目覆盖率{P2.2}，部门整体覆盖率{P2.3}。",
        )],
    ),
    heading(3, "3.事后绩效评价"),
    section(
        4,
        "（1）部门整体绩效自评覆盖率",
        &[always(
            "{Y}年，一级预算单位对{Y-1}年部门整体支出开展绩效自评，覆盖率{P3.1}。",
        )],
    ),
    section(
        4,
        "（2）项目（政策）支出绩效自评覆盖率",
        &[always(
            "{Y}年，预算部门对{Y-1}年项目（政策）支出开展绩效自评，覆盖率{P3.2}。",
        )],
    ),
    section(
        4,
        "（3）财政重点绩效评价",
        &[told(
            "P3.3",
            "完成财政重点绩效评价{P3.3}个，其中部门整体支出{P3.3#部门整体}个、\
             项目支出{P3.3#项目}个、政策{P3.3#政策}个。",
            "财政重点绩效评价：{P3.3}。",
        )],
    ),
    section(
        4,
        "（4）财政重点绩效评价资金范围",
        &[told(
            "P3.4",
            "重点评价资金涉及{P3.4}本预算：{P3.4#*}。评价资金占{Y-1}年项目执行数的{P3.5}。",
            "重点评价资金涉及的预算：{P3.4}。",
        )],
    ),
    section(
        4,
        "（5）委托第三方独立开展绩效评价",
        &[told(
            "P3.6",
            "通过政府购买服务委托{P3.6}家第三方机构独立开展绩效评价，\
             完成委托任务{P3.6/完成委托任务数}项。",
            "委托第三方机构：{P3.6}。",
        )],
    ),
    section(
        4,
        "（6）建立自评抽查机制并实施自评抽查",
        &[
            told(
                "P3.7",
                "[P3.7]明确了自评抽查的要求。",
                "自评抽查机制：{P3.7}。",
            ),
            told(
                "P3.8",
                "结合财政重点绩效评价，对{P3.8}个自评进行抽查复评，其中部门整体{P3.8#部门整体}个、\
             项目{P3.8#项目}个、政策{P3.8#政策}个，抽查复评率{P3.8/自评抽查复评率}；\
             自评与复评得分平均相差{P3.9}分。",
                "自评抽查复评：{P3.8}。",
            ),
        ],
    ),
    heading(3, "4.绩效目标管理"),
    section(
        4,
        "（1）范围",
        &[always("{Y}年有已批复绩效目标的部门覆盖率{P4.1}。")],
    ),
    section(
        4,
        "（2）数量规模",
        &[always(
            "年初预算、年中追加和上级资金安排的项目均须申报绩效目标，目标管理项目覆盖率{P4.2}。",
        )],
    ),
    section(
        4,
        "（3）四本预算",
        &[told(
            "P4.3",
            "绩效目标管理涉及{P4.3}本预算：{P4.3#*}。",
            "绩效目标管理涉及的预算：{P4.3}。",
        )],
    ),
    section(
        4,
        "（4）会审",
        &[told(
            "P4.4",
            "组织业务股室对{Y}年预算的绩效目标开展会审，会审覆盖率{P4.4/会审覆盖率}。",
            "绩效目标会审：{P4.4}。",
        )],
    ),
    section(
        4,
        "（5）提交人大审查",
        &[told(
            "P4.5",
            "[P4.5]随{Y}年部门预算提交人民代表大会审查。",
            "绩效目标提交人大审查：{P4.5}。",
        )],
    ),
    heading(3, "5.绩效结果应用"),
    section(
        4,
        "（1）事前绩效评估结果应用",
        &[told(
            "P1.1",
            "{P1.1}个事前绩效评估中，评估结论用于预算安排的占{P5.1}。",
            "事前绩效评估结果应用：{P5.1}。",
        )],
    ),
    section(
        4,
        "（2）绩效目标结果应用",
        &[told(
            "P5.2",
            "绩效目标审核结果作为预算安排的必要依据，审核等级决定预算安排的绩效目标{P5.2}个。",
            "绩效目标结果应用：{P5.2}。",
        )],
    ),
    section(
        4,
        "（3）绩效监控结果应用",
        &[told(
            "P5.3",
            "开展财政重点绩效监控{P5.3}个，其中项目{P5.3#项目}个、部门整体{P5.3#部门整体}个；\
             监控结果反馈率{P5.3/重点监控反馈率}。",
            "财政重点绩效监控：{P5.3}。",
        )],
    ),
    section(
        4,
        "（4）绩效评价结果应用",
        &[always(
            "对发现问题的评价下达整改通知，反馈率{P5.4}；整改完成率{P5.5}，\
             按期率{P5.5/整改按期率}。复评结果作为{Y+1}年预算安排的重要依据，\
             业务股室书面反馈结果应用情况，反馈率{P5.6}。",
        )],
    ),
    section(
        4,
        "（5）绩效信息公开",
        &[told(
            "P5.7",
            "公开[=P5.7]，公开率{P5.7}。",
            "绩效信息公开率：{P5.7}。",
        )],
    ),
    heading(2, "（二）基础支撑体系"),
    heading(3, "1.制度建设"),
    section(
        4,
        "（1）出台实施方案",
        &[told(
            "B1.1",
            "执行[B1.1]，有效的实施方案{B1.1}个。",
            "实施方案：{B1.1}。",
        )],
    ),
    section(
        4,
        "（2）出台相关制度",
        &[told(
            "B1.2",
            "有效的预算绩效管理制度{B1.2}个，其中自行出台{B1.2#自行出台}个、\
             转发上级{B1.2#转发上级}个：[B1.2]。",
            "相关制度：{B1.2}。",
        )],
    ),
    heading(3, "2.宣传培训"),
    section(
        4,
        "（1）举办业务培训",
        &[
            told(
                "B2.1",
                "举办业务培训{B2.1}次，{B2.1/参训单位}个一级预算单位参加，培训覆盖率{B2.2}。",
                "业务培训：{B2.1}。",
            ),
            perhaps("B2.1/参训人数", "参训人数{B2.1/参训人数}人。"),
        ],
    ),
    section(
        4,
        "（2）宣传报道",
        &[told(
            "B3.1",
            "刊发预算绩效管理宣传报道{B3.1}篇，其中省级及以上媒体{B3.2}篇。",
            "宣传报道：{B3.1}。",
        )],
    ),
    heading(2, "（三）考核监督体系"),
    section(
        3,
        "1.考核机制",
        &[
            told(
                "A1.1",
                "预算绩效管理纳入政府目标绩效考核（{A1.1}）。",
                "纳入政府目标绩效考核：{A1.1}。",
            ),
            perhaps("A1.1/考核权重", "考核权重{A1.1/考核权重}。"),
        ],
    ),
    section(
        3,
        "2.监督机制",
        &[
            told(
                "A2.1",
                "向人大报告预算绩效管理情况{A2.1}次，内容包括[=A2.1]。",
                "向人大报告：{A2.1}。",
            ),
            perhaps(
                "A2.2",
                "人大提出意见{A2.2}条，已办理答复{A2.2/已办理答复}条。",
            ),
        ],
    ),
];
