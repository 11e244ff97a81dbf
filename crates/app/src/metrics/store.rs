//! The records behind each metric: one query for each figure, listed and tallied alike.
//!
//! A list has the columns `record_kind, record_id, object_id, label, detail, part, hit, amount`.
//! `$1` is the region, `$2` the work year Y. `hit` is 1 where the record counts; records with 0
//! are the rest of a share's denominator, which is what a reader wants to see first.

use db::Sql;

/// The two statements of one figure, made from one text.
pub(crate) struct List {
    /// `P3.8`, or `P3.8/自评抽查复评率` for a figure that belongs to a metric.
    pub(crate) key: &'static str,
    /// The tally by part.
    pub(crate) tally: Sql,
    /// One page of the list: `$3` rows after the first `$4`, of the part `$5` or of all.
    pub(crate) records: Sql,
}

macro_rules! lists {
    ($($name:ident $key:literal = $text:expr;)+) => {
        /// Every list, in the order of the metrics.
        pub(crate) const LISTS: &[List] = &[$(List {
            key: $key,
            tally: Sql {
                name: concat!(stringify!($name), "_TALLY"),
                text: concat!(
                    "SELECT part, COUNT(*) AS records, CAST(SUM(hit) AS BIGINT) AS hits, \
                     CAST(SUM(CASE WHEN hit = 1 THEN amount END) AS BIGINT) AS hit_amount, \
                     CAST(SUM(amount) AS BIGINT) AS amount FROM (", $text,
                    ") AS listed GROUP BY part ORDER BY part"
                ),
            },
            records: Sql {
                name: concat!(stringify!($name), "_RECORDS"),
                text: concat!(
                    "SELECT record_kind, record_id, object_id, label, detail, part, \
                     CAST(hit AS BIGINT) AS hit, CAST(amount AS BIGINT) AS amount FROM (", $text,
                    ") AS listed WHERE $5 = '' OR part = $5 \
                     ORDER BY hit, record_kind, record_id LIMIT $3 OFFSET $4"
                ),
            },
        }),+];
    };
}

/// The work year, as a number whose type both databases know.
macro_rules! y {
    () => {
        "CAST($2 AS BIGINT)"
    };
}

/// The year before.
macro_rules! y1 {
    () => {
        "(CAST($2 AS BIGINT) - 1)"
    };
}

/// Whether something that holds from a day, perhaps until a day, held in a year.
macro_rules! in_force {
    ($from:literal, $to:literal, $year:expr) => {
        concat!(
            $from,
            " <= CAST(",
            $year,
            " AS TEXT) || '-12-31' AND (",
            $to,
            " IS NULL OR ",
            $to,
            " >= CAST(",
            $year,
            " AS TEXT) || '-01-01')"
        )
    };
}

/// First-level units of a year, each with whether `hit` exists for it (`u` is the unit).
macro_rules! departments {
    ($year:expr, $hit:expr) => {
        concat!(
            "SELECT 'unit' AS record_kind, u.id AS record_id, CAST(NULL AS TEXT) AS object_id, \
             u.name AS label, u.code AS detail, '' AS part, \
             CASE WHEN EXISTS (",
            $hit,
            ") THEN 1 ELSE 0 END AS hit, \
             CAST(NULL AS BIGINT) AS amount \
             FROM organisation_unit AS u \
             WHERE u.region_code = $1 AND u.level = 'first' AND ",
            in_force!("u.valid_from", "u.valid_to", $year)
        )
    };
}

/// Objects that satisfy `which`, each with whether `hit` exists for it (`o` is the object).
macro_rules! objects {
    ($part:expr, $which:expr, $hit:expr) => {
        concat!(
            "SELECT 'object' AS record_kind, o.id AS record_id, o.id AS object_id, \
             o.name AS label, u.name AS detail, ",
            $part,
            " AS part, \
             CASE WHEN EXISTS (",
            $hit,
            ") THEN 1 ELSE 0 END AS hit, \
             CAST(NULL AS BIGINT) AS amount \
             FROM managed_object AS o JOIN organisation_unit AS u ON u.id = o.unit_id \
             WHERE o.region_code = $1 AND ",
            $which
        )
    };
}

