-- Failed sign-ins, by a digest of whose: an account's strangers, one of its devices, an address.
CREATE TABLE throttles (
    id TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP NOT NULL,
    -- No guess is looked at before.
    next_at TIMESTAMP NOT NULL
);

-- Where an account's owner signed in before, by the digest of a secret that was left there.
CREATE TABLE devices (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX devices_by_user ON devices (user_id);

-- What opens one thing once: an invitation, a password reset, setting a second factor. By digest.
CREATE TABLE links (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    -- Only for setting a second factor while signing in: as what.
    membership_id TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX links_by_user ON links (user_id);

CREATE TABLE second_factors (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    -- Sealed with a key that is not in the database.
    seed TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP,
    -- The last step of 30 seconds whose code was taken: a code is good once.
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (user_id, hash)
);

-- A program's secrets, up to two at a time, by digest.
CREATE TABLE service_secrets (
    id TEXT NOT NULL PRIMARY KEY,
    membership_id TEXT NOT NULL REFERENCES memberships (id),
    hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX service_secrets_by_membership ON service_secrets (membership_id);
