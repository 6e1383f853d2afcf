-- The ledger only grows: nobody changes or deletes an event, not even by mistake.
DROP TRIGGER IF EXISTS events_are_kept;
CREATE TRIGGER events_are_kept BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never deleted'); END;
DROP TRIGGER IF EXISTS events_are_fixed;
CREATE TRIGGER events_are_fixed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: an event is never changed'); END;
