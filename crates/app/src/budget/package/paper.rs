//! A package as a document and as a table: what the congress reads, and the bureau's 批复.

use domain::number::Fen;
use domain::rulepack::ReplyRules;
use office::document::{Block, Document, Run};
use office::workbook::{Table, TableCell};

use super::compose::{Content, Department, Entry};
use crate::object::words;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What the congress gets.
    Package,
    /// The bureau's reply to a department.
    Reply,
}

/// What a reply says beside the content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Reply {
    pub(super) document: String,
    /// ISO dates; empty where there is none yet.
    pub(super) congress_approved_on: String,
    pub(super) approved_on: String,
}

/// An amount in 万元 with two decimals.
fn wan(fen: Fen) -> String {
    fen.wan_text()
}

/// `2021年2月10日`; the text itself where it is no date.
pub(super) fn day(iso: &str) -> String {
    let parts: Vec<&str> = iso.split('-').collect();
    let plain = |part: &str| part.trim_start_matches('0').to_owned();
    match parts[..] {
        [year, month, day] => format!("{year}年{}月{}日", plain(month), plain(day)),
        _ => iso.to_owned(),
    }
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![Run::Text(text.into())])
}

fn heading(level: u8, text: impl Into<String>) -> Block {
    Block::Heading {
        level,
        text: text.into(),
    }
}

