-- 审核表: what a reviewer says of a target at one step of one round, item by item. The words of the
-- items are kept, so that the form stays as it was when the rules change.
CREATE TABLE target_review (
    -- Made of target, round, step and reviewer, so that each reviewer has one form of a step.
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    target_id TEXT NOT NULL REFERENCES performance_target (id),
    -- How often the target had been sent.
    round BIGINT NOT NULL CHECK (round BETWEEN 0 AND 1000000),
    step TEXT NOT NULL CHECK (step IN ('department_review', 'section_review', 'joint_review')),
    reviewer_id TEXT NOT NULL REFERENCES account (id),
    session_id TEXT REFERENCES joint_review_session (id),
    -- Whether items have points, as those of key projects.
    is_scored BOOLEAN NOT NULL,
    grade TEXT NOT NULL CHECK (grade IN ('优', '良', '中', '差')),
    score_centi BIGINT CHECK (score_centi BETWEEN 0 AND 10000),
    -- How the grade follows from the items.
    reason TEXT NOT NULL,
    opinion TEXT NOT NULL,
    -- 良: what was agreed with the unit on the spot.
    corrections TEXT NOT NULL,
    -- Whether the step was concluded with it.
    is_decisive BOOLEAN NOT NULL,
    rule_pack TEXT NOT NULL,
    written_at TEXT NOT NULL
);
CREATE INDEX target_review_target ON target_review (target_id, round, step);
CREATE TABLE target_review_item (
    review_id TEXT NOT NULL REFERENCES target_review (id) ON DELETE CASCADE,
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 9),
    region_code TEXT NOT NULL,
    aspect TEXT NOT NULL,
    name TEXT NOT NULL,
    points TEXT NOT NULL,
    mark TEXT CHECK (mark IN ('优', '良', '中', '差')),
    points_centi BIGINT CHECK (points_centi BETWEEN 0 AND 10000),
    full_centi BIGINT NOT NULL CHECK (full_centi BETWEEN 1 AND 10000),
    PRIMARY KEY (review_id, position)
);

-- 会审 as a meeting. What was registered before was held and is closed.
ALTER TABLE joint_review_session ADD COLUMN state TEXT NOT NULL DEFAULT 'closed'
    CHECK (state IN ('planned', 'open', 'closed'));
ALTER TABLE joint_review_session ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE joint_review_session ADD COLUMN chair TEXT NOT NULL DEFAULT '';
ALTER TABLE joint_review_session ADD COLUMN attendees TEXT NOT NULL DEFAULT '';
ALTER TABLE joint_review_session ADD COLUMN opened_at TEXT;
ALTER TABLE joint_review_session ADD COLUMN closed_at TEXT;
ALTER TABLE joint_review_session ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (version BETWEEN 1 AND 1000000000);

-- The sections that take part.
CREATE TABLE joint_review_section (
    session_id TEXT NOT NULL REFERENCES joint_review_session (id),
    section_id TEXT NOT NULL REFERENCES business_section (id),
    region_code TEXT NOT NULL,
    PRIMARY KEY (session_id, section_id)
);

-- The agenda: targets in their order, and what became of each.
CREATE TABLE joint_review_item (
    session_id TEXT NOT NULL REFERENCES joint_review_session (id),
    target_id TEXT NOT NULL REFERENCES performance_target (id),
    region_code TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 1000000),
    is_skipped BOOLEAN NOT NULL,
    done TEXT CHECK (done IN ('graded', 'returned')),
    grade TEXT CHECK (grade IN ('优', '良', '中', '差')),
    opinion TEXT NOT NULL,
    done_by TEXT REFERENCES account (id),
    done_at TEXT,
    PRIMARY KEY (session_id, target_id)
);
CREATE INDEX joint_review_item_target ON joint_review_item (target_id);
