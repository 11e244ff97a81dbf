//! What a check says about uploaded files, as a page shows it.

use std::cmp::Ordering;

use domain::check::{check, find_rule};
use domain::finding::{Finding, Severity};
use domain::form::{Form, FormKind};
use domain::rulepack::RulePack;
use domain::scoring::score_form;
use office::workbook::{self, Limits};

use super::read::{self, ReadError};
use super::report::kind_name;
use super::upload::{Content, Sent};
use crate::receipt::ReceiptPart;

/// Findings of one form that the page lists; the file has all of them.
const MOST_LISTED: usize = 300;

/// Characters of a file's name that are shown.
const MOST_SHOWN: usize = 40;

/// How many findings of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) hints: usize,
}

impl Counts {
    fn of(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
        Self {
            errors: count(Severity::E),
            warnings: count(Severity::W),
            hints: count(Severity::I),
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            hints: self.hints + other.hints,
        }
    }

    pub(super) fn all(self) -> usize {
        self.errors + self.warnings + self.hints
    }
}

/// One file with what was found in it.
pub(super) struct FileAnswer {
    /// Its name, shortened in the middle.
    pub(super) shown: String,
    /// Its whole name.
    pub(super) name: String,
    /// Why it could not be read.
    pub(super) refusal: Option<String>,
    /// Whether it is more than is read.
    pub(super) is_too_large: bool,
    /// Its forms.
    pub(super) forms: Vec<FormAnswer>,
}

/// One form with its findings and its score.
pub(super) struct FormAnswer {
    /// Unique on the page.
    pub(super) key: String,
    /// 项目支出绩效自评表
    pub(super) kind: &'static str,
    /// Project or department.
    pub(super) title: String,
    /// Department, unit and year, as far as the form says.
    pub(super) about: String,
    pub(super) counts: Counts,
    pub(super) lines: Vec<Line>,
    /// How many findings are not listed.
    pub(super) unlisted: usize,
    /// Every finding, for the file.
    pub(super) rows: Vec<Vec<String>>,
    /// The score, or why there is none.
    pub(super) score: Result<ReceiptPart, String>,
    /// The total, for the overview.
    pub(super) total: Option<String>,
}

/// One finding.
pub(super) struct Line {
    pub(super) severity: Severity,
    pub(super) place: String,
    pub(super) message: String,
    pub(super) printed: Option<String>,
    pub(super) computed: Option<String>,
    pub(super) rule: &'static str,
    pub(super) rule_name: &'static str,
    pub(super) source: &'static str,
}

/// The word for a severity.
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::E => "错误",
        Severity::W => "提醒",
        Severity::I => "提示",
    }
}

/// Reads and checks one file, the `number`th of its upload.
pub(super) fn examine(number: usize, sent: Sent, pack: &RulePack, token: &str) -> FileAnswer {
    let Sent { name, content } = sent;
    let mut answer = FileAnswer {
        shown: shortened(&name),
        refusal: None,
        is_too_large: false,
        forms: Vec::new(),
        name,
    };
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::TooLarge(size) => {
            let mb = 1 << 20;
            let too_large = workbook::ReadError::TooLarge {
                size: size.div_ceil(mb),
                limit: Limits::default().file_bytes / mb,
            };
            answer.is_too_large = true;
            answer.refusal = Some(too_large.to_string());
            return answer;
        }
    };
    match read::read(&bytes, &answer.name) {
        Ok(forms) => {
            answer.forms = (1..)
                .zip(forms)
                .map(|(form_number, (form, noticed))| {
                    let key = format!("form-{number}-{form_number}");
                    form_answer(key, &form, noticed, pack, (&answer.name, token))
                })
                .collect();
        }
        Err(error) => answer.refusal = Some(cause(&error)),
    }
    answer
}

/// What is wrong with a file, without its name.
fn cause(error: &ReadError) -> String {
    match error {
        ReadError::File { cause, .. } => cause.to_string(),
        ReadError::Json { cause, .. } => cause.to_string(),
        ReadError::NoForm { cause, .. } => cause.clone(),
    }
}

