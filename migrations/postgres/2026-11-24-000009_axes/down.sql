DROP TABLE figure_days;
DROP TABLE case_facts;
ALTER TABLE cases DROP COLUMN delegation;
ALTER TABLE cases DROP COLUMN days_to_reply;
ALTER TABLE cases ALTER COLUMN measures TYPE INTEGER;
CREATE TABLE figure_moves (
    congress_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    sign INTEGER NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    department_id TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    deputy_id TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    evaluation TEXT COLLATE "C" NOT NULL,
    measures INTEGER NOT NULL,
    PRIMARY KEY (congress_id, case_id, version, sign)
);
ALTER TABLE figure_moves ADD COLUMN exclusion TEXT NOT NULL DEFAULT '';
ALTER TABLE figure_moves ADD COLUMN key_case TEXT NOT NULL DEFAULT '';
