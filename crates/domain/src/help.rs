//! What the fields of the forms mean, in words for who fills them, each with where it is said.

/// What one field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Its name in pages: `target_value`.
    pub id: &'static str,
    /// The field as the forms print it.
    pub label: &'static str,
    /// What it is and how it is filled, in sentences.
    pub text: &'static str,
    /// The document that says so, or that it is the house's rule.
    pub source: &'static str,
}

const fn topic(
    id: &'static str,
    label: &'static str,
    text: &'static str,
    source: &'static str,
) -> Topic {
    Topic {
        id,
        label,
        text,
        source,
    }
}

const TARGETS: &str = "财预〔2015〕88号";
const MONITORING: &str = "财预〔2019〕136号";
const EVALUATION: &str = "财预〔2020〕10号";
const LOCAL_FORM: &str = "部门预算项目支出绩效自评表（510000_0013zp）";

/// Every topic, money first, then targets, monitoring, evaluation and what follows.
pub const TOPICS: &[Topic] = &[
    topic(
        "initial_budget",
        "年初预算数",
        "人民代表大会年初批准的预算，不含年中追加、调减和调剂。",
        EVALUATION,
    ),
    topic(
        "adjusted_budget",
        "全年预算数",
        "调整后的预算：年初预算加追加、减调减，追加包括上级资金。执行率按它计算，不按年初预算数。",
        EVALUATION,
    ),
    topic(
        "executed_amount",
        "全年执行数",
        "截至统计日已经支付的金额。超过全年预算数时，执行得分按满分计，并提示超预算执行。",
        EVALUATION,
    ),
    topic(
        "execution_rate",
        "执行率",
        "全年执行数 ÷ 全年预算数。四川的自评表要求：低于 90% 时写明原因，不超过 100 字。",
        LOCAL_FORM,
    ),
    topic(
        "budget_book",
        "四本预算",
        "一般公共预算、政府性基金预算、国有资本经营预算、社会保险基金预算。",
        "《中华人民共和国预算法》第五条",
    ),
    topic(
        "project_nature",
        "项目属性",
        "今年第一次申报的是新增项目，往年已安排、今年继续的是延续项目。",
        TARGETS,
    ),
    topic(
        "performance_target",
        "绩效目标",
        "这笔钱要办成什么、产生什么效果：先用一段话写总体目标，再用指标写到能衡量。\
         谁申请资金，谁设定目标；没有目标的项目不能进入预算。",
        TARGETS,
    ),
    topic(
        "indicator",
        "绩效指标",
        "一级、二级指标是分类，只有三级指标有指标值、有分值，逐条对照打分。",
        TARGETS,
    ),
    topic(
        "indicator_level1",
        "一级指标",
        "产出指标、效益指标、满意度指标；按规则包，成本指标可以单列为一级，也可以列在产出指标下。",
        TARGETS,
    ),
    topic(
        "indicator_level2",
        "二级指标",
        "产出分数量、质量、时效、成本；效益分经济、社会、生态、可持续影响；满意度是服务对象满意度。",
        TARGETS,
    ),
    topic(
        "indicator_level3",
        "三级指标",
        "具体衡量的一件事，写清衡量的对象，例如“新建供水点数量”，不写“完成任务情况”。",
        TARGETS,
    ),
    topic(
        "operator",
        "指标性质",
        "≥、＞ 越多越好，≤、＜ 越少越好，＝ 正好达到，“定性”用文字描述、按三档打分。",
        LOCAL_FORM,
    ),
    topic(
        "target_value",
        "指标值",
        "应当达到的数值，和度量单位分开填写，例如 95 和 %。定性指标写清达到什么程度算完成。",
        TARGETS,
    ),
    topic(
        "unit",
        "度量单位",
        "个、次、%、万元、天等。百分比填 95 和 %，不填 0.95。",
        LOCAL_FORM,
    ),
    topic(
        "weight",
        "权重",
        "这条指标的满分。预算执行率占 10 分，各项指标合计 90 分，总分 100 分。",
        EVALUATION,
    ),
    topic(
        "target_state",
        "绩效目标的状态",
        "草稿、审核、会审、纳入预算、提交人大、批复。批复后目标锁定，只能随预算调整程序修改。",
        TARGETS,
    ),
    topic(
        "monitoring_light",
        "监控灯",
        "执行和目标两方面各亮一灯，取较差的一个。按时间进度折算，不到 60% 为红，60%—80% 为黄，\
         80%—120% 为绿，120% 以上为蓝。",
        "默认规则包：监控预警",
    ),
    topic(
        "deviation_reason",
        "偏差原因",
        "没有达到进度或目标的原因：经费、制度、人员、硬件条件保障，或其他；选“其他”要写明。",
        MONITORING,
    ),
    topic(
        "likelihood",
        "完成目标可能性",
        "到年底能不能完成：确定能、有可能、完全不可能。",
        MONITORING,
    ),
    topic(
        "actual_value",
        "实际完成值",
        "到年底实际达到的数值，单位和指标值相同。没有完成填 0，不留空；留空不能送审。",
        EVALUATION,
    ),
    topic(
        "score",
        "得分",
        "达到指标值得满分，没有达到按比例得分；每条四舍五入到两位小数，再相加。",
        EVALUATION,
    ),
    topic(
        "self_score",
        "自评得分",
        "预算执行 10 分加各项指标 90 分。抽查复评的得分另列在旁边，不改自评得分。",
        EVALUATION,
    ),
    topic(
        "shortfall_reason",
        "偏差原因分析及改进措施",
        "没有完成，或比指标值高出很多的，逐条写明原因和怎样改进。",
        EVALUATION,
    ),
    topic(
        "grade",
        "等级",
        "90 分及以上为优，80 分及以上为良，60 分及以上为中，60 分以下为差。",
        EVALUATION,
    ),
    topic(
        "rule_pack",
        "规则",
        "国家的规定加本省、本市、本年的参数。办结的记录一直按当时的规则，改规则不会重算。",
        "系统规则：规则包按地区和年度分版本",
    ),
    topic(
        "receipt",
        "得分回执",
        "每一分的来历：输入、规则、算式和扣分依据。任何人都可以拿它离线重算。",
        "系统规则：每个得分都附回执",
    ),
    topic(
        "counted",
        "是否计入",
        "“计入”的记录构成这个数；“未计入”的在统计范围内，但没有达到统计口径的条件。",
        "系统规则：公布的每个数都能点到记录",
    ),
    topic(
        "due_on",
        "截止日",
        "单位最晚在这一天送审。到期前 7 天、3 天、当天和逾期后各提醒一次。",
        "系统规则：每类工作每年一个期限",
    ),
    topic(
        "grace_days",
        "宽限天数",
        "截止日之后还能填报送审的天数，期间记为逾期；过了宽限期单位不能再填，审核不受影响。",
        "系统规则：每类工作每年一个期限",
    ),
    topic(
        "reopening",
        "重新开放",
        "过了期限确需补办的，写明理由，对一个单位或全部单位重新开放到某一天；理由和办理人都留下记录。",
        "系统规则：过期补办要有理由",
    ),
    topic(
        "year_closure",
        "年度归档",
        "归档后那一年的记录不再办理，只能查看；确需更正的，撤销归档并写明理由。",
        "系统规则：办结的年度不再改动",
    ),
];

/// The topic `id`.
pub fn find(id: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_topic_is_found_by_a_name_of_its_own_and_says_where_it_is_from() {
        let ids: BTreeSet<&str> = TOPICS.iter().map(|topic| topic.id).collect();
        assert_eq!(ids.len(), TOPICS.len());
        for topic in TOPICS {
            assert_eq!(find(topic.id), Some(topic));
            assert!(topic.text.ends_with('。'), "{}", topic.id);
            assert!(!topic.source.is_empty() && !topic.label.is_empty());
        }
        assert_eq!(find("nothing"), None);
    }
}
