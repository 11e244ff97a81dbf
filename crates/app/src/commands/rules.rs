//! `jixiao rules`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::rulepack::{self, PackError, RulePack};
use serde_json::{Value, json};

use super::failure::{Failure, ended};
use super::{output, pack};

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
    /// 输出 JSON
    #[arg(long, global = true)]
    json: bool,
}

/// What to do with the packs.
#[derive(Subcommand)]
enum What {
    /// 列出规则包
    List,
    /// 显示一个规则包的全部参数，包括从上级继承的
    Show {
        /// 规则包
        #[arg(value_name = "PACK")]
        pack: String,
    },
    /// 比较两个规则包，列出取值不同的参数
    Diff {
        /// 第一个规则包
        #[arg(value_name = "A")]
        first: String,
        /// 第二个规则包
        #[arg(value_name = "B")]
        second: String,
    },
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(told(arguments).map(|text| {
        output::print(&text);
        ExitCode::SUCCESS
    }))
}

fn told(arguments: &Arguments) -> Result<String, Failure> {
    match &arguments.what {
        What::List => Ok(list(arguments.json)),
        What::Show { pack } => show(pack::find(pack)?, arguments.json),
        What::Diff { first, second } => {
            diff(pack::find(first)?, pack::find(second)?, arguments.json)
        }
    }
}

fn refused(error: &PackError) -> Failure {
    Failure(error.to_string())
}

fn head(pack: &RulePack) -> Value {
    json!({
        "id": &*pack.id,
        "version": &*pack.version,
        "name": pack.name,
        "region": pack.region,
        "parent": pack.parent,
    })
}

fn list(as_json: bool) -> String {
    let packs = rulepack::builtin_packs();
    if as_json {
        let packs: Vec<Value> = packs.iter().map(head).collect();
        return Value::from(packs).to_string() + "\n";
    }
    let mut out = String::new();
    for pack in packs {
        let default = if *pack.id == *rulepack::DEFAULT {
            "（默认）"
        } else {
            ""
        };
        let _ = write!(out, "{}@{}{default}  {}", pack.id, pack.version, pack.name);
        if let Some(parent) = &pack.parent {
            let _ = write!(out, "，上级 {parent}");
        }
        if let Some(region) = &pack.region {
            let _ = write!(out, "，地区 {region}");
        }
        out.push('\n');
    }
    out
}

fn show(pack: &RulePack, as_json: bool) -> Result<String, Failure> {
    let values = rulepack::builtin_values(&pack.id).map_err(|error| refused(&error))?;
    if as_json {
        let mut shown = head(pack);
        if let Value::Object(shown) = &mut shown {
            shown.insert("values".to_owned(), json!(values));
        }
        return Ok(shown.to_string() + "\n");
    }
    let mut out = format!("{}@{}  {}\n", pack.id, pack.version, pack.name);
    for (key, value) in &values {
        if matches!(key.as_str(), "id" | "version" | "name" | "parent") {
            continue;
        }
        match value {
            Value::Array(bands) => {
                let _ = writeln!(out, "{key}：");
                for band in bands {
                    let _ = writeln!(out, "    {}", in_words(band));
                }
            }
            other => {
                let _ = writeln!(out, "{key}：{}", in_words(other));
            }
        }
    }
    Ok(out)
}

/// A value as a person reads it; a band as its two ends and what holds between them.
fn in_words(value: &Value) -> String {
    let Value::Object(band) = value else {
        return value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
    };
    let end = |key: &str| band.get(key).map_or_else(|| "…".to_owned(), in_words);
    format!("{} 至 {}：{}", end("from"), end("to"), end("value"))
}

fn diff(first: &RulePack, second: &RulePack, as_json: bool) -> Result<String, Failure> {
    let (ours, theirs) = (
        rulepack::builtin_values(&first.id).map_err(|error| refused(&error))?,
        rulepack::builtin_values(&second.id).map_err(|error| refused(&error))?,
    );
    let differences =
        rulepack::builtin_diff(&first.id, &second.id).map_err(|error| refused(&error))?;
    let keys = differences.iter().map(|(key, ..)| key);
    if as_json {
        let rows: Vec<Value> = keys
            .map(|key| json!({"key": key, "first": ours.get(key), "second": theirs.get(key)}))
            .collect();
        return Ok(Value::from(rows).to_string() + "\n");
    }
    let mut out = format!("{} 与 {} 取值不同的参数：\n", first.id, second.id);
    for key in keys {
        let show = |value: Option<&Value>| match value {
            None => "没有".to_owned(),
            Some(Value::Array(bands)) => {
                let bands: Vec<String> = bands.iter().map(in_words).collect();
                bands.join("；")
            }
            Some(value) => in_words(value),
        };
        let _ = writeln!(
            out,
            "{key}：\n    {}\n    {}",
            show(ours.get(key)),
            show(theirs.get(key))
        );
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_is_listed_and_shown_and_compared() {
        let listed = list(false);
        let packs: Vec<Value> = serde_json::from_str(&list(true)).unwrap();
        for pack in &packs {
            let id = pack["id"].as_str().unwrap();
            assert!(listed.contains(id), "{listed}");
            let pack = pack::find(id).unwrap();
            let shown: Value = serde_json::from_str(&show(pack, true).unwrap()).unwrap();
            assert_eq!(shown["values"]["id"], id);
            assert!(show(pack, false).unwrap().contains("grade.bands"));
        }
    }

    #[test]
    fn the_difference_of_two_packs_names_keys_and_both_values() {
        let (first, second) = (
            pack::find("national-2020").unwrap(),
            pack::find("execution-20").unwrap(),
        );
        let rows: Vec<Value> = serde_json::from_str(&diff(first, second, true).unwrap()).unwrap();
        let weight = rows
            .iter()
            .find(|row| row["key"] == "weights.exec")
            .unwrap();
        assert_eq!(
            (&weight["first"], &weight["second"]),
            (&json!(10), &json!(20))
        );
        assert!(
            diff(first, second, false)
                .unwrap()
                .contains("weights.exec：\n    10\n    20")
        );
    }

    #[test]
    fn an_unknown_pack_is_refused_with_the_list() {
        let Failure(sentence) = pack::find("nowhere").unwrap_err();
        assert!(sentence.contains("没有规则包「nowhere」") && sentence.contains("national-2020"));
        assert!(pack::find("national-2020@2020.1").is_ok());
        assert!(pack::find("national-2020@1999").is_err());
    }
}
