-- The whole procedure: why a case is not counted, key cases, what residents may read, and when motions close.
-- Rows and figures that were kept before are derived anew from the ledger at the next start.
ALTER TABLE sessions ADD COLUMN motions_until TIMESTAMP;

ALTER TABLE cases ADD COLUMN exclusion TEXT;
ALTER TABLE cases ADD COLUMN key_case BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE cases ADD COLUMN publicity TEXT;
CREATE INDEX cases_excluded ON cases (congress_id, id) WHERE exclusion IS NOT NULL;
CREATE INDEX cases_key ON cases (congress_id, id) WHERE key_case;
CREATE INDEX cases_public ON cases (congress_id, id) WHERE publicity IS NOT NULL;

ALTER TABLE figure_moves ADD COLUMN exclusion TEXT NOT NULL DEFAULT '';
ALTER TABLE figure_moves ADD COLUMN key_case TEXT NOT NULL DEFAULT '';
