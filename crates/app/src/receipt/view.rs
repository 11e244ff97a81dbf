//! A receipt as a part of a page.

use askama::Template;
use domain::number::{Centi, Decimal, Fen};
use domain::receipt::{Node, Receipt};
use domain::rulepack;

use super::words;
use crate::object::rate;

/// Lost lines that the bar names one by one; the rest stand together.
const MOST_NAMED: usize = 8;

/// The receipt with its bar, its table and its buttons. Print it with `|safe`.
#[derive(Template)]
#[template(path = "receipt/receipt.html")]
pub(crate) struct ReceiptPart {
    /// Tells the anchors of several receipts of a page apart.
    key: String,
    form_token: String,
    json: String,
    title: String,
    total: Option<Centi>,
    grade: Option<String>,
    /// Why the total is what it is, or why there is none.
    note: Option<String>,
    pack: String,
    clause: String,
    bar: Vec<Segment>,
    losses: Vec<Loss>,
    lines: Vec<Line>,
}

/// A stretch of the bar, in percent of the whole.
struct Segment {
    class: &'static str,
    from: Decimal,
    width: Decimal,
}

/// A lost line in the bar's legend.
struct Loss {
    label: String,
    lost: Centi,
    /// The line's number, or none for the rest.
    line: Option<usize>,
}

/// A line of the table.
struct Line {
    number: usize,
    label: String,
    target: String,
    actual: String,
    weight: Option<Centi>,
    points: Option<Centi>,
    lost: Option<Centi>,
    sentence: Option<String>,
    pack: String,
    clause: String,
    operands: Vec<(&'static str, String)>,
}

impl ReceiptPart {
    /// The part for a receipt whose JSON text is `json`; `key` is unique on its page.
    ///
    /// # Errors
    /// The text is not a receipt.
    pub(crate) fn new(key: &str, json: &str, form_token: &str) -> Result<Self, serde_json::Error> {
        let receipt: Receipt = serde_json::from_str(json)?;
        let root = &receipt.receipt.root;
        let lines: Vec<Line> = (1..).zip(&root.children).map(line).collect();
        let lost = losses(&lines);
        Ok(Self {
            key: key.to_owned(),
            form_token: form_token.to_owned(),
            json: json.to_owned(),
            title: root.label.to_string(),
            total: receipt.total,
            grade: receipt.grade.as_deref().map(str::to_owned),
            note: root.sentence.clone(),
            pack: pack_name(root),
            clause: root.rule.clause.to_string(),
            bar: bar(receipt.total, &lost),
            losses: named(lost),
            lines,
        })
    }
}

fn pack_name(node: &Node) -> String {
    let known = rulepack::builtin(&node.rule.pack).map(|pack| pack.name.clone());
    let name = known.unwrap_or_else(|| node.rule.pack.to_string());
    format!("{name}（{}@{}）", node.rule.pack, node.rule.version)
}

fn line((number, node): (usize, &Node)) -> Line {
    let (target, actual) = compared(node);
    Line {
        number,
        label: node.label.to_string(),
        target,
        actual,
        weight: node.weight.filter(|weight| *weight > Centi::ZERO),
        points: node.points,
        lost: node.lost().filter(|lost| *lost > Centi::ZERO),
        sentence: node.sentence.clone(),
        pack: pack_name(node),
        clause: node.rule.clause.to_string(),
        operands: node
            .operands
            .iter()
            .map(|(name, value)| {
                let value = String::from(value.clone());
                (words::operand(name), words::value(name, value))
            })
            .collect(),
    }
}

/// What the line was measured by, and what was reached.
fn compared(node: &Node) -> (String, String) {
    let text = |name: &str| node.operand(name).unwrap_or_default();
    let wan = |name: &str| {
        let yuan: Option<Decimal> = text(name).parse().ok();
        yuan.and_then(Fen::from_yuan)
    };
    match node.method.as_ref() {
        "execution" | "paid_over_received" => {
            let (budget, paid) = if node.method == "execution" {
                (wan("budget_yuan"), wan("executed_yuan"))
            } else {
                (wan("received_yuan"), wan("paid_yuan"))
            };
            let (Some(budget), Some(paid)) = (budget, paid) else {
                return (String::new(), String::new());
            };
            let reached =
                rate(budget.0, paid.0).map_or(String::new(), |rate| format!("（{rate}）"));
            (
                format!("{} 万元", budget.wan_text()),
                format!("{} 万元{reached}", paid.wan_text()),
            )
        }
        "given" if node.points.is_some() => (
            String::new(),
            format!("评 {}（满分 {}）", text("given"), text("of")),
        ),
        _ => (text("target_text"), text("actual_text")),
    }
}

/// The lost lines, the largest first; equal ones in the order of the form.
fn losses(lines: &[Line]) -> Vec<Loss> {
    let mut losses: Vec<Loss> = lines
        .iter()
        .filter_map(|line| {
            Some(Loss {
                label: line.label.clone(),
                lost: line.lost?,
                line: Some(line.number),
            })
        })
        .collect();
    losses.sort_by_key(|loss| std::cmp::Reverse(loss.lost));
    losses
}

/// The largest losses by name, the others as one.
fn named(mut losses: Vec<Loss>) -> Vec<Loss> {
    if losses.len() > MOST_NAMED + 1 {
        let rest = losses.split_off(MOST_NAMED);
        losses.push(Loss {
            label: format!("其余 {} 项", rest.len()),
            lost: rest.iter().map(|loss| loss.lost).sum(),
            line: None,
        });
    }
    losses
}

/// What was kept, then each loss; nothing while the total is open.
fn bar(total: Option<Centi>, losses: &[Loss]) -> Vec<Segment> {
    let Some(total) = total else {
        return Vec::new();
    };
    let mut from = total.decimal();
    let mut segments = vec![Segment {
        class: "kept",
        from: Decimal::ZERO,
        width: from,
    }];
    for loss in losses {
        let width = loss.lost.decimal();
        segments.push(Segment {
            class: "lost",
            from,
            width,
        });
        from += width;
    }
    segments
}