/// Rows of a table `r` that belong to an object, with `hit` and `amount` as given.
macro_rules! rows {
    ($kind:literal, $table:literal, $part:expr, $hit:expr, $amount:expr, $which:expr) => {
        concat!(
            "SELECT '",
            $kind,
            "' AS record_kind, r.id AS record_id, o.id AS object_id, \
             o.name AS label, u.name AS detail, ",
            $part,
            " AS part, ",
            $hit,
            " AS hit, ",
            $amount,
            " AS amount FROM ",
            $table,
            " AS r \
             JOIN managed_object AS o ON o.id = r.object_id \
             JOIN organisation_unit AS u ON u.id = o.unit_id \
             WHERE r.region_code = $1 AND ",
            $which
        )
    };
}

/// Rows of a register `r`.
macro_rules! register {
    ($kind:literal, $table:literal, $label:expr, $detail:expr, $part:expr, $hit:expr,
     $amount:expr, $which:expr) => {
        concat!(
            "SELECT '",
            $kind,
            "' AS record_kind, r.id AS record_id, \
             CAST(NULL AS TEXT) AS object_id, ",
            $label,
            " AS label, ",
            $detail,
            " AS detail, ",
            $part,
            " AS part, ",
            $hit,
            " AS hit, ",
            $amount,
            " AS amount FROM ",
            $table,
            " AS r WHERE r.region_code = $1 AND ",
            $which
        )
    };
}

macro_rules! when {
    ($condition:expr) => {
        concat!("CASE WHEN ", $condition, " THEN 1 ELSE 0 END")
    };
}

macro_rules! none {
    () => {
        "CAST(NULL AS BIGINT)"
    };
}

/// Objects that have money in a year.
macro_rules! funded {
    ($year:expr) => {
        concat!(
            "o.id IN (SELECT b.object_id FROM budget_line AS b WHERE b.region_code = $1 \
             AND b.fiscal_year = ",
            $year,
            " GROUP BY b.object_id HAVING SUM(b.amount_fen) > 0)"
        )
    };
}

macro_rules! approved_target {
    () => {
        concat!(
            "SELECT 1 FROM performance_target AS t WHERE t.object_id = o.id AND t.fiscal_year = ",
            y!(),
            " AND t.state IN ('approved', 'adjusting')"
        )
    };
}

macro_rules! monitored {
    () => {
        concat!(
            "SELECT 1 FROM monitoring AS m WHERE m.object_id = o.id AND m.work_year = ",
            y!(),
            " AND m.state IN ('department_review', 'section_review', 'concluded')"
        )
    };
}

macro_rules! of_unit {
    ($text:expr) => {
        concat!(
            "SELECT 1 FROM managed_object AS o WHERE o.unit_id = u.id AND EXISTS (",
            $text,
            ")"
        )
    };
}

macro_rules! self_evaluated {
    () => {
        concat!(
            "SELECT 1 FROM self_evaluation AS s WHERE s.object_id = o.id AND s.subject_year = ",
            y1!(),
            " AND s.state IN ('scored', 'department_review', 'section_review', \
             'accepted', 'published')"
        )
    };
}

macro_rules! final_evaluation {
    () => {
        concat!(
            "r.work_year = ",
            y!(),
            " AND r.state IN ('final', 'filed', 'result_delivered')"
        )
    };
}

macro_rules! concluded_ex_ante {
    () => {
        concat!(
            "r.subject_year = ",
            y!(),
            " AND r.state IN ('concluded', 'audited', 'applied_to_budget')"
        )
    };
}

macro_rules! training_rows {
    ($amount:expr, $which:expr) => {
        register!(
            "training",
            "training",
            "r.topic",
            "r.held_on",
            "''",
            "1",
            $amount,
            concat!("r.work_year = ", y!(), $which)
        )
    };
}

macro_rules! attended {
    () => {
        concat!(
            "SELECT 1 FROM training_attendance AS a JOIN training AS t ON t.id = a.training_id \
             WHERE a.unit_id = u.id AND t.work_year = ",
            y!()
        )
    };
}

macro_rules! documents {
    ($part:expr, $which:expr) => {
        register!(
            "institution_doc",
            "institution_doc",
            "r.title",
            "r.number",
            $part,
            "1",
            none!(),
            concat!(
                $which,
                " AND ",
                in_force!("r.issued_on", "r.ended_on", y!())
            )
        )
    };
}

