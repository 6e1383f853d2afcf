-- Who the congresses are, and who acts in them.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE congresses (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    congress_id TEXT NOT NULL REFERENCES congresses (id),
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    origin TEXT NOT NULL,
    opens_on DATE NOT NULL,
    closes_on DATE,
    PRIMARY KEY (congress_id, id)
);

CREATE TABLE departments (
    congress_id TEXT NOT NULL REFERENCES congresses (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE UNIQUE INDEX departments_by_name ON departments (congress_id, name);

CREATE TABLE deputies (
    congress_id TEXT NOT NULL REFERENCES congresses (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    delegation TEXT,
    PRIMARY KEY (congress_id, id)
);
CREATE INDEX deputies_by_name ON deputies (congress_id, name);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    password TEXT NOT NULL,
    congress_id TEXT REFERENCES congresses (id),
    role TEXT NOT NULL,
    department_id TEXT,
    deputy_id TEXT,
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_by_username ON users (username);

CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- All tokens that descend from one sign-in; the reuse of a spent one ends them together.
    family TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);

-- The ledger: what happened, never changed (see src/store/guards_*.sql).
CREATE TABLE events (
    congress_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    occurred_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (congress_id, case_id, version)
);

-- The fold of each case's events, with the columns that lists filter and sort by.
CREATE TABLE cases (
    congress_id TEXT NOT NULL REFERENCES congresses (id),
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,
    session_id TEXT,
    origin TEXT,
    number TEXT,
    title TEXT NOT NULL,
    category TEXT,
    lead_id TEXT NOT NULL,
    lead_name TEXT NOT NULL,
    department_id TEXT,
    department_name TEXT,
    channel TEXT,
    class TEXT,
    evaluation TEXT,
    registered_on DATE,
    assigned_on DATE,
    due_on DATE,
    replied_on DATE,
    measures INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (congress_id, id)
);
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
    congress_id TEXT NOT NULL,
    party TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, party, case_id)
);

-- The last number given within a congress, session and kind.
CREATE TABLE counters (
    congress_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (congress_id, session_id, kind)
);

-- A case leaves one cell (sign -1) and enters another (+1); summed into figure_totals in the background.
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

CREATE TABLE figure_totals (
    congress_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    measure TEXT NOT NULL,
    session_id TEXT NOT NULL,
    value TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (congress_id, scope, dimension, measure, session_id, value)
);

-- The answer given to a key, kept in the transaction of its effect.
CREATE TABLE idempotency (
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    etag TEXT,
    location TEXT,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
