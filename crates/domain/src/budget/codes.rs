//! Codes of the budget: subjects by year and the project code.

use super::words::ProjectKind;

/// The years of a name: the first and the last.
type Years = (i64, i64);
const ALWAYS: Years = (1990, 2100);

/// 支出功能分类 — 类.
///
/// Source: domain reference §5.2. 215 was 资源勘探信息等支出 before 2021.
const FUNCTION_CLASSES: &[(&str, Years, &str)] = &[
    ("201", ALWAYS, "一般公共服务支出"),
    ("202", ALWAYS, "外交支出"),
    ("203", ALWAYS, "国防支出"),
    ("204", ALWAYS, "公共安全支出"),
    ("205", ALWAYS, "教育支出"),
    ("206", ALWAYS, "科学技术支出"),
    ("207", ALWAYS, "文化旅游体育与传媒支出"),
    ("208", ALWAYS, "社会保障和就业支出"),
    ("209", ALWAYS, "社会保险基金支出"),
    ("210", ALWAYS, "卫生健康支出"),
    ("211", ALWAYS, "节能环保支出"),
    ("212", ALWAYS, "城乡社区支出"),
    ("213", ALWAYS, "农林水支出"),
    ("214", ALWAYS, "交通运输支出"),
    ("215", (1990, 2020), "资源勘探信息等支出"),
    ("215", (2021, 2100), "资源勘探工业信息等支出"),
    ("216", ALWAYS, "商业服务业等支出"),
    ("217", ALWAYS, "金融支出"),
    ("219", ALWAYS, "援助其他地区支出"),
    ("220", ALWAYS, "自然资源海洋气象等支出"),
    ("221", ALWAYS, "住房保障支出"),
    ("222", ALWAYS, "粮油物资储备支出"),
    ("223", ALWAYS, "国有资本经营预算支出"),
    ("224", ALWAYS, "灾害防治及应急管理支出"),
    ("227", ALWAYS, "预备费"),
    ("229", ALWAYS, "其他支出"),
    ("230", ALWAYS, "转移性支出"),
    ("231", ALWAYS, "债务还本支出"),
    ("232", ALWAYS, "债务付息支出"),
    ("233", ALWAYS, "债务发行费用支出"),
    ("234", (2020, 2100), "抗疫特别国债安排的支出"),
];

/// 政府预算支出经济分类 — 类. Source: domain reference §5.3.
const GOVERNMENT_ECONOMIC: &[(&str, Years, &str)] = &[
    ("501", ALWAYS, "机关工资福利支出"),
    ("502", ALWAYS, "机关商品和服务支出"),
    ("503", ALWAYS, "机关资本性支出（一）"),
    ("504", ALWAYS, "机关资本性支出（二）"),
    ("505", ALWAYS, "对事业单位经常性补助"),
    ("506", ALWAYS, "对事业单位资本性补助"),
    ("507", ALWAYS, "对企业补助"),
    ("508", ALWAYS, "对企业资本性支出"),
    ("509", ALWAYS, "对个人和家庭的补助"),
    ("510", ALWAYS, "对社会保障基金补助"),
    ("511", ALWAYS, "债务利息及费用支出"),
    ("512", ALWAYS, "债务还本支出"),
    ("513", ALWAYS, "转移性支出"),
    ("514", ALWAYS, "预备费及预留"),
    ("599", ALWAYS, "其他支出"),
];

/// 部门预算支出经济分类 — 类. Source: domain reference §5.3.
const DEPARTMENT_ECONOMIC: &[(&str, Years, &str)] = &[
    ("301", ALWAYS, "工资福利支出"),
    ("302", ALWAYS, "商品和服务支出"),
    ("303", ALWAYS, "对个人和家庭的补助"),
    ("307", ALWAYS, "债务利息及费用支出"),
    ("309", ALWAYS, "资本性支出（基本建设）"),
    ("310", ALWAYS, "资本性支出"),
    ("311", ALWAYS, "对企业补助（基本建设）"),
    ("312", ALWAYS, "对企业补助"),
    ("313", ALWAYS, "对社会保障基金补助"),
    ("399", ALWAYS, "其他支出"),
];

/// A table of subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// 支出功能分类
    Function,
    /// 政府预算支出经济分类
    GovernmentEconomic,
    /// 部门预算支出经济分类
    DepartmentEconomic,
}

impl Subject {
    /// Its name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Function => "支出功能分类",
            Self::GovernmentEconomic => "政府预算支出经济分类",
            Self::DepartmentEconomic => "部门预算支出经济分类",
        }
    }

    /// How many digits its codes have: 类, 款, 项.
    pub fn digits(self) -> &'static [usize] {
        match self {
            Self::Function => &[3, 5, 7],
            Self::GovernmentEconomic | Self::DepartmentEconomic => &[3, 5],
        }
    }

    /// The name of the 类 of a code in the year; none where the year has no such 类.
    pub fn class_name(self, code: &str, year: i64) -> Option<&'static str> {
        let table = match self {
            Self::Function => FUNCTION_CLASSES,
            Self::GovernmentEconomic => GOVERNMENT_ECONOMIC,
            Self::DepartmentEconomic => DEPARTMENT_ECONOMIC,
        };
        let class = code.get(..3)?;
        table
            .iter()
            .find(|(known, (first, last), _)| *known == class && (*first..=*last).contains(&year))
            .map(|(_, _, name)| *name)
    }

    /// The code, if it is one of the year.
    ///
    /// # Errors
    /// A Chinese sentence that says what to do.
    pub fn check(self, code: &str, year: i64) -> Result<(), String> {
        let is_number = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !self.digits().contains(&code.len()) {
            let digits: Vec<String> = self.digits().iter().map(usize::to_string).collect();
            return Err(format!(
                "{}编码“{code}”应是 {} 位数字，请填科目编码。",
                self.label(),
                digits.join("、")
            ));
        }
        if self.class_name(code, year).is_none() {
            let class = code.get(..3).unwrap_or(code);
            return Err(format!(
                "{year} 年的{}没有“{class}”类，请核对科目编码“{code}”。",
                self.label()
            ));
        }
        Ok(())
    }
}

/// The kind of project that a project code names.
///
/// Source: domain reference §5.4: `^\d{8}[A-Z]\d{12}$`, the letter R, Y or T; the region may be
/// another one, such as the province's.
///
/// # Errors
/// A Chinese sentence that says what to do.
pub fn project_kind(code: &str) -> Result<ProjectKind, String> {
    let digits = |from: usize, to: usize| {
        let part = code.get(from..to);
        part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_shaped = code.len() == 21 && digits(0, 8) && digits(9, 21);
    let letter = code.get(8..9).filter(|_| is_shaped);
    match letter {
        Some("R") => Ok(ProjectKind::Personnel),
        Some("Y") => Ok(ProjectKind::Operating),
        Some("T") => Ok(ProjectKind::SpecialPurpose),
        Some(letter) if letter.bytes().all(|byte| byte.is_ascii_uppercase()) => Err(format!(
            "项目编码“{code}”第 9 位是“{letter}”，应是 R（人员类）、Y（运转类）或 T（特定目标类），\
             请核对。"
        )),
        _ => Err(format!(
            "项目编码“{code}”应是 21 位：8 位数字、1 个大写字母、12 位数字，\
             如 51068320T000000000001，请核对并把该列设为文本。"
        )),
    }
}