macro_rules! publicity {
    ($which:expr) => {
        register!(
            "publicity",
            "publicity",
            "r.title",
            "r.medium",
            "r.level",
            "1",
            none!(),
            concat!("r.work_year = ", y!(), $which)
        )
    };
}

macro_rules! opinions {
    ($which:expr) => {
        register!(
            "npc_opinion",
            "npc_opinion",
            "r.opinion",
            "r.answer",
            "''",
            "1",
            none!(),
            concat!(
                "r.npc_report_id IN (SELECT p.id FROM npc_report AS p WHERE p.work_year = ",
                y!(),
                ")",
                $which
            )
        )
    };
}

macro_rules! rectified {
    ($hit:expr) => {
        concat!(
            "SELECT 'rectification' AS record_kind, r.id AS record_id, o.id AS object_id, \
             o.name AS label, r.number AS detail, '' AS part, ",
            when!($hit),
            " AS hit, ",
            none!(),
            " AS amount FROM rectification AS r \
             JOIN key_evaluation AS k ON k.id = r.key_evaluation_id \
             JOIN managed_object AS o ON o.id = k.object_id \
             WHERE r.region_code = $1 AND r.issued_on IS NOT NULL AND r.work_year = ",
            y!()
        )
    };
}

macro_rules! re_evaluated {
    ($amount:expr) => {
        concat!(
            "SELECT 're_evaluation' AS record_kind, r.id AS record_id, o.id AS object_id, \
             o.name AS label, u.name AS detail, o.kind AS part, 1 AS hit, ",
            $amount,
            " AS amount FROM re_evaluation AS r \
             JOIN self_evaluation AS s ON s.id = r.self_evaluation_id \
             JOIN managed_object AS o ON o.id = s.object_id \
             JOIN organisation_unit AS u ON u.id = o.unit_id \
             WHERE r.region_code = $1 AND r.work_year = ",
            y!()
        )
    };
}

macro_rules! commissions {
    ($states:literal) => {
        concat!(
            "SELECT 'commission' AS record_kind, r.id AS record_id, \
             CAST(NULL AS TEXT) AS object_id, g.name AS label, r.contract_number AS detail, \
             r.agency_id AS part, 1 AS hit, ",
            none!(),
            " AS amount FROM commission AS r \
             JOIN agency AS g ON g.id = r.agency_id \
             WHERE r.region_code = $1 AND r.work_year = ",
            y!(),
            " AND r.state IN ",
            $states
        )
    };
}

