//! What a list prints.

use super::*;

static LIST: Definition = Definition {
    name: "objects",
    path: "/objects",
    title: "项目清单",
    noun: "项目",
    counter: "项",
    columns: &[
        Column::name("name", "名称"),
        Column::text("unit", "单位").sortable(),
        Column::number("budget", "全年预算").sortable(),
        Column::text("code", "代码").extra(),
    ],
    order: Order {
        column: "unit",
        is_down: false,
    },
};

fn row(name: &str) -> Row {
    Row {
        id: format!("id-{name}"),
        cells: vec![
            Cell::link(name, format!("/objects/{name}"), ""),
            Cell::text("水利局"),
            Cell::Number("1,234.50".to_owned()),
            Cell::word("P1"),
        ],
    }
}

fn list(kept: Kept) -> List {
    List::new(&LIST, kept, 2020, "t").rows(vec![row("甲")], Page::default())
}

fn chosen(value: &str) -> Vec<Field> {
    vec![
        Field::search("text", "名称", value),
        Field::select_of("kind", "类型", "", &[("project", "项目")]),
    ]
}

#[test]
fn an_order_that_cannot_be_had_is_the_usual_one() {
    for (text, column, is_down) in [
        ("budget", "budget", false),
        ("-budget", "budget", true),
        ("", "unit", false),
        ("-name", "unit", false),
        ("nothing", "unit", false),
        ("--budget", "unit", false),
    ] {
        assert_eq!(LIST.order_of(text), Order { column, is_down }, "{text}");
    }
}

#[test]
fn the_first_click_sorts_numbers_down_and_the_next_one_turns_round() {
    let heads = |text| list(Kept::default()).order(LIST.order_of(text)).heads();
    let unsorted = heads("");
    assert_eq!(
        unsorted[2].href.as_deref(),
        Some("/objects?year=2020&sort=-budget")
    );
    assert_eq!(
        (unsorted[1].sorted, unsorted[2].sorted),
        (Some("ascending"), None)
    );
    assert_eq!(unsorted[0].href, None);
    let sorted = heads("-budget");
    assert_eq!(sorted[2].sorted, Some("descending"));
    assert_eq!(
        sorted[2].href.as_deref(),
        Some("/objects?year=2020&sort=budget")
    );
}

#[test]
fn a_person_sees_and_saves_the_columns_that_were_chosen_and_always_the_first() {
    let usual = Kept::default();
    let own = Kept {
        columns: Some(vec!["code".to_owned(), "gone".to_owned()]),
        ..Kept::default()
    };
    for (kept, names) in [
        (usual, vec!["名称", "单位", "全年预算"]),
        (own.clone(), vec!["名称", "代码"]),
    ] {
        let list = list(kept.clone());
        let heads: Vec<&str> = list.heads().iter().map(|head| head.label).collect();
        assert_eq!(heads, names);
        let file: Vec<&str> = LIST.file_head(&kept).iter().map(|it| it.label).collect();
        assert_eq!(file, names);
    }
    assert_eq!(LIST.file_row(&own, &row("甲").cells), ["甲", "P1"]);
}

#[test]
fn a_chip_takes_its_condition_away_and_keeps_the_rest() {
    let list = list(Kept::default())
        .fields(chosen("水 库"))
        .order(LIST.order_of("-budget"));
    let chips = list.chips();
    assert_eq!(chips.len(), 1);
    assert_eq!(chips[0].label, "含“水 库”");
    assert_eq!(chips[0].href, "/objects?year=2020&sort=-budget");
}

#[test]
fn a_list_that_opens_with_a_view_can_still_be_seen_whole() {
    let view = View {
        name: "水利".to_owned(),
        query: "text=%E6%B0%B4".to_owned(),
        is_usual: true,
    };
    let kept = Kept {
        views: vec![view],
        ..Kept::default()
    };
    let list = list(kept).fields(chosen("水"));
    assert_eq!(list.current_view(), Some("水利"));
    assert_eq!(list.chips()[0].href, "/objects?year=2020&view=-");
    assert_eq!(list.cleared(), "/objects?year=2020&view=-");
    assert_eq!(
        list.views()[0].href,
        "/objects?year=2020&view=-&text=%E6%B0%B4"
    );
}

#[test]
fn what_is_typed_is_never_taken_for_html() {
    let evil = "<script>alert(1)</script>\"'";
    let fields = vec![Field::search("text", "名称", evil)];
    let mut one = row(evil);
    one.cells[1] = Cell::text(evil);
    let kept = Kept {
        views: vec![View {
            name: evil.to_owned(),
            query: "a=1".to_owned(),
            is_usual: false,
        }],
        ..Kept::default()
    };
    let batch = Batch {
        action: "/objects/batch".to_owned(),
        buttons: Vec::new(),
    };
    let page = list(kept)
        .fields(fields)
        .rows(vec![one], Page::default())
        .batch(batch)
        .to_string();
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn an_empty_list_says_what_to_do() {
    let empty = Empty {
        title: "还没有项目".to_owned(),
        sentence: "先导入预算。".to_owned(),
        step: Some(("导入预算".to_owned(), "/import".to_owned())),
    };
    let none = || list(Kept::default()).rows(Vec::new(), Page::default());
    let page = none().empty(empty).to_string();
    assert!(
        page.contains("还没有项目") && page.contains("href=\"/import\""),
        "{page}"
    );
    let narrowed = none().fields(chosen("水")).to_string();
    assert!(narrowed.contains("没有符合条件的项目"), "{narrowed}");
}

#[test]
fn the_batch_is_an_ordinary_form_with_a_box_for_each_row() {
    let batch = Batch {
        action: "/objects/selection".to_owned(),
        buttons: vec![BatchButton {
            act: "xlsx",
            label: "导出所选",
        }],
    };
    let page = list(Kept::default()).batch(batch).to_string();
    for part in [
        "name=\"id\" value=\"id-甲\" form=\"batch\"",
        "id=\"batch\" method=\"post\" action=\"/objects/selection\"",
        "name=\"act\" value=\"xlsx\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
}
