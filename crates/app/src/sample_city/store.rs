//! The statements that write the sample.

use db::statements;

statements! {
    COUNT_UNITS = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM organisation_unit";
    FIND_SAMPLE = "SELECT value FROM setting WHERE name = 'sample'";
    INSERT_SAMPLE = "INSERT INTO setting (name, value) VALUES ('sample', $1)";
    INSERT_REGION = "INSERT INTO region (code, name, bureau_name, provenance)
        VALUES ($1, $2, $3, $4)";
    INSERT_YEAR = "INSERT INTO fiscal_year (region_code, year) VALUES ($1, $2)";
    INSERT_SECTION = "INSERT INTO business_section (region_code, id, name, provenance)
        VALUES ($1, $2, $3, $4)";
    INSERT_UNIT = "INSERT INTO organisation_unit
        (region_code, id, code, name, level, parent_id, valid_from, valid_to, version, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 1, $8)";
    INSERT_UNIT_SECTION = "INSERT INTO unit_section
        (region_code, unit_id, fiscal_year, section_id) VALUES ($1, $2, $3, $4)";
    INSERT_OBJECT = "INSERT INTO managed_object
        (region_code, id, unit_id, kind, code, name, project_kind, nature, needs_ex_ante, version,
         provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)";
    INSERT_BUDGET_LINE = "INSERT INTO budget_line
        (region_code, id, object_id, fiscal_year, book, origin, change_kind, amount_fen,
         document_number, requires_npc_approval, provenance, release_state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'released')";
    INSERT_EXECUTION = "INSERT INTO budget_execution
        (region_code, id, object_id, fiscal_year, month, executed_fen, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_SESSION = "INSERT INTO joint_review_session
        (region_code, id, fiscal_year, held_on, topic, provenance)
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_PACKAGE = "INSERT INTO npc_package
        (region_code, id, fiscal_year, title, submitted_on, provenance, state)
        VALUES ($1, $2, $3, $4, $5, $6, 'approved')";
    INSERT_TARGET = "INSERT INTO performance_target
        (region_code, id, object_id, fiscal_year, edition, origin, state, grade, goal,
         joint_review_id, npc_package_id, approved_on, version, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    INSERT_INDICATOR = "INSERT INTO indicator
        (region_code, id, target_id, position, row_key, level1, level2, name, operator, value_text,
         unit, weight_centi, is_core)
        VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    INSERT_EX_ANTE = "INSERT INTO ex_ante_assessment
        (region_code, id, object_id, work_year, subject_year, organiser, state, score_centi,
         conclusion, requested_fen, suggested_fen, concluded_on, version, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)";
    INSERT_MONITORING = "INSERT INTO monitoring
        (region_code, id, object_id, target_id, work_year, cut_off_month, is_key, state,
         adjusted_fen, executed_fen, budget_light, indicator_light, conclusion, deviation_reason,
         feedback_on, version, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16)";
    INSERT_MONITORING_LINE = "INSERT INTO monitoring_line
        (region_code, id, monitoring_id, indicator_id, actual_text, light)
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_SELF_EVALUATION = "INSERT INTO self_evaluation
        (region_code, id, object_id, target_id, work_year, subject_year, state, adjusted_fen,
         executed_fen, score_centi, grade, light, rule_pack, receipt, submitted_on, version,
         provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16)";
    INSERT_SELF_EVALUATION_LINE = "INSERT INTO self_evaluation_line
        (region_code, id, self_evaluation_id, indicator_id, actual_text, score_centi, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_KEY_EVALUATION = "INSERT INTO key_evaluation
        (region_code, id, object_id, work_year, subject_year, state, book, evaluated_fen,
         score_centi, grade, receipt, problem, finalised_on, version, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14)";
    INSERT_RE_EVALUATION = "INSERT INTO re_evaluation
        (region_code, id, self_evaluation_id, key_evaluation_id, work_year, drawn_by, basis,
         score_centi, grade, reason, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_AGENCY = "INSERT INTO agency (region_code, id, name, kind, provenance)
        VALUES ($1, $2, $3, $4, $5)";
    INSERT_COMMISSION = "INSERT INTO commission
        (region_code, id, agency_id, key_evaluation_id, work_year, contract_number, matter, state,
         provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_RECTIFICATION = "INSERT INTO rectification
        (region_code, id, key_evaluation_id, work_year, number, problem, demand, state, issued_on,
         due_on, closed_on, version, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)";
    INSERT_RESULT_APPLICATION = "INSERT INTO result_application
        (region_code, id, ex_ante_id, key_evaluation_id, work_year, budget_year, way, state,
         reason, decided_on, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_SECTION_FEEDBACK = "INSERT INTO section_feedback
        (region_code, id, section_id, work_year, asked_on, written_on, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_PUBLICATION = "INSERT INTO publication
        (region_code, id, work_year, subject_year, item, state, due_on, published_on, place,
         provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    INSERT_INSTITUTION_DOC = "INSERT INTO institution_doc
        (region_code, id, title, number, kind, stage, block, issued_on, ended_on,
         has_sampling_clause, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10)";
    INSERT_TRAINING = "INSERT INTO training
        (region_code, id, work_year, held_on, topic, audience, people, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)";
    INSERT_ATTENDANCE = "INSERT INTO training_attendance (region_code, training_id, unit_id)
        VALUES ($1, $2, $3)";
    INSERT_PUBLICITY = "INSERT INTO publicity
        (region_code, id, work_year, published_on, title, medium, level, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_WORK_ASSESSMENT = "INSERT INTO work_assessment
        (region_code, id, work_year, assessor, is_included, weight_centi, provenance)
        VALUES ($1, $2, $3, $4, $5, NULL, $6)";
    INSERT_NPC_REPORT = "INSERT INTO npc_report
        (region_code, id, work_year, reported_on, addressee, content, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_NPC_OPINION = "INSERT INTO npc_opinion
        (region_code, id, npc_report_id, opinion, answered_on, answer, provenance)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_STATEMENT_PLAN = "INSERT INTO statement_plan
        (region_code, work_year, next_steps, provenance) VALUES ($1, $2, $3, $4)";
}