fn table(caption: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Block {
    Block::Table {
        anchor: String::new(),
        caption: caption.to_owned(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        rows,
    }
}

/// What the congress reads; of one department, or of all.
pub(super) fn package(content: &Content, (title, mark): (&str, &str), dated: &str) -> Document {
    let mut blocks = Vec::new();
    let listed: Vec<&Department> = content.listed().collect();
    if listed.len() > 1 {
        blocks.push(heading(1, "部门预算和绩效目标总表"));
        let mut rows: Vec<Vec<String>> = listed.iter().map(|it| summary(it)).collect();
        rows.push(vec![
            "合计".to_owned(),
            wan(listed.iter().map(|it| it.amount()).sum()),
            listed
                .iter()
                .map(|it| it.projects.len())
                .sum::<usize>()
                .to_string(),
            wan(listed.iter().map(|it| it.listed()).sum()),
            wan(listed.iter().map(|it| it.amount() - it.listed()).sum()),
        ]);
        let columns = ["部门", "年初预算", "项目数", "列入本册", "未列入"];
        blocks.push(table("单位：万元", &columns, rows));
    }
    for (number, department) in (1..).zip(&listed) {
        let name = if listed.len() > 1 {
            format!("{number}. {}", department.name)
        } else {
            department.name.clone()
        };
        blocks.push(heading(1, name));
        of_department(&mut blocks, department, Kind::Package);
    }
    Document {
        title: title.to_owned(),
        subtitle: mark.to_owned(),
        blocks,
        signed_by: content.bureau.clone(),
        dated: day(dated),
        annex: Vec::new(),
    }
}

fn summary(department: &Department) -> Vec<String> {
    vec![
        department.name.clone(),
        wan(department.amount()),
        department.projects.len().to_string(),
        wan(department.listed()),
        wan(department.amount() - department.listed()),
    ]
}

fn of_department(blocks: &mut Vec<Block>, department: &Department, kind: Kind) {
    let mut rows: Vec<Vec<String>> = department
        .budget
        .iter()
        .map(|(book, fen)| vec![words::book(book).to_owned(), wan(Fen(*fen))])
        .collect();
    rows.push(vec!["合计".to_owned(), wan(department.amount())]);
    blocks.push(table("部门预算（单位：万元）", &["预算", "年初预算"], rows));
    blocks.push(paragraph(reconciled(department, kind)));
    if !department.projects.is_empty() {
        let row = |entry: &Entry| vec![entry.code.clone(), entry.name.clone(), wan(entry.amount())];
        let mut rows: Vec<Vec<String>> = department.projects.iter().map(row).collect();
        let sum = wan(department.listed());
        rows.push(vec![String::new(), "合计".to_owned(), sum]);
        let columns = ["项目编码", "项目名称", "预算"];
        blocks.push(table("项目清单（单位：万元）", &columns, rows));
    }
    let open: Vec<_> = department.open().collect();
    // What is not replied to is no part of a reply.
    if kind == Kind::Package && !open.is_empty() {
        let row = |missing: &&super::compose::Missing| {
            let state = match &*missing.state {
                "" => "没有绩效目标",
                state => words::target_state(state),
            };
            vec![
                missing.name.clone(),
                wan(Fen(missing.amount)),
                state.to_owned(),
            ]
        };
        let rows = open.iter().map(row).collect();
        let columns = ["未列入的项目", "预算", "绩效目标"];
        blocks.push(table("未列入本册的项目（单位：万元）", &columns, rows));
    }
    if let Some(whole) = &department.whole {
        blocks.push(heading(2, "部门整体支出绩效目标"));
        target(blocks, whole);
    }
    for (number, entry) in (1..).zip(&department.projects) {
        blocks.push(heading(2, format!("（{number}）{}", entry.name)));
        let books: Vec<String> = entry
            .budget
            .iter()
            .map(|(book, fen)| format!("{} {} 万元", words::book(book), wan(Fen(*fen))))
            .collect();
        let money = match books.len() {
            0 => "没有年初预算".to_owned(),
            1 => books.concat(),
            _ => format!("{} 万元（{}）", wan(entry.amount()), books.join("，")),
        };
        blocks.push(paragraph(format!("单位：{}。预算：{money}。", entry.unit)));
        target(blocks, entry);
    }
}

/// How the sums fit the budget, openly.
fn reconciled(department: &Department, kind: Kind) -> String {
    let here = match kind {
        Kind::Package => "列入本册",
        Kind::Reply => "列入本次批复",
    };
    let (all, listed) = (department.amount(), department.listed());
    let earlier = department.earlier();
    let before = match earlier {
        Fen::ZERO => String::new(),
        earlier => format!("，以前已报送的项目 {} 万元", wan(earlier)),
    };
    let rest = match department.difference() {
        Fen::ZERO => "，合计相符。".to_owned(),
        difference => format!("，相差 {} 万元，是未{here}的项目。", wan(difference)),
    };
    format!(
        "年初预算 {} 万元，{here}的项目 {} 万元{before}{rest}",
        wan(all),
        wan(listed)
    )
}

fn target(blocks: &mut Vec<Block>, entry: &Entry) {
    for line in entry.goal.lines().filter(|line| !line.trim().is_empty()) {
        blocks.push(paragraph(line.trim()));
    }
    if entry.indicators.is_empty() {
        blocks.push(paragraph("没有绩效指标。"));
        return;
    }
    let row = |[level1, level2, name, operator, value, unit, weight]: &[String; 7]| {
        vec![
            level1.clone(),
            level2.clone(),
            name.clone(),
            value_of(operator, value, unit),
            weight.clone(),
        ]
    };
    let columns = ["一级指标", "二级指标", "三级指标", "指标值", "权重"];
    blocks.push(table(
        "",
        &columns,
        entry.indicators.iter().map(row).collect(),
    ));
}

/// 指标值 as forms print it: ≥95%, 定性：好.
fn value_of(operator: &str, value: &str, unit: &str) -> String {
    match operator {
        "定性" => value.to_owned(),
        _ => format!("{operator}{value}{unit}"),
    }
}

/// The bureau's reply to a department.
///
/// Source: 预算法 第五十二条; 财预〔2015〕88号: 财政部门在批复预算时一并批复绩效目标.
pub(super) fn reply(content: &Content, reply: &Reply, rules: ReplyRules) -> Document {
    let names: Vec<&str> = content.listed().map(|it| &*it.name).collect();
    let (region, year) = (&content.region, content.year);
    let mut blocks = vec![
        paragraph(format!("{}：", names.join("、"))),
        paragraph(format!(
            "{region}人民代表大会已于{}批准{year}年预算。现将{year}年部门预算及绩效目标批复如下，\
             请按批复的绩效目标使用资金，对绩效目标完成情况负责。",
            day(&reply.congress_approved_on)
        )),
        paragraph(format!(
            "请在收到批复之日起{}日内批复所属单位的预算和绩效目标，并在{}日内向社会公开\
             部门预算和绩效目标（涉密的除外）。绩效目标一经批复，一般不予调整；确需调整的，按程序报批。",
            rules.unit_days, rules.publication_days
        )),
    ];
    for department in content.listed() {
        blocks.push(heading(1, format!("{}预算和绩效目标", department.name)));
        of_department(&mut blocks, department, Kind::Reply);
    }
    Document {
        title: format!("{}关于批复{year}年部门预算绩效目标的通知", content.bureau),
        subtitle: reply.document.clone(),
        blocks,
        signed_by: content.bureau.clone(),
        dated: day(&reply.approved_on),
        annex: Vec::new(),
    }
}

/// Every indicator of the package as a row.
pub(super) fn sheet(content: &Content) -> Table {
    let columns = [
        "部门编码",
        "部门",
        "单位",
        "项目编码",
        "项目名称",
        "年初预算（万元）",
        "年度目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "权重",
    ];
    let text = |text: &str| TableCell::Text(text.to_owned());
    let mut rows = Vec::new();
    for department in content.listed() {
        for entry in department.entries() {
            let head = vec![
                text(&department.code),
                text(&department.name),
                text(&entry.unit),
                text(&entry.code),
                text(&entry.name),
                TableCell::Number(entry.amount().wan().to_string()),
                text(&entry.goal),
            ];
            if entry.indicators.is_empty() {
                let mut row = head.clone();
                row.extend(std::iter::repeat_n(text(""), 7));
                rows.push(row);
            }
            for [level1, level2, name, operator, value, unit, weight] in &entry.indicators {
                let mut row = head.clone();
                row.extend([level1, level2, name, operator, value, unit].map(|it| text(it)));
                row.push(TableCell::Number(weight.clone()));
                rows.push(row);
            }
        }
    }
    Table {
        sheet: format!("{}年绩效目标", content.year),
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    }
}
