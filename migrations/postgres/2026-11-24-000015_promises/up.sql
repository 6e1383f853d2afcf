-- The ledger of promises 承诺事项台账: a row for each promise in force, derived from its case; `over_on` is empty while it is owed.
CREATE TABLE promises (
    congress_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    department_id TEXT COLLATE "C",
    department_name TEXT,
    lead_id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C",
    made_on DATE NOT NULL,
    original_due_on DATE NOT NULL,
    due_on DATE NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    moves INTEGER NOT NULL,
    holders INTEGER NOT NULL,
    change_pending BOOLEAN NOT NULL,
    judgement_awaited BOOLEAN NOT NULL,
    touched_on DATE NOT NULL,
    over_on DATE,
    PRIMARY KEY (congress_id, case_id, number)
);
CREATE INDEX promises_by_due ON promises (congress_id, due_on, case_id, number);
CREATE INDEX promises_by_department ON promises (congress_id, department_id, due_on, case_id, number);
CREATE INDEX promises_by_status ON promises (congress_id, status, due_on, case_id, number);
CREATE INDEX promises_by_session ON promises (congress_id, session_id, due_on, case_id, number);
CREATE INDEX promises_owed ON promises (congress_id, due_on, case_id, number) WHERE over_on IS NULL;
CREATE INDEX promises_owed_by_department ON promises (congress_id, department_id, due_on, case_id, number) WHERE over_on IS NULL;
CREATE INDEX promises_judged ON promises (congress_id, lead_id, due_on, case_id, number) WHERE judgement_awaited;
CREATE INDEX promises_changed ON promises (congress_id, due_on, case_id, number) WHERE change_pending;
CREATE INDEX promises_over ON promises (congress_id, department_id, over_on);

-- What became of departments 机构沿革: never changed. A merged one is merged once.
CREATE TABLE department_successions (
    congress_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    department_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name_before TEXT NOT NULL,
    name_after TEXT NOT NULL,
    into_id TEXT COLLATE "C",
    happened_on DATE NOT NULL,
    document TEXT,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE UNIQUE INDEX departments_merge_once ON department_successions (congress_id, department_id) WHERE into_id IS NOT NULL;
CREATE INDEX mergers_in_order ON department_successions (id) WHERE into_id IS NOT NULL;
CREATE INDEX successions_by_department ON department_successions (congress_id, department_id, id);

-- A department's quarterly statements of its promises, as they were issued, and what the deputies said of their lines.
CREATE TABLE commitment_statements (
    congress_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    department_id TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    edition INTEGER NOT NULL,
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE UNIQUE INDEX statement_editions ON commitment_statements (congress_id, department_id, quarter, edition);
CREATE TABLE commitment_statement_lines (
    congress_id TEXT COLLATE "C" NOT NULL,
    statement_id TEXT COLLATE "C" NOT NULL,
    line INTEGER NOT NULL,
    deputy_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, statement_id, line)
);
CREATE INDEX statement_lines_of_deputies ON commitment_statement_lines (congress_id, deputy_id, statement_id, line);
CREATE TABLE commitment_confirmations (
    congress_id TEXT COLLATE "C" NOT NULL,
    statement_id TEXT COLLATE "C" NOT NULL,
    line INTEGER NOT NULL,
    confirmed BOOLEAN NOT NULL,
    objection TEXT,
    answered_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, statement_id, line)
);
