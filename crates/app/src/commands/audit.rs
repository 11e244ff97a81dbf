//! `jixiao audit`: verifies the chain of events, or chooses how new events are hashed.

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use db::{Error, Tx};
use domain::audit::Algorithm;
use serde::Serialize;

use super::failure::{Failure, ended};
use super::output::print;
use crate::audit::{self, Kept, Outcome};
use crate::database::Location;
use crate::serve::now_text;

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// What to do with the chain.
#[derive(Subcommand)]
enum What {
    /// 校验审计链，指出第一处断开；完整退出码 0，断开 1，没有数据库 2
    Verify {
        /// 只校验一个行政区划的链
        #[arg(long, value_name = "CODE")]
        region: Option<String>,
        /// 输出 JSON，每个行政区划一行
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        location: Location,
    },
    /// 日志保存期限和现有事件；期限由安全审计员在网页上申请，另一人复核后修改
    Retention {
        #[command(flatten)]
        location: Location,
    },
    /// 选择此后新事件的摘要算法，已有事件不变
    Algorithm {
        /// 摘要算法
        #[arg(value_name = "NAME")]
        name: Name,
        #[command(flatten)]
        location: Location,
    },
}

/// The algorithms by name.
#[derive(Clone, Copy, ValueEnum)]
enum Name {
    Sha256,
    Sm3,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(match &arguments.what {
        What::Verify {
            region,
            json,
            location,
        } => verify(location, region.as_deref()).map(|chains| told(&chains, *json)),
        What::Retention { location } => retention(location),
        What::Algorithm { name, location } => choose(location, *name),
    })
}

/// The chain of each region.
type Chains = Vec<(String, Outcome)>;

fn verify(location: &Location, only: Option<&str>) -> Result<Chains, Failure> {
    let db = location.open_existing()?;
    let only = only.map(str::to_owned);
    let wanted = only.clone();
    let chains = db.read_blocking(move |tx: &mut Tx<'_>| {
        let mut regions = audit::regions(tx)?;
        regions.retain(|region| wanted.as_ref().is_none_or(|wanted| wanted == region));
        let chain = |region: String| Ok((region.clone(), audit::verify(tx, &region)?));
        regions
            .into_iter()
            .map(chain)
            .collect::<Result<Chains, Error>>()
    })?;
    if chains.is_empty() {
        let region = only.unwrap_or_default();
        return Err(Failure(format!(
            "数据库里没有行政区划 {region} 的事件：请核对 --region"
        )));
    }
    Ok(chains)
}

fn told(chains: &Chains, json: bool) -> ExitCode {
    for (region, outcome) in chains {
        let line = if json {
            json_line(region, outcome)
        } else {
            text_line(region, outcome)
        };
        print(&format!("{line}\n"));
    }
    if chains.iter().all(|(_, outcome)| outcome.is_ok()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}

/// A chain for programs.
#[derive(Serialize)]
struct Told<'a> {
    region: &'a str,
    /// Those that are whole: all, or those before the break.
    events: i64,
    whole: bool,
    broken: Option<Break>,
}

/// The first break.
#[derive(Serialize)]
struct Break {
    sequence: i64,
    reason: String,
}

fn json_line(region: &str, outcome: &Outcome) -> String {
    let broken = outcome.as_ref().err();
    let told = Told {
        region,
        events: outcome.as_ref().map_or_else(
            |broken| broken.sequence.saturating_sub(1),
            |verified| verified.events,
        ),
        whole: broken.is_none(),
        broken: broken.map(|broken| Break {
            sequence: broken.sequence,
            reason: broken.to_string(),
        }),
    };
    serde_json::to_string(&told).expect("texts and numbers can be written as JSON")
}

fn text_line(region: &str, outcome: &Outcome) -> String {
    let region = if region.is_empty() {
        "（未装入数据）"
    } else {
        region
    };
    match outcome {
        Ok(verified) => match &verified.head {
            None => format!("{region}：还没有事件"),
            Some(head) => format!(
                "{region}：审计链完整，共 {} 个事件，最后一条的摘要是 {}",
                verified.events, head.hash
            ),
        },
        Err(broken) => format!("{region}：审计链在第 {} 号断开：{broken}", broken.sequence),
    }
}

fn retention(location: &Location) -> Result<ExitCode, Failure> {
    let db = location.open_existing()?;
    let kept = db.read_blocking(|tx: &mut Tx<'_>| {
        let region = audit::region(tx)?;
        audit::kept(tx, &region, &now_text())
    })?;
    print(&retention_text(&kept));
    Ok(ExitCode::SUCCESS)
}

