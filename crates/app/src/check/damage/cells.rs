//! Damage to single cells: what people, OCR and spreadsheet programs do to a text or a number.

use domain::form_reader::is_placeholder;
use domain::number::Decimal;
use office::workbook::Cell;

use super::Kind;
use super::judge::Truth::{Other, Same, Wrong};
use super::table::{At, Part, Table, book_of};

/// Every kind of damage to a cell.
pub(super) const KINDS: &[Kind] = &[
    Kind::new("数字成了文本", Same, |table, nth| {
        each(table, nth, is_number, |text| Some(format!("{text} ")))
    }),
    Kind::new("全角数字", Same, |table, nth| {
        each(table, nth, is_number, |text| Some(full_width(text)))
    }),
    Kind::new("全角数字的分值", Same, |table, nth| {
        one(table, Part::Weight, nth, is_number, |text| {
            Some(full_width(text))
        })
    }),
    Kind::new("千分位逗号", Same, |table, nth| {
        one(table, Part::Amount, nth, is_number, thousands)
    }),
    Kind::new("不间断空格", Same, |table, nth| {
        one(table, Part::Weight, nth, is_number, |text| {
            Some(format!("\u{a0}{text}\u{a0}"))
        })
    }),
    Kind::new("零宽空格", Same, |table, nth| {
        one(table, Part::Amount, nth, is_number, |text| {
            Some(format!("{text}\u{200b}"))
        })
    }),
    Kind::new("数字中间断行", Same, |table, nth| {
        one(table, Part::Amount, nth, is_number, |text| {
            split(text, "\n")
        })
    }),
    Kind::new("数字中间有空格", Same, |table, nth| {
        one(table, Part::Weight, nth, is_number, |text| split(text, " "))
    }),
    Kind::new("分值带“分”字", Same, |table, nth| {
        one(table, Part::Weight, nth, is_number, |text| {
            Some(format!("{text}分"))
        })
    }),
    Kind::new("分值带正号", Same, |table, nth| {
        one(table, Part::Weight, nth, is_number, |text| {
            Some(format!("+{text}"))
        })
    }),
    Kind::new("指标值前后有空格", Same, |table, nth| {
        one(
            table,
            Part::Target,
            nth,
            |_| true,
            |text| Some(format!("  {text} ")),
        )
    }),
    Kind::new("指标名称中间断行", Same, |table, nth| {
        one(
            table,
            Part::Name,
            nth,
            |text| text.chars().count() > 3,
            |text| split(text, "\n"),
        )
    }),
    Kind::new("小数点成了逗号", Wrong, |table, nth| {
        one(
            table,
            Part::Amount,
            nth,
            |text| places(text) == Some(2),
            |text| Some(text.replace('.', ",")),
        )
    }),
    Kind::new("小数点成了句号", Same, |table, nth| {
        one(
            table,
            Part::Amount,
            nth,
            |text| places(text).is_some(),
            |text| Some(text.replace('.', "。")),
        )
    }),
    Kind::new("两个小数点", Wrong, |table, nth| {
        one(
            table,
            Part::Amount,
            nth,
            |text| places(text).is_some(),
            |text| Some(text.replace('.', "..")),
        )
    }),
    Kind::new("零成了字母O", Wrong, |table, nth| {
        one(
            table,
            Part::Amount,
            nth,
            |text| text.contains('0'),
            |text| Some(text.replacen('0', "O", 1)),
        )
    }),
    Kind::new("一成了字母l", Wrong, |table, nth| {
        one(
            table,
            Part::Amount,
            nth,
            |text| text.contains('1'),
            |text| Some(text.replacen('1', "l", 1)),
        )
    }),
    Kind::new("分值里的零成了O", Wrong, |table, nth| {
        one(
            table,
            Part::Weight,
            nth,
            |text| text.contains('0'),
            |text| Some(text.replacen('0', "O", 1)),
        )
    }),
    Kind::new("金额是中文大写", Wrong, |table, nth| {
        one(table, Part::Amount, nth, is_number, |_| {
            Some("叁佰万元整".to_owned())
        })
    }),
    Kind::new("分值是中文数字", Wrong, |table, nth| {
        one(table, Part::Weight, nth, is_number, |_| {
            Some("二十".to_owned())
        })
    }),
    Kind::new("分值改成错误值", Wrong, |table, nth| {
        put(table, Part::Weight, nth, || Cell::Error("#REF!".to_owned()))
    }),
    Kind::new("金额是没有结果的公式", Wrong, |table, nth| {
        put(table, Part::Amount, nth, || {
            Cell::FormulaWithoutValue("=SUM(A1:A2)".to_owned())
        })
    }),
    Kind::new("得分是错误值", Wrong, |table, nth| {
        put(table, Part::Score, nth, || {
            Cell::Error("#DIV/0!".to_owned())
        })
    }),
    Kind::new("金额是一串井号", Wrong, |table, nth| {
        one(table, Part::Amount, nth, is_number, |_| {
            Some("########".to_owned())
        })
    }),
    Kind::new("分值是负数", Wrong, |table, nth| {
        one(table, Part::Weight, nth, is_positive, |text| {
            Some(format!("-{text}"))
        })
    }),
    Kind::new("金额是负数", Wrong, |table, nth| {
        one(table, Part::Amount, nth, is_positive, |text| {
            Some(format!("-{text}"))
        })
    }),
    Kind::new("分值抄错一位", Wrong, |table, nth| {
        summed(table, Part::Weight, nth, |text| Some(format!("{text}1")))
    }),
    Kind::new("分值加一", Wrong, |table, nth| {
        summed(table, Part::Weight, nth, |text| {
            Some((text.parse::<Decimal>().ok()?.checked_add(Decimal::ONE)?).to_string())
        })
    }),
    Kind::new("分值清空", Wrong, |table, nth| {
        summed(table, Part::Weight, nth, |_| Some(String::new()))
    }),
    Kind::new("得分超过分值", Wrong, |table, nth| {
        one(table, Part::Score, nth, is_positive, |text| {
            Some(format!("1{text}"))
        })
    }),
    Kind::new("得分是文字", Wrong, |table, nth| {
        one(table, Part::Score, nth, is_number, |_| {
            Some("满分".to_owned())
        })
    }),
    // A lone amount can only be held against the budget, which a table does not have with it.
    Kind::new("元写进了万元栏", Wrong, |table, nth| {
        let is_lone =
            table.cells(Part::Amount, is_positive).len() < 2 && table.form.money.sources.is_empty();
        let damaged = || {
            one(table, Part::Amount, nth, is_positive, |text| {
                let amount = text.parse::<Decimal>().ok()?;
                let yuan = amount.checked_mul("10000".parse().ok()?)?;
                Some(yuan.normalize().to_string())
            })
        };
        (!is_lone).then(damaged).flatten()
    }),
    Kind::new("金额后面写了元", Wrong, |table, nth| {
        in_wan_yuan(table, nth, |text| Some(format!("{text}元")))
    }),
    Kind::new("金额后面写了万元", Same, |table, nth| {
        in_wan_yuan(table, nth, |text| Some(format!("{text}万元")))
    }),
    Kind::new("科学记数", Wrong, |table, nth| {
        one(
            table,
            Part::Amount,
            nth,
            |text| text.len() > 3 && is_number(text),
            |text| Some(format!("{}.{}E+0{}", &text[..1], &text[1..2], text.len())),
        )
    }),
    Kind::new("≥认成了2", Wrong, |table, nth| {
        one(table, Part::Target, nth, is_percent_at_least, |text| {
            Some(text.replacen('≥', "2", 1))
        })
    }),
    Kind::new("≥认成了>=", Same, |table, nth| {
        one(
            table,
            Part::Target,
            nth,
            |text| text.starts_with('≥'),
            |text| Some(text.replacen('≥', ">=", 1)),
        )
    }),
    Kind::new("=认成了二", Wrong, |table, nth| {
        one(
            table,
            Part::Target,
            nth,
            |text| text.starts_with(['=', '＝']),
            |text| Some(format!("二{}", text.trim_start_matches(['=', '＝']))),
        )
    }),
    Kind::new("符号写了两遍", Wrong, |table, nth| {
        one(
            table,
            Part::Target,
            nth,
            |text| text.starts_with('≥'),
            |text| Some(format!("≥≤{}", text.trim_start_matches('≥'))),
        )
    }),
    Kind::new("指标值清空", Wrong, |table, nth| {
        Some(table.with(pick(&table.targets(), nth)?, ""))
    }),
    Kind::new("指标值是斜杠", Wrong, |table, nth| {
        Some(table.with(pick(&table.targets(), nth)?, "/"))
    }),
    Kind::new("指标值是问号", Wrong, |table, nth| {
        one(table, Part::Target, nth, is_filled, |_| {
            Some("???".to_owned())
        })
    }),
    Kind::new("指标值是错误值", Wrong, |table, nth| {
        put(table, Part::Target, nth, || Cell::Error("#N/A".to_owned()))
    }),
    Kind::new("指标名称清空", Wrong, |table, nth| {
        Some(table.with(pick(&table.names(), nth)?, ""))
    }),
    Kind::new("指标名称是模板文字", Wrong, |table, nth| {
        Some(table.with(pick(&table.names(), nth)?, "指标2："))
    }),
    Kind::new("指标名称成了数字", Wrong, |table, nth| {
        Some(table.with(pick(&table.names(), nth)?, "44562"))
    }),
    Kind::new("完成值清空", Wrong, |table, nth| {
        Some(table.with(pick(&table.actuals(), nth)?, ""))
    }),
    Kind::new("指标值换成别的数", Other, |table, nth| {
        one(
            table,
            Part::Target,
            nth,
            |text| text.contains('0'),
            |text| Some(text.replacen('0', "7", 1)),
        )
    }),
    Kind::new("指标名称换了", Other, |table, nth| {
        one(table, Part::Name, nth, is_filled, |text| {
            Some(format!("{text}情况"))
        })
    }),
];

