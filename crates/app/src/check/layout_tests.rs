//! The same form gets the same findings in every layout, and forms of many places are understood.

use domain::finding::{Finding, Severity};
use domain::rulepack::default_pack;
use proptest::prelude::*;

use super::layouts::{self, Layout, Sample};
use super::read_tests::{any_layout, sample};
use super::report::of_bytes;

/// A form with a wrong rate, a missed target with all points, and a sum that is off.
fn faulty() -> Sample {
    let mut faulty = sample();
    faulty.total[4] = "91%".into();
    faulty.total[5] = "9".into();
    faulty.sources[0][1] = "130.5".into();
    faulty.rows[0].actual = "50人次".into();
    faulty.rows[3].target = ["", "好坏", ""].map(String::from);
    faulty.rows[3].actual = "好坏".into();
    faulty.points[1] = "95".into();
    faulty
}

/// Severity, rule and message, without the place. A note on how something is written may come
/// and go with the layout.
fn told(findings: &[Finding]) -> Vec<String> {
    let mut told: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity != Severity::I)
        .map(|finding| {
            let plain = finding.message.replace("万元万元", "万元");
            format!("{:?} {} {plain}", finding.severity, finding.rule)
        })
        .collect();
    told.sort();
    told
}

fn findings(sample: &Sample, layout: &Layout) -> Vec<Finding> {
    let pieces = layouts::pieces(sample, layout);
    let book = layouts::workbook(&[("自评表", false, pieces)]);
    of_bytes(&book, "表.xlsx", default_pack()).findings
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn the_findings_of_a_form_are_the_same_in_every_layout(layout in any_layout()) {
        let expected = told(&findings(&faulty(), &Layout::NATIONAL));
        prop_assert_eq!(told(&findings(&faulty(), &layout)), expected);
    }
}

#[test]
fn the_faults_of_the_sample_are_found() {
    let rules: Vec<&str> = findings(&faulty(), &Layout::NATIONAL)
        .iter()
        .map(|finding| finding.rule)
        .collect();
    for rule in ["V07", "C10", "V36", "C30", "C33"] {
        assert!(rules.contains(&rule), "{rule}: {rules:?}");
    }
}

const SICHUAN: &str = "部门预算项目支出绩效自评表(2023年度)
项目名称,51000021R000000019951-临时救助
主管部门,某县民政局,,,实施单位（盖章）,某县救助站
项目基本情况,1.项目年度目标完成情况,项目年度目标,救助500人,,,年度目标完成情况,救助480人
,2.项目实施内容及过程概述,按月发放
预算执行情况（10分）,年度预算数(万元),年初预算,调整后预算数,预算执行数,预算执行率,权重,得分,原因
,总额,100.00,120.00,118.80,99.00%,10,9.90
,其中：财政资金,100.00,110.00,108.80,98.91%,/,/
,财政专户管理资金,0,0,0,0.00%,/,/
,单位资金,0,9.00,9.00,100%,/,/
,其他资金,0,0,0,,/,/
绩效指标（90分）,一级指标,二级指标,三级指标,指标性质,指标值,度量单位,完成值,权重,得分,未完成原因分析
,产出指标,数量指标,救助人数,≥,500,人,480,30,30
,产出指标,时效指标,发放及时率,＝,100,%,100,30,30
,效益指标,社会效益指标,困难缓解程度,定性,好坏,,好坏,20,20
,满意度指标,服务对象满意度指标,救助对象满意度,≥,90,%,95,10,10
合计,,,,,,,,100,99.90
评价结论,自评99.9分
存在问题,无
项目负责人：张,,,财务负责人：李
";

const HUBEI: &str = "2021年度某项目绩效自评表
项目名称,市级奖补
主管部门,市科技局,项目实施单位,市科技局
预算执行情况（万元）（20分）,,预算数（A）,执行数（B）,执行率（B/A）,得分（20分*执行率）
,年度财政资金总额,500,449.99,89%,18
年度绩效目标1（80分）
一级指标,二级指标,三级指标,年初目标值（A）,实际完成值（B）,分值,得分
产出指标,数量指标,奖补企业数,20家,25家,40,40
效益指标,社会效益指标,是否利于企业走出去,是,是,20,20
满意度指标,服务对象满意度指标,企业满意度,98%以上,97%,20,20
总分,,,,,100,98
偏差大或目标未完成原因分析,无
";

