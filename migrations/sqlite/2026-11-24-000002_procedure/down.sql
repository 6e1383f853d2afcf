ALTER TABLE figure_moves DROP COLUMN key_case;
ALTER TABLE figure_moves DROP COLUMN exclusion;
DROP INDEX cases_public;
DROP INDEX cases_key;
DROP INDEX cases_excluded;
ALTER TABLE cases DROP COLUMN publicity;
ALTER TABLE cases DROP COLUMN key_case;
ALTER TABLE cases DROP COLUMN exclusion;
ALTER TABLE sessions DROP COLUMN motions_until;
