-- The selection of the best-handled suggestions. What was opened, nominated and sealed is never changed (guards_*.sql).
CREATE TABLE selections (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    sessions TEXT NOT NULL,
    criteria TEXT NOT NULL,
    seats INTEGER NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    nominations_until TIMESTAMP NOT NULL,
    votes_until TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, id)
);
CREATE TABLE selection_nominations (
    congress_id TEXT NOT NULL,
    selection_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    nominator TEXT NOT NULL,
    reason TEXT NOT NULL,
    nominated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, selection_id, case_id, nominator)
);
-- Who has voted, and what was voted: two tables without anything in common but the selection. No time, and no order in
-- which rows came (WITHOUT ROWID: they lie in the order of their keys).
CREATE TABLE selection_voters (
    congress_id TEXT NOT NULL,
    selection_id TEXT NOT NULL,
    deputy_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, selection_id, deputy_id)
) WITHOUT ROWID;
CREATE TABLE selection_ballots (
    congress_id TEXT NOT NULL,
    selection_id TEXT NOT NULL,
    choices TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (congress_id, selection_id, choices)
) WITHOUT ROWID;
CREATE TABLE selection_results (
    congress_id TEXT NOT NULL,
    selection_id TEXT NOT NULL,
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, selection_id)
);
