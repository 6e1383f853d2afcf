-- An account is a person (or a program) who signs in; a membership is what he is in a congress. One person may hold several.
CREATE TABLE old_users AS SELECT * FROM users;
-- Everybody signs in anew: an old refresh token belongs to no sign-in that is kept here.
DROP TABLE refresh_tokens;
DROP TABLE users;

CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    -- argon2id; none for who was invited and has not come yet, and for who signs in elsewhere.
    password TEXT COLLATE "C",
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_by_username ON users (username);
INSERT INTO users SELECT id, username, display_name, password, disabled, created_at FROM old_users;

CREATE TABLE memberships (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    -- None: the installation's operator.
    congress_id TEXT COLLATE "C" REFERENCES congresses (id),
    role TEXT COLLATE "C" NOT NULL,
    department_id TEXT COLLATE "C",
    deputy_id TEXT COLLATE "C",
    delegation TEXT COLLATE "C",
    -- What a program may do, words between spaces; none for a person, who may do all that his role may.
    scopes TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX memberships_by_user ON memberships (user_id);
CREATE INDEX memberships_by_congress ON memberships (congress_id, id);
INSERT INTO memberships (id, user_id, congress_id, role, department_id, deputy_id, created_at)
SELECT id, id, congress_id, CASE WHEN role = 'administrator' AND congress_id IS NULL THEN 'operator' ELSE role END,
       department_id, deputy_id, created_at
FROM old_users;
DROP TABLE old_users;

-- Somebody signed in, in one membership, until it is ended.
CREATE TABLE sign_ins (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    membership_id TEXT COLLATE "C" NOT NULL REFERENCES memberships (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    -- Whether more than a password was shown.
    second_factor BOOLEAN NOT NULL,
    -- When it was last shown who it is: password, second factor, or the single sign-on's word.
    proved_at TIMESTAMP NOT NULL,
    address TEXT COLLATE "C",
    client TEXT COLLATE "C"
);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, id);

-- All refresh tokens of a sign-in descend from one another; the reuse of a spent one ends it.
CREATE TABLE refresh_tokens (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sign_in_id TEXT COLLATE "C" NOT NULL REFERENCES sign_ins (id),
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_sign_in ON refresh_tokens (sign_in_id);

-- The ledger's second book: what administrators did, who signed in, who read what is confidential. Never changed either.
CREATE TABLE acts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- None: about the installation, or about somebody who is nobody here.
    congress_id TEXT COLLATE "C",
    recorded_at TIMESTAMP NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C",
    -- Whom or what it is about.
    user_id TEXT COLLATE "C",
    case_id TEXT COLLATE "C",
    request_id TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX acts_by_congress ON acts (congress_id, id);
CREATE INDEX acts_by_case ON acts (congress_id, case_id, id);

-- An answer is kept for who got it in which capacity.
ALTER TABLE idempotency RENAME COLUMN user_id TO membership_id;
