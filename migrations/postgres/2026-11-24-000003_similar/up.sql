-- What a case is about, by its words: similar cases are found from here. The index serves a change of one case's
-- words, and verify.
CREATE TABLE case_terms (
    congress_id TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (congress_id, term, case_id)
);
CREATE INDEX case_terms_by_case ON case_terms (congress_id, case_id);
