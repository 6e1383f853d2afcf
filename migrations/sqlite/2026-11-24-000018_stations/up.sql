-- Contact stations: who is met there, what residents say, and what becomes of it.
CREATE TABLE stations (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    place TEXT,
    deputies TEXT NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE UNIQUE INDEX stations_by_code ON stations (congress_id, code);
-- Days on which deputies and officials met residents. Appended; summed by day. What was wrong is taken back by a row that
-- counts against it.
CREATE TABLE receptions (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    day DATE NOT NULL,
    deputies INTEGER NOT NULL,
    officials INTEGER NOT NULL,
    received INTEGER NOT NULL,
    visitors TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    takes_back TEXT,
    reason TEXT,
    PRIMARY KEY (congress_id, id)
);
CREATE INDEX receptions_by_day ON receptions (congress_id, day, station_id, deputies, officials, received);
CREATE INDEX receptions_by_station ON receptions (congress_id, station_id, id);
CREATE UNIQUE INDEX receptions_taken_back ON receptions (congress_id, takes_back);
-- The events of matters beside the cases: opinions, recommendations. They are never changed (guards_*.sql).
CREATE TABLE matter_events (
    congress_id TEXT NOT NULL,
    matter TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    occurred_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    author TEXT NOT NULL,
    request_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (congress_id, matter, id, version)
);
-- Opinions as their events left them.
CREATE TABLE opinions (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    station_id TEXT NOT NULL,
    way TEXT NOT NULL,
    state TEXT NOT NULL,
    route TEXT,
    received_on DATE NOT NULL,
    due_on DATE,
    deputy_id TEXT,
    department_id TEXT,
    case_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE INDEX opinions_by_state ON opinions (congress_id, state, id);
CREATE INDEX opinions_by_station ON opinions (congress_id, station_id, id);
CREATE INDEX opinions_by_deputy ON opinions (congress_id, deputy_id, id);
CREATE INDEX opinions_by_department ON opinions (congress_id, department_id, id);
CREATE INDEX opinions_by_due ON opinions (congress_id, department_id, state, due_on, id);
CREATE INDEX opinions_by_case ON opinions (congress_id, case_id, id);
CREATE INDEX opinions_by_day ON opinions (congress_id, received_on, station_id, way, route, state, case_id);
-- The words that an opinion is about, as case_terms has them of cases.
CREATE TABLE opinion_terms (
    congress_id TEXT NOT NULL,
    term TEXT NOT NULL,
    opinion_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, term, opinion_id)
) WITHOUT ROWID;
CREATE INDEX opinion_terms_by_opinion ON opinion_terms (congress_id, opinion_id, term);
-- By what a resident asks for his opinion: the code's SHA-256.
CREATE TABLE opinion_receipts (
    congress_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    opinion_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, hash)
);
-- Procuratorial and judicial recommendations, and cases passed on to the procuratorate, as their events left them.
CREATE TABLE recommendations (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    due_on DATE,
    case_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE INDEX recommendations_by_case ON recommendations (congress_id, case_id, id);
CREATE INDEX recommendations_by_state ON recommendations (congress_id, state, id);
