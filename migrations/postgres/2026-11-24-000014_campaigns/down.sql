DROP INDEX cases_revisit_due;
ALTER TABLE cases DROP COLUMN revisit_due_on;
DROP TABLE revisit_reports;
DROP TABLE revisit_visitors;
DROP TABLE revisit_cases;
DROP TABLE revisit_campaigns;
