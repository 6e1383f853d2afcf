-- The Merkle log of each congress's books, and one of the installation's own acts.
CREATE TABLE logs (
    -- The congress, or `installation`.
    id TEXT NOT NULL PRIMARY KEY,
    -- The first line of its checkpoints.
    origin TEXT NOT NULL,
    -- sha256 or sm3.
    hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- What is written and has no leaf yet. A trigger adds to it in the transaction that writes a book's row
-- (src/store/guards_*.sql), so that nothing is passed over, however late its transaction commits.
CREATE TABLE log_queue (
    id INTEGER NOT NULL PRIMARY KEY,
    log_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    version BIGINT NOT NULL
);

-- One leaf for each row of the books, numbered without gaps from 0.
CREATE TABLE log_leaves (
    log_id TEXT NOT NULL,
    idx BIGINT NOT NULL,
    -- event, act or report.
    kind TEXT NOT NULL,
    -- The case's id, the act's or the report's.
    subject_id TEXT NOT NULL,
    -- The event's version; 0 for the others.
    version BIGINT NOT NULL,
    -- Hexadecimal.
    hash TEXT NOT NULL,
    PRIMARY KEY (log_id, idx)
);
CREATE UNIQUE INDEX log_leaves_by_subject ON log_leaves (log_id, subject_id, version, kind);

-- The complete subtrees above the leaves.
CREATE TABLE log_nodes (
    log_id TEXT NOT NULL,
    -- 1 for two leaves, 2 for four, …
    level INTEGER NOT NULL,
    idx BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (log_id, level, idx)
);

CREATE TABLE checkpoints (
    log_id TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- As it was signed.
    note TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (log_id, size)
);

CREATE TABLE cosignatures (
    log_id TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- The witness's key, by name and id.
    witness TEXT NOT NULL,
    -- The line of the note.
    line TEXT NOT NULL,
    -- When the witness says that it signed.
    cosigned_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (log_id, size, witness)
);

-- What was written before there was a log.
INSERT INTO log_queue (log_id, kind, subject_id, version)
SELECT congress_id, 'event', case_id, version FROM events ORDER BY recorded_at, case_id, version;
INSERT INTO log_queue (log_id, kind, subject_id, version)
SELECT COALESCE(congress_id, 'installation'), 'act', id, 0 FROM acts ORDER BY id;
INSERT INTO log_queue (log_id, kind, subject_id, version)
SELECT congress_id, 'report', id, 0 FROM reports ORDER BY id;
