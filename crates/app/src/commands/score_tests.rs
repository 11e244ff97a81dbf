use serde_json::Value;

use super::*;

/// A project with one lost row, as a transcription.
fn transcription(actual: &str, weights: [u8; 2]) -> String {
    format!(
        r#"{{"kind":"project_self_eval","project_name":"样例项目","fiscal_year":2021,
        "budget":{{"unit":"万元","adjusted":100,"executed_total":85}},"execution_weight":10,
        "indicators":[
        {{"level1":"产出指标","level2":"数量指标","level3":"救助人数","operator":"≥",
          "target_value":500,"unit":"人","actual_value":{actual},"weight":{},"score":60}},
        {{"level1":"满意度指标","level2":"服务对象满意度指标","level3":"满意度","operator":"≥",
          "target_value":90,"unit":"%","actual_value":95,"weight":{},"score":30}}]}}"#,
        weights[0], weights[1]
    )
}

fn scored(text: &str) -> Result<Receipt, String> {
    let pack = rulepack::default_pack();
    let Ok(mut forms) = of_bytes(text.as_bytes(), "样例.json", pack) else {
        panic!("unreadable");
    };
    forms.remove(0)
}

#[test]
fn the_json_has_the_keys_that_scripts_depend_on_and_is_accepted() {
    let receipt = scored(&transcription("487", [60, 30])).unwrap();
    let line = in_json(&receipt);
    assert_eq!(line.lines().count(), 1);
    let value: Value = serde_json::from_str(&line).unwrap();
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["file", "grade", "receipt", "rules", "total"]);
    assert_eq!(value["file"], "样例.json");
    // 8.50 + 60 × 487 ÷ 500 = 58.44, + 30.
    assert_eq!(value["total"].to_string(), "96.94");
    domain::verify::verify(&value).unwrap();
}

#[test]
fn lost_points_stand_largest_first_with_their_sentence_and_clause() {
    let pack = rulepack::default_pack();
    let text = in_words(&scored(&transcription("487", [60, 30])).unwrap(), pack);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert!(lines.contains(&"总分：96.94  等级：优"), "{text}");
    let place = |wanted: &str| {
        lines
            .iter()
            .position(|line| line.starts_with(wanted))
            .unwrap()
    };
    assert!(place("1.56") < place("1.50"), "{text}");
    let row = place("1.56");
    assert!(lines[row].ends_with("救助人数"), "{text}");
    assert!(
        lines[row + 1].contains("60 × 487 ÷ 500 = 58.44 分，扣 1.56 分"),
        "{text}"
    );
    assert!(
        lines[row + 2].starts_with("依据：财预〔2020〕10号"),
        "{text}"
    );
}

#[test]
fn what_is_open_and_what_cannot_be_scored_is_said_in_chinese() {
    let pack = rulepack::default_pack();
    let open = in_words(
        &scored(&transcription(r#""完成""#, [60, 30])).unwrap(),
        pack,
    );
    assert!(
        open.contains("总分：待定") && open.contains("还不能计分"),
        "{open}"
    );
    let refused = scored(&transcription("487", [70, 30])).unwrap_err();
    assert!(refused.contains("共 110.00 分，不是 100 分"), "{refused}");
    let targets = transcription("487", [60, 30]).replace("project_self_eval", "project_target");
    assert!(scored(&targets).unwrap_err().contains("没有可以计分的内容"));
}

#[test]
fn several_forms_in_a_file_are_scored_each() {
    let one = transcription("487", [60, 30]);
    let two = transcription("500", [60, 40]);
    let forms = of_bytes(
        format!("[{one},{two}]").as_bytes(),
        "x",
        rulepack::default_pack(),
    );
    let Ok(forms) = forms else {
        panic!("unreadable");
    };
    assert!(forms[0].is_ok());
    assert!(forms[1].as_ref().unwrap_err().contains("第 2 张表"));
}
