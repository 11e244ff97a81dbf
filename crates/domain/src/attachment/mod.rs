//! What can be attached to a record, and what must be.

#[cfg(test)]
mod tests;

use crate::workflow::RecordKind;

/// A sort of file, as far as it decides what it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A fixed page: PDF, OFD.
    Page,
    /// A picture: PNG, JPEG, TIFF.
    Picture,
    /// A text document.
    Text,
    /// A workbook.
    Table,
    /// Slides.
    Slides,
}

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// 盖章扫描件
    StampedScan,
    /// 评估报告、评价报告
    Report,
    /// 立项依据
    Basis,
    /// 实施方案、工作方案
    Scheme,
    /// 佐证材料
    Evidence,
    /// 会议纪要、评审意见
    Minutes,
    /// 合同
    Contract,
    /// 整改报告
    RectificationReport,
    /// 批复、通知等文件
    OfficialLetter,
    /// 其他
    Other,
}

impl Type {
    /// Every type, in the order of the select.
    pub const ALL: [Self; 10] = [
        Self::StampedScan,
        Self::Report,
        Self::Basis,
        Self::Scheme,
        Self::Evidence,
        Self::Minutes,
        Self::Contract,
        Self::RectificationReport,
        Self::OfficialLetter,
        Self::Other,
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::StampedScan => "stamped_scan",
            Self::Report => "report",
            Self::Basis => "basis",
            Self::Scheme => "scheme",
            Self::Evidence => "evidence",
            Self::Minutes => "minutes",
            Self::Contract => "contract",
            Self::RectificationReport => "rectification_report",
            Self::OfficialLetter => "official_letter",
            Self::Other => "other",
        }
    }

    /// The type of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// Its word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::StampedScan => "盖章扫描件",
            Self::Report => "评估（评价）报告",
            Self::Basis => "立项依据",
            Self::Scheme => "实施（工作）方案",
            Self::Evidence => "佐证材料",
            Self::Minutes => "会议纪要和评审意见",
            Self::Contract => "合同",
            Self::RectificationReport => "整改报告",
            Self::OfficialLetter => "批复、通知等文件",
            Self::Other => "其他",
        }
    }

    /// What it can be.
    ///
    /// House rule: a stamp proves something only on a page that nobody types into, so a scan is a
    /// fixed page or a picture; a contract and an official letter likewise.
    pub fn forms(self) -> &'static [Form] {
        match self {
            Self::StampedScan | Self::Contract | Self::OfficialLetter => {
                &[Form::Page, Form::Picture]
            }
            Self::Report | Self::Scheme | Self::Minutes | Self::RectificationReport => {
                &[Form::Page, Form::Text, Form::Picture]
            }
            Self::Basis | Self::Evidence | Self::Other => &[
                Form::Page,
                Form::Picture,
                Form::Text,
                Form::Table,
                Form::Slides,
            ],
        }
    }

    /// How large a file of it may be, in MB.
    ///
    /// House rule: a page scanned at 300 dpi is about 0.3 MB, and a report has some sixty; evidence
    /// has photographs.
    pub fn most_mb(self) -> u32 {
        match self {
            Self::Evidence | Self::Other | Self::Report => 30,
            Self::StampedScan
            | Self::Basis
            | Self::Scheme
            | Self::Minutes
            | Self::Contract
            | Self::RectificationReport
            | Self::OfficialLetter => 20,
        }
    }
}

/// How many files a record may have.
///
/// House rule: more than fifty files are a heap that nobody reads.
pub const MOST_OF_A_RECORD: usize = 50;

/// What can be attached to records of the kind. What must be is said by the rule pack
/// ([`crate::rulepack::Attachments`]).
pub fn types(kind: RecordKind) -> &'static [Type] {
    use Type::{
        Basis, Contract, Evidence, Minutes, OfficialLetter, Other, RectificationReport, Report,
        Scheme, StampedScan,
    };
    match kind {
        RecordKind::ExAnteAssessment => &[StampedScan, Report, Basis, Minutes, Evidence, Other],
        RecordKind::PerformanceTarget => {
            &[Basis, Scheme, StampedScan, OfficialLetter, Evidence, Other]
        }
        RecordKind::Monitoring | RecordKind::SelfEvaluation => {
            &[Evidence, StampedScan, Report, Minutes, Other]
        }
        RecordKind::KeyEvaluation => &[Scheme, Report, Minutes, OfficialLetter, Evidence, Other],
        RecordKind::Rectification => &[
            RectificationReport,
            OfficialLetter,
            StampedScan,
            Evidence,
            Other,
        ],
        RecordKind::ResultApplication => &[OfficialLetter, Minutes, Evidence, Other],
        RecordKind::Commission => &[Contract, Scheme, Report, Minutes, Evidence, Other],
        RecordKind::PublicationItem => &[Evidence, OfficialLetter, Other],
    }
}
