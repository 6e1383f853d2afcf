-- The events of cases in the one order in which programs are told of them: that of the evidence log, whose sequencing
-- writes both, so that a transaction which commits late is late in both and passed over in neither. Never changed
-- (src/store/guards_*.sql).
CREATE TABLE feed (
    congress_id TEXT NOT NULL,
    -- The leaf's place in the congress's log.
    seq BIGINT NOT NULL,
    -- What the event is called outside. Says nothing of its place, nor of what lies between two.
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (congress_id, seq)
);
CREATE UNIQUE INDEX feed_by_id ON feed (congress_id, id);
CREATE UNIQUE INDEX feed_by_case ON feed (congress_id, case_id, seq);

-- What was logged before there was a feed.
INSERT INTO feed (congress_id, seq, id, case_id, version)
SELECT log_id, idx,
    lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8'
        || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
    subject_id, version
FROM log_leaves WHERE kind = 'event';

-- Who wants to be told, as whom, and how far he was told.
CREATE TABLE webhooks (
    congress_id TEXT NOT NULL,
    id TEXT NOT NULL,
    -- The program whose rights decide what is told.
    membership_id TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Kinds of events, words between spaces; empty for all.
    kinds TEXT NOT NULL,
    -- Sealed; the former one signs too until its end.
    secret TEXT NOT NULL,
    former_secret TEXT,
    former_until TIMESTAMP,
    -- active, paused or disabled; and why.
    state TEXT NOT NULL,
    reason TEXT,
    -- Of what an administrator set; his If-Match.
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- The place in the feed up to which all was delivered, given up or not for him.
    position BIGINT NOT NULL,
    -- Attempts that failed since one succeeded.
    failures INTEGER NOT NULL,
    next_try_at TIMESTAMP,
    -- Which process is at it, and until when nobody else may be (PostgreSQL, by its own clock).
    leased_by TEXT,
    leased_until TIMESTAMP,
    PRIMARY KEY (congress_id, id)
);

-- What became of each event for each of them.
CREATE TABLE webhook_deliveries (
    congress_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    -- delivered, failing or dead.
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    -- What was answered last, if anything was.
    status INTEGER,
    -- Why the last attempt failed, in a word.
    failure TEXT,
    PRIMARY KEY (congress_id, webhook_id, seq)
);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (congress_id, webhook_id, state, seq);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (state, last_at);
