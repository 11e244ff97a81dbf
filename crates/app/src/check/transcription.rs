//! Transcriptions of published tables in JSON, read into forms with JSON pointers as places.
//!
//! Keys that are not known are left alone, `null` is absent and never blank, and a part that is
//! not there is absent. Numbers keep the digits in which they are written.

use domain::finding::Finding;
use domain::form::{Field, Form, FormKind, IndicatorRow};
use domain::form_reader::{self, Reading};
use domain::number::Decimal;
use serde_json::{Map, Value};

use super::transcribed_money;

/// Why a text is no transcription. The text is a Chinese sentence for the clerk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonError {
    /// The text breaks off or is not JSON at all.
    #[error("JSON 格式有误，在第 {line} 行第 {column} 列；请检查括号、引号和逗号后再传")]
    Syntax {
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
    },
    /// JSON, but something else than a form.
    #[error("{place} 处应当是一张绩效表（JSON 对象）；请确认选对了文件")]
    NotAForm {
        /// A JSON pointer; `/` is the whole.
        place: String,
    },
    /// A form of no kind or of an unknown one.
    #[error(
        "{place} 处缺少可识别的表种，写的是「{found}」；应为 project_target、project_self_eval、\
         department_self_eval、key_evaluation、annual_statement 之一"
    )]
    Kind {
        /// A JSON pointer.
        place: String,
        /// What stands there.
        found: String,
    },
    /// Not one form in it.
    #[error("文件里没有任何绩效表；请确认选对了文件")]
    Nothing,
}

/// Whether bytes are JSON rather than a table.
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// Reads one form, or each form of a list.
///
/// # Errors
/// [`JsonError`] says what is wrong and where.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Reading>, JsonError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| JsonError::Syntax {
        line: error.line(),
        column: error.column(),
    })?;
    match &value {
        Value::Array(forms) if forms.is_empty() => Err(JsonError::Nothing),
        Value::Array(forms) => forms
            .iter()
            .enumerate()
            .map(|(order, form)| read_form(form, &format!("/{order}")))
            .collect(),
        form => Ok(vec![read_form(form, "")?]),
    }
}

fn kind(word: &str) -> Option<FormKind> {
    [
        FormKind::ProjectTarget,
        FormKind::ProjectSelfEvaluation,
        FormKind::DepartmentSelfEvaluation,
        FormKind::KeyEvaluation,
        FormKind::AnnualStatement,
    ]
    .into_iter()
    .find(|kind| kind.code() == word)
}

fn read_form(value: &Value, root: &str) -> Result<Reading, JsonError> {
    let Value::Object(map) = value else {
        let place = if root.is_empty() { "/" } else { root };
        return Err(JsonError::NotAForm {
            place: place.to_owned(),
        });
    };
    let at = Node { map, place: root };
    let kind = map
        .get("kind")
        .and_then(Value::as_str)
        .and_then(kind)
        .ok_or_else(|| JsonError::Kind {
            place: format!("{root}/kind"),
            found: map.get("kind").map(printed).unwrap_or_default(),
        })?;
    let indicators = map.get("indicators").and_then(Value::as_array);
    let mut rows = indicators.map_or_else(Vec::new, |rows| {
        rows.iter()
            .enumerate()
            .filter_map(|(order, row)| indicator(row, &format!("{root}/indicators/{order}")))
            .collect()
    });
    let mut findings: Vec<Finding> = Vec::new();
    let mut money = transcribed_money::read(&at);
    form_reader::settle_money(&mut money, &mut findings);
    form_reader::settle_rows(&mut rows, &mut money);
    let form = Form {
        kind,
        title: at.text(&["title"]),
        fiscal_year: at.year(),
        region: at.text(&["region"]),
        department: at.text(&["department"]),
        unit: at.text(&["implementing_unit"]),
        project_name: at.text(&["project_name"]),
        money,
        objectives: at.text(&["objectives"]),
        actual_summary: at.text(&["actual_summary"]),
        indicators: rows,
        total_weight: at.number(&["total_weight_stated"]),
        total_score: at.number(&["total_score"]),
        grade: at.text(&["grade"]),
        texts: figures(map, root),
    };
    let points = form
        .indicators
        .iter()
        .flat_map(|row| [row.weight.as_ref(), row.score.as_ref()]);
    let totals = [form.total_weight.as_ref(), form.total_score.as_ref()];
    for field in points.chain(totals).flatten() {
        form_reader::report_number(field, &mut findings);
    }
    Ok((form, findings))
}