fn form_answer(
    key: String,
    form: &Form,
    noticed: Vec<Finding>,
    pack: &RulePack,
    (file, token): (&str, &str),
) -> FormAnswer {
    let mut findings = noticed;
    findings.extend(check(pack, form));
    findings.sort_by_key(|finding| finding.severity);
    let kind = kind_name(form.kind.code());
    let title = title(form);
    let rows = findings
        .iter()
        .map(|finding| row(file, kind, &title, finding))
        .collect();
    let (score, total) = score(&key, form, pack, (file, token));
    FormAnswer {
        key,
        kind,
        about: about(form, &title),
        title,
        counts: Counts::of(&findings),
        unlisted: findings.len().saturating_sub(MOST_LISTED),
        lines: findings.into_iter().take(MOST_LISTED).map(line).collect(),
        rows,
        score,
        total,
    }
}

fn line(finding: Finding) -> Line {
    let rule = find_rule(finding.rule);
    Line {
        severity: finding.severity,
        place: finding.r#where,
        message: finding.message,
        printed: finding.printed,
        computed: finding.computed,
        rule: finding.rule,
        rule_name: rule.map_or("", |rule| rule.name),
        source: rule.map_or("", |rule| rule.source.trim_start_matches("House rule：")),
    }
}

/// The head of the file.
pub(super) const COLUMNS: [&str; 10] = [
    "文件",
    "表",
    "名称",
    "程度",
    "位置",
    "说明",
    "表上",
    "应为",
    "规则",
    "规则名称",
];

fn row(file: &str, kind: &str, title: &str, finding: &Finding) -> Vec<String> {
    [
        file,
        kind,
        title,
        word(finding.severity),
        &finding.r#where,
        &finding.message,
        finding.printed.as_deref().unwrap_or_default(),
        finding.computed.as_deref().unwrap_or_default(),
        finding.rule,
        find_rule(finding.rule).map_or("", |rule| rule.name),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The receipt and its total, or a sentence that says why there is none.
fn score(
    key: &str,
    form: &Form,
    pack: &RulePack,
    (file, token): (&str, &str),
) -> (Result<ReceiptPart, String>, Option<String>) {
    let receipt = match score_form(pack, form, file) {
        Ok(Some(receipt)) => receipt,
        Ok(None) => return (Err(no_score(form.kind)), None),
        Err(refusal) => return (Err(format!("{refusal}。")), None),
    };
    let total = receipt.total.map(|total| total.to_string());
    let part = receipt
        .to_json()
        .and_then(|json| ReceiptPart::new(&format!("{key}-score"), &json, token));
    match part {
        Ok(part) => (Ok(part), total),
        Err(error) => {
            tracing::error!(%error, "a receipt cannot be shown");
            (Err("得分没有算出来：请换一个规则再试。".to_owned()), None)
        }
    }
}

fn no_score(kind: FormKind) -> String {
    match kind {
        FormKind::ProjectSelfEvaluation | FormKind::DepartmentSelfEvaluation => {
            "表中没有带分值的指标，无从计分。如果表是节选，请上传完整的自评表。"
        }
        FormKind::ProjectTarget => "绩效目标表只有目标，没有完成情况，不计分。",
        FormKind::KeyEvaluation => "财政重点绩效评价由评价组打分，这里只检查、不计分。",
        FormKind::AnnualStatement => "年度情况说明不计分。",
    }
    .to_owned()
}

/// The project, or else the department.
fn title(form: &Form) -> String {
    [
        &form.project_name,
        &form.department,
        &form.unit,
        &form.title,
    ]
    .into_iter()
    .flatten()
    .map(|field| field.printed.as_str())
    .find(|printed| !printed.is_empty())
    .unwrap_or("（表上没有名称）")
    .to_owned()
}

/// What else the form says of itself.
fn about(form: &Form, title: &str) -> String {
    let year = form.fiscal_year.as_ref().and_then(|field| field.value);
    let mut words: Vec<String> = year.map(|year| format!("{year} 年")).into_iter().collect();
    for field in [&form.department, &form.unit].into_iter().flatten() {
        let is_new = field.printed != title && !words.contains(&field.printed);
        if is_new && !field.printed.is_empty() {
            words.push(field.printed.clone());
        }
    }
    words.join(" · ")
}

/// A name with its end, which tells the kind of the file.
fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    match letters.len().cmp(&MOST_SHOWN) {
        Ordering::Less | Ordering::Equal => name.to_owned(),
        Ordering::Greater => {
            let half = MOST_SHOWN / 2;
            let (start, end) = (&letters[..half], &letters[letters.len() - half..]);
            start.iter().chain(['…'].iter()).chain(end).collect()
        }
    }
}
