//! The list of metrics, in the order of the statement.
//!
//! Source: domain reference §6. Y is the work year; Y−1 the year that is evaluated in it.

use super::{Definition, Figure, Shape};

const fn figure(
    name: &'static str,
    shape: Shape,
    unit: &'static str,
    formula: &'static str,
) -> Figure {
    Figure {
        name,
        shape,
        unit,
        formula,
    }
}

const fn metric(id: &'static str, figure: Figure) -> Definition {
    Definition {
        id,
        figure,
        has_parts: false,
        also: &[],
    }
}

impl Definition {
    const fn with_parts(mut self) -> Self {
        self.has_parts = true;
        self
    }

    const fn also(mut self, figures: &'static [Figure]) -> Self {
        self.also = figures;
        self
    }
}

use Shape::{AmountShare, Count, Distinct, MeanPercent, MeanPoints, Share, Sum, YesNo};

/// Every metric, in the order of the statement.
pub const DEFINITIONS: &[Definition] = &[
    metric(
        "P1.1",
        figure(
            "事前绩效评估数",
            Count,
            "个",
            "预算年度为 Y、已形成结论的事前绩效评估个数，按组织方分",
        ),
    )
    .with_parts(),
    metric(
        "P1.2",
        figure(
            "事前评估覆盖率",
            Share,
            "%",
            "已形成结论的事前评估数 ÷ Y 年预算中应评估的新增项目和政策数",
        ),
    ),
    metric(
        "P2.1",
        figure(
            "监控部门覆盖率",
            Share,
            "%",
            "提交绩效运行监控的一级预算单位数 ÷ 一级预算单位数",
        ),
    ),
    metric(
        "P2.2",
        figure(
            "监控项目覆盖率",
            Share,
            "%",
            "提交绩效运行监控的项目数 ÷ 绩效目标已批复的项目数",
        ),
    ),
    metric(
        "P2.3",
        figure(
            "部门整体监控覆盖率",
            Share,
            "%",
            "提交监控的部门整体目标数 ÷ 已批复的部门整体目标数",
        ),
    ),
    metric(
        "P3.1",
        figure(
            "部门整体绩效自评覆盖率",
            Share,
            "%",
            "提交 Y−1 年部门整体自评的一级预算单位数 ÷ Y−1 年一级预算单位数",
        ),
    ),
    metric(
        "P3.2",
        figure(
            "项目（政策）支出绩效自评覆盖率",
            Share,
            "%",
            "提交 Y−1 年自评的项目和政策数 ÷ Y−1 年有预算的项目和政策数",
        ),
    ),
    metric(
        "P3.3",
        figure(
            "财政重点绩效评价数",
            Count,
            "个",
            "Y 年形成最终结论的财政重点绩效评价个数，按评价对象分",
        ),
    )
    .with_parts(),
    metric(
        "P3.4",
        figure(
            "重点评价资金范围",
            Distinct,
            "本",
            "Y 年重点评价对象涉及的预算本数（四本预算）",
        ),
    )
    .with_parts(),
    metric(
        "P3.5",
        figure(
            "重点评价资金占比",
            AmountShare,
            "%",
            "重点评价覆盖的 Y−1 年项目执行数 ÷ Y−1 年全部项目执行数",
        ),
    ),
    metric(
        "P3.6",
        figure(
            "委托第三方机构数",
            Distinct,
            "家",
            "Y 年签有委托合同的第三方机构家数",
        ),
    )
    .also(&[figure(
        "完成委托任务数",
        Count,
        "项",
        "Y 年已交付成果的委托任务数",
    )]),
    metric(
        "P3.7",
        figure(
            "建立自评抽查机制",
            YesNo,
            "是/否",
            "Y 年存在有效的、载有自评抽查条款的制度文件",
        ),
    ),
    metric(
        "P3.8",
        figure(
            "自评抽查复评数",
            Count,
            "个",
            "Y 年复评的自评个数，按对象分",
        ),
    )
    .with_parts()
    .also(&[figure(
        "自评抽查复评率",
        Share,
        "%",
        "Y 年复评的自评数 ÷ 已通过审核的 Y−1 年自评数",
    )]),
    metric(
        "P3.9",
        figure(
            "自评准确度",
            MeanPoints,
            "分",
            "｜自评得分 − 复评得分｜的平均数",
        ),
    ),
    metric(
        "P4.1",
        figure(
            "目标管理部门覆盖率",
            Share,
            "%",
            "有已批复绩效目标的一级预算单位数 ÷ 一级预算单位数",
        ),
    ),
    metric(
        "P4.2",
        figure(
            "目标管理项目覆盖率",
            Share,
            "%",
            "绩效目标已批复的项目数 ÷ Y 年有预算的项目数（含追加和上级资金）",
        ),
    ),
    metric(
        "P4.3",
        figure(
            "目标管理资金范围",
            Distinct,
            "本",
            "绩效目标已批复的项目涉及的预算本数（四本预算）",
        ),
    )
    .with_parts(),
    metric(
        "P4.4",
        figure(
            "绩效目标会审",
            YesNo,
            "是/否",
            "Y 年预算的绩效目标召开过会审",
        ),
    )
    .also(&[figure(
        "会审覆盖率",
        Share,
        "%",
        "经会审的年初绩效目标数 ÷ 报送的年初绩效目标数",
    )]),
    metric(
        "P4.5",
        figure(
            "绩效目标提交人大审查",
            YesNo,
            "是/否",
            "绩效目标随 Y 年部门预算提交人民代表大会审查",
        ),
    ),
    metric(
        "P5.1",
        figure(
            "事前评估结果应用",
            Share,
            "%",
            "有结果应用记录的事前评估数 ÷ 已形成结论的事前评估数",
        ),
    ),
    metric(
        "P5.2",
        figure(
            "目标结果应用",
            Count,
            "个",
            "审核等级决定了预算安排的绩效目标数，按等级分",
        ),
    )
    .with_parts(),
    metric(
        "P5.3",
        figure(
            "重点绩效监控",
            Count,
            "个",
            "Y 年形成结论的财政重点绩效监控个数，按对象分",
        ),
    )
    .with_parts()
    .also(&[figure(
        "重点监控反馈率",
        Share,
        "%",
        "已反馈业务股室的重点监控数 ÷ 重点监控数",
    )]),
    metric(
        "P5.4",
        figure(
            "评价结果反馈率",
            Share,
            "%",
            "已下达整改通知的评价数 ÷ 发现问题的评价数",
        ),
    ),
    metric(
        "P5.5",
        figure(
            "整改完成率",
            Share,
            "%",
            "已销号的整改通知数 ÷ 已下达的整改通知数",
        ),
    )
    .also(&[figure(
        "整改按期率",
        Share,
        "%",
        "在整改期限内销号的整改通知数 ÷ 已下达的整改通知数",
    )]),
    metric(
        "P5.6",
        figure(
            "股室书面反馈率",
            Share,
            "%",
            "已书面反馈结果应用情况的业务股室数 ÷ 要求反馈的业务股室数",
        ),
    ),
    metric(
        "P5.7",
        figure(
            "绩效信息公开率",
            Share,
            "%",
            "已公开的事项数 ÷ 应公开的事项数",
        ),
    ),
    metric(
        "B1.1",
        figure(
            "实施方案",
            Count,
            "个",
            "Y 年有效的预算绩效管理实施方案个数",
        ),
    ),
    metric(
        "B1.2",
        figure(
            "制度数",
            Count,
            "个",
            "Y 年有效的预算绩效管理制度个数，按出台方式分",
        ),
    )
    .with_parts(),
    metric(
        "B2.1",
        figure("业务培训", Count, "次", "Y 年举办的培训次数"),
    )
    .also(&[
        figure("参训单位", Count, "个", "Y 年参加培训的一级预算单位个数"),
        figure("参训人数", Sum, "人", "Y 年各次培训的参训人数之和"),
    ]),
    metric(
        "B2.2",
        figure(
            "培训覆盖率",
            Share,
            "%",
            "参加培训的一级预算单位数 ÷ 一级预算单位数",
        ),
    ),
    metric(
        "B3.1",
        figure(
            "宣传篇数",
            Count,
            "篇",
            "Y 年刊发的宣传报道篇数，按媒体级别分",
        ),
    )
    .with_parts(),
    metric(
        "B3.2",
        figure(
            "省级及以上宣传篇数",
            Count,
            "篇",
            "其中媒体级别为省级、国家级的篇数",
        ),
    )
    .with_parts(),
    metric(
        "A1.1",
        figure(
            "纳入政府考核",
            YesNo,
            "是/否",
            "Y 年预算绩效管理纳入政府目标绩效考核",
        ),
    )
    .also(&[figure(
        "考核权重",
        MeanPercent,
        "%",
        "政府目标绩效考核中的权重；未公布时不适用",
    )]),
    metric(
        "A2.1",
        figure(
            "向人大报告",
            Count,
            "次",
            "Y 年向人大报告预算绩效管理情况的次数",
        ),
    ),
    metric(
        "A2.2",
        figure("人大意见办理", Count, "条", "Y 年人大提出的意见条数"),
    )
    .also(&[figure("已办理答复", Count, "条", "其中已办理答复的条数")]),
];
