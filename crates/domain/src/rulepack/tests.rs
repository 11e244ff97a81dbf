use super::*;

const ROOT: &str = include_str!("packs/national-2020.toml");

fn refused(child: &str) -> String {
    let texts = [("national-2020", ROOT), ("local", child)];
    resolve("local", &texts).unwrap_err().to_string()
}

#[test]
fn every_pack_that_is_brought_along_resolves() {
    for (id, _) in TEXTS {
        let pack = resolve(id, &TEXTS).unwrap();
        assert_eq!(&*pack.id, id);
    }
}

#[test]
fn a_child_overrides_single_keys_and_inherits_the_rest() {
    let local = builtin("mianzhu-2020").unwrap();
    assert!(!local.weights.enforce_split, "from the province");
    assert_eq!(local.weights.output.0, 50.into(), "from the nation");
    assert_eq!(local.region.as_deref(), Some("510683"));
    assert_eq!(builtin("linear-cap").unwrap().region, None);
}

#[test]
fn a_child_sets_single_limits_and_lists_of_advice() {
    let child = "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n\
                 [advice]\noff = [\"A11\"]\n[advice.words]\nsurvey = [\"走访\"]\n";
    let texts = [("national-2020", ROOT), ("local", child)];
    let local = resolve("local", &texts).unwrap().advice;
    assert!(!local.is_on("A11") && local.is_on("A12"));
    assert_eq!(
        local.words.survey,
        ["走访"],
        "a list is replaced as a whole"
    );
    assert_eq!(local.words.units["兀"], "元", "from the nation");
}

#[test]
fn every_boundary_belongs_to_exactly_one_side() {
    let grade = |points: &str| {
        default_pack()
            .grade
            .value(points.parse().unwrap())
            .unwrap()
            .to_string()
    };
    for (points, expected) in [
        ("90.00", "优"),
        ("89.99", "良"),
        ("80.00", "良"),
        ("79.99", "中"),
        ("60.00", "中"),
        ("59.99", "差"),
        ("100.00", "优"),
        ("0", "差"),
    ] {
        assert_eq!(grade(points), expected, "T12: {points}");
    }
}

#[test]
fn a_gap_or_an_overlap_is_refused_with_its_place() {
    let child = |middle: &str| {
        format!(
            "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n\
             [grade]\nclosed = \"low\"\nbands = [{{ to = 60, value = \"差\" }}, \
             {{ from = {middle}, value = \"优\" }}]\n"
        )
    };
    let gap = refused(&child("70"));
    assert!(gap.contains("有空档") && gap.contains("第 5 行"), "{gap}");
    let overlap = refused(&child("50"));
    assert!(
        overlap.contains("重叠") && overlap.contains("grade"),
        "{overlap}"
    );
}

#[test]
fn a_mistake_in_a_pack_is_refused_with_its_place() {
    let head = "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n";
    for (mistake, words) in [
        ("[weights]\nexec = 20\n", "合计 110"),
        ("[weights]\nexce = 20\n", "没有这个参数"),
        ("[weights]\nexec = 0.5\n", "值不对"),
        ("[quantity]\nreverse_mode = \"banana\"\n", "reverse_mode"),
        ("[execution]\nmode = \"steps\"\n", "execution.steps"),
        ("[monitoring]\nmonth = 13\n", "1 至 12"),
        ("[qualitative]\npartial_from = 80\n", "应小于"),
        ("[advice]\noff = [\"A99\"]\n", "没有填报建议「A99」"),
        ("[advice]\ncopied_percent = 0\n", "不含"),
        ("[weights\n", "不是有效的 TOML"),
    ] {
        let message = refused(&format!("{head}{mistake}"));
        assert!(message.contains(words), "{mistake} → {message}");
        assert!(
            message.contains("行") || message.contains("参数"),
            "{message}"
        );
    }
}

#[test]
fn a_missing_parent_and_a_circle_are_refused() {
    let lonely = [("a", "id = \"a\"\nparent = \"b\"\n")];
    assert!(
        resolve("a", &lonely)
            .unwrap_err()
            .to_string()
            .contains("找不到规则包「b」")
    );
    let circle = [("a", "parent = \"b\"\n"), ("b", "parent = \"a\"\n")];
    assert!(
        resolve("a", &circle)
            .unwrap_err()
            .to_string()
            .contains("绕成了一圈")
    );
}

#[test]
fn the_difference_of_two_packs_names_every_key() {
    let keys: Vec<String> = diff("national-2020", "execution-20", &TEXTS)
        .unwrap()
        .into_iter()
        .map(|(key, ..)| key)
        .collect();
    assert!(keys.contains(&"weights.exec".to_owned()), "{keys:?}");
    assert!(!keys.contains(&"weights.benefit".to_owned()), "{keys:?}");
}

