-- The ledger only grows: nobody changes or deletes an event, not even by mistake.
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger only grows: an event is never changed or deleted'; END $$;
DROP TRIGGER IF EXISTS events_are_kept ON events;
CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP TRIGGER IF EXISTS acts_are_kept ON acts;
CREATE TRIGGER acts_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON acts
FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
