//! The registers: 制度, 培训, 宣传, 考核, 人大报告, 股室反馈, 信息公开, and the next steps.

use super::city::City;
use super::organisation::{SECTIONS, unit_id};
use super::rows::Rows;
use super::store;

/// id, title, number, kind, stage, block, issued on, whether it has a sampling clause.
type Document = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

const DOCUMENTS: [Document; 6] = [
    (
        "d-1",
        "绵竹市财政局预算绩效管理工作实施方案",
        "绵财〔2020〕18号",
        "plan",
        "综合",
        "组织保障",
        "2020-03-06",
        false,
    ),
    (
        "d-2",
        "绵竹市市级预算事前绩效评估管理办法",
        "绵财〔2020〕52号",
        "regulation",
        "事前绩效评估",
        "流程管理",
        "2020-06-10",
        false,
    ),
    (
        "d-3",
        "绵竹市市级预算绩效目标管理办法",
        "绵财〔2020〕53号",
        "regulation",
        "绩效目标管理",
        "流程管理",
        "2020-06-10",
        false,
    ),
    (
        "d-4",
        "绵竹市市级预算绩效运行监控管理办法",
        "绵财〔2020〕54号",
        "regulation",
        "绩效运行监控",
        "流程管理",
        "2020-06-10",
        false,
    ),
    (
        "d-5",
        "四川省财政支出绩效评价管理办法",
        "绵财〔2020〕88号转发",
        "forwarded",
        "绩效评价",
        "流程管理",
        "2020-10-15",
        false,
    ),
    (
        "d-6",
        "2020年财政支出绩效评价工作的通知",
        "绵财〔2020〕21号",
        "notice",
        "绩效评价",
        "考核监督",
        "2020-03-18",
        true,
    ),
];

const PUBLICITY: [[&str; 5]; 5] = [
    [
        "w-1",
        "2020-04-22",
        "绵竹：绩效目标与预算同步编制同步批复",
        "绵竹市人民政府门户网站",
        "county",
    ],
    [
        "w-2",
        "2020-06-30",
        "绵竹市“四本预算”绩效管理全覆盖",
        "四川省财政厅网站",
        "provincial",
    ],
    [
        "w-3",
        "2020-08-26",
        "绵竹“双监控”让财政资金花在刀刃上",
        "德阳市财政局网站",
        "city",
    ],
    [
        "w-4",
        "2020-10-20",
        "县级财政如何用好绩效评价结果——绵竹的做法",
        "中国财经报",
        "national",
    ],
    [
        "w-5",
        "2020-12-09",
        "绵竹市集中培训提升预算单位绩效管理能力",
        "四川省财政厅网站",
        "provincial",
    ],
];

const OPINIONS: [[&str; 4]; 3] = [
    [
        "o-1",
        "进一步扩大重点绩效评价范围，将更多民生项目纳入评价",
        "2020-11-20",
        "已将教育、医疗和农业项目列入2021年重点评价计划",
    ],
    [
        "o-2",
        "加大评价结果与预算安排挂钩力度，对低效无效项目坚决调减",
        "2020-11-20",
        "各业务股室已按评价等级提出2021年预算安排意见并书面反馈",
    ],
    [
        "o-3",
        "提高绩效目标编制质量，减少笼统表述",
        "2020-11-27",
        "已在11月培训中专题讲解指标量化，并在2021年目标会审中从严把关",
    ],
];

const NEXT_STEPS: &str = "\
（一）组织保障。健全财政牵头、部门主体、人大和审计监督的预算绩效管理工作机制，明确部门和单位主要负责人对预算绩效的责任，配齐绩效管理人员。
（二）流程管理。完善事前绩效评估、绩效目标、运行监控、绩效评价和结果应用全流程制度，逐步扩大事前评估和重点评价范围，推动评价结果与预算安排实质性挂钩。
（三）基础支撑。分行业、分领域建设绩效指标和标准体系，推进绩效管理信息化，加强第三方机构管理和业务培训。
（四）考核监督。细化绩效管理工作考核办法，加大绩效信息公开力度，主动接受人大、审计和社会监督。";

