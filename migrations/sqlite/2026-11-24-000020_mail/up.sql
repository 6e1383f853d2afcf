-- Where somebody is reached by e-mail, once he has confirmed it.
CREATE TABLE mail_addresses (
    user_id TEXT PRIMARY KEY NOT NULL REFERENCES users (id),
    address TEXT NOT NULL,
    code_hash TEXT,
    code_expires_at TIMESTAMP,
    confirmed_at TIMESTAMP,
    at_once BOOLEAN NOT NULL,
    daily BOOLEAN NOT NULL
);
-- Letters that wait, were sent or were given up. What a letter says is written when it is sent, with the rights of then.
CREATE TABLE mails (
    id TEXT PRIMARY KEY NOT NULL,
    occasion TEXT NOT NULL,
    congress_id TEXT,
    user_id TEXT NOT NULL,
    membership_id TEXT,
    about TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL,
    next_try_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    ended_at TIMESTAMP,
    trouble TEXT
);
CREATE UNIQUE INDEX mails_by_occasion ON mails (occasion);
CREATE INDEX mails_waiting ON mails (state, next_try_at, id);
CREATE INDEX mails_in_trouble ON mails (congress_id, state, id);
CREATE INDEX mails_of_user ON mails (user_id);
-- Work that one process does at a time.
CREATE TABLE leases (
    name TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    until TIMESTAMP NOT NULL
);
-- Who is told of what concerns a department or a deputy.
CREATE INDEX memberships_of_department ON memberships (congress_id, department_id);
CREATE INDEX memberships_of_deputy ON memberships (congress_id, deputy_id);
