-- What a supervisor may want to look at, derived from each case's history. A list is read off an index, in its order.
CREATE TABLE signals (
    congress_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    day DATE NOT NULL,
    department_id TEXT NOT NULL,
    department_name TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (congress_id, case_id, version, kind)
);
CREATE INDEX signals_by_day ON signals (congress_id, day, case_id, version, kind);
CREATE INDEX signals_by_kind ON signals (congress_id, kind, day, case_id, version);
CREATE INDEX signals_by_department ON signals (congress_id, department_id, day, case_id, version, kind);

-- The marks of final letters, by which nearly equal ones find each other; the oldest of a mark lie first.
CREATE TABLE reply_marks (
    congress_id TEXT NOT NULL,
    mark BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    case_id TEXT NOT NULL,
    reply INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, mark, recorded_at, case_id, reply)
);
CREATE INDEX reply_marks_by_case ON reply_marks (congress_id, case_id, reply);