fn is_filled(text: &str) -> bool {
    !is_placeholder(text) && !text.is_empty()
}

fn is_number(text: &str) -> bool {
    text.parse::<Decimal>().is_ok()
}

fn is_positive(text: &str) -> bool {
    text.parse::<Decimal>()
        .is_ok_and(|number| number > Decimal::ZERO)
}

/// Digits behind the point, where there is one.
fn places(text: &str) -> Option<usize> {
    is_number(text).then_some(())?;
    Some(text.split_once('.')?.1.len())
}

fn is_percent_at_least(text: &str) -> bool {
    let number = text
        .strip_prefix('≥')
        .and_then(|text| text.strip_suffix('%'));
    number.is_some_and(|number| number.len() == 2 && is_number(number))
}

fn full_width(text: &str) -> String {
    let wide = |letter: char| {
        letter
            .is_ascii_digit()
            .then(|| char::from_u32(u32::from(letter) + 0xfee0))
            .flatten()
            .unwrap_or(letter)
    };
    text.chars().map(wide).collect()
}

fn thousands(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let comma = whole.len().checked_sub(3).filter(|comma| *comma > 0)?;
    let point = if rest.is_empty() { "" } else { "." };
    Some(format!(
        "{},{}{point}{rest}",
        &whole[..comma],
        &whole[comma..]
    ))
}

