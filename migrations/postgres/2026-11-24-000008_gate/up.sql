-- Confidential cases: of them, lists show who is not named to read them no more than that they are there.
ALTER TABLE cases ADD COLUMN confidential BOOLEAN NOT NULL DEFAULT FALSE;