/// Writes all registers of 2020.
pub(super) fn write(rows: &mut Rows, city: &City) {
    for (id, title, number, kind, stage, block, issued_on, has_sampling_clause) in DOCUMENTS {
        rows.record(
            store::INSERT_INSTITUTION_DOC,
            &[
                &id,
                &title,
                &number,
                &kind,
                &stage,
                &block,
                &issued_on,
                &has_sampling_clause,
            ],
        );
    }
    training(rows, city);
    for [id, published_on, title, medium, level] in PUBLICITY {
        rows.record(
            store::INSERT_PUBLICITY,
            &[&id, &2020_i64, &published_on, &title, &medium, &level],
        );
    }
    rows.record(
        store::INSERT_WORK_ASSESSMENT,
        &[
            &"y-2020",
            &2020_i64,
            &"中共绵竹市委目标绩效管理办公室",
            &true,
        ],
    );
    congress(rows);
    feedback(rows);
    publications(rows);
    rows.record(store::INSERT_STATEMENT_PLAN, &[&2020_i64, &NEXT_STEPS]);
}

fn training(rows: &mut Rows, city: &City) {
    let topic = "全面实施预算绩效管理业务培训（绩效目标编制、运行监控和绩效自评）";
    rows.record(
        store::INSERT_TRAINING,
        &[
            &"l-1",
            &2020_i64,
            &"2020-11-18",
            &topic,
            &"69个一级预算单位分管领导、财务和业务人员",
        ],
    );
    for number in 0..city.units.len() {
        rows.part(store::INSERT_ATTENDANCE, &[&"l-1", &unit_id(number)]);
    }
}

fn congress(rows: &mut Rows) {
    let content = "预算绩效管理工作开展情况；财政重点绩效评价报告";
    rows.record(
        store::INSERT_NPC_REPORT,
        &[
            &"q-1",
            &2020_i64,
            &"2020-10-29",
            &"绵竹市人民代表大会常务委员会",
            &content,
        ],
    );
    for [id, opinion, answered_on, answer] in OPINIONS {
        rows.record(
            store::INSERT_NPC_OPINION,
            &[&id, &"q-1", &opinion, &answered_on, &answer],
        );
    }
}

fn feedback(rows: &mut Rows) {
    for (number, (section, ..)) in (1..).zip(SECTIONS) {
        rows.record(
            store::INSERT_SECTION_FEEDBACK,
            &[
                &format!("f-2020-{number}"),
                &section,
                &2020_i64,
                &"2020-11-03",
                &format!("2020-11-{}", 16 + number),
            ],
        );
    }
}

fn publications(rows: &mut Rows) {
    let items: [(i64, &str, &str, Option<&str>, &str); 5] = [
        (
            2019,
            "2019年预算绩效管理工作情况说明",
            "2020-03-31",
            Some("2020-03-25"),
            "published",
        ),
        (
            2020,
            "2020年部门整体支出绩效目标",
            "2020-05-31",
            Some("2020-05-27"),
            "published",
        ),
        (
            2020,
            "2020年部门预算项目支出绩效目标",
            "2020-05-31",
            Some("2020-05-27"),
            "published",
        ),
        (
            2019,
            "2020年财政重点绩效评价报告",
            "2020-11-30",
            Some("2020-11-12"),
            "published",
        ),
        (
            2020,
            "机要保密和密码通信项目绩效目标（涉密，经批准不公开）",
            "2020-05-31",
            None,
            "exempt",
        ),
    ];
    for (number, (subject_year, item, due_on, published_on, state)) in (1..).zip(items) {
        rows.record(
            store::INSERT_PUBLICATION,
            &[
                &format!("v-2020-{number}"),
                &2020_i64,
                &subject_year,
                &item,
                &state,
                &due_on,
                &published_on,
                &"绵竹市人民政府门户网站预决算公开专栏",
            ],
        );
    }
}
