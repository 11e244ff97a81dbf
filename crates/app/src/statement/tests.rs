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
        last_year: Vec::new(),
    };
    let html = String::from_utf8(write(&composed, Format::Html, &links).unwrap()).unwrap();
    let address = "https://jx.example/metrics/P5.5/%E6%95%B4%E6%94%B9%E6%8C%89%E6%9C%9F%E7%8E%87";
    assert!(
        html.contains(&format!("href=\"{address}?year=2020\"")),
        "{html}"
    );
}

const fn sql(text: &'static str) -> db::Sql {
    db::Sql {
        name: "DELETE",
        text,
    }
}

/// What is deleted, and every figure that must change by it.
const DELETIONS: [(db::Sql, &[&str]); 6] = [
    (
        sql(
            "DELETE FROM publicity WHERE id = (SELECT MIN(id) FROM publicity \
             WHERE level = 'provincial')",
        ),
        &["B3.1", "B3.2"],
    ),
    (
        sql("DELETE FROM publicity WHERE level = 'county'"),
        &["B3.1"],
    ),
    (
        sql(
            "DELETE FROM self_evaluation WHERE id = (SELECT MIN(s.id) FROM self_evaluation AS s \
             JOIN managed_object AS o ON o.id = s.object_id WHERE o.kind = 'project' AND s.id \
             NOT IN (SELECT self_evaluation_id FROM re_evaluation))",
        ),
        &["P3.2", "P3.8/自评抽查复评率"],
    ),
    (
        sql(
            "DELETE FROM self_evaluation WHERE id = (SELECT MIN(s.id) FROM self_evaluation AS s \
             JOIN managed_object AS o ON o.id = s.object_id WHERE o.kind = 'department' AND s.id \
             NOT IN (SELECT self_evaluation_id FROM re_evaluation))",
        ),
        &["P3.1", "P3.8/自评抽查复评率"],
    ),
    (
        sql("DELETE FROM training_attendance WHERE unit_id = 'u-001'"),
        &["B2.1/参训单位", "B2.2"],
    ),
    (sql("DELETE FROM npc_package"), &["P4.5"]),
];

/// The text of every figure that stands in the statement, by its position.
fn printed(composed: &Composed) -> Vec<(String, String)> {
    let parts = composed.statement.parts.iter();
    let runs = parts.flat_map(|part| part.paragraphs.iter().flatten());
    runs.filter_map(|run| match run {
        Run::Figure(figure) => Some((figure.key.clone(), figure.text.clone())),
        Run::Text(_) => None,
    })
    .collect()
}

#[test]
fn a_deleted_record_changes_exactly_the_figures_that_depend_on_it() {
    let test = db::testing::TestDb::sqlite(MIGRATIONS);
    crate::sample_city::load(&test.db, "2021-01-04T09:00:00+08:00").unwrap();
    for (deletion, expected) in DELETIONS {
        let before = test
            .db
            .read_blocking(|tx: &mut Tx<'_>| load(tx, "510683", 2020))
            .unwrap();
        let after = test
            .db
            .write_blocking(move |tx: &mut Tx<'_>| {
                // Rows that point to the record go first.
                if deletion.text.contains("npc_package") {
                    tx.execute(
                        sql("UPDATE performance_target SET npc_package_id = NULL"),
                        &[],
                    )?;
                }
                assert!(tx.execute(deletion, &[])? > 0, "{}", deletion.text);
                load(tx, "510683", 2020)
            })
            .unwrap();
        let changed: Vec<String> = before
            .figures()
            .zip(after.figures())
            .filter(|((_, _, one), (_, _, two))| one != two)
            .map(|((key, ..), _)| key)
            .collect();
        assert_eq!(changed, expected, "{}", deletion.text);
        let told = |key: &String| expected.iter().any(|one| one == key);
        let rest = |composed: &Composed| -> Vec<(String, String)> {
            let figures = printed(composed).into_iter();
            figures.filter(|(key, _)| !told(key)).collect()
        };
        assert_eq!(rest(&before), rest(&after), "{}", deletion.text);
        assert_ne!(printed(&before), printed(&after), "{}", deletion.text);
        for format in [Format::Html, Format::Md, Format::Json, Format::Docx] {
            let write = |composed| write(composed, format, &Links::None).unwrap();
            assert_ne!(write(&before), write(&after), "{format:?}");
        }
    }
}
