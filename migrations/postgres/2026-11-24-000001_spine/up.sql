-- Text sorts byte by byte (COLLATE "C"), as SQLite sorts it and as list cursors compare it.
-- Who the congresses are, and who acts in them.
CREATE TABLE settings (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE congresses (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    policy_id TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    congress_id TEXT COLLATE "C" NOT NULL REFERENCES congresses (id),
    id TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    opens_on DATE NOT NULL,
    closes_on DATE,
    PRIMARY KEY (congress_id, id)
);

CREATE TABLE departments (
    congress_id TEXT COLLATE "C" NOT NULL REFERENCES congresses (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE UNIQUE INDEX departments_by_name ON departments (congress_id, name);

CREATE TABLE deputies (
    congress_id TEXT COLLATE "C" NOT NULL REFERENCES congresses (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    delegation TEXT COLLATE "C",
    PRIMARY KEY (congress_id, id)
);
CREATE INDEX deputies_by_name ON deputies (congress_id, name);

CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    password TEXT COLLATE "C" NOT NULL,
    congress_id TEXT COLLATE "C" REFERENCES congresses (id),
    role TEXT COLLATE "C" NOT NULL,
    department_id TEXT COLLATE "C",
    deputy_id TEXT COLLATE "C",
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_by_username ON users (username);

CREATE TABLE refresh_tokens (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    -- All tokens that descend from one sign-in; the reuse of a spent one ends them together.
    family TEXT COLLATE "C" NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);

-- The ledger: what happened, never changed (see src/store/guards_*.sql).
CREATE TABLE events (
    congress_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    occurred_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, case_id, version)
);

-- The fold of each case's events, with the columns that lists filter and sort by.
CREATE TABLE cases (
    congress_id TEXT COLLATE "C" NOT NULL REFERENCES congresses (id),
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C",
    origin TEXT COLLATE "C",
    number TEXT COLLATE "C",
    title TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C",
    lead_id TEXT COLLATE "C" NOT NULL,
    lead_name TEXT COLLATE "C" NOT NULL,
    department_id TEXT COLLATE "C",
    department_name TEXT COLLATE "C",
    channel TEXT COLLATE "C",
    class TEXT COLLATE "C",
    evaluation TEXT COLLATE "C",
    registered_on DATE,
    assigned_on DATE,
    due_on DATE,
    replied_on DATE,
    measures INTEGER NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, id)
) WITH (fillfactor = 80); -- a command rewrites the row: leave it room on its page
CREATE UNIQUE INDEX cases_by_number ON cases (congress_id, session_id, kind, number);
CREATE INDEX cases_by_number_alone ON cases (congress_id, number);
CREATE INDEX cases_by_lead ON cases (congress_id, lead_id, id);
CREATE INDEX cases_by_stage ON cases (congress_id, stage, id);
CREATE INDEX cases_by_department ON cases (congress_id, department_id, id);
CREATE INDEX cases_by_category ON cases (congress_id, category, id);
CREATE INDEX cases_by_class ON cases (congress_id, class, id);
CREATE INDEX cases_by_evaluation ON cases (congress_id, evaluation, id);
CREATE INDEX cases_by_session ON cases (congress_id, session_id, id);
CREATE INDEX cases_by_due ON cases (congress_id, stage, due_on, id);

-- Who has a part in a case; what a party sees in lists is found from here.
CREATE TABLE case_parties (
    congress_id TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, party, case_id)
);

-- The last number given within a congress, session and kind.
CREATE TABLE counters (
    congress_id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (congress_id, session_id, kind)
);

-- A case leaves one cell (sign -1) and enters another (+1); summed into figure_totals in the background.
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

CREATE TABLE figure_totals (
    congress_id TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    dimension TEXT COLLATE "C" NOT NULL,
    measure TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (congress_id, scope, dimension, measure, session_id, value)
);

-- The answer given to a key, kept in the transaction of its effect.
CREATE TABLE idempotency (
    user_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    status INTEGER NOT NULL,
    etag TEXT COLLATE "C",
    location TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
