//! `jixiao score`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::number::Centi;
use domain::receipt::{Node, Receipt};
use domain::rulepack::{self, RulePack};
use domain::scoring::score_form;

use super::failure::{Failure, ended};
use super::{output, pack};
use crate::check::{read, report};

/// The command's arguments.
#[derive(Args)]
#[command(after_help = "\
有几张表的文件，每张表输出一份；--json 每份一行，可以直接交给 jixiao verify-receipt。
退出码：0 每张表都有回执；1 有表不能计分（原因写在标准错误里）；2 文件无法读取或没有这个规则包")]
pub(crate) struct Arguments {
    /// 绩效自评表（xlsx、xls、csv 或 JSON 转录件）
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 规则包，见 jixiao rules list
    #[arg(long, value_name = "PACK", default_value = rulepack::DEFAULT)]
    rules: String,
    /// 每张表输出一行 JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(scored(arguments))
}

fn scored(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let pack = pack::find(&arguments.rules)?;
    let mut code = ExitCode::SUCCESS;
    for form in of_path(&arguments.file, pack)? {
        match form {
            Ok(receipt) if arguments.json => output::print(&in_json(&receipt)),
            Ok(receipt) => output::print(&in_words(&receipt, pack)),
            Err(sentence) => {
                eprintln!("{sentence}");
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// The receipt of each form in a file, or why it has none.
type Scored = Vec<Result<Receipt, String>>;

fn of_path(path: &Path, pack: &RulePack) -> Result<Scored, Failure> {
    let file = path.display().to_string();
    let bytes =
        report::contents(path).map_err(|sentence| Failure(format!("{file}：{sentence}")))?;
    of_bytes(&bytes, &file, pack)
}

/// Scores every form in a file's bytes; `file` is the name to speak of it.
fn of_bytes(bytes: &[u8], file: &str, pack: &RulePack) -> Result<Scored, Failure> {
    let forms = read::read(bytes, file).map_err(|error| Failure(error.to_string()))?;
    let several = forms.len() > 1;
    let scored = (1..).zip(&forms).map(|(number, (form, _))| {
        let which = if several {
            format!("{file} 第 {number} 张表")
        } else {
            file.to_owned()
        };
        match score_form(pack, form, file) {
            Ok(Some(receipt)) => Ok(receipt),
            Ok(None) => Err(format!(
                "{which}：这张表没有可以计分的内容（不是自评表，或者没有填分值）"
            )),
            Err(refusal) => Err(format!("{which}：不能计分：{refusal}")),
        }
    });
    Ok(scored.collect())
}

fn in_json(receipt: &Receipt) -> String {
    // A receipt is made of texts, numbers and lists, which always have a JSON form.
    serde_json::to_string(receipt).unwrap_or_default() + "\n"
}

/// The receipt as a person reads it: total, then lost points from the most on, each with its
/// sentence and the clause that took it, then what is still open.
fn in_words(receipt: &Receipt, pack: &RulePack) -> String {
    let root = &receipt.receipt.root;
    let mut out = format!("{}\n", root.label);
    if receipt.file != *root.label {
        let _ = writeln!(out, "文件：{}", receipt.file);
    }
    let _ = writeln!(out, "规则：{}（{}）", receipt.rules, pack.name);
    let _ = match (receipt.total, &receipt.grade) {
        (Some(total), Some(grade)) => writeln!(out, "总分：{total}  等级：{grade}"),
        (Some(total), None) => writeln!(out, "总分：{total}"),
        (None, _) => writeln!(out, "总分：待定（有的行还不能计分，见下）"),
    };
    lost(root, &mut out);
    open(root, &mut out);
    let full = root
        .children
        .iter()
        .filter(|line| line.lost() == Some(Centi::ZERO))
        .count();
    let _ = writeln!(out, "得满分的有 {full} 行，共 {} 行。", root.children.len());
    out
}

fn lost(root: &Node, out: &mut String) {
    let mut lines: Vec<(Centi, &Node)> = root
        .children
        .iter()
        .filter_map(|line| Some((line.lost()?, line)))
        .filter(|(lost, _)| *lost > Centi::ZERO)
        .collect();
    lines.sort_by_key(|(lost, _)| std::cmp::Reverse(*lost));
    let capped = root.sentence.as_deref().filter(|_| root.points.is_some());
    if lines.is_empty() && capped.is_none() {
        return;
    }
    out.push_str("\n失分（从多到少）\n  失分    得分    满分  项目\n");
    for (lost, line) in lines {
        let show = |points: Option<Centi>| points.map_or_else(|| "—".into(), |it| it.to_string());
        let (lost, got, of) = (lost.to_string(), show(line.points), show(line.weight));
        let _ = writeln!(out, "{lost:>6}  {got:>6}  {of:>6}  {}", line.label);
        explained(line, out);
    }
    if let Some(sentence) = capped {
        let _ = writeln!(out, "  总分  {sentence}");
        let _ = writeln!(out, "        依据：{}", root.rule.clause);
    }
    out.push('\n');
}

fn explained(line: &Node, out: &mut String) {
    let indent = " ".repeat(24);
    if let Some(sentence) = &line.sentence {
        let _ = writeln!(out, "{indent}{sentence}");
    }
    let _ = writeln!(out, "{indent}依据：{}", line.rule.clause);
}

fn open(root: &Node, out: &mut String) {
    let lines: Vec<&Node> = root
        .children
        .iter()
        .filter(|line| line.points.is_none())
        .collect();
    if lines.is_empty() {
        return;
    }
    out.push_str("\n还不能计分\n");
    for line in lines {
        let of = line.weight.unwrap_or_default();
        let why = line.sentence.as_deref().unwrap_or_default();
        let _ = writeln!(out, "  {}（{of} 分）：{why}", line.label);
    }
    out.push('\n');
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