fn retention_text(kept: &Kept) -> String {
    let first = kept.first.as_deref().and_then(|first| first.get(..10));
    let since = first.map_or_else(String::new, |first| format!("，最早 {first}"));
    format!(
        "保存期限 {} 天（最短 {} 天）\n现有事件 {} 条{since}，其中 {} 条已超过期限\n\
         系统不删除审计事件；期限以内的备份和归档不得清理\n",
        kept.days, kept.least_days, kept.events, kept.old
    )
}

fn choose(location: &Location, name: Name) -> Result<ExitCode, Failure> {
    let algorithm = match name {
        Name::Sha256 => Algorithm::Sha256,
        Name::Sm3 => Algorithm::Sm3,
    };
    let db = location.open_existing()?;
    let now = now_text();
    db.write_blocking(move |tx: &mut Tx<'_>| audit::choose_algorithm(tx, &now, algorithm))?;
    print(&format!("此后的新事件用 {algorithm} 计算摘要\n"));
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use db::testing::TestDb;
    use db::{Sql, on_both};

    use super::*;
    use crate::database::MIGRATIONS;
    use crate::sample_city;

    const NOW: &str = "2021-01-04T09:00:00+08:00";

    fn location(test: &TestDb) -> Location {
        Location {
            url: test.url.clone(),
        }
    }

    /// Lines for programs, lines for people, exit code.
    fn told_of(test: &TestDb, region: Option<&str>) -> (String, String, String) {
        let chains = verify(&location(test), region).unwrap();
        let lines = |line: fn(&str, &Outcome) -> String| {
            let lines: Vec<String> = chains
                .iter()
                .map(|(region, outcome)| line(region, outcome))
                .collect();
            lines.join("\n")
        };
        let code = format!("{:?}", told(&chains, true));
        (lines(json_line), lines(text_line), code)
    }

    on_both!(
        MIGRATIONS,
        a_chain_is_told_whole_or_where_it_breaks,
        |test| {
            let (whole, broken) = (
                format!("{:?}", ExitCode::SUCCESS),
                format!("{:?}", ExitCode::from(1)),
            );
            let (json, text, code) = told_of(test, None);
            assert_eq!(
                json,
                r#"{"region":"","events":0,"whole":true,"broken":null}"#
            );
            assert_eq!((&*text, &code), ("（未装入数据）：还没有事件", &whole));
            sample_city::load(&test.db, NOW).unwrap();
            choose(&location(test), Name::Sm3).unwrap();
            let (json, text, code) = told_of(test, Some("510683"));
            assert_eq!(
                json,
                r#"{"region":"510683","events":2,"whole":true,"broken":null}"#
            );
            let expected = "510683：审计链完整，共 2 个事件，最后一条的摘要是 sm3:";
            assert!(text.starts_with(expected), "{text}");
            assert_eq!(code, whole);
            let sql = Sql {
                name: "BY_HAND",
                text: "UPDATE event SET actor = 'admin' WHERE sequence = 1",
            };
            test.db
                .write_blocking(move |tx| tx.execute_one(sql, &[]))
                .unwrap();
            let (json, text, code) = told_of(test, None);
            let reason = "第 1 号事件与它的摘要不符：这一条被改动过";
            let told = format!(r#"{{"sequence":1,"reason":"{reason}"}}"#);
            let expected = r#"{"region":"510683","events":0,"whole":false,"broken":"#;
            assert_eq!(json, format!("{expected}{told}}}"));
            assert_eq!(text, format!("510683：审计链在第 1 号断开：{reason}"));
            assert_eq!(code, broken);
        }
    );

    #[test]
    fn the_time_that_events_are_kept_is_told_with_what_there_is() {
        let test = TestDb::sqlite(MIGRATIONS);
        sample_city::load(&test.db, NOW).unwrap();
        let later = "2031-02-01T09:00:00+08:00";
        let kept = test.db.read_blocking(|tx| audit::kept(tx, "510683", later));
        assert_eq!(
            retention_text(&kept.unwrap()),
            "保存期限 3653 天（最短 184 天）\n现有事件 1 条，最早 2021-01-04，其中 1 条已超过期限\n\
             系统不删除审计事件；期限以内的备份和归档不得清理\n"
        );
    }

    #[test]
    fn without_a_database_or_a_chain_it_says_what_to_do() {
        let missing = Location {
            url: "sqlite://no-such-folder/jixiao.db".to_owned(),
        };
        let Failure(sentence) = verify(&missing, None).unwrap_err();
        assert!(sentence.contains("没有数据库文件"), "{sentence}");
        let test = TestDb::sqlite(MIGRATIONS);
        let Failure(sentence) = verify(&location(&test), Some("510000")).unwrap_err();
        assert_eq!(
            sentence,
            "数据库里没有行政区划 510000 的事件：请核对 --region"
        );
    }
}
