-- The selection of the best-handled suggestions. What was opened, nominated and sealed is never changed (guards_*.sql).
CREATE TABLE selections (
    congress_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
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
    congress_id TEXT COLLATE "C" NOT NULL,
    selection_id TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    nominator TEXT COLLATE "C" NOT NULL,
    reason TEXT NOT NULL,
    nominated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, selection_id, case_id, nominator)
);
-- Who has voted, and what was voted: two tables without anything in common but the selection. No time; and each vote writes
-- all of both anew in the order of their keys, so that neither place nor transaction says which came together.
CREATE TABLE selection_voters (
    congress_id TEXT COLLATE "C" NOT NULL,
    selection_id TEXT COLLATE "C" NOT NULL,
    deputy_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, selection_id, deputy_id)
);
CREATE TABLE selection_ballots (
    congress_id TEXT COLLATE "C" NOT NULL,
    selection_id TEXT COLLATE "C" NOT NULL,
    choices TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (congress_id, selection_id, choices)
);
CREATE TABLE selection_results (
    congress_id TEXT COLLATE "C" NOT NULL,
    selection_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sealed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (congress_id, selection_id)
);
