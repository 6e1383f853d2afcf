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
