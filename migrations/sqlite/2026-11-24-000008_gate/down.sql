ALTER TABLE cases DROP COLUMN confidential;
