use std::collections::BTreeMap;

use super::*;
use crate::metrics::{DEFINITIONS, Shape};
use crate::number::Decimal;

/// Every figure has a value, except those that are taken away.
struct Sample {
    without: Vec<&'static str>,
    parts: BTreeMap<&'static str, Vec<(&'static str, i64)>>,
}

impl Sample {
    fn without(keys: &[&'static str]) -> Self {
        let kinds = vec![("部门整体", 6), ("项目", 24), ("政策", 1)];
        let books = vec![("一般公共预算", 20), ("政府性基金预算", 5)];
        Self {
            without: keys.to_vec(),
            parts: BTreeMap::from([
                ("P1.1", vec![("财政部门组织", 6)]),
                ("P3.3", kinds.clone()),
                ("P3.4", books.clone()),
                ("P3.8", kinds),
                ("P4.3", books),
                ("P5.3", vec![("项目", 16), ("部门整体", 6)]),
                ("B1.2", vec![("自行出台", 3), ("转发上级", 1)]),
            ]),
        }
    }
}

impl Facts for Sample {
    fn value(&self, key: &str) -> Option<(Option<Value>, &'static str)> {
        let (id, name) = key.split_once('/').unwrap_or((key, ""));
        let definition = crate::metrics::find(id)?;
        let figure = if name.is_empty() {
            &definition.figure
        } else {
            definition.also.iter().find(|one| one.name == name)?
        };
        let value = match figure.shape {
            Shape::YesNo => Value::Truth(true),
            Shape::Share | Shape::AmountShare => Value::Number(Decimal::ONE_HUNDRED),
            _ => Value::Number(Decimal::from(7)),
        };
        let gone = self.without.contains(&key);
        Some(((!gone).then_some(value), figure.unit))
    }

    fn parts(&self, key: &str) -> Vec<(String, i64)> {
        if self.without.contains(&key) {
            return Vec::new();
        }
        let parts = self.parts.get(key).cloned().unwrap_or_default();
        parts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count))
            .collect()
    }

    fn titles(&self, key: &str) -> Vec<String> {
        if self.without.contains(&key) {
            return Vec::new();
        }
        vec![
            "管理办法".to_owned(),
            "转发《评价管理办法》的通知".to_owned(),
        ]
    }
}

fn composed(without: &[&'static str]) -> Statement {
    compose(
        2020,
        "绵竹市",
        &Sample::without(without),
        "抓好落实。\n\n加强培训。",
    )
}

fn text(statement: &Statement, heading: &str) -> String {
    let part = statement
        .parts
        .iter()
        .find(|part| part.heading == heading)
        .unwrap();
    part.paragraphs
        .iter()
        .flatten()
        .map(|run| match run {
            Run::Text(text) => text.as_str(),
            Run::Figure(figure) => figure.text.as_str(),
        })
        .collect()
}

#[test]
fn every_figure_that_the_outline_names_is_defined() {
    let statement = composed(&[]);
    assert!(statement.is_final(), "{:?}", statement.missing);
    let mut told = std::collections::BTreeSet::new();
    for run in statement
        .parts
        .iter()
        .flat_map(|part| part.paragraphs.iter().flatten())
    {
        if let Run::Figure(figure) = run {
            assert!(
                Sample::without(&[]).value(&figure.key).is_some(),
                "{}",
                figure.key
            );
            told.insert(figure.key.split('/').next().unwrap().to_owned());
        }
    }
    let untold: Vec<_> = DEFINITIONS
        .iter()
        .filter(|one| !told.contains(one.id))
        .collect();
    assert!(untold.is_empty(), "never told: {untold:?}");
}

#[test]
fn sentences_carry_counts_by_kind_shares_and_titles() {
    let statement = composed(&[]);
    assert_eq!(
        text(&statement, "（3）财政重点绩效评价"),
        "完成财政重点绩效评价7个，其中部门整体支出6个、项目支出24个、政策1个。"
    );
    assert_eq!(
        text(&statement, "（2）出台相关制度"),
        "有效的预算绩效管理制度7个，其中自行出台3个、转发上级1个：\
         《管理办法》、转发《评价管理办法》的通知。"
    );
    assert_eq!(
        text(&statement, "（4）财政重点绩效评价资金范围"),
        "重点评价资金涉及7本预算：一般公共预算、政府性基金预算。评价资金占2019年项目执行数的100%。"
    );
    assert_eq!(
        text(&statement, "三、下一步工作打算"),
        "抓好落实。加强培训。"
    );
}

#[test]
fn what_is_missing_prints_nothing_found_and_the_statement_is_not_final() {
    let statement = composed(&["P3.6", "P3.1", "B2.1/参训人数"]);
    assert_eq!(
        text(&statement, "（5）委托第三方独立开展绩效评价"),
        "委托第三方机构：无。"
    );
    assert_eq!(
        statement.missing,
        [
            "一、总体情况",
            "（1）部门整体绩效自评覆盖率",
            "（5）委托第三方独立开展绩效评价"
        ]
    );
    // What need not be there is left out and blocks nothing.
    assert!(!text(&statement, "（1）举办业务培训").contains("人数"));
    let unplanned = compose(2020, "绵竹市", &Sample::without(&[]), " \n");
    assert_eq!(unplanned.missing, ["三、下一步工作打算"]);
    assert_eq!(text(&unplanned, "三、下一步工作打算"), "无");
}