lists! {
    EX_ANTE_COUNT "P1.1" = rows!("ex_ante_assessment", "ex_ante_assessment", "r.organiser", "1",
        none!(), concluded_ex_ante!());
    EX_ANTE_SHARE "P1.2" = objects!("''",
        concat!("o.needs_ex_ante AND o.kind IN ('project', 'policy') AND (", funded!(y!()),
            " OR o.id IN (SELECT a.object_id FROM ex_ante_assessment AS a \
             WHERE a.subject_year = ", y!(), ")) AND NOT (", funded!(y1!()), ")"),
        concat!("SELECT 1 FROM ex_ante_assessment AS r WHERE r.object_id = o.id AND ",
            concluded_ex_ante!()));
    MONITORED_UNITS "P2.1" = departments!(y!(), of_unit!(monitored!()));
    MONITORED_PROJECTS "P2.2" = objects!("''",
        concat!("o.kind = 'project' AND EXISTS (", approved_target!(), ")"), monitored!());
    MONITORED_DEPARTMENTS "P2.3" = objects!("''",
        concat!("o.kind = 'department' AND EXISTS (", approved_target!(), ")"), monitored!());
    OVERALL_SELF_EVALUATIONS "P3.1" = departments!(y1!(),
        concat!("SELECT 1 FROM managed_object AS o WHERE o.unit_id = u.id \
             AND o.kind = 'department' AND EXISTS (", self_evaluated!(), ")"));
    PROJECT_SELF_EVALUATIONS "P3.2" = objects!("o.kind",
        concat!("o.kind IN ('project', 'policy') AND ", funded!(y1!())), self_evaluated!());
    KEY_EVALUATIONS "P3.3" = rows!("key_evaluation", "key_evaluation", "o.kind", "1",
        "r.evaluated_fen", final_evaluation!());
    KEY_EVALUATION_BOOKS "P3.4" = rows!("key_evaluation", "key_evaluation", "r.book", "1",
        "r.evaluated_fen", final_evaluation!());
    KEY_EVALUATION_MONEY "P3.5" = concat!(
        "SELECT 'object' AS record_kind, o.id AS record_id, o.id AS object_id, o.name AS label, \
         u.name AS detail, '' AS part, ",
        when!(concat!("EXISTS (SELECT 1 FROM key_evaluation AS r JOIN managed_object AS e \
             ON e.id = r.object_id WHERE (r.object_id = o.id OR (e.kind = 'department' \
             AND e.unit_id = o.unit_id)) AND ", final_evaluation!(), ")")),
        " AS hit, x.executed_fen AS amount FROM managed_object AS o \
         JOIN organisation_unit AS u ON u.id = o.unit_id \
         JOIN (SELECT e.object_id, SUM(e.executed_fen) AS executed_fen FROM budget_execution AS e \
             WHERE e.region_code = $1 AND e.fiscal_year = ", y1!(), " GROUP BY e.object_id) AS x \
         ON x.object_id = o.id WHERE o.region_code = $1");
    AGENCIES "P3.6" = commissions!("('contracted', 'in_progress', 'delivered', \
        'quality_scored', 'paid', 'closed')");
    AGENCY_TASKS "P3.6/完成委托任务数" = commissions!("('delivered', 'quality_scored', 'paid', \
        'closed')");
    SAMPLING_CLAUSE "P3.7" = documents!("''", "r.has_sampling_clause");
    RE_EVALUATIONS "P3.8" = re_evaluated!(none!());
    RE_EVALUATION_SHARE "P3.8/自评抽查复评率" = rows!("self_evaluation", "self_evaluation", "''",
        when!(concat!("EXISTS (SELECT 1 FROM re_evaluation AS e WHERE \
            e.self_evaluation_id = r.id AND e.work_year = ", y!(), ")")), none!(),
        concat!("r.subject_year = ", y1!(), " AND r.state IN ('accepted', 'published')"));
    ACCURACY "P3.9" = re_evaluated!("ABS(s.score_centi - r.score_centi)");
    TARGET_UNITS "P4.1" = departments!(y!(), of_unit!(approved_target!()));
    TARGET_PROJECTS "P4.2" = objects!("''",
        concat!("o.kind = 'project' AND ", funded!(y!())), approved_target!());
    TARGET_BOOKS "P4.3" = concat!(
        "SELECT 'object' AS record_kind, o.id AS record_id, o.id AS object_id, o.name AS label, \
         u.name AS detail, x.book AS part, 1 AS hit, x.amount_fen AS amount \
         FROM managed_object AS o JOIN organisation_unit AS u ON u.id = o.unit_id \
         JOIN (SELECT b.object_id, b.book, SUM(b.amount_fen) AS amount_fen FROM budget_line AS b \
             WHERE b.region_code = $1 AND b.book <> 'outside' AND b.fiscal_year = ", y!(),
        " GROUP BY b.object_id, b.book HAVING SUM(b.amount_fen) > 0) AS x ON x.object_id = o.id \
         WHERE o.region_code = $1 AND EXISTS (", approved_target!(), ")");
    JOINT_REVIEWS "P4.4" = register!("joint_review_session", "joint_review_session", "r.topic",
        "r.held_on", "''", "1", none!(), concat!("r.state = 'closed' AND r.fiscal_year = ", y!()));
    JOINT_REVIEW_SHARE "P4.4/会审覆盖率" = rows!("performance_target", "performance_target", "''",
        when!("r.joint_review_id IS NOT NULL"), none!(),
        concat!("r.fiscal_year = ", y!(), " AND r.origin = 'initial' AND r.edition = 1 \
             AND r.state NOT IN ('draft', 'returned')"));
    NPC_PACKAGES "P4.5" = register!("npc_package", "npc_package", "r.title", "r.submitted_on",
        "''", "1", none!(), concat!("r.state <> 'withdrawn' AND r.fiscal_year = ", y!()));
    EX_ANTE_APPLIED "P5.1" = rows!("ex_ante_assessment", "ex_ante_assessment", "''",
        when!("EXISTS (SELECT 1 FROM result_application AS a WHERE a.ex_ante_id = r.id)"),
        none!(), concluded_ex_ante!());
    TARGETS_APPLIED "P5.2" = rows!("performance_target", "performance_target", "r.grade", "1",
        none!(), concat!("r.fiscal_year = ", y!(), " AND r.grade IS NOT NULL AND (r.state IN \
            ('in_budget', 'submitted_to_npc', 'approved', 'adjusting', 'rejected') OR EXISTS \
            (SELECT 1 FROM target_review AS v WHERE v.target_id = r.id AND v.is_decisive \
            AND v.grade = '中'))"));
    KEY_MONITORINGS "P5.3" = rows!("monitoring", "monitoring", "o.kind", "1", none!(),
        concat!("r.is_key AND r.state = 'concluded' AND r.work_year = ", y!()));
    KEY_MONITORING_FEEDBACK "P5.3/重点监控反馈率" = rows!("monitoring", "monitoring", "''",
        when!("r.feedback_on IS NOT NULL"), none!(),
        concat!("r.is_key AND r.state = 'concluded' AND r.work_year = ", y!()));
    EVALUATION_FEEDBACK "P5.4" = rows!("key_evaluation", "key_evaluation", "''",
        when!("EXISTS (SELECT 1 FROM rectification AS c WHERE c.key_evaluation_id = r.id \
             AND c.issued_on IS NOT NULL)"), none!(),
        concat!(final_evaluation!(), " AND r.problem <> ''"));
    RECTIFICATIONS "P5.5" = rectified!("r.state = 'closed'");
    RECTIFICATIONS_IN_TIME "P5.5/整改按期率" =
        rectified!("r.state = 'closed' AND r.closed_on <= r.due_on");
    SECTION_FEEDBACK "P5.6" = concat!(
        "SELECT 'section_feedback' AS record_kind, r.id AS record_id, \
         CAST(NULL AS TEXT) AS object_id, b.name AS label, COALESCE(r.written_on, '') AS detail, \
         '' AS part, ", when!("r.written_on IS NOT NULL"), " AS hit, ", none!(), " AS amount \
         FROM section_feedback AS r JOIN business_section AS b ON b.id = r.section_id \
         WHERE r.region_code = $1 AND r.work_year = ", y!());
    PUBLICATIONS "P5.7" = register!("publication", "publication", "r.item", "r.place", "''",
        when!("r.state = 'published'"), none!(),
        concat!("r.work_year = ", y!(), " AND r.state <> 'exempt'"));
    PLANS "B1.1" = documents!("''", "r.kind = 'plan'");
    REGULATIONS "B1.2" = documents!("r.kind", "r.kind IN ('regulation', 'forwarded')");
    TRAININGS "B2.1" = training_rows!(none!(), "");
    TRAINED_UNITS "B2.1/参训单位" = concat!(
        "SELECT 'unit' AS record_kind, u.id AS record_id, CAST(NULL AS TEXT) AS object_id, \
         u.name AS label, u.code AS detail, '' AS part, 1 AS hit, ", none!(), " AS amount \
         FROM organisation_unit AS u WHERE u.region_code = $1 AND u.level = 'first' \
         AND EXISTS (", attended!(), ")");
    TRAINED_PEOPLE "B2.1/参训人数" = training_rows!("r.people", " AND r.people IS NOT NULL");
    TRAINED_SHARE "B2.2" = departments!(y!(), attended!());
    PUBLICITY "B3.1" = publicity!("");
    PUBLICITY_PROVINCIAL "B3.2" = publicity!(" AND r.level IN ('provincial', 'national')");
    ASSESSMENT "A1.1" = register!("work_assessment", "work_assessment", "r.assessor", "''", "''",
        "1", none!(), concat!("r.is_included AND r.work_year = ", y!()));
    ASSESSMENT_WEIGHT "A1.1/考核权重" = register!("work_assessment", "work_assessment",
        "r.assessor", "''", "''", "1", "r.weight_centi",
        concat!("r.is_included AND r.weight_centi IS NOT NULL AND r.work_year = ", y!()));
    NPC_REPORTS "A2.1" = register!("npc_report", "npc_report", "r.content", "r.addressee", "''",
        "1", none!(), concat!("r.work_year = ", y!()));
    NPC_OPINIONS "A2.2" = opinions!("");
    NPC_OPINIONS_ANSWERED "A2.2/已办理答复" = opinions!(" AND r.answered_on IS NOT NULL");
}

db::statements! {
    REGION = "SELECT region_code FROM fiscal_year WHERE year = $1 ORDER BY region_code";
}
