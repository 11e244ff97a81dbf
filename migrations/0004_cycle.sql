CREATE TABLE ex_ante_assessment (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    subject_year BIGINT NOT NULL CHECK (subject_year BETWEEN 1990 AND 2100),
    organiser TEXT NOT NULL CHECK (organiser IN ('bureau', 'department')),
    state TEXT NOT NULL CHECK (state IN
        ('draft', 'submitted', 'returned', 'selected_by_bureau', 'concluded', 'audited',
         'applied_to_budget')),
    score_centi BIGINT CHECK (score_centi BETWEEN 0 AND 10000),
    conclusion TEXT,
    requested_fen BIGINT NOT NULL CHECK (requested_fen BETWEEN 0 AND 100000000000000),
    suggested_fen BIGINT CHECK (suggested_fen BETWEEN 0 AND 100000000000000),
    concluded_on TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL
);

CREATE TABLE monitoring (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    target_id TEXT NOT NULL REFERENCES performance_target (id),
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    cut_off_month BIGINT NOT NULL CHECK (cut_off_month BETWEEN 1 AND 12),
    is_key BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('open', 'filling', 'department_review', 'section_review', 'concluded')),
    adjusted_fen BIGINT NOT NULL CHECK (adjusted_fen BETWEEN 0 AND 100000000000000),
    executed_fen BIGINT NOT NULL CHECK (executed_fen BETWEEN 0 AND 100000000000000),
    budget_light TEXT NOT NULL CHECK (budget_light IN ('red', 'yellow', 'green', 'blue')),
    indicator_light TEXT NOT NULL CHECK (indicator_light IN ('red', 'yellow', 'green', 'blue')),
    conclusion TEXT,
    deviation_reason TEXT,
    feedback_on TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL
);
CREATE INDEX monitoring_object ON monitoring (object_id, work_year);

CREATE TABLE monitoring_line (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    monitoring_id TEXT NOT NULL REFERENCES monitoring (id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicator (id),
    actual_text TEXT NOT NULL,
    light TEXT NOT NULL CHECK (light IN ('red', 'yellow', 'green', 'blue'))
);
CREATE INDEX monitoring_line_record ON monitoring_line (monitoring_id);

CREATE TABLE self_evaluation (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    target_id TEXT NOT NULL REFERENCES performance_target (id),
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    subject_year BIGINT NOT NULL CHECK (subject_year BETWEEN 1990 AND 2100),
    state TEXT NOT NULL CHECK (state IN
        ('open', 'filling', 'scored', 'department_review', 'section_review', 'returned', 'accepted',
         'published')),
    adjusted_fen BIGINT NOT NULL CHECK (adjusted_fen BETWEEN 0 AND 100000000000000),
    executed_fen BIGINT NOT NULL CHECK (executed_fen BETWEEN 0 AND 100000000000000),
    score_centi BIGINT CHECK (score_centi BETWEEN 0 AND 10000),
    grade TEXT CHECK (grade IN ('优', '良', '中', '差')),
    light TEXT CHECK (light IN ('red', 'yellow')),
    rule_pack TEXT NOT NULL,
    receipt TEXT NOT NULL,
    submitted_on TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL,
    UNIQUE (object_id, subject_year)
);

CREATE TABLE self_evaluation_line (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    self_evaluation_id TEXT NOT NULL REFERENCES self_evaluation (id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicator (id),
    actual_text TEXT NOT NULL,
    score_centi BIGINT CHECK (score_centi BETWEEN 0 AND 10000),
    reason TEXT NOT NULL
);
CREATE INDEX self_evaluation_line_record ON self_evaluation_line (self_evaluation_id);

CREATE TABLE key_evaluation (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    subject_year BIGINT NOT NULL CHECK (subject_year BETWEEN 1990 AND 2100),
    state TEXT NOT NULL CHECK (state IN
        ('planned', 'notified', 'scheme_drafted', 'scheme_approved', 'fieldwork',
         'preliminary_conclusion', 'opinion_exchange', 'final', 'filed', 'result_delivered')),
    book TEXT NOT NULL CHECK (book IN
        ('general_public', 'gov_fund', 'state_capital', 'social_insurance')),
    evaluated_fen BIGINT NOT NULL CHECK (evaluated_fen BETWEEN 0 AND 100000000000000),
    score_centi BIGINT CHECK (score_centi BETWEEN 0 AND 10000),
    grade TEXT CHECK (grade IN ('优', '良', '中', '差')),
    receipt TEXT NOT NULL,
    problem TEXT NOT NULL,
    finalised_on TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL
);

CREATE TABLE re_evaluation (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    self_evaluation_id TEXT NOT NULL REFERENCES self_evaluation (id),
    key_evaluation_id TEXT REFERENCES key_evaluation (id) ON DELETE SET NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    drawn_by TEXT NOT NULL CHECK (drawn_by IN ('random', 'targeted')),
    basis TEXT NOT NULL,
    score_centi BIGINT NOT NULL CHECK (score_centi BETWEEN 0 AND 10000),
    grade TEXT NOT NULL CHECK (grade IN ('优', '良', '中', '差')),
    reason TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE agency (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE commission (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    key_evaluation_id TEXT REFERENCES key_evaluation (id) ON DELETE SET NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    contract_number TEXT NOT NULL,
    matter TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('planned', 'procured', 'contracted', 'in_progress', 'delivered', 'quality_scored', 'paid',
         'closed', 'terminated')),
    provenance TEXT NOT NULL
);

CREATE TABLE rectification (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    key_evaluation_id TEXT NOT NULL REFERENCES key_evaluation (id) ON DELETE CASCADE,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    number TEXT NOT NULL,
    problem TEXT NOT NULL,
    demand TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('drafted', 'issued', 'unit_feedback', 'section_review', 'returned', 'closed')),
    issued_on TEXT,
    due_on TEXT NOT NULL,
    closed_on TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL
);

CREATE TABLE result_application (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    ex_ante_id TEXT REFERENCES ex_ante_assessment (id) ON DELETE CASCADE,
    key_evaluation_id TEXT REFERENCES key_evaluation (id) ON DELETE CASCADE,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    budget_year BIGINT NOT NULL CHECK (budget_year BETWEEN 1990 AND 2100),
    way TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('proposed', 'decided_by_section', 'in_budget', 'feedback_given')),
    reason TEXT NOT NULL,
    decided_on TEXT,
    provenance TEXT NOT NULL,
    CHECK (ex_ante_id IS NOT NULL OR key_evaluation_id IS NOT NULL)
);

CREATE TABLE section_feedback (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    section_id TEXT NOT NULL REFERENCES business_section (id),
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    asked_on TEXT NOT NULL,
    written_on TEXT,
    provenance TEXT NOT NULL
);

CREATE TABLE publication (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    subject_year BIGINT NOT NULL CHECK (subject_year BETWEEN 1990 AND 2100),
    item TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'prepared', 'published', 'exempt')),
    due_on TEXT NOT NULL,
    published_on TEXT,
    place TEXT NOT NULL,
    provenance TEXT NOT NULL
);
