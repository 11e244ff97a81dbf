use db::on_both;

use super::*;
use crate::database::MIGRATIONS;

const REGION: db::Sql = db::Sql {
    name: "REGION",
    text: "INSERT INTO region (code, name, bureau_name, provenance) \
        VALUES ('510683', '绵竹市', '绵竹市财政局', '')",
};

on_both!(
    MIGRATIONS,
    a_year_without_records_says_so_and_is_not_final,
    |test| {
        let composed = test
            .db
            .write_blocking(|tx: &mut Tx<'_>| {
                for sql in store::STATEMENTS {
                    tx.prepare(*sql)?;
                }
                tx.execute_one(REGION, &[])?;
                load(tx, "510683", 2020)
            })
            .unwrap();
        assert!(!composed.statement.is_final());
        let json = statement_json(&composed);
        assert_eq!(json["final"], false);
        let figures = json["figures"].as_array().unwrap();
        assert!(figures.iter().all(|figure| figure["text"] == "无"
            || figure["text"] == "100%"
            || !figure["missing"].as_bool().unwrap()));
        for figure in figures {
            let at = &figure["position"];
            let index = |name: &str| usize::try_from(at[name].as_u64().unwrap()).unwrap();
            let text = json["sections"][index("section")]["paragraphs"][index("paragraph")]
                .as_str()
                .unwrap();
            let rest: String = text.chars().skip(index("offset")).collect();
            assert!(
                rest.starts_with(figure["text"].as_str().unwrap()),
                "{figure}"
            );
        }
        let markdown = write(&composed, Format::Md, &Links::None).unwrap();
        let markdown = String::from_utf8(markdown).unwrap();
        assert!(markdown.contains("未定稿") && markdown.contains("无"));
    }
);

#[test]
fn a_figure_leads_to_its_records_on_the_site() {
    let links = Links::Site("https://jx.example".to_owned());
    let composed = Composed {
        year: 2020,
        bureau_name: String::new(),
        statement: domain::statement::Statement {
            title: String::new(),
            parts: vec![domain::statement::Part {
                level: 4,
                heading: String::new(),
                paragraphs: vec![vec![domain::statement::Run::Figure(
                    domain::statement::Figure {
                        key: "P5.5/整改按期率".to_owned(),
                        part: None,
                        text: "100%".to_owned(),
                        missing: false,
                    },
                )]],
            }],
            missing: Vec::new(),
        },
        metrics: Vec::new(),
        records: std::collections::BTreeMap::new(),
    };
    let html = String::from_utf8(write(&composed, Format::Html, &links).unwrap()).unwrap();
    let address = "https://jx.example/metrics/P5.5/%E6%95%B4%E6%94%B9%E6%8C%89%E6%9C%9F%E7%8E%87";
    assert!(
        html.contains(&format!("href=\"{address}?year=2020\"")),
        "{html}"
    );
}
