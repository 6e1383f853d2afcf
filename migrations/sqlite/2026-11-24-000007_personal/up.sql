-- What the ledger says of persons: an event holds the digest, here stand text and salt, and an erasure takes them away.
CREATE TABLE personal_texts (
    -- Empty: of an act that belongs to no congress.
    congress_id TEXT NOT NULL,
    -- SHA-256 over salt and text, hexadecimal.
    digest TEXT NOT NULL,
    salt TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Whose it is: user, deputy; or, where a form only names somebody, the case or act that it stands in.
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, digest)
);
CREATE INDEX personal_texts_by_subject ON personal_texts (subject_id, congress_id);
