-- By whose word somebody may sign in: the provider of single sign-on and its name for the person, which never changes there.
CREATE TABLE external_identities (
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    linked_at TIMESTAMP NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX external_identities_by_user ON external_identities (user_id);

-- Somebody was sent to the provider and is expected back, once and within minutes.
CREATE TABLE external_attempts (
    -- Of what comes back through the browser, and of what the client kept to itself.
    state_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    binding_hash TEXT COLLATE "C" NOT NULL,
    nonce TEXT COLLATE "C" NOT NULL,
    verifier TEXT COLLATE "C" NOT NULL,
    -- Who wants to link himself; none for signing in.
    user_id TEXT COLLATE "C",
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX external_attempts_by_end ON external_attempts (expires_at);
