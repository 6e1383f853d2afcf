-- Sealed reports: the bytes that were sealed, never changed (see src/store/guards_*.sql).
CREATE TABLE reports (
    congress_id TEXT COLLATE "C" NOT NULL REFERENCES congresses (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    true_on DATE NOT NULL,
    known_on DATE NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    -- The edition that this one takes the place of.
    replaces TEXT COLLATE "C",
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE UNIQUE INDEX reports_by_name ON reports (congress_id, name);
CREATE UNIQUE INDEX reports_by_replaced ON reports (congress_id, replaces);
