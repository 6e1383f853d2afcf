DROP TABLE figure_days;
DROP TABLE case_facts;
ALTER TABLE cases DROP COLUMN delegation;
ALTER TABLE cases DROP COLUMN days_to_reply;
ALTER TABLE cases DROP COLUMN measures;
ALTER TABLE cases ADD COLUMN measures INTEGER NOT NULL DEFAULT 0;
CREATE TABLE figure_moves (
    congress_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    sign INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    category TEXT NOT NULL,
    department_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    deputy_id TEXT NOT NULL,
    class TEXT NOT NULL,
    evaluation TEXT NOT NULL,
    measures INTEGER NOT NULL,
    PRIMARY KEY (congress_id, case_id, version, sign)
);
ALTER TABLE figure_moves ADD COLUMN exclusion TEXT NOT NULL DEFAULT '';
ALTER TABLE figure_moves ADD COLUMN key_case TEXT NOT NULL DEFAULT '';
