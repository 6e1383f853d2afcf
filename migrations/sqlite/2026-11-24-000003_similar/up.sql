-- What a case is about, by its words: similar cases are found from here. The key is the table (WITHOUT ROWID): the
-- newest cases of a term lie beside each other. The index serves a change of one case's words, and verify.
CREATE TABLE case_terms (
    congress_id TEXT NOT NULL,
    term TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (congress_id, term, case_id)
) WITHOUT ROWID;
CREATE INDEX case_terms_by_case ON case_terms (congress_id, case_id);
