//! What a row of any list says of its project and its subjects.

use super::codes::{Subject, project_kind};
use super::filed::{AmountColumn, Column, FiledRow, FiledSheet, Printed, Refused, code_and_name};
use super::library::Library;
use super::words::{FundSource, Nature, Origin, ProjectKind};
use crate::form::MoneyUnit;
use crate::form_reader::{amount, half_width, is_placeholder};
use crate::number::Fen;

/// More than any budget line: 1 万亿元.
const MOST_FEN: i64 = 100_000_000_000_000;

/// A row of a sheet.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) sheet: &'a FiledSheet,
    pub(super) row: &'a FiledRow,
}

/// The project of a row.
pub(super) struct Project {
    pub(super) code: String,
    pub(super) unit_code: String,
    pub(super) name: String,
    pub(super) kind: ProjectKind,
}

/// A text without blanks, in half-width signs.
fn tight(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

impl At<'_> {
    pub(super) fn refuse(&self, column: Column, message: String) -> Refused {
        Refused {
            place: self.sheet.place_of(self.row, column),
            message,
        }
    }

    /// The project with its unit. The unit may be left out where the library knows the project.
    pub(super) fn project(&self, library: &Library) -> Result<Project, Refused> {
        let code = tight(self.row.text(Column::ProjectCode));
        let name = self.row.text(Column::ProjectName).trim();
        if code.is_empty() {
            return Err(self.refuse(
                Column::ProjectCode,
                format!("项目“{name}”没有项目编码，请填写 21 位编码。"),
            ));
        }
        // 编码-名称 in one cell.
        let (code, behind) = code_and_name(&code);
        let name = if name.is_empty() { &*behind } else { name };
        let kind =
            project_kind(&code).map_err(|message| self.refuse(Column::ProjectCode, message))?;
        self.agrees(kind)?;
        let unit = library.unit_of(self.sheet, self.row)?;
        let known = library.projects.get(&code);
        let unit_code = match (unit, known.and_then(|known| known.unit_code.clone())) {
            (Some(filed), Some(known)) if filed != known => {
                let message = format!(
                    "项目“{code}”在项目库里属于单位“{known}”，文件里是“{filed}”，请核对单位编码。"
                );
                return Err(self.refuse(Column::UnitCode, message));
            }
            (Some(code), _) | (None, Some(code)) => code,
            (None, None) => {
                let message = "没有单位编码，请填写项目所属的预算单位。".to_owned();
                return Err(self.refuse(Column::UnitCode, message));
            }
        };
        let name = match known {
            Some(known) if name.is_empty() => known.name.clone(),
            None if name.is_empty() => {
                let message = format!("项目库里还没有“{code}”，请填写项目名称。");
                return Err(self.refuse(Column::ProjectName, message));
            }
            _ => name.to_owned(),
        };
        if name.chars().count() > 200 {
            let message = "项目名称超过 200 个字，请核对。".to_owned();
            return Err(self.refuse(Column::ProjectName, message));
        }
        Ok(Project {
            code,
            unit_code,
            name,
            kind,
        })
    }

    /// Whether the printed 项目类别 is the one that the code names.
    fn agrees(&self, kind: ProjectKind) -> Result<(), Refused> {
        let Some(cell) = self.row.cell(Column::Kind) else {
            return Ok(());
        };
        let (code, name) = code_and_name(&cell.text);
        let read = [tight(&cell.text), name, code]
            .iter()
            .find_map(|text| ProjectKind::read(text));
        match read {
            Some(read) if read == kind => Ok(()),
            Some(read) => Err(self.refuse(
                Column::Kind,
                format!(
                    "项目类别是“{}”，项目编码第 9 位表示“{}”，请核对。",
                    read.label(),
                    kind.label()
                ),
            )),
            None => Err(self.refuse(
                Column::Kind,
                format!(
                    "项目类别“{}”应是人员类、运转类或特定目标类，请修改。",
                    cell.text.trim()
                ),
            )),
        }
    }

    /// The code of a subject; empty where the row has none.
    pub(super) fn subject(
        &self,
        column: Column,
        subject: Subject,
        year: i64,
    ) -> Result<String, Refused> {
        let Some(cell) = self.row.cell(column) else {
            return Ok(String::new());
        };
        if is_placeholder(&cell.text) {
            return Ok(String::new());
        }
        let (code, name) = code_and_name(&cell.text);
        let code = if code.is_empty() { name } else { code };
        subject
            .check(&code, year)
            .map_err(|message| self.refuse(column, message))?;
        Ok(code)
    }

    /// The source and the origin of the money in a column of amounts. A cell may name both:
    /// 一般公共预算-上级转移支付.
    pub(super) fn money(
        &self,
        column: &AmountColumn,
    ) -> Result<(FundSource, Option<Origin>), Refused> {
        let mut source = None;
        let mut origin = None;
        for at in [Column::Book, Column::Source, Column::Origin] {
            let Some(cell) = self.row.cell(at).filter(|cell| !is_placeholder(&cell.text)) else {
                continue;
            };
            let (said, whose) = self.words(at, cell)?;
            for (known, new) in [(source, said)] {
                if known.is_some() && new.is_some() && known != new {
                    return Err(self.refuse(
                        at,
                        format!(
                            "“{}”与同一行的其他列说的资金不一致，请核对。",
                            cell.text.trim()
                        ),
                    ));
                }
            }
            source = source.or(said);
            origin = origin.or(whose);
        }
        if let (Some(cell), Some(label)) = (source, column.source)
            && cell != label
        {
            let message = format!(
                "这一行是“{}”，金额在“{}”列，请核对。",
                cell.label(),
                column.label
            );
            return Err(self.refuse(Column::Book, message));
        }
        let source = column.source.or(source).or(self.sheet.source);
        let source = source.ok_or_else(|| {
            let has_column = [Column::Book, Column::Source]
                .iter()
                .find(|wanted| self.sheet.columns.iter().any(|(known, _)| known == *wanted));
            let message = if has_column.is_some() {
                "没有写明是哪一本预算（一般公共预算、政府性基金预算……），请填写。"
            } else {
                "文件没有写明是哪一本预算，请增加“预算类型”列，或在标题里写明。"
            };
            self.refuse(
                has_column.copied().unwrap_or(Column::ProjectCode),
                message.to_owned(),
            )
        })?;
        Ok((source, column.origin.or(origin)))
    }

    fn words(
        &self,
        at: Column,
        cell: &Printed<Column>,
    ) -> Result<(Option<FundSource>, Option<Origin>), Refused> {
        let text = tight(&cell.text);
        let number = FundSource::of_book_number(&text).filter(|_| at == Column::Book);
        if number.is_some() {
            return Ok((number, None));
        }
        let (mut source, mut origin) = (None, None);
        for part in text.split(['-', '—', '_', '/', '、', '(', ')', '[', ']', ',', '，', '.']) {
            let is_code = part.chars().all(|letter| letter.is_ascii_digit());
            if part.is_empty() || is_code || part == "财政拨款" {
                continue;
            }
            let word = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
            match (FundSource::read(word), Origin::read(word)) {
                (Some(read), _) => source = Some(read),
                (_, Some(read)) => origin = Some(read),
                (None, None) => {
                    return Err(self.refuse(
                        at,
                        format!(
                            "“{}”看不出是哪一类资金，请写成一般公共预算、政府性基金预算、\
                             国有资本经营预算、社会保险基金预算、财政专户管理资金、单位资金，\
                             或本级、上级转移支付、上年结转。",
                            cell.text.trim()
                        ),
                    ));
                }
            }
        }
        Ok((source, origin))
    }

    /// 项目属性, if the row names it.
    pub(super) fn nature(&self) -> Result<Option<Nature>, Refused> {
        let text = tight(self.row.text(Column::Nature));
        if text.is_empty() || is_placeholder(&text) {
            return Ok(None);
        }
        let (code, name) = code_and_name(&text);
        let word = if name.is_empty() { &code } else { &name };
        let read = Nature::read(&text).or_else(|| Nature::read(word));
        read.map(Some).ok_or_else(|| {
            self.refuse(
                Column::Nature,
                format!("项目属性“{text}”应是新增项目或延续项目，请修改。"),
            )
        })
    }

    /// 是否需人大批准, if the row says it.
    pub(super) fn congress(&self) -> Result<Option<bool>, Refused> {
        match &*tight(self.row.text(Column::Congress)) {
            "" => Ok(None),
            "是" | "需要" | "需" | "√" | "1" => Ok(Some(true)),
            "否" | "不需要" | "不需" | "0" | "×" | "-" => Ok(Some(false)),
            text => Err(self.refuse(
                Column::Congress,
                format!("“{text}”看不出是否需要人大批准，请写“是”或“否”。"),
            )),
        }
    }

    /// The money in a cell; none for a dash.
    pub(super) fn fen(
        &self,
        cell: &Printed<usize>,
        column: &AmountColumn,
    ) -> Result<Option<Fen>, Refused> {
        if is_placeholder(&cell.text) {
            return Ok(None);
        }
        let refused = |message: String| Refused {
            place: self.sheet.place(self.row.row, cell.column),
            message,
        };
        let unreadable = || {
            refused(format!(
                "金额“{}”不能读成数字，请只填数字。",
                cell.text.trim()
            ))
        };
        // (1,200.00) is how accountants write a negative amount.
        let text = tight(&cell.text);
        let inside = text
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let read = amount::parse(inside.unwrap_or(&text)).filter(|read| !read.percent);
        let read = read.ok_or_else(unreadable)?;
        let unit = read.unit.or(column.unit).ok_or_else(|| {
            refused("没有写明金额单位，请在列名或表头上方写明“单位：元”或“单位：万元”。".to_owned())
        })?;
        let fen = match unit {
            MoneyUnit::Yuan => Fen::from_yuan(read.value),
            MoneyUnit::WanYuan => Fen::from_wan(read.value),
            MoneyUnit::YiYuan => read
                .value
                .checked_mul(10_000.into())
                .and_then(Fen::from_wan),
        };
        let fen = fen.filter(|fen| (-MOST_FEN..=MOST_FEN).contains(&fen.0));
        let fen = fen.ok_or_else(|| {
            refused(format!(
                "金额“{}”超过 1 万亿元，请核对金额单位。",
                cell.text.trim()
            ))
        })?;
        Ok(Some(if inside.is_some() { -fen } else { fen }))
    }
}
