//! `jixiao verify-receipt`.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::verify::verify;

use super::output;
use crate::check::report;

/// The command's arguments.
#[derive(Args)]
#[command(after_help = "\
不用数据库，也不用计分的程序：每一行按回执里写的数字重新计算，并核对封签。
退出码：0 全部正确；1 有回执被改动或算错（指出第一处）；2 文件无法读取或不是 JSON")]
pub(crate) struct Arguments {
    /// 得分回执（jixiao score --json 的输出；- 为标准输入）
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let name = arguments.file.display().to_string();
    let text = match text(&arguments.file) {
        Ok(text) => text,
        Err(sentence) => {
            eprintln!("{name}：{sentence}");
            return ExitCode::from(2);
        }
    };
    match verified(&text) {
        Ok(sentences) => {
            output::print(&sentences);
            ExitCode::SUCCESS
        }
        Err((code, sentence)) => {
            eprintln!("{name}：{sentence}");
            ExitCode::from(code)
        }
    }
}

fn text(path: &Path) -> Result<Vec<u8>, String> {
    if path != Path::new("-") {
        return report::contents(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|_| "标准输入无法读取，请重试".to_owned())?;
    Ok(bytes)
}

/// A line for each receipt in the text, or the exit code and what is wrong.
fn verified(text: &[u8]) -> Result<String, (u8, String)> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut out = String::new();
    let receipts = serde_json::Deserializer::from_slice(text).into_iter::<super::strict::Strict>();
    for (number, receipt) in (1..).zip(receipts) {
        let receipt = receipt.map_err(|error| {
            let place = format!("第 {} 行第 {} 列", error.line(), error.column());
            let sentence = match error.classify() {
                serde_json::error::Category::Data => format!("{place}有重复的键，回执里不能有"),
                _ => format!("不是 JSON（{place}），请使用 jixiao score --json 的输出"),
            };
            (2, sentence)
        })?;
        match verify(&receipt.0) {
            Ok(good) => {
                let total = good
                    .total
                    .map_or_else(|| "总分待定".to_owned(), |total| format!("总分 {total}"));
                let line = format!(
                    "第 {number} 份回执正确：{total}，{} 行全部重新算过\n",
                    good.nodes
                );
                out.push_str(&line);
            }
            Err(differs) => return Err((1, format!("第 {number} 份回执不正确：{differs}"))),
        }
    }
    if out.is_empty() {
        return Err((2, "里面没有回执".to_owned()));
    }
    Ok(out)
}

#[cfg(test)]
#[path = "verify_receipt_tests.rs"]
mod tests;