#[test]
fn the_values_of_a_pack_hold_its_own_and_its_parents() {
    let values = builtin_values("mianzhu-2020").unwrap();
    assert_eq!(values["check.severity.V31"], "E", "its own");
    assert_eq!(values["weights.enforce_split"], false, "its parent's");
    assert_eq!(values["consistency.red_above"], "0.05", "the nation's");
    assert_eq!(values["grade.bands"][3]["value"], "优");
    assert!(builtin_values("nowhere").is_err());
}

#[test]
fn a_place_chooses_its_forms_and_adds_one_of_its_own() {
    let applying = |pack: &str, kind, origin| {
        let forms = &builtin(pack).unwrap().target_forms;
        forms.applying(kind, origin).unwrap().title.clone()
    };
    let nation = |kind, origin| applying("national-2020", kind, origin);
    assert_eq!(nation("project", "initial"), "项目支出绩效目标申报表");
    assert_eq!(
        nation("project", "transfer_from_above"),
        "转移支付区域绩效目标申报表"
    );
    assert_eq!(
        applying("mianzhu-2020", "project", "initial"),
        "部门预算项目绩效目标表"
    );
    let department = "部门（单位）整体支出绩效目标申报表";
    assert_eq!(
        applying("mianzhu-2020", "department", "initial"),
        department
    );
    let own = "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n\
               [target_forms.form.own]\ntitle = \"本市表\"\nsource = \"本市\"\n\
               layout = \"national\"\ninherit = \"project\"\n\
               [[target_forms.form.own.blocks]]\nkey = \"extra\"\ntitle = \"其他\"\n\
               kind = \"fields\"\nbefore = \"goals\"\n\
               fields = [{ key = \"remark\", label = \"备注\" }]\n";
    let texts = [("national-2020", ROOT), ("local", own)];
    let pack = resolve("local", &texts).unwrap();
    let blocks = &pack.target_forms.find("own").unwrap().blocks;
    let keys: Vec<&str> = blocks.iter().map(|block| &*block.key).collect();
    assert_eq!(
        keys,
        [
            "basics",
            "money",
            "extra",
            "goals",
            "period_indicators",
            "indicators"
        ]
    );
}

#[test]
fn a_form_that_cannot_work_is_refused_with_its_name() {
    let child = |blocks: &str| {
        refused(&format!(
            "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n\
             [target_forms.form.own]\ntitle = \"x\"\nsource = \"x\"\nlayout = \"sichuan\"\n\
             inherit = \"project\"\n{blocks}"
        ))
    };
    let block = |rest: &str| {
        child(&format!(
            "[[target_forms.form.own.blocks]]\nkey = \"extra\"\ntitle = \"其他\"\n{rest}"
        ))
    };
    let columns = |columns: &str| child(&format!("indicator_columns = {columns}"));
    for (told, said) in [
        (
            block("kind = \"fields\"\nfields = [{ key = \"goal\", label = \"目标\" }]"),
            "用了两次",
        ),
        (
            block("kind = \"fields\"\nfields = [{ key = \"A\", label = \"甲\" }]"),
            "小写字母",
        ),
        (
            block(
                "kind = \"fields\"\nfields = [{ key = \"a\", label = \"甲\", kind = \"choice\" }]",
            ),
            "不配套",
        ),
        (block("kind = \"table\"\nmost_rows = 9"), "宽度合计 0"),
        (block("kind = \"indicators\""), "indicators"),
        (
            child(
                "rules = [{ rule = \"V07\", left = [\"year\"], is = \"equal\", \
                 right = [\"@unit\"] }]",
            ),
            "没有金额「year」",
        ),
        (child("colour = 1"), "没有这个参数"),
        (columns("[\"name\", \"level1\"]"), "第一列应是 level1"),
        (
            columns("[\"level1\", \"name\", \"name\"]"),
            "「三级指标」出现两次",
        ),
        (
            columns("[\"level1\", \"target\", \"unit\"]"),
            "target 已含性质、值和单位",
        ),
    ] {
        assert!(told.contains(said) && told.contains("own"), "{told}");
    }
}

#[test]
fn a_form_of_review_that_does_not_add_up_is_refused_with_its_reason() {
    let head = "id = \"local\"\nparent = \"national-2020\"\nversion = \"1\"\nname = \"x\"\n";
    let item = |full: u8| {
        format!(
            "[[target_review.items]]\naspect = \"完整性审核\"\nname = \"一\"\n\
             points = \"是否完整\"\nfull = {full}\n"
        )
    };
    let review = |body: &str| refused(&format!("{head}{body}"));
    let one = format!("[target_review]\nmajority = 1\n{}", item(90));
    assert!(review(&one).contains("各项分值合计 90，应为 100"));
    let many = format!("[target_review]\nmajority = 2\n{}", item(100));
    assert!(review(&many).contains("应在 1 至 1 之间"));
    let strange =
        "[target_review.grade]\nclosed = \"low\"\nbands = [{ from = 0, value = \"好\" }]\n";
    assert!(review(strange).contains("等级「好」不是优、良、中、差之一"));
}
