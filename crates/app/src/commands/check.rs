//! `jixiao check`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::rulepack;

use crate::check::report;

/// The command's arguments.
#[derive(Args)]
#[command(after_help = "退出码：0 没有错误；1 有错误（E）；2 有文件无法读取")]
pub(crate) struct Arguments {
    /// 绩效表文件，可以给多个
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 规则包，见 jixiao rules list
    #[arg(long, value_name = "PACK", default_value = rulepack::DEFAULT)]
    rules: String,
    /// 每个文件输出一行 JSON
    #[arg(long)]
    json: bool,
    /// 另给填报建议：怎样把指标写得更好；不影响退出码
    #[arg(long)]
    advice: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let Some(pack) = rulepack::builtin(&arguments.rules) else {
        let known: Vec<&str> = rulepack::builtin_packs()
            .iter()
            .map(|pack| &*pack.id)
            .collect();
        eprintln!(
            "没有规则包「{}」；可用的有：{}",
            arguments.rules,
            known.join("、")
        );
        return ExitCode::from(2);
    };
    let mut code = 0;
    let mut out = std::io::stdout().lock();
    for file in &arguments.files {
        let report = report::of_path(file, pack, arguments.advice);
        code = code.max(report.exit_code());
        let text = if arguments.json {
            serde_json::to_string(&report).map(|line| line + "\n")
        } else {
            Ok(report::in_words(&report))
        };
        // A reader that has seen enough closes the pipe; that is no fault of a file.
        let written = text
            .map_err(std::io::Error::from)
            .and_then(|text| out.write_all(text.as_bytes()));
        if written.is_err() {
            break;
        }
    }
    ExitCode::from(code)
}