const CENTRAL: &str = "2024年度林业草原改革发展资金区域（项目）绩效自评表
转移支付名称,林业草原改革发展资金
地方主管部门,某县林业局,资金使用单位,某县林业局
资金情况（万元）,,全年预算数（A）,统筹整合资金数（B）,扣除后（C＝A－B）,全年到位资金（D）,\
全年执行资金（E）,到位率（D/C×100%）,预算执行（E/C×100%）
,年度资金总额：,60.800000,8,52.800000,52.800000,30.800000,100.00%,50.66%
,其中：中央财政资金,60.800000,8,52.800000,52.800000,30.800000,100.00%,58.33%
,地方财政资金,0,0,0,0,0,,
总体目标完成情况,总体目标,,,全年实际完成情况
,造林1000亩,,,造林1000亩
绩效指标,一级指标,二级指标,三级指标,指标值,全年实际完成值,未完成原因和改进措施
,产出指标,数量指标,造林面积,≥1000亩,1000亩
,产出指标,质量指标,成活率,≥85%,86%
,效益指标,生态效益指标,空气质量优良天数,≥300天,301天
,满意度指标,服务对象满意度指标,林农满意度,≥85%,90%
";

const CHONGQING: &str = "2022年度辅警人员经费绩效自评表
项目名称,辅警人员经费
主管部门,公安局,实施单位,公安局
项目资金（万元）,年初预算数,全年（调整）预算数,全年执行数,执行率,执行率权重,执行率得分
年度总金额,2565,2565,2565,100%,10,10
年初绩效目标,,全年（调整）绩效目标,,全年目标实际完成情况
保障512人,,保障512人,,保障512人
指标名称,计量单位,指标性质,年初指标值,调整指标值,全年完成值,得分系数（%）,指标权重（分）,\
指标得分（分）,是否核心指标,说明
辅警人员,人,＝,512,512,500,100,30,30,是
项目成本概算,万元,≤,3584,3584,2565,100,20,20,否
受益对象满意度,%,≥,95,95,96,100,40,40,否
";

const ANHUI: &str = "（临时救助）绩效目标自评表（2019年度）
项目名称,临时救助
主管部门,县民政局[155],,,实施单位,县民政局
资金情况（万元）,,全年预算数（A）,全年执行数（B）,分值,执行率（B/A）,得分
,年度资金总额,30,30,10,100%,10
,其中：本年财政拨款,30,30,10,100%,10
,其他资金
年度总体目标,年初设定目标,,,年度总体目标完成情况综述
,为困难户解决临时性困难,,,临时救助87人次
一级指标,二级指标,三级指标,分值,年度指标值,全年实际值,得分,未完成原因及拟采取的改进措施
产出指标（50分）,数量指标,★供养人数（≥**人）,30,>=4754人,4604,30,特困人员实行动态管理
,质量指标,临时救助标准（<**元/户·年）,20,<=5300元/户,5830,20
效益指标（30分）,社会效益指标,受益人口数≥**人,30,>=80人,87,30
满意度指标（10分）,服务对象满意度指标,受助对象满意度（≥**%）,10,>=90%,95%,10
总分,,,100,,,100
";

#[test]
fn forms_of_many_places_are_understood() {
    let cases: [(&str, &[&str]); 5] = [
        (SICHUAN, &["E V07 D7", "E V07 E7", "W C30 J13", "W C33 H15"]),
        (HUBEI, &["E C10 E5", "W C30 G10"]),
        (CENTRAL, &["E C10 I5"]),
        (CHONGQING, &["W C30 I9", "W V12 E10"]),
        (ANHUI, &["W C30 G11", "W C30 G12", "W C41 E12"]),
    ];
    for (text, expected) in cases {
        let report = of_bytes(text.as_bytes(), "表.csv", default_pack());
        let told: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.severity != Severity::I)
            .map(|it| format!("{:?} {} {}", it.severity, it.rule, it.r#where))
            .collect();
        assert_eq!(told, expected, "{:#?}", report.findings);
    }
}
