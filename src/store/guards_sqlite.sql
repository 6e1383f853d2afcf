-- The ledger only grows: nobody changes or deletes an event, not even by mistake.
DROP TRIGGER IF EXISTS events_are_kept;
CREATE TRIGGER events_are_kept BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never deleted'); END;
DROP TRIGGER IF EXISTS events_are_fixed;
CREATE TRIGGER events_are_fixed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never changed'); END;
DROP TRIGGER IF EXISTS acts_are_kept;
CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an act is never deleted'); END;
DROP TRIGGER IF EXISTS acts_are_fixed;
CREATE TRIGGER acts_are_fixed BEFORE UPDATE ON acts
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an act is never changed'); END;
-- A text that the ledger commits to is erased or it stays as it is.
DROP TRIGGER IF EXISTS personal_texts_are_fixed;
CREATE TRIGGER personal_texts_are_fixed BEFORE UPDATE ON personal_texts
BEGIN SELECT RAISE(ABORT, 'the ledger commits to this text: it can be erased, not changed'); END;
-- A sealed report is what was read out in public.
DROP TRIGGER IF EXISTS reports_are_kept;
CREATE TRIGGER reports_are_kept BEFORE DELETE ON reports
BEGIN SELECT RAISE(ABORT, 'a sealed report is never deleted'); END;
DROP TRIGGER IF EXISTS reports_are_fixed;
CREATE TRIGGER reports_are_fixed BEFORE UPDATE ON reports
BEGIN SELECT RAISE(ABORT, 'a sealed report is never changed: seal another edition'); END;
