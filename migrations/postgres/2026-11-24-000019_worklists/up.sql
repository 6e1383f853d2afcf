-- What waits for whom, derived from each open case. A list is read off an index, in its order; `place` is `due <day>` or,
-- without a last day, `since <day>`.
CREATE TABLE tasks (
    congress_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, key, audience)
);
CREATE INDEX tasks_by_place ON tasks (congress_id, audience, place, key, kind);
CREATE INDEX tasks_by_kind ON tasks (congress_id, audience, kind, place, key);

-- The dates of tasks as calendars have been told them. What was done stays, so that a date's sequence never goes back.
CREATE TABLE task_dates (
    congress_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    due DATE NOT NULL,
    sequence INTEGER NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    ended_on DATE,
    PRIMARY KEY (congress_id, key, audience)
);
CREATE INDEX task_dates_by_due ON task_dates (congress_id, audience, ended_on, due, key);

-- The secret address of a membership's calendar, by its digest.
CREATE TABLE calendar_addresses (
    membership_id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (membership_id)
);
CREATE UNIQUE INDEX calendar_addresses_by_hash ON calendar_addresses (hash);
