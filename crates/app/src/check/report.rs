//! What a check says about one file. Nothing is written, and a bad file is an answer, not a crash.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use domain::advice::{self, Advice};
use domain::check::check;
use domain::finding::{Finding, Severity};
use domain::form::FormKind;
use domain::receipt::Receipt;
use domain::rulepack::RulePack;
use domain::scoring::score_form;
use office::workbook::{self, Limits};
use serde::Serialize;

use super::read::{self, ReadError};

/// What stands in a file, and what is wrong with it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The file as the user named it.
    pub(crate) file: String,
    /// Kind of the first form; none when nothing could be read.
    pub(crate) kind: Option<&'static str>,
    /// Id of the rule pack.
    pub(crate) rules: String,
    /// Findings of all forms in the file, worst first.
    pub(crate) findings: Vec<Finding>,
    /// The score of the first form with its receipt, where it can be computed.
    pub(crate) score: Option<Receipt>,
    /// What would make the indicators better; none unless it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<Vec<Advice>>,
}

impl Report {
    /// 0 no finding of severity E, 1 at least one, 2 unreadable.
    pub(crate) fn exit_code(&self) -> u8 {
        if self.kind.is_none() {
            2
        } else {
            u8::from(self.count(Severity::E) > 0)
        }
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        let same = |finding: &&Finding| finding.severity == severity;
        self.findings.iter().filter(same).count()
    }
}

/// Checks the file at a path, and advises on it where that is asked for.
pub(crate) fn of_path(path: &Path, pack: &RulePack, is_advised: bool) -> Report {
    let name = path.display().to_string();
    let contents = contents(path);
    let mut report = match &contents {
        Ok(bytes) => of_bytes(bytes, &name, pack),
        Err(sentence) => unreadable(&name, pack, sentence),
    };
    if is_advised {
        let bytes = contents.unwrap_or_default();
        report.advice = Some(advice_on(&bytes, &name, pack, &report.findings));
    }
    report
}

/// What the check has not already said; nothing where the file holds no form.
fn advice_on(bytes: &[u8], name: &str, pack: &RulePack, told: &[Finding]) -> Vec<Advice> {
    let forms = read::read(bytes, name).unwrap_or_default();
    let all = forms
        .iter()
        .flat_map(|(form, _)| advice::of_form(pack, form));
    advice::not_told(all.collect(), told)
}

/// The bytes of a file, never more than a form may have.
pub(crate) fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let about = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "找不到这个文件；请检查路径和文件名",
        std::io::ErrorKind::PermissionDenied => "没有读取这个文件的权限；请检查文件权限",
        _ => "文件无法读取；请检查磁盘或另存一份后再试",
    };
    let file = File::open(path).map_err(|error| about(&error).to_owned())?;
    let metadata = file.metadata().map_err(|error| about(&error).to_owned())?;
    if metadata.is_dir() {
        return Err("这是一个文件夹；请指定其中的文件".to_owned());
    }
    let limit = Limits::default().file_bytes;
    if metadata.len() > limit {
        let mb = 1 << 20;
        let error = workbook::ReadError::TooLarge {
            size: metadata.len().div_ceil(mb),
            limit: limit / mb,
        };
        return Err(error.to_string());
    }
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| about(&error).to_owned())?;
    Ok(bytes)
}

/// Checks a file's bytes; `file` is only the name to speak of it.
pub(crate) fn of_bytes(bytes: &[u8], file: &str, pack: &RulePack) -> Report {
    let forms = match read::read(bytes, file) {
        Ok(forms) => forms,
        Err(ReadError::File { cause, .. }) => return unreadable(file, pack, &cause.to_string()),
        Err(ReadError::Json { cause, .. }) => return unreadable(file, pack, &cause.to_string()),
        Err(ReadError::NoForm { cause, .. }) => return unreadable(file, pack, &cause),
    };
    let mut findings = Vec::new();
    for (form, noticed) in &forms {
        findings.extend(noticed.iter().cloned());
        findings.extend(check(pack, form));
    }
    findings.sort_by_key(|finding| finding.severity);
    let first = forms.first().map(|(form, _)| form);
    Report {
        file: file.to_owned(),
        kind: first.map(|form| form.kind.code()),
        rules: pack.id.to_string(),
        findings,
        // What cannot be scored has no receipt; the findings say why.
        score: first.and_then(|form| score_form(pack, form, file).ok().flatten()),
        advice: None,
    }
}

fn unreadable(file: &str, pack: &RulePack, sentence: &str) -> Report {
    Report {
        file: file.to_owned(),
        kind: None,
        rules: pack.id.to_string(),
        findings: vec![Finding {
            rule: "C90",
            severity: Severity::E,
            r#where: file.to_owned(),
            message: sentence.to_owned(),
            printed: None,
            computed: None,
        }],
        score: None,
        advice: None,
    }
}

/// The Chinese name of a kind of form.
pub(crate) fn kind_name(code: &str) -> &'static str {
    let kinds = [
        (FormKind::ProjectTarget, "项目支出绩效目标表"),
        (FormKind::ProjectSelfEvaluation, "项目支出绩效自评表"),
        (FormKind::DepartmentSelfEvaluation, "部门整体支出绩效自评表"),
        (FormKind::KeyEvaluation, "财政重点绩效评价"),
        (FormKind::AnnualStatement, "年度绩效管理情况说明"),
    ];
    kinds
        .iter()
        .find(|(kind, _)| kind.code() == code)
        .map_or("绩效表", |(_, name)| name)
}

/// The report as a person reads it: a line that counts, then a line for each finding.
pub(crate) fn in_words(report: &Report) -> String {
    let Some(kind) = report.kind else {
        let sentence = report.findings.first();
        let sentence = sentence.map_or("", |finding| finding.message.as_str());
        return format!("{}：无法读取\n  E C90 {sentence}\n", report.file);
    };
    let mut out = format!(
        "{}：{}，规则 {}，错误 {} 个，提醒 {} 个，提示 {} 个\n",
        report.file,
        kind_name(kind),
        report.rules,
        report.count(Severity::E),
        report.count(Severity::W),
        report.count(Severity::I)
    );
    for finding in &report.findings {
        let line = format!(
            "  {:?} {} {} {}\n",
            finding.severity, finding.rule, finding.r#where, finding.message
        );
        out.push_str(&line);
    }
    let Some(advice) = &report.advice else {
        return out;
    };
    let head = format!("  填报建议 {} 条（只供参考，不影响提交）\n", advice.len());
    out.push_str(&head);
    for advice in advice {
        let line = format!(
            "  建议 {} {} {}；{}\n",
            advice.rule, advice.r#where, advice.message, advice.mend.sentence
        );
        out.push_str(&line);
    }
    out
}
