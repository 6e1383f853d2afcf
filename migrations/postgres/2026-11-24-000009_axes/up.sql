-- What the figures hold of each case, from which day on it was true, and from which day on it was known. The moves are
-- read off a case's successive versions; those that are not summed yet wait. All is derived anew at the next start.
DROP TABLE figure_moves;

CREATE TABLE case_facts (
    congress_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    -- The version that this one takes the place of.
    previous BIGINT,
    true_on DATE NOT NULL,
    known_on DATE NOT NULL,
    stage TEXT NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    origin TEXT NOT NULL,
    category TEXT NOT NULL,
    department_id TEXT COLLATE "C" NOT NULL,
    channel TEXT NOT NULL,
    deputy_id TEXT COLLATE "C" NOT NULL,
    delegation TEXT NOT NULL,
    days_to_reply INTEGER,
    class TEXT NOT NULL,
    evaluation TEXT NOT NULL,
    exclusion TEXT NOT NULL,
    key_case BOOLEAN NOT NULL,
    due_on DATE,
    measures BIGINT NOT NULL,
    facts TEXT NOT NULL,
    summed BOOLEAN NOT NULL,
    PRIMARY KEY (congress_id, case_id, version)
);
CREATE INDEX case_facts_waiting ON case_facts (congress_id) WHERE NOT summed;
CREATE INDEX case_facts_by_department ON case_facts (congress_id, department_id, case_id);
CREATE INDEX case_facts_by_deputy ON case_facts (congress_id, deputy_id, case_id);
CREATE INDEX case_facts_by_session ON case_facts (congress_id, session_id, case_id);

-- The signed changes of one day: a figure as of any day is their sum.
CREATE TABLE figure_days (
    congress_id TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    dimension TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    true_on DATE NOT NULL,
    known_on DATE NOT NULL,
    -- The change of each measure, as JSON.
    changes TEXT NOT NULL,
    PRIMARY KEY (congress_id, scope, dimension, session_id, value, true_on, known_on)
);

ALTER TABLE cases ALTER COLUMN measures TYPE BIGINT;
-- What figures can be grouped by, lists can be narrowed by.
ALTER TABLE cases ADD COLUMN delegation TEXT COLLATE "C";
ALTER TABLE cases ADD COLUMN days_to_reply INTEGER;