fn split(text: &str, with: &str) -> Option<String> {
    let middle = text.char_indices().nth(text.chars().count() / 2)?.0;
    (middle > 0).then(|| format!("{}{with}{}", &text[..middle], &text[middle..]))
}

/// The first, the middle or the last of some.
fn pick<T: Copy>(all: &[T], nth: usize) -> Option<T> {
    let place = match nth {
        0 => 0,
        1 => all.len() / 2,
        _ => all.len().checked_sub(1)?,
    };
    let is_new = nth == 0 || (nth == 1 && place > 0) || (nth == 2 && all.len() > 2);
    all.get(place).filter(|_| is_new).copied()
}

fn one(
    table: &Table,
    part: Part,
    nth: usize,
    fits: impl Fn(&str) -> bool,
    change: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let at = pick(&table.cells(part, fits), nth)?;
    let text = change(table.text(at))?;
    Some(table.with(at, &text))
}

/// Like [`one`], where the printed points make the printed total.
fn summed(
    table: &Table,
    part: Part,
    nth: usize,
    change: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let rows = table.form.indicators.iter();
    let points: Option<Vec<Decimal>> = rows.map(|row| row.weight.as_ref()?.value).collect();
    let is_odd = |rule: &str| table.findings.iter().any(|found| found.rule == rule);
    let has_sum = points.is_some_and(|points| points.len() > 1) && !is_odd("V01");
    has_sum
        .then(|| one(table, part, nth, is_positive, change))
        .flatten()
}

/// Like [`one`] for amounts of a block that is in 万元.
fn in_wan_yuan(
    table: &Table,
    nth: usize,
    change: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let unit = table.form.money.unit.as_ref()?.value?;
    let is_so = unit == domain::form::MoneyUnit::WanYuan;
    is_so
        .then(|| one(table, Part::Amount, nth, is_positive, change))
        .flatten()
}

/// Every number of the indicator table and of the money changed at once.
fn each(
    table: &Table,
    nth: usize,
    fits: impl Fn(&str) -> bool,
    change: impl Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let mut sheet = table.sheet.clone();
    let parts = [Part::Amount, Part::Weight, Part::Score];
    let cells = parts.iter().flat_map(|part| table.cells(*part, &fits));
    let cells: Vec<At> = cells.collect();
    for (row, column) in &cells {
        let text = change(table.text((*row, *column)))?;
        sheet.rows[*row][*column] = Cell::Text(text);
    }
    (nth == 0 && !cells.is_empty()).then(|| book_of(&[sheet]))
}

fn put(table: &Table, part: Part, nth: usize, cell: impl Fn() -> Cell) -> Option<Vec<u8>> {
    let (row, column) = pick(&table.cells(part, |_| true), nth)?;
    let mut sheet = table.sheet.clone();
    sheet.rows[row][column] = cell();
    Some(book_of(&[sheet]))
}