/// `["发放调查问卷", 36]` as the text `发放调查问卷：36`.
fn figures(map: &Map<String, Value>, root: &str) -> Vec<Field> {
    let Some(Value::Array(figures)) = map.get("figures") else {
        return Vec::new();
    };
    let pair = |(order, figure): (usize, &Value)| {
        let Value::Array(pair) = figure else {
            return None;
        };
        let (name, value) = (pair.first()?.as_str()?, pair.get(1)?);
        if value.is_object() || value.is_array() || value.is_null() {
            return None;
        }
        let text = format!("{name}：{}", printed(value));
        Some(field(text, format!("{root}/figures/{order}/1")))
    };
    figures.iter().enumerate().filter_map(pair).collect()
}

fn indicator(row: &Value, place: &str) -> Option<IndicatorRow> {
    let map = row.as_object()?;
    let at = Node { map, place };
    // The raw cell says it all: its sign and its unit are in it.
    let raw = at.text(&["target_as_published"]);
    let (target, operator, unit) = match raw {
        Some(raw) => (Some(raw), None, None),
        None => (
            at.text(&["target_value"]),
            at.text(&["operator"]),
            at.text(&["unit"]),
        ),
    };
    Some(IndicatorRow {
        place: place.to_owned(),
        level1: at.text(&["level1"]),
        level2: at.text(&["level2"]),
        level3: at.text(&["level3"]),
        operator,
        target,
        unit,
        actual: at.text(&["actual_value"]),
        weight: at.number(&["weight"]),
        score: at.number(&["score"]),
        reason: at.text(&["deviation_reason"]),
    })
}

/// What stands in a JSON value, as a person would read it.
pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(printed).collect();
            parts.join("；")
        }
        Value::Object(_) | Value::Null => String::new(),
    }
}

fn field(printed: String, place: String) -> Field {
    Field {
        value: Some(printed.clone()),
        printed,
        place,
    }
}

/// A number in text: `100.00%`, `1,740,000`, `4753.66万元`, and the exponents of JSON.
fn decimal(text: &str) -> Option<Decimal> {
    form_reader::number_in(text).or_else(|| Decimal::from_scientific(text).ok())
}

/// A JSON object and where it is.
pub(super) struct Node<'a> {
    pub(super) map: &'a Map<String, Value>,
    pub(super) place: &'a str,
}

impl Node<'_> {
    /// The first of the keys that holds something.
    fn find(&self, keys: &[&str]) -> Option<(&Value, String)> {
        keys.iter().find_map(|key| {
            let value = self.map.get(*key).filter(|value| !value.is_null())?;
            Some((value, format!("{}/{}", self.place, pointer(key))))
        })
    }

    pub(super) fn text(&self, keys: &[&str]) -> Option<Field> {
        let (value, place) = self.find(keys)?;
        Some(field(printed(value), place)).filter(|field| !field.is_blank())
    }

    pub(super) fn number(&self, keys: &[&str]) -> Option<Field<Decimal>> {
        keys.iter().find_map(|key| {
            let value = self.map.get(*key)?;
            number(value, &format!("{}/{}", self.place, pointer(key)))
        })
    }

    fn year(&self) -> Option<Field<i32>> {
        let text = self.text(&["fiscal_year"])?;
        let digits = text.printed.trim_end_matches(['年', '度']);
        Some(Field {
            value: digits.parse().ok(),
            printed: text.printed,
            place: text.place,
        })
    }
}

/// A number, or a text that may hold one; anything else is no field.
pub(super) fn number(value: &Value, place: &str) -> Option<Field<Decimal>> {
    if !(value.is_number() || value.is_string()) {
        return None;
    }
    let printed = printed(value);
    if printed.is_empty() || form_reader::is_placeholder(&printed) {
        return None;
    }
    Some(Field {
        value: decimal(&printed),
        printed,
        place: place.to_owned(),
    })
}

/// A key as a part of a JSON pointer.
pub(super) fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
